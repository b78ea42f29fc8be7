import { canSeeMessage, isMember, maySee, openDirect } from '../conversations.ts';
import type { Conversation, Message, Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { type Refused, refused } from './outcome.ts';

type Found<Key extends string, Value> = ({ ok: true } & Record<Key, Value>) | Refused;

/** Somebody by id, handle (`ana`, `@ana`), or name as it is shown. */
export function findPerson({ state }: Workspace, wanted: string): Person | undefined {
  const name = wanted.replace(/^@/, '').toLowerCase();
  const people = Object.values(state.people);
  return (
    state.people[wanted] ??
    people.find((person) => person.name === name) ??
    people.find((person) => [person.displayName, person.realName].some((shown) => shown.toLowerCase() === name))
  );
}

/** Somebody whom one can be: a person with a seat here, not a bot. */
export function whoActs(workspace: Workspace, wanted: string): Found<'person', Person> {
  const person = findPerson(workspace, wanted);
  if (!person) return refused('user_not_found', 'GET /rehearsal/people lists everybody.');
  if (person.bot || person.id === 'USLACKBOT') return refused('is_bot', `${person.realName} is not a person.`);
  if (person.deleted) return refused('account_inactive', `${person.realName} was deactivated and cannot sign in.`);
  return { ok: true, person };
}

/** Whoever sees the app's commands, shortcuts and Home: people of the team that installed it. */
export const hasApp = ({ state }: Workspace, person: Person): boolean =>
  state.app.botToken !== undefined && person.teamId === state.team.id;

export const appDirect = (workspace: Workspace, person: Person): Conversation =>
  openDirect(workspace, [workspace.state.app.botUserId, person.id]).conversation;

/**
 * A conversation in which this person can do something, by id, `#name`, or `@name` for a direct message that exists.
 * Without one, their direct message with the app.
 */
export function whereActs(workspace: Workspace, person: Person, wanted?: string): Found<'conversation', Conversation> {
  if (wanted === undefined) return { ok: true, conversation: appDirect(workspace, person) };
  const conversation = findConversation(workspace, person, wanted);
  if (!conversation || !maySee(workspace.state, conversation, person.id))
    return refused(
      'channel_not_found',
      `GET /rehearsal/screen?as=${person.id} lists the conversations of ${person.name}.`,
    );
  if (!isMember(conversation, person.id))
    return refused('not_in_channel', `${person.realName} is not a member of #${conversation.name}.`);
  if (conversation.archived)
    return refused('is_archived', `#${conversation.name} is archived: nothing can be done there.`);
  return { ok: true, conversation };
}

export function findConversation(workspace: Workspace, person: Person, wanted: string): Conversation | undefined {
  const all = Object.values(workspace.state.conversations);
  const byId = workspace.state.conversations[wanted];
  if (byId) return byId;
  if (wanted.startsWith('@')) {
    const other = findPerson(workspace, wanted);
    return all.find(
      ({ kind, members }) => kind === 'im' && other && members.includes(other.id) && members.includes(person.id),
    );
  }
  return all.find(({ name }) => name !== undefined && name === wanted.replace(/^#/, ''));
}

export function whichMessage(conversation: Conversation, person: Person, ts: string): Found<'message', Message> {
  const message = conversation.messages.find((one) => one.ts === ts && canSeeMessage(one, person.id));
  return message
    ? { ok: true, message }
    : refused(
        'message_not_found',
        `GET /rehearsal/conversation?as=${person.id}&id=${conversation.id} lists the messages.`,
      );
}
