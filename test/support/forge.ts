import type { Rehearsal } from '../../src/rehearsal/server.ts';
import type { AppAnswer } from '../../src/rehearsal/workspace.ts';
import type { World } from './world.ts';

/** What Slack would send for a click that no screen offered: a button of somebody else's, or with another value. */
export type ForgedClick = { actionId: string; value?: string; option?: string };
/** A form that came back as it was never shown: another person's, or with altered ids in it. */
export type ForgedForm = { callbackId: string; metadata?: string; values?: Record<string, Record<string, unknown>> };

export type Forged = { answer: AppAnswer /** What the person was told for themselves. */; told: string };

/** Signed and delivered as Slack does; only its own screens would never have produced it. */
export async function forgeClick(
  { rehearsal: { workspace }, settles }: Pick<World, 'rehearsal' | 'settles'>,
  userId: string,
  { actionId, value, option }: ForgedClick,
): Promise<Forged> {
  const channel = 'C0GENERAL1';
  const said = () => workspace.state.conversations[channel]?.messages.filter((one) => one.ephemeralTo === userId) ?? [];
  const before = said().length;
  const answer = await workspace.dispatch.request('interactive', {
    type: 'block_actions',
    ...whoAndWhere(workspace, userId),
    container: { type: 'message', message_ts: '1.000001', channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'general' },
    message: { type: 'message', ts: '1.000001', text: '' },
    response_url: workspace.responses.issue({ channel, userId }),
    state: { values: {} },
    actions: [
      {
        type: option === undefined ? 'button' : 'overflow',
        action_id: actionId,
        block_id: 'forged',
        action_ts: '1.000001',
        ...(option === undefined ? { value } : { selected_option: { value: option } }),
      },
    ],
  });
  await settles();
  return {
    answer,
    told: said()
      .slice(before)
      .map((one) => one.text)
      .join('\n'),
  };
}

/** The same on Home, where Slack gives no address to answer to. */
export async function forgeHomeClick(
  { rehearsal: { workspace }, settles }: Pick<World, 'rehearsal' | 'settles'>,
  userId: string,
  { actionId, value }: ForgedClick,
): Promise<AppAnswer> {
  const answer = await workspace.dispatch.request('interactive', {
    type: 'block_actions',
    ...whoAndWhere(workspace, userId),
    container: { type: 'view', view_id: 'V0FORGED01' },
    view: { id: 'V0FORGED01', type: 'home', callback_id: '', private_metadata: '', blocks: [], state: { values: {} } },
    actions: [{ type: 'button', action_id: actionId, value, block_id: 'forged', action_ts: '1.000001' }],
  });
  await settles();
  return answer;
}

/** A click within a form, whose metadata may have been altered as well. */
export type ForgedModal = ForgedClick & { viewId?: string; callbackId?: string; metadata: string };

export async function forgeModalClick(
  { rehearsal: { workspace }, settles }: Pick<World, 'rehearsal' | 'settles'>,
  userId: string,
  { actionId, value, option, viewId = 'V0FORGED01', callbackId = 'commitment:ledger', metadata }: ForgedModal,
): Promise<AppAnswer> {
  const chosen = { text: { type: 'plain_text', text: 'forged' }, value: option };
  const answer = await workspace.dispatch.request('interactive', {
    type: 'block_actions',
    ...whoAndWhere(workspace, userId),
    container: { type: 'view', view_id: viewId },
    view: {
      id: viewId,
      type: 'modal',
      callback_id: callbackId,
      private_metadata: metadata,
      hash: '1.forged',
      blocks: [],
      state: { values: {} },
    },
    actions: [
      {
        type: option === undefined ? 'button' : 'static_select',
        action_id: actionId,
        block_id: 'forged',
        action_ts: '1.000001',
        ...(option === undefined ? { value } : { selected_option: chosen }),
      },
    ],
  });
  await settles();
  return answer;
}

export function forgeForm(
  { rehearsal: { workspace } }: Pick<World, 'rehearsal'>,
  userId: string,
  form: ForgedForm,
): Promise<AppAnswer> {
  return workspace.dispatch.request('interactive', {
    type: 'view_submission',
    ...whoAndWhere(workspace, userId),
    response_urls: [],
    view: {
      id: 'V0FORGED01',
      type: 'modal',
      callback_id: form.callbackId,
      private_metadata: form.metadata ?? '',
      title: { type: 'plain_text', text: 'Forged' },
      blocks: [],
      hash: '1.forged',
      state: { values: form.values ?? {} },
    },
  });
}

function whoAndWhere(workspace: Rehearsal['workspace'], userId: string) {
  const { app, team, people } = workspace.state;
  return {
    user: { id: userId, username: people[userId]?.name ?? userId, team_id: team.id },
    api_app_id: app.appId,
    token: app.verificationToken,
    trigger_id: workspace.triggers.issue(userId),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
