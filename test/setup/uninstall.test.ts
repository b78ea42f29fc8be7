import { describe, expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { recordInstallation } from '../../src/setup/store.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';

async function agreed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.clicks('Accept');
}

const firmOf = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('workspace').selectAll().where('id', '=', TEAM).executeTakeFirst());

const tell = (w: World, type: 'app_uninstalled' | 'tokens_revoked') =>
  w.rehearsal.workspace.dispatch.event({
    type,
    ...(type === 'tokens_revoked' && { tokens: { oauth: [], bot: [w.rehearsal.state.app.botUserId] } }),
  });

const reinstall = (w: World) =>
  asTick(w.database.db, (trx) =>
    recordInstallation(
      trx,
      {
        id: TEAM,
        name: 'Rivermark Realty',
        token: w.rehearsal.state.app.botToken ?? '',
        scopes: [],
        enterpriseId: null,
        botId: null,
        botUserId: null,
      },
      w.now(),
    ),
  );

describe.each([
  ['one after the other', ['tokens_revoked', 'app_uninstalled']],
  ['swapped', ['app_uninstalled', 'tokens_revoked']],
  ['doubled', ['app_uninstalled', 'app_uninstalled', 'tokens_revoked', 'tokens_revoked']],
  ['one of them missing', ['tokens_revoked']],
] as const)('SEC9 told of an uninstall, %s', (_how, events) => {
  test('the token is gone, nothing is sent, and after 30 days nothing is left', async () => {
    await using w = await world();
    await agreed(w);
    for (const type of events) await tell(w, type);
    expect(await firmOf(w)).toMatchObject({ token: null, checkDueAt: null });

    const before = await w.ana.sees();
    await w.moves('+1w');
    expect((await w.ana.sees()).split('\n').slice(1)).toEqual(before.split('\n').slice(1));
    await w.moves('2027-03-31T13:00:00Z');
    expect(await firmOf(w)).toBeDefined();
    await w.moves('2027-03-31T15:00:00Z');
    for (const table of ['workspace', 'person', 'pair', 'commitment', 'meeting', 'outbox', 'audit', 'do_once'])
      expect([table, await w.database.count(table)]).toEqual([table, 0]);
  });
});

test('SEC9 an uninstall that nobody told is found the next day', async () => {
  await using w = await world();
  await agreed(w);
  w.rehearsal.state.app.pastTokens = { [w.rehearsal.state.app.botToken ?? '']: 'account_inactive' };
  delete w.rehearsal.state.app.botToken;
  await w.moves('+1d');
  expect(await firmOf(w)).toMatchObject({ token: null });
  expect((await firmOf(w))?.purgeDueAt).not.toBeNull();
});

test('news of an uninstall that comes after the app was installed again takes nothing away', async () => {
  await using w = await world();
  await agreed(w);
  await tell(w, 'app_uninstalled');
  const happened = Math.floor(w.now().epochMilliseconds / 1000);
  await w.moves('+1h');
  await reinstall(w);
  expect((await firmOf(w))?.purgeDueAt).toBeNull();

  const { workspace } = w.rehearsal;
  const said = workspace.now;
  workspace.now = () => happened * 1000;
  await tell(w, 'tokens_revoked');
  workspace.now = said;
  await w.settles();
  expect((await firmOf(w))?.token).not.toBeNull();
  expect((await firmOf(w))?.uninstalledAt).toBeNull();
});

test('tokens of people that were revoked say nothing about ours', async () => {
  await using w = await world();
  await agreed(w);
  await w.rehearsal.workspace.dispatch.event({ type: 'tokens_revoked', tokens: { oauth: ['U0DANA0001'], bot: [] } });
  expect((await firmOf(w))?.token).not.toBeNull();
});

test('a Slack that is down for a while uninstalls nobody', async () => {
  await using w = await world();
  await agreed(w);
  await w.control('faults', { method: 'auth.test', fault: '500', times: 3 });
  await w.moves('+1d');
  expect((await firmOf(w))?.token).not.toBeNull();
});
