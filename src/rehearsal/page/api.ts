import type { AnyBlock, View } from '@slack/types';

/** What the control API under /rehearsal/ says and takes, as far as the page uses it. */

export type Face = {
  id: string;
  name: string;
  realName: string;
  displayName: string;
  zone: string;
  locale: string;
  about?: string | null;
  selectable: boolean;
  guest: boolean;
  deleted: boolean;
  bot: boolean;
  teamId: string;
};

export type Row = {
  id: string;
  kind: 'channel' | 'private' | 'im' | 'mpim';
  name: string;
  members: string[];
  unread: number;
  lastTs?: string | null;
  archived: boolean;
  shared: boolean;
};

/** One field as Slack reports it in `state.values`. */
export type Value = { type: string } & Record<string, unknown>;
export type Values = Record<string, Record<string, Value>>;

export type Modal = { id: string; view: View; values: Values; depth: number; errors?: Record<string, string> };
export type Home = { id: string; view: View; values: Values };

export type App = {
  installed?: boolean;
  name: string;
  botUserId: string;
  commands: { command: string; description: string; usageHint?: string }[];
  shortcuts: { name: string; type: 'message' | 'global'; callbackId: string; description: string }[];
};

export type Screen = {
  me: Face;
  team: { id: string; name: string };
  clock: { now: string; zone: string; nextDue: string | null; settled: boolean };
  app: App;
  conversations: Row[];
  modal: Modal | null;
  home: Home | null;
  tour: { dismissed: boolean; done: string[] };
  epoch: number;
};

export type StoredFile = { id: string; name: string; title: string; alt?: string; mimetype: string; url: string };

export type Message = {
  ts: string;
  at: string;
  user: { id: string; name: string; bot: boolean };
  text: string;
  blocks?: AnyBlock[] | null;
  edited?: unknown;
  ephemeral?: boolean;
  thread?: { count: number } | null;
  threadTs?: string | null;
  files?: StoredFile[];
  reactions?: { name: string; users: string[] }[];
};

export type Conversation = {
  id: string;
  kind: Row['kind'];
  name: string;
  members: string[];
  archived?: boolean;
  messages: Message[];
};

export type Deed =
  | { do: 'command'; text: string; in?: string }
  | { do: 'click'; in: string; ts: string; actionId: string; blockId?: string; value?: Value }
  | { do: 'click'; view: string; actionId: string; blockId?: string; value?: Value; values?: Values }
  | { do: 'submit'; view: string; values: Values }
  | { do: 'close'; view: string }
  | { do: 'shortcut'; callbackId: string; in?: string; ts?: string }
  | { do: 'home' }
  | { do: 'message'; in: string; text: string; thread?: string }
  | { do: 'react'; in: string; ts: string; name: string }
  | { do: 'openDm'; with: string[] };

export type Answer = {
  ok: boolean;
  status?: 'acked' | 'timeout' | 'failed' | 'refused';
  errors?: Record<string, string>;
  notice?: string;
  error?: string;
  hint?: string;
  id?: string;
  modal?: Modal | null;
};

export type Arrival = { who: string; userId: string; conversation: string; conversationId: string; count: number };
export type Moved = { now: string; steps: string[]; arrived: Arrival[]; settled?: boolean };

export type Change = { kind: string; conversationId?: string; userId?: string; ts?: string };

const asks = (path: string, query: Record<string, string | undefined>) =>
  `/rehearsal/${path}?${new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])))}`;

async function read<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(await whatItSays(answer));
  return answer.json();
}

async function send<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`/rehearsal/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await whatItSays(answer));
  return answer.json();
}

async function whatItSays(answer: Response): Promise<string> {
  const said: unknown = await answer.json().catch(() => undefined);
  if (typeof said !== 'object' || said === null) return `The rehearsal answered ${answer.status}.`;
  const words = ['hint' in said && said.hint, 'error' in said && said.error].find((word) => typeof word === 'string');
  return typeof words === 'string' ? words : `The rehearsal answered ${answer.status}.`;
}

export const readPeople = () => read<Face[]>('/rehearsal/people');
export const readScreen = (as: string) => read<Screen>(asks('screen', { as }));
export const readConversation = (as: string, id: string, thread?: string) =>
  read<Conversation>(asks('conversation', { as, id, thread }));

/** All that somebody sees, as plain text. */
export async function readAllSeen(as: string): Promise<string> {
  const answer = await fetch(asks('sees', { as }));
  return answer.ok ? answer.text() : '';
}

export const markRead = (as: string, id: string) => send<unknown>('read', { as, id });
/** Days and weeks are counted on the calendar of whoever moves it. */
export const moveClock = (as: string, to: string) => send<Moved>('clock', { as, to });
export const startOver = () => send<unknown>('start-over', {});
export const noteTour = (note: { done: string } | { dismissed: true }) => send<unknown>('tour', note);

/** Does what a person does. An act that Slack would not allow is an answer like any other, with a hint. */
export async function act(as: string, deed: Deed): Promise<Answer> {
  const answer = await fetch('/rehearsal/act', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as, ...deed }),
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (isAnswer(said)) return said;
  return { ok: false, hint: `The rehearsal answered ${answer.status}. Nothing was done.` };
}

const isAnswer = (said: unknown): said is Answer => typeof said === 'object' && said !== null;

/** Calls with every change that this person may see, and with nothing when the line is up: what came before was missed. */
export function watchChanges(as: string, tell: (change?: Change) => void, line: (up: boolean) => void): () => void {
  const source = new EventSource(asks('changes', { as }));
  source.onmessage = ({ data }) => tell(JSON.parse(data));
  source.onerror = () => line(false);
  source.onopen = () => {
    line(true);
    tell();
  };
  return () => source.close();
}
