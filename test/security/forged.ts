import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { closeViews, openRoot, stackOf } from '../../src/rehearsal/views.ts';
import type { AppAnswer } from '../../src/rehearsal/workspace.ts';
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

/** Signed and delivered as Slack does. */
export function delivers(w: World, stranger: Stranger, input: Input): Promise<AppAnswer> {
  const { workspace } = w.rehearsal;
  closeViews(workspace, stranger.userId, 'all');
  const kind = input.kind === 'command' ? 'slash_commands' : 'interactive';
  return workspace.dispatch.request(kind, payloadOf(w, stranger, input));
}

/** The same; returns all that the person was shown or told in return. */
export async function tries(w: World, stranger: Stranger, input: Input): Promise<string> {
  const [said = ''] = await allTry(w, [stranger], input);
  return said;
}

/** The same from several people at once, which takes little longer than one. */
export async function allTry(w: World, strangers: Stranger[], input: Input): Promise<string[]> {
  const { workspace } = w.rehearsal;
  const told = (userId: string) =>
    workspace.state.conversations[CHANNEL]?.messages.filter((one) => one.ephemeralTo === userId) ?? [];
  const sent = strangers.map(async (stranger) => {
    const before = told(stranger.userId).length;
    return { before, answer: await delivers(w, stranger, input) };
  });
  const answered = await Promise.all(sent);
  await w.settles();
  return answered.map(({ before, answer }, place) => {
    const userId = strangers[place]?.userId ?? '';
    const said = told(userId)
      .slice(before)
      .map(({ text, blocks }) => ({ text, blocks }));
    const views = stackOf(workspace, userId).map(({ view }) => view);
    closeViews(workspace, userId, 'all');
    return JSON.stringify([answer, said, views]).replace(/"block_id":"Rc\w+",?/g, '');
  });
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

/** How often each was denied something. */
export async function denials(w: World): Promise<(stranger: Stranger) => number> {
  const { rows } = await asTick(w.database.db, (trx) =>
    sql<{ workspace: string; actor: string; n: number }>`
      select workspace_id as workspace, actor_id as actor, count(*)::int as n from audit
      where decision = 'denied' group by 1, 2`.execute(trx),
  );
  return ({ userId, team = TEAM }) =>
    rows.find(({ workspace, actor }) => workspace === team && actor === userId)?.n ?? 0;
}
