import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { actionIdOf } from '../../src/commitments/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { seal } from '../../src/db/sealed.ts';
import { carry } from '../../src/rehearsal/carry.ts';
import { type World, world } from '../support/world.ts';
import { type Stranger, TEAM, tries } from './forged.ts';
import { CANARY, madeThings, SECOND, secondWorkspace, type Things } from './things.ts';

let w: World;
let things: Things;
let namesake: Stranger;

beforeAll(async () => {
  w = await world();
  things = await madeThings(w);
  namesake = await secondWorkspace(w);
  await sameIds(w);
}, 120_000);
afterAll(() => w[Symbol.asyncDispose]());

/** The second firm has the same people, pair and promises under the same ids, in words of its own. */
function sameIds({ database }: World): Promise<void> {
  return asTick(database.db, async (trx) => {
    await sql`insert into person select (jsonb_populate_record(p, jsonb_build_object('workspace_id', ${SECOND}::text))).*
      from person p where workspace_id = ${TEAM} on conflict do nothing`.execute(trx);
    for (const table of ['pair', 'commitment', 'commitment_event'])
      await sql`insert into ${sql.table(table)}
        select (jsonb_populate_record(t, jsonb_build_object('workspace_id', ${SECOND}::text))).*
        from ${sql.table(table)} t where workspace_id = ${TEAM}`.execute(trx);
    const words = trx.updateTable('commitment').set({ text: seal('the second firm’s') });
    await words.where('workspaceId', '=', SECOND).execute();
    const lines = trx.updateTable('commitment').set({ digestLine: 'the second firm’s' });
    await lines.where('workspaceId', '=', SECOND).where('digestLine', 'is not', null).execute();
  });
}

const stateOf = (workspaceId: string, id: string) =>
  asTick(w.database.db, async (trx) => {
    const found = trx.selectFrom('commitment').select('state').where('workspaceId', '=', workspaceId);
    return (await found.where('id', '=', id).executeTakeFirst())?.state;
  });

test('SEC2: of two things with one id, each firm’s people reach only their own', async () => {
  const shown = await tries(w, namesake, { kind: 'action', id: actionIdOf('show'), value: things.open });
  expect(shown).toContain('the second firm’s');
  expect(shown).not.toContain(CANARY);

  await tries(w, namesake, { kind: 'action', id: actionIdOf('done'), value: things.partners });
  expect([await stateOf(SECOND, things.partners), await stateOf(TEAM, things.partners)]).toEqual(['kept', 'open']);

  const ledger = await tries(w, namesake, { kind: 'command', command: '/accord', text: 'ledger' });
  expect(ledger).toContain('the second firm’s');
  expect(ledger).not.toContain(CANARY);
});

test('SEC2: a search of the record, an export and a Home of one firm hold nothing of the other', async () => {
  const record = await tries(w, namesake, { kind: 'command', command: '/accord', text: 'record' });
  expect(record).not.toContain(CANARY);
  await opened(SECOND, SECOND);
  const home = JSON.stringify(w.rehearsal.state.homes[w.ana.id]?.view);
  expect(home).toContain('the second firm’s');
  expect(home).not.toContain(CANARY);
});

test('SEC2: what counts is the authorisation, whatever else an event says of its workspace', async () => {
  await opened(TEAM, SECOND);
  const home = JSON.stringify(w.rehearsal.state.homes[w.ana.id]?.view);
  expect(home).toContain('the second firm’s');
  expect(home).not.toContain(CANARY);
});

test('SEC2: a workspace that nobody installed Accord in is not served', async () => {
  const answer = await tries(
    w,
    { who: 'of nowhere', userId: w.ana.id, team: 'T0NOWHERE1' },
    { kind: 'action', id: actionIdOf('done'), value: things.open },
  );
  expect(answer).not.toContain(CANARY);
  expect(await stateOf(TEAM, things.open)).toBe('open');
});

/** Ana opens Accord's Home: what the event says of the workspace, and in whose name it comes. */
async function opened(said: string, authorised: string): Promise<void> {
  const { workspace } = w.rehearsal;
  const { app } = workspace.state;
  delete workspace.state.homes[w.ana.id];
  const authorization = { enterprise_id: null, team_id: authorised, user_id: app.botUserId, is_bot: true };
  await carry(workspace, {
    type: 'events_api',
    payload: {
      token: app.verificationToken,
      team_id: said,
      api_app_id: app.appId,
      type: 'event_callback',
      event_id: workspace.nextId('Ev'),
      event_time: Math.floor(workspace.now() / 1000),
      event: { type: 'app_home_opened', user: w.ana.id, tab: 'home', channel: 'D0FORGED01', event_ts: '1.000001' },
      authorizations: [{ ...authorization, is_enterprise_install: false }],
      is_ext_shared_channel: false,
    },
  });
  await w.settles();
}
