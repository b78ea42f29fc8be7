import { messageShape } from '../shapes.ts';
import type { InstalledApp, Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { type Acted, delivered, type Refused, refused } from './outcome.ts';
import { actionTs, channelOf, interaction } from './payload.ts';
import { hasApp, whereActs, whichMessage } from './place.ts';

type Shortcut = InstalledApp['shortcuts'][number];
type Wanted = { name?: string; callbackId?: string; in?: string; ts?: string };

/** Runs a shortcut of the app: on a message, from its menu, or a global one. */
export async function runShortcut(workspace: Workspace, person: Person, wanted: Wanted): Promise<Acted | Refused> {
  const { shortcuts } = workspace.state.app;
  const found = shortcuts.find(({ name, callbackId }) => name === wanted.name || callbackId === wanted.callbackId);
  if (!found || !hasApp(workspace, person))
    return refused('no_such_shortcut', `There is: ${shortcuts.map(({ name }) => `"${name}"`).join(', ') || 'none'}.`);
  return found.type === 'global'
    ? send(workspace, found, { type: 'shortcut', ...interaction(workspace, person), action_ts: actionTs(workspace) })
    : onMessage(workspace, person, found, wanted);
}

async function onMessage(
  workspace: Workspace,
  person: Person,
  shortcut: Shortcut,
  wanted: Wanted,
): Promise<Acted | Refused> {
  if (wanted.in === undefined || wanted.ts === undefined)
    return refused('no_message', `"${shortcut.name}" is in the menu of a message: say which, with "in" and "ts".`);
  const there = whereActs(workspace, person, wanted.in);
  if (!there.ok) return there;
  const { conversation } = there;
  const which = whichMessage(conversation, person, wanted.ts);
  if (!which.ok) return which;
  const { message } = which;
  if (message.ephemeralTo !== undefined)
    return refused('no_menu', 'A message that only one person sees has no menu of shortcuts.');
  return send(workspace, shortcut, {
    type: 'message_action',
    ...interaction(workspace, person),
    action_ts: actionTs(workspace),
    channel: channelOf(conversation),
    message_ts: message.ts,
    message: messageShape(workspace, conversation, message),
    response_url: workspace.responses.issue({ channel: conversation.id, userId: person.id }),
  });
}

async function send(
  workspace: Workspace,
  { name, callbackId }: Shortcut,
  payload: Record<string, unknown>,
): Promise<Acted> {
  const answer = await workspace.dispatch.request('interactive', { ...payload, callback_id: callbackId });
  return delivered(answer, `The shortcut "${name}" did not work: the app did not respond as expected.`);
}
