import { readBlocks } from './read-blocks.ts';
import { type Reader, readMrkdwn, shownName } from './read-text.ts';
import { atOf, conversationName, messagesSeen, modalOf, theirConversations, unreadCount } from './seen.ts';
import type { Conversation, Message, Person } from './state.ts';
import type { Workspace } from './workspace.ts';

/** Everything that one person sees, as plain text: what a screen reader would go through, the newest at the end. */
export function seesText(workspace: Workspace, person: Person, only?: Conversation): string {
  const reader = { state: workspace.state, person, now: workspace.now() };
  const conversations = only ? [only] : theirConversations(workspace, person).filter((one) => one.messages.length > 0);
  const parts = conversations.map((conversation) => conversationText(workspace, reader, conversation));
  if (!only) parts.push(homeText(reader));
  parts.push(modalText(workspace, reader));
  return `${[heading(reader), ...parts.filter((part) => part !== '')].join('\n\n')}\n`;
}

const heading = ({ person, now }: Reader): string =>
  `${shownName(person, person.id)}, ${spoken(person, Temporal.Instant.fromEpochMilliseconds(now).toString())} (${person.zone})`;

const spoken = ({ zone, locale }: Person, instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toLocaleString(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });

function conversationText(workspace: Workspace, reader: Reader, conversation: Conversation): string {
  const mark = conversation.kind === 'channel' || conversation.kind === 'private' ? '#' : '';
  const unread = unreadCount(conversation, reader.person);
  const title = `== ${mark}${conversationName(workspace, conversation, reader.person)} (${conversation.id})${unread > 0 ? `, ${unread} unread` : ''} ==`;
  const messages = messagesSeen(conversation, reader.person).map((message) => messageText(reader, message));
  return [title, ...messages].join('\n');
}

/** Where there are blocks, they are what is seen. */
function messageText(reader: Reader, message: Message): string {
  const { state, person } = reader;
  const marks = [
    message.edited ? ' (edited)' : '',
    message.ephemeralTo === undefined ? '' : ' (only you see this)',
    message.threadTs !== undefined && message.threadTs !== message.ts ? ' (in a thread)' : '',
  ].join('');
  const lines = message.blocks ? readBlocks(reader, message.blocks) : readMrkdwn(reader, message.text).split('\n');
  const files = (message.fileIds ?? []).map((id) => `(file: ${state.files[id]?.name ?? id})`);
  const reactions = Object.entries(message.reactions ?? {}).map(([name, users]) => `:${name}: ${users.length}`);
  const who = shownName(state.people[message.userId], message.userId);
  return [
    `${who}, ${spoken(person, atOf(message.ts))}${marks}`,
    ...[...lines, ...files, ...reactions].map(indented),
  ].join('\n');
}

const indented = (line: string): string => `  ${line.replaceAll('\n', '\n  ')}`;

function homeText(reader: Reader): string {
  const home = reader.state.homes[reader.person.id];
  if (!home) return '';
  return ['== Home ==', ...readBlocks(reader, home.view.blocks, { values: home.values })].join('\n');
}

function modalText(workspace: Workspace, reader: Reader): string {
  const modal = modalOf(workspace, reader.person);
  if (modal?.view.type !== 'modal') return '';
  const { view } = modal;
  const buttons = [view.submit?.text, view.close?.text ?? 'Cancel'].filter((label) => label !== undefined);
  return [
    `== Form: ${view.title.text} ==`,
    ...readBlocks(reader, view.blocks, modal),
    buttons.map((label) => `[${label}]`).join(' '),
  ].join('\n');
}
