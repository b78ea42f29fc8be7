import { addMessage, isKnown, openDirect } from '../conversations.ts';
import { messageShape } from '../shapes.ts';
import type { Conversation, Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { type Acted, acted, type Refused, refused } from './outcome.ts';
import { findPerson, whereActs, whichMessage } from './place.ts';
import { encodeMessage } from './typed.ts';

const LONGEST = 40_000;

/** Writes a message. The app hears of it where it is a member and the manifest subscribes. */
export async function say(
  workspace: Workspace,
  person: Person,
  { in: where, text, thread }: { in: string; text: string; thread?: string },
): Promise<Acted | Refused> {
  const there = whereActs(workspace, person, where);
  if (!there.ok) return there;
  const { conversation } = there;
  if (text.trim() === '') return refused('no_text', 'An empty message cannot be sent.');
  if (text.length > LONGEST) return refused('msg_too_long', `A message has at most ${LONGEST} characters.`);
  if (thread !== undefined) {
    const parent = whichMessage(conversation, person, thread);
    if (!parent.ok) return parent;
  }
  const message = addMessage(workspace, conversation, {
    userId: person.id,
    text: encodeMessage(workspace, person, text),
    threadTs: thread,
  });
  conversation.read[person.id] = message.ts;
  await tellApp(workspace, conversation, {
    ...messageShape(workspace, conversation, message),
    type: 'message',
    channel: conversation.id,
    event_ts: message.ts,
    channel_type: kindOf(conversation),
  });
  return acted({ ts: message.ts });
}

/** Adds a reaction, or takes one's own away. */
export async function react(
  workspace: Workspace,
  person: Person,
  { in: where, ts, name }: { in: string; ts: string; name: string },
): Promise<Acted | Refused> {
  const there = whereActs(workspace, person, where);
  if (!there.ok) return there;
  const { conversation } = there;
  const which = whichMessage(conversation, person, ts);
  if (!which.ok) return which;
  const { message } = which;
  if (message.ephemeralTo !== undefined)
    return refused('bad_item', 'A message that only one person sees takes no reactions.');
  const before = message.reactions?.[name] ?? [];
  const taken = before.includes(person.id);
  const { [name]: _before, ...others } = message.reactions ?? {};
  const after = taken ? before.filter((id) => id !== person.id) : [...before, person.id];
  message.reactions = after.length > 0 ? { ...others, [name]: after } : others;
  workspace.changed({ kind: 'message', conversationId: conversation.id, ts });
  await tellApp(workspace, conversation, {
    type: taken ? 'reaction_removed' : 'reaction_added',
    user: person.id,
    reaction: name,
    item_user: message.userId,
    item: { type: 'message', channel: conversation.id, ts },
  });
  return acted();
}

/** Opens a direct message with somebody, or a group message with several. */
export function openWith(workspace: Workspace, person: Person, names: string[]): Acted | Refused {
  const people = names.map((name) => findPerson(workspace, name));
  const unknown = names.filter((_name, index) => {
    const found = people[index];
    return !found || !isKnown(workspace.state, found);
  });
  if (unknown.length > 0) return refused('user_not_found', `Nobody here is called ${unknown.join(' or ')}.`);
  const gone = people.find((one) => one?.deleted);
  if (gone) return refused('user_disabled', `${gone.realName} was deactivated and cannot be written to.`);
  const members = [person.id, ...people.flatMap((one) => one?.id ?? [])];
  if (new Set(members).size > 9) return refused('too_many_users', 'A group message has at most nine people.');
  return acted({ id: openDirect(workspace, members).conversation.id });
}

async function tellApp(
  workspace: Workspace,
  conversation: Conversation,
  event: { type: string } & Record<string, unknown>,
): Promise<void> {
  if (conversation.members.includes(workspace.state.app.botUserId)) await workspace.dispatch.event(event);
}

export const kindOf = ({ kind }: Conversation): string => (kind === 'private' ? 'group' : kind);
