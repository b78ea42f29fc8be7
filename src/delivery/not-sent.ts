import type { WebClient } from '@slack/web-api';
import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import type { Attempted } from '../ground/meter.ts';
import { peopleAt } from './address.ts';
import type { Claimed } from './claim.ts';
import type { Composers, DeliverySettings, OnStopped } from './compose.ts';
import { errorForLog, type Failure } from './failures.ts';
import * as record from './record.ts';
import { type Recorder, whileDatabaseIsAway } from './recording.ts';
import type { Turn, Turns } from './turns.ts';

export type Sender = {
  deps: Deps;
  composers: Composers;
  onStopped?: OnStopped;
  settings: DeliverySettings;
  recorder: Recorder;
  turns: Turns;
};

/** A claimed message with the client to send it by. */
export type Sending = Sender & { row: Claimed; slack: WebClient; leaseEndsAt: number; turn: Turn };

/** How often a message that fails by itself is tried before it waits for a person. */
const TRIES = 5;
export const LONGEST_PAUSE_MS = 300_000;

export const recorded = <T>(sending: Sending, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  whileDatabaseIsAway(sending.deps.db, sending.leaseEndsAt, work);

type After = {
  /** The message itself was given to Slack: without a clear refusal it may stand there. */
  handedOver: boolean;
  /** It may stand there from an earlier time. */
  inDoubt: boolean;
};

/** Decides between put off, in doubt, and stopped. */
export async function fail(sending: Sending, failure: Failure, { handedOver, inDoubt }: After): Promise<false> {
  const { row, deps, settings } = sending;
  const { reason } = failure;
  deps.log.warn({ kind: row.kind, outbox: row.id, failure: failure.kind, reason }, 'Slack did not take a message');
  switch (failure.kind) {
    case 'later':
      return leaveAlone(sending, failure, inDoubt);
    case 'doubt': {
      const isDoubt = handedOver && row.ts === null;
      const ms = Math.max(pause(sending), isDoubt ? settings.timeoutMs + settings.settleMs : 0);
      return putOff(sending, row, { ms, reason, inDoubt: inDoubt || isDoubt });
    }
    case 'gone':
      if (row.ts === null) return tryAgain(sending, { reason, inDoubt });
      await recorded(sending, (trx) => record.recordGone(trx, row, reason));
      return ended(sending, 'dropped');
    case 'stopped':
      return stop(sending, failure, inDoubt);
    case 'unknown':
      return tryAgain(sending, { reason, inDoubt });
  }
}

/** Keeps every process away from what Slack wants left alone. */
async function leaveAlone(
  sending: Sending,
  failure: Extract<Failure, { kind: 'later' }>,
  inDoubt: boolean,
): Promise<false> {
  const { row, settings } = sending;
  const { of, reason } = failure;
  const limited = /limit/.test(reason);
  const ms = failure.ms ?? (limited ? settings.retryAfterMs : pause(sending));
  await recorded(sending, async (trx) => {
    if (of !== 'message') await record.leaveAlone(trx, row, of, ms);
    await record.recordLater(trx, row, { ms, inDoubt, reason, counts: !limited });
  });
  if (limited) sending.deps.meter?.rateLimited(of, ms / 1000);
  return ended(sending, inDoubt ? 'in_doubt' : 'retried');
}

/** The target refuses for good: what waits for it is held, and whoever can mend it is told once. */
async function stop(
  sending: Sending,
  { what, reason }: Extract<Failure, { kind: 'stopped' }>,
  inDoubt: boolean,
): Promise<false> {
  const { row } = sending;
  // A conversation of people that was closed or converted can be opened again; what we had written down is what failed.
  if (
    reason === 'channel_not_found' &&
    row.ts === null &&
    row.conversationId !== null &&
    peopleAt(row.address).length
  ) {
    await recorded(sending, async (trx) => {
      await record.forgetConversation(trx, row);
      await record.recordLater(trx, row, { ms: 0, inDoubt, reason, counts: true });
    });
    return ended(sending, 'retried');
  }
  await recorded(sending, async (trx) => {
    if (!(await record.recordHeld(trx, row, { reason, inDoubt }))) return;
    const isNews = what === 'message' || (await record.stop(trx, row, what, reason));
    if (isNews) await tell(sending, trx, what, reason);
  });
  return ended(sending, 'held');
}

export async function hold(sending: Sending, why: { reason: string; inDoubt: boolean }): Promise<false> {
  const { row, deps } = sending;
  deps.log.warn({ kind: row.kind, outbox: row.id, reason: why.reason }, 'a message is held');
  await recorded(sending, async (trx) => {
    if (await record.recordHeld(trx, row, why)) await tell(sending, trx, 'message', why.reason);
  });
  return ended(sending, 'held');
}

/** Whoever is to be told must not keep the message from being held. */
async function tell(
  { row, onStopped, deps }: Sending,
  trx: Transaction<Database>,
  what: 'workspace' | 'conversation' | 'message',
  reason: string,
): Promise<void> {
  deps.meter?.stopped(what);
  if (!onStopped) return;
  const { workspaceId, address, kind, about } = row;
  try {
    await record.apart(trx, () => onStopped(trx, { workspaceId, address, kind, about, reason, what }));
  } catch (error) {
    deps.log.error({ kind, outbox: row.id, ...errorForLog(error) }, 'nobody was told that a message is held');
  }
}

export async function drop(sending: Sending, reason: string): Promise<false> {
  await recorded(sending, (trx) => record.recordNothingToSay(trx, sending.row, reason));
  return ended(sending, 'dropped');
}

/** For what fails by itself rather than by Slack's weather: a few times, then it waits for a person. */
export async function tryAgain(sending: Sending, why: { reason: string; inDoubt: boolean }): Promise<false> {
  if (sending.row.attempts + 1 >= TRIES) return hold(sending, why);
  return putOff(sending, sending.row, { ms: pause(sending), ...why });
}

export async function putOff(
  { deps, settings }: Sender,
  row: Claimed,
  wait: { ms: number; reason: string; inDoubt: boolean; counts?: false },
): Promise<false> {
  const until = performance.now() + settings.timeoutMs;
  await whileDatabaseIsAway(deps.db, until, (trx) => record.recordLater(trx, row, { counts: true, ...wait }));
  return ended({ deps, row }, wait.inDoubt ? 'in_doubt' : 'retried');
}

function ended({ deps, row }: Pick<Sending, 'deps' | 'row'>, outcome: Attempted): false {
  deps.meter?.attempted(row.kind, outcome);
  return false;
}

const pause = ({ row, settings }: Sending): number =>
  Math.min(LONGEST_PAUSE_MS, settings.backoffMs * 2 ** Math.min(row.attempts, 20));
