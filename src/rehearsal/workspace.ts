import type { Logger } from 'pino';
import type { RehearsalClock } from './clock.ts';
import type { Earlier } from './earlier.ts';
import { type Faults, makeFaults } from './faults.ts';
import { makePacing, type Pacing } from './pacing.ts';
import { makeSockets, type Sockets } from './socket.ts';
import type { OpenView, RehearsalState } from './state.ts';

/** What every part of the stand-in is handed: the saved state, the clock, and the parts that talk to the app. */
export type Workspace = {
  state: RehearsalState;
  /** Where the stand-in itself answers, without a trailing slash. */
  url: string;
  /** Where signed requests go in HTTP mode; in Socket Mode there is none. */
  requestUrl: string | undefined;
  log: Logger;
  /** Epoch milliseconds on the rehearsal clock. */
  now(): number;
  /** A message timestamp that is unique and grows, from the rehearsal clock: "1767000000.000100". */
  nextTs(): string;
  /** A fresh id that looks like Slack's: `nextId('D')` is "D000000001". Never repeated, not even after a start over. */
  nextId(prefix: IdPrefix): string;
  /** Call after every mutation: saves, and tells the listeners what changed. */
  changed(what: Change): void;
  onChange(listener: (what: Change) => void): () => void;
  /** Seeds the workspace anew, in the same `state` object, and raises the epoch. */
  startOver(): void;
  /** Modal stacks per person, top last. Not saved: a restart closes modals, as a reload of Slack does. */
  stacks: Map<string, OpenView[]>;
  /** Authorisation codes that were issued and may still be exchanged. Not saved. */
  codes: Map<string, { redirectUri: string | undefined; scopes: string[]; expiresAt: number; used: boolean }>;
  /** Files whose bytes are awaited or that nobody has shared yet. Not saved. */
  uploads: Map<string, PendingUpload>;
  triggers: Triggers;
  responses: Responses;
  dispatch: Dispatch;
  sockets: Sockets;
  faults: Faults;
  pacing: Pacing;
  /** Who follows the rehearsal clock, and how far they are. */
  clock: RehearsalClock;
  /** What messages said before they were changed. */
  earlier: Earlier;
  /** Requests from the app that are being answered: nothing is settled while there are any. */
  traffic: { underWay: number };
};

export type IdPrefix = 'C' | 'D' | 'G' | 'U' | 'F' | 'V' | 'B' | 'Ev' | 'S' | 'T' | 'Rc';

export type Change = {
  kind: 'message' | 'view' | 'home' | 'clock' | 'people' | 'conversation' | 'reset' | 'file' | 'app' | 'read';
  conversationId?: string;
  userId?: string;
  ts?: string;
};

export type PendingUpload = {
  fileId: string;
  filename: string;
  length: number;
  title?: string;
  alt?: string;
  content?: string;
};

export type TriggerUse =
  | { ok: true; userId: string }
  | { ok: false; error: 'expired_trigger_id' | 'exchanged_trigger_id' | 'invalid_trigger_id' };

/** Trigger ids live 3 seconds of the machine's clock and work once. */
export type Triggers = {
  issue(userId: string): string;
  use(triggerId: string): TriggerUse;
};

/** Response URLs live 30 minutes and work five times. */
export type Responses = {
  issue(to: { channel: string; userId: string; ts?: string }): string;
  /** What `POST /response/<token>` answers, as Slack does. */
  receive(token: string, body: unknown): { status: number; body: string };
};

/** What the app made of a request. `failed` carries the HTTP status, or none when it could not be reached. */
export type AppAnswer =
  | { status: 'acked'; body?: unknown }
  | { status: 'timeout' }
  | { status: 'failed'; httpStatus?: number };

export type Dispatch = {
  /**
   * Delivers an event if the manifest subscribes to it. Resolves with what came of the first attempt; Slack's three
   * retries (at once, after 1 minute, after 5) go on by themselves, on the rehearsal clock.
   */
  event(event: { type: string } & Record<string, unknown>): Promise<AppAnswer | { status: 'not_subscribed' }>;
  /** Delivers a command or an interaction once, within 3 seconds. */
  request(kind: 'slash_commands' | 'interactive', payload: Record<string, unknown>): Promise<AppAnswer>;
  /** Deliveries that the app has not answered yet. */
  underWay(): number;
  /** When retries are due, on the rehearsal clock. */
  retries(): number[];
  /** Sends what has become due: call it when the clock was moved. */
  sendDue(): void;
  /** Forgets what waits to be retried. */
  clear(): void;
};

type Makers = {
  triggers(workspace: Workspace): Triggers;
  responses(workspace: Workspace): Responses;
  dispatch(workspace: Workspace): Dispatch;
  clock(workspace: Workspace): RehearsalClock;
  earlier(workspace: Workspace): Earlier;
};

type Opening = {
  state: RehearsalState;
  url: string;
  requestUrl: string | undefined;
  log: Logger;
  pacing: boolean;
  /** A workspace as a newcomer finds it. */
  seedAnew(): RehearsalState;
  /** Called after every change. */
  save(): void;
};

export function makeWorkspace(opening: Opening, makers: Makers): Workspace {
  const { state } = opening;
  const listeners = new Set<(what: Change) => void>();
  const now = () => Date.now() + state.clockOffset;

  const changed = (what: Change) => {
    opening.save();
    for (const listener of listeners) listener(what);
  };
  const workspace: Workspace = {
    state,
    url: opening.url,
    requestUrl: opening.requestUrl,
    log: opening.log,
    now,
    nextTs: () => nextTs(state, now()),
    nextId: (prefix) => nextId(state, prefix),
    changed,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startOver() {
      const { epoch, counters } = state;
      // The ids go on counting, so that nothing of the old workspace can be taken for something of the new one.
      Object.assign(state, opening.seedAnew(), { epoch: epoch + 1, counters: { ...counters, ts: 0 } });
      const { stacks, codes, uploads, pacing, faults } = workspace;
      for (const forgotten of [stacks, codes, uploads, pacing, faults, dispatch]) forgotten.clear();
      changed({ kind: 'reset' });
    },
    stacks: new Map(),
    codes: new Map(),
    uploads: new Map(),
    faults: makeFaults(),
    pacing: makePacing(opening.pacing, now),
    traffic: { underWay: 0 },
    sockets: makeSockets({ url: () => workspace.url, appId: () => state.app.appId }),
    // These five are handed the workspace that they become a part of.
    get triggers() {
      return triggers;
    },
    get responses() {
      return responses;
    },
    get dispatch() {
      return dispatch;
    },
    get clock() {
      return clock;
    },
    get earlier() {
      return earlier;
    },
  };
  const triggers = makers.triggers(workspace);
  const responses = makers.responses(workspace);
  const dispatch = makers.dispatch(workspace);
  const clock = makers.clock(workspace);
  const earlier = makers.earlier(workspace);
  return workspace;
}

function nextTs(state: RehearsalState, now: number): string {
  const micros = Math.max((state.counters.ts ?? 0) + 1, now * 1000);
  state.counters.ts = micros;
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}

function nextId(state: RehearsalState, prefix: IdPrefix): string {
  const number = (state.counters[prefix] ?? 0) + 1;
  state.counters[prefix] = number;
  return `${prefix}0${number.toString(36).toUpperCase().padStart(8, '0')}`;
}
