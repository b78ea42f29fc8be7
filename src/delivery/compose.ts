import type { KnownBlock } from '@slack/types';
import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';

/** What is shown. `text` says the same as the blocks; with a file it is the comment beside it, and there are no blocks. */
export type Words = {
  text: string;
  blocks?: KnownBlock[];
  /** Slack gives a shared file no message that could be edited: it is never updated in place, only posted anew. */
  file?: {
    name: string;
    title: string;
    content: string | Uint8Array;
    /** What a picture shows, in words. */
    alt?: string;
  };
};

export type ComposedMessage = {
  workspaceId: string;
  kind: string;
  /** The ids that were enqueued. */
  about: Record<string, string>;
  /** Whom it goes to; empty for a channel. */
  people: string[];
  channel: string | undefined;
  now: Temporal.Instant;
  /** It was posted before: these words replace what stands there. */
  posted: boolean;
};

/**
 * Makes the words from today's facts, or nothing when it is no longer true: then nothing is posted, and what was
 * posted before stays as it stands.
 */
export type Compose = (trx: Transaction<Database>, message: ComposedMessage) => Promise<Words | undefined>;

/**
 * What to do when Slack never confirmed a message and its history may not be read: send it again, marked, or let it
 * wait for a person.
 */
export type InDoubt = 'send-again' | 'hold';

export type Composers = Record<string, { compose: Compose; inDoubt: InDoubt }>;

/** Something that somebody has to mend. Ids only; `reason` is Slack's error name or words of ours. */
export type Stopped = {
  workspaceId: string;
  address: string;
  kind: string;
  about: Record<string, string>;
  reason: string;
  /** What stands still: everything in the workspace, everything to this address, or this message alone. */
  what: 'workspace' | 'conversation' | 'message';
};

/** Told once for each target that stops, in the transaction that holds its messages. */
export type OnStopped = (trx: Transaction<Database>, stopped: Stopped) => Promise<void>;

export type DeliverySettings = {
  /** Messages on their way at the same time in this process; a quarter of them are with Slack, the others come or go. */
  lanes: number;
  /** At least this long between two messages in one conversation. */
  channelMs: number;
  /** The mean distance of two messages in one workspace; up to a second's worth go at once. */
  workspaceMs: number;
  /** How long a claimed message belongs to its sender. Longer than all calls that one message needs. */
  leaseMs: number;
  /** The client's timeout: how long a call may still take effect after it was made. */
  timeoutMs: number;
  /** How long Slack may take to show in a history what it accepted. */
  settleMs: number;
  /** How long to wait when Slack refuses for now without saying for how long. */
  retryAfterMs: number;
  /** The first pause after a failure that is not Slack's pace; it doubles each time, up to five minutes. */
  backoffMs: number;
};

export const DELIVERY: DeliverySettings = {
  lanes: 64,
  channelMs: 1000,
  workspaceMs: 125,
  leaseMs: 60_000,
  timeoutMs: 10_000,
  settleMs: 5_000,
  retryAfterMs: 30_000,
  backoffMs: 1_000,
};

/** What the tick hands to delivery: how to word each kind, and whom to tell what stopped. */
export type Delivery = {
  composers: Composers;
  onStopped?: OnStopped;
  settings?: Partial<DeliverySettings>;
};
