import type { KnownBlock, View } from '@slack/types';
import { formErrors } from './act/form-errors.ts';
import { canSeeMessage } from './conversations.ts';
import { shownName } from './read-text.ts';
import { fileUrl } from './shapes.ts';
import type { Conversation, Message, OpenView, Person } from './state.ts';
import { stackOf } from './views.ts';
import type { Workspace } from './workspace.ts';

export type OpenModal = {
  id: string;
  view: View;
  values: OpenView['values'];
  /** 1 for the form that was opened, up to 3. */
  depth: number;
  errors?: Record<string, string>;
};

/** The form on top of what this person has open. */
export function modalOf(workspace: Workspace, person: Person): OpenModal | null {
  const stack = stackOf(workspace, person.id);
  const top = stack.at(-1);
  if (!top) return null;
  const errors = formErrors(top);
  return { id: top.id, view: top.view, values: top.values, depth: stack.length, ...(errors && { errors }) };
}

export const isSelectable = (person: Person): boolean => person.about !== undefined && !person.deleted && !person.bot;

export const peopleSeen = ({ state }: Workspace) =>
  Object.values(state.people).map((person) => ({
    id: person.id,
    name: person.name,
    realName: person.realName,
    displayName: person.displayName,
    zone: person.zone,
    locale: person.locale,
    about: person.about ?? null,
    selectable: isSelectable(person),
    guest: person.guest,
    deleted: person.deleted,
    bot: person.bot,
    teamId: person.teamId,
    admin: person.admin,
  }));

export const theirConversations = ({ state }: Workspace, person: Person): Conversation[] =>
  Object.values(state.conversations).filter(({ members }) => members.includes(person.id));

/** As the person calls it: a channel by its name, a direct message by who else is in it. */
export function conversationName({ state }: Workspace, { name, members }: Conversation, person: Person): string {
  if (name !== undefined) return name;
  const others = members.filter((id) => id !== person.id);
  if (others.length === 0) return `${shownName(person, person.id)} (you)`;
  return others.map((id) => shownName(state.people[id], id)).join(', ');
}

export const messagesSeen = ({ messages }: Conversation, person: Person): Message[] =>
  messages.filter((message) => canSeeMessage(message, person.id)).sort((a, b) => Number(a.ts) - Number(b.ts));

export function unreadCount(conversation: Conversation, person: Person): number {
  const mark = Number(conversation.read[person.id] ?? 0);
  return conversation.messages.filter(
    (message) => Number(message.ts) > mark && message.userId !== person.id && canSeeMessage(message, person.id),
  ).length;
}

/** All that the frame around a conversation shows to one person. */
export function screenOf(workspace: Workspace, person: Person) {
  const { state, clock } = workspace;
  const { now, nextDue, settled } = clock.status();
  const home = state.homes[person.id];
  return {
    me: peopleSeen(workspace).find(({ id }) => id === person.id),
    team: state.team,
    clock: { now: iso(now), zone: person.zone, nextDue: nextDue === undefined ? null : iso(nextDue), settled },
    app: {
      name: shownName(state.people[state.app.botUserId], state.app.appId),
      botUserId: state.app.botUserId,
      installed: state.app.botToken !== undefined,
      commands: state.app.commands,
      shortcuts: state.app.shortcuts,
    },
    conversations: theirConversations(workspace, person).map((conversation) => ({
      id: conversation.id,
      kind: conversation.kind,
      name: conversationName(workspace, conversation, person),
      members: conversation.members,
      unread: unreadCount(conversation, person),
      lastTs: messagesSeen(conversation, person).at(-1)?.ts ?? null,
      archived: conversation.archived,
      shared: conversation.sharedWith.length > 0,
    })),
    modal: modalOf(workspace, person),
    home: home ? { id: home.id, view: home.view, values: home.values } : null,
    tour: state.tour,
    epoch: state.epoch,
  };
}

export const iso = (milliseconds: number): string => Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();

/** A conversation as one person sees it; with `thread`, that message and the replies to it. */
export function conversationSeen(workspace: Workspace, conversation: Conversation, person: Person, thread?: string) {
  const messages = messagesSeen(conversation, person).filter(
    ({ ts, threadTs }) => thread === undefined || ts === thread || threadTs === thread,
  );
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: conversationName(workspace, conversation, person),
    members: conversation.members,
    archived: conversation.archived,
    shared: conversation.sharedWith.length > 0,
    messages: messages.map((message) => messageSeen(workspace, conversation, message)),
  };
}

function messageSeen(workspace: Workspace, conversation: Conversation, message: Message) {
  const { people, files } = workspace.state;
  const writer = people[message.userId];
  return {
    ts: message.ts,
    at: atOf(message.ts),
    user: { id: message.userId, name: shownName(writer, message.userId), bot: writer?.bot ?? false },
    text: message.text,
    blocks: message.blocks ?? ([] satisfies KnownBlock[]),
    edited: message.edited !== undefined,
    ephemeral: message.ephemeralTo !== undefined,
    thread: threadOf(conversation, message),
    threadTs: message.threadTs ?? null,
    files: (message.fileIds ?? [])
      .flatMap((id) => files[id] ?? [])
      .map((file) => ({
        id: file.id,
        name: file.name,
        title: file.title,
        ...(file.alt !== undefined && { alt: file.alt }),
        mimetype: file.mimetype,
        url: fileUrl(workspace, file),
      })),
    reactions: Object.entries(message.reactions ?? {}).map(([name, users]) => ({ name, users, count: users.length })),
  };
}

function threadOf({ messages }: Conversation, { ts }: Message) {
  const replies = messages.filter(
    (reply) => reply.threadTs === ts && reply.ts !== ts && reply.ephemeralTo === undefined,
  );
  const last = replies.at(-1);
  return last
    ? { count: replies.length, lastTs: last.ts, users: [...new Set(replies.map(({ userId }) => userId))] }
    : null;
}

/** A ts is the moment of its message, to the millisecond. */
export const atOf = (ts: string): string => iso(Math.floor(Number(ts) * 1000));
