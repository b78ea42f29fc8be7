import type { KnownBlock } from '@slack/types';
import type { Conversation, Message, Person, RehearsalState } from './state.ts';
import type { Workspace } from './workspace.ts';

export const isMember = (conversation: Conversation, userId: string): boolean => conversation.members.includes(userId);

/** Whether this person's Slack shows the conversation: theirs, or a public channel of a team they are a full member of. */
export function maySee(state: RehearsalState, conversation: Conversation, userId: string): boolean {
  if (isMember(conversation, userId)) return true;
  const person = state.people[userId];
  return (
    conversation.kind === 'channel' &&
    person !== undefined &&
    person.guest === 'none' &&
    (person.teamId === state.team.id || conversation.sharedWith.includes(person.teamId))
  );
}

/** People of another team are met only where both teams share a channel. */
export const isKnown = (state: RehearsalState, person: Person): boolean =>
  person.teamId === state.team.id ||
  Object.values(state.conversations).some((conversation) => isMember(conversation, person.id));

/** The direct or group message of exactly these people, opened when it does not exist yet. */
export function openDirect(
  workspace: Workspace,
  members: string[],
): { conversation: Conversation; alreadyOpen: boolean } {
  const people = [...new Set(members)];
  const known = Object.values(workspace.state.conversations).find(
    ({ kind, members: has }) =>
      (kind === 'im' || kind === 'mpim') &&
      has.length === people.length &&
      people.every((person) => has.includes(person)),
  );
  if (known) return { conversation: known, alreadyOpen: true };
  const kind = people.length <= 2 ? 'im' : 'mpim';
  const conversation: Conversation = {
    // Group messages have carried channel-like ids for years; only `is_mpim` tells them apart.
    id: workspace.nextId(kind === 'im' ? 'D' : 'C'),
    kind,
    members: people,
    archived: false,
    sharedWith: foreignTeams(workspace.state, people),
    createdAt: workspace.now(),
    messages: [],
    read: {},
  };
  workspace.state.conversations[conversation.id] = conversation;
  workspace.changed({ kind: 'conversation', conversationId: conversation.id });
  return { conversation, alreadyOpen: false };
}

const foreignTeams = (state: RehearsalState, people: string[]): string[] => [
  ...new Set(people.flatMap((id) => state.people[id]?.teamId ?? []).filter((teamId) => teamId !== state.team.id)),
];

/** Adds a message as of now and tells everybody who watches. Blocks and their elements get the ids that Slack gives them. */
export function addMessage(
  workspace: Workspace,
  conversation: Conversation,
  draft: Omit<Message, 'ts'> & { ts?: string },
): Message {
  const message: Message = { ...draft, ts: draft.ts ?? workspace.nextTs() };
  if (draft.blocks) message.blocks = withIds(workspace, draft.blocks);
  conversation.messages.push(message);
  workspace.changed({ kind: 'message', conversationId: conversation.id, ts: message.ts, userId: message.userId });
  return message;
}

/** Takes the message and, as Slack does, leaves replies of a thread standing. */
export function removeMessage(workspace: Workspace, conversation: Conversation, ts: string): void {
  conversation.messages = conversation.messages.filter((message) => message.ts !== ts);
  workspace.changed({ kind: 'message', conversationId: conversation.id, ts });
}

/** A message that everybody in the conversation can see; ephemeral ones are nobody's to find. */
export const findMessage = (conversation: Conversation, ts: string): Message | undefined =>
  conversation.messages.find((message) => message.ts === ts && message.ephemeralTo === undefined);

type Element = { type: string; action_id?: string };
const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null && 'type' in value;
const INTERACTIVE =
  /button|select|picker|checkboxes|overflow|radio|_input|feedback_buttons|icon_button|workflow_button|file_input/;

/** Slack names each block and each interactive element that came without an id, and answers with the names. */
export function withIds<Block extends { type: string; block_id?: string }>(
  workspace: Workspace,
  blocks: Block[],
): Block[] {
  const named = structuredClone(blocks);
  const nameElement = (value: unknown) => {
    if (isElement(value) && INTERACTIVE.test(value.type) && !value.action_id) value.action_id = workspace.nextId('Rc');
  };
  for (const block of named) {
    block.block_id ??= workspace.nextId('Rc');
    if ('accessory' in block) nameElement(block.accessory);
    if ('element' in block) nameElement(block.element);
    if ('elements' in block && Array.isArray(block.elements)) block.elements.forEach(nameElement);
  }
  return named;
}

export const isBlocks = (value: unknown): value is KnownBlock[] =>
  Array.isArray(value) && value.every((block) => isElement(block) && typeof block.type === 'string');

/** Everybody's messages and those for this person's eyes only. */
export const canSeeMessage = (message: Message, userId: string): boolean =>
  message.ephemeralTo === undefined || message.ephemeralTo === userId;
