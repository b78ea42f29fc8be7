import type { App, Conversation, Row, Screen } from './api.ts';

/** What a screen says, and what is new on it. */

type Before = { screen?: Screen; conversation?: Conversation };

/** Only people of the team that installed the app have it. */
export const hasApp = ({ me, team, app }: Screen): boolean => me.teamId === team.id && app.installed !== false;

/** What of the app this person is offered. */
export const appFor = (screen: Screen): App =>
  hasApp(screen) ? screen.app : { ...screen.app, commands: [], shortcuts: [] };

export const appDirect = ({ conversations, app }: Screen): Row | undefined =>
  conversations.find(({ kind, members }) => kind === 'im' && members.includes(app.botUserId));

export const unreadIn = ({ conversations }: Screen): number => conversations.reduce((sum, row) => sum + row.unread, 0);

export function firstUnread(conversation: Conversation | undefined, me: string, unread: number): string | undefined {
  if (!conversation || unread === 0) return undefined;
  return conversation.messages.filter(({ user }) => user.id !== me).at(-unread)?.ts;
}

/** In words, what came since: messages here in full, elsewhere how many. */
export function whatCame(before: Before, screen: Screen, conversation?: Conversation): string {
  const last = before.conversation?.messages.at(-1)?.ts ?? '';
  const here = (conversation?.messages ?? [])
    .filter(({ ts, user }) => ts > last && user.id !== screen.me.id)
    .map(({ user, text }) => `${user.name}: ${text}`);
  const elsewhere = screen.conversations
    .filter(({ id, unread }) => id !== conversation?.id && unread > unreadBefore(before, id))
    .map(({ name, kind, unread }) => `${kind === 'channel' ? '#' : ''}${name}: ${unread} unread`);
  return [...here, ...elsewhere].join('. ');
}

const unreadBefore = ({ screen }: Before, id: string): number =>
  screen?.conversations.find((row) => row.id === id)?.unread ?? 0;
