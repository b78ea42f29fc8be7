import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import type { Deadline } from './db/as-workspace.ts';
import type { Once } from './db/do-once.ts';
import type { Database } from './db/schema.ts';
import type { Clock } from './ground/clock.ts';
import type { Meter } from './ground/meter.ts';
import type { Person } from './people/store.ts';

/** Everything a subject is handed. Types only: whoever needs a part names this, never the module that makes it. */
export type Deps = {
  db: Kysely<Database>;
  /** The Web API client of one workspace. Throws when the workspace has no token any more. */
  slack: (workspaceId: string) => Promise<WebClient>;
  clock: Clock;
  log: Logger;
  /** Ask for a tick at once: call it after a commit that left work for a later subject or for delivery. */
  wake: () => void;
  /** A fresh id, ordered by time. Injected so that a simulation can replay the same ones. */
  newId: () => string;
  /** Counts what happens, where somebody watches. */
  meter?: Meter;
};

/** What `app.ts` adds to Bolt's context before any listener runs. */
export type Asked = {
  /** The team of the authorisation, or the enterprise of an org-wide install; never `body.team_id`. */
  workspaceId: string;
  /** Who sent it, where they have been seen before. */
  known?: Person;
  /** Who acts, as Slack last described them. */
  actor: Person;
  /** When this request must have been answered. */
  deadline: Deadline;
  /** Which request this is, however often it is sent: what it changes first is saved once. */
  once: Once;
};

export type AccordApp = App<Asked>;

/** One word after `/accord`, with the rest of what was typed. */
export type SlashCall = SlackCommandMiddlewareArgs & AllMiddlewareArgs<Asked> & { rest: string };
export type Subcommands = Record<string, (call: SlashCall, deps: Deps) => Promise<void>>;

/** A subject's timed work. */
export type DueWork = {
  subject: string;
  /** Holds the next due time of each row; has a partial index `where <column> is not null`, which the tick's probe reads. */
  table: keyof Database & string;
  column: string;
  /** Housekeeping that nobody sees: no reason to stop at it when the clock is moved. */
  isUpkeep?: true;
  /** Rows of one batch, where those who write to them are not to wait for hundreds. */
  atOnce?: number;
  /** One batch in one transaction: lock due rows, decide, enqueue, set the next due time. Returns how many it took. */
  work: (trx: Transaction<Database>, deps: Deps, now: Temporal.Instant, atMost: number) => Promise<number>;
};

/** Timed work that takes and records in more than one transaction: none is open while it asks Slack, or rests. */
export type OutwardWork = Omit<DueWork, 'work' | 'atOnce'> & {
  /** The tick waits for it, so what can take long leaves the rest to the next one after so many batches. */
  batchesATick?: number;
  /** One batch. Whatever it could not finish is due again later. Returns how many it took; 0 when nothing is due. */
  work: (deps: Deps, now: Temporal.Instant, signal?: AbortSignal) => Promise<number>;
};
