import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { closeViews, openRoot, stackOf } from '../../src/rehearsal/views.ts';
import type { World } from '../support/world.ts';

export const TEAM = 'T0RIVER001';

/** Somebody as Slack would name them: who clicks, and from which workspace's installation. */
export type Stranger = { who: string; userId: string; team?: string };

/** Something that Slack could be made to send, though no screen of this person's offered it. */
export type Input =
  | { kind: 'action'; id: string; value?: string; option?: string; form?: { callbackId: string; metadata: string } }
  | { kind: 'view'; id: string; metadata: string; values?: Record<string, unknown> }
  | { kind: 'shortcut'; id: string; author: string }
  | { kind: 'command'; command: string; text: string };

const CHANNEL = 'C0GENERAL1';

/** Signed and delivered as Slack does; returns all that the person was shown or told in return. */
export async function tries(w: World, stranger: Stranger, input: Input): Promise<string> {
  const { workspace } = w.rehearsal;
  const told = () =>
    workspace.state.conversations[CHANNEL]?.messages.filter((one) => one.ephemeralTo === stranger.userId) ?? [];
  closeViews(workspace, stranger.userId, 'all');
  const before = told().length;
  const kind = input.kind === 'command' ? 'slash_commands' : 'interactive';
  const answer = await workspace.dispatch.request(kind, payloadOf(w, stranger, input));
  await w.settles();
  const said = told()
    .slice(before)
    .map(({ text, blocks }) => ({ text, blocks }));
  const views = stackOf(workspace, stranger.userId).map(({ view }) => view);
  closeViews(workspace, stranger.userId, 'all');
  return JSON.stringify([answer, said, views]).replace(/"block_id":"Rc\w+",?/g, '');
}

function payloadOf(w: World, stranger: Stranger, input: Input): Record<string, unknown> {
  const { workspace } = w.rehearsal;
  const { userId } = stranger;
  const common = { ...whoAndWhere(w, stranger), response_url: workspace.responses.issue({ channel: CHANNEL, userId }) };
  switch (input.kind) {
    case 'command': {
      const { app } = workspace.state;
      return {
        token: app.verificationToken,
        team_id: stranger.team ?? TEAM,
        team_domain: 'forged',
        channel_id: CHANNEL,
        channel_name: 'general',
        user_id: userId,
        user_name: userId,
        api_app_id: app.appId,
        is_enterprise_install: 'false',
        response_url: common.response_url,
        trigger_id: common.trigger_id,
        command: input.command,
        text: input.text,
      };
    }
    case 'shortcut':
      return {
        ...common,
        type: 'message_action',
        callback_id: input.id,
        action_ts: '1.000001',
        channel: { id: CHANNEL, name: 'general' },
        message_ts: '1.000001',
        message: { type: 'message', ts: '1.000001', user: input.author, text: 'a message' },
      };
    case 'view':
      return {
        ...common,
        type: 'view_submission',
        response_urls: [],
        view: viewOf('V0FORGED01', input.id, input.metadata, statesOf(input.values ?? {})),
      };
    case 'action':
      return { ...common, type: 'block_actions', ...placeOf(w, stranger, input), actions: [actionOf(input)] };
  }
}

const statesOf = (values: Record<string, unknown>) => ({
  values: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { [field]: value }])),
});

const viewOf = (id: string, callbackId: string, metadata: string, state: object = { values: {} }) => ({
  id,
  type: 'modal',
  callback_id: callbackId,
  private_metadata: metadata,
  title: { type: 'plain_text', text: 'Forged' },
  hash: '1.forged',
  blocks: [],
  state,
});

/** On a message; or in a form that is really open, with what it carries altered. */
function placeOf(w: World, { userId }: Stranger, { form }: Input & { kind: 'action' }) {
  if (!form)
    return {
      container: { type: 'message', message_ts: '1.000001', channel_id: CHANNEL, is_ephemeral: true },
      channel: { id: CHANNEL, name: 'general' },
      state: { values: {} },
    };
  const open = openRoot(w.rehearsal.workspace, userId, {
    type: 'modal',
    callback_id: form.callbackId,
    title: { type: 'plain_text', text: 'Forged' },
    blocks: [],
  });
  const view = { ...viewOf(open.id, form.callbackId, form.metadata), hash: open.hash };
  return { container: { type: 'view', view_id: open.id }, view };
}

const actionOf = ({ id, value, option }: Input & { kind: 'action' }) => ({
  type: option === undefined ? 'button' : 'overflow',
  action_id: id,
  block_id: 'forged',
  action_ts: '1.000001',
  ...(option === undefined
    ? { value }
    : { selected_option: { text: { type: 'plain_text', text: 'forged' }, value: option } }),
});

function whoAndWhere({ rehearsal: { workspace } }: World, { userId, team = TEAM }: Stranger) {
  const { app, people } = workspace.state;
  return {
    user: { id: userId, username: userId, team_id: team === TEAM ? people[userId]?.teamId : team },
    api_app_id: app.appId,
    token: app.verificationToken,
    trigger_id: workspace.triggers.issue(userId),
    team: { id: team, domain: 'forged' },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Everything that there is, but who asked for what and which requests were seen. */
export async function dump(w: World): Promise<Record<string, string[]>> {
  return asTick(w.database.db, async (trx) => {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(trx);
    const found: Record<string, string[]> = {};
    for (const { name } of tables) {
      if (['audit', 'do_once'].includes(name) || name.startsWith('kysely')) continue;
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(name)} t order by 1`.execute(trx);
      found[name] = rows.map(({ row }) => row);
    }
    return found;
  });
}

export const denials = (w: World, { userId, team = TEAM }: Stranger): Promise<number> =>
  asTick(w.database.db, async (trx) => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from audit
      where workspace_id = ${team} and actor_id = ${userId} and decision = 'denied'`.execute(trx);
    return rows[0]?.n ?? 0;
  });
