import type { WebClient } from '@slack/web-api';
import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { peopleAt } from './address.ts';
import type { Claimed } from './claim.ts';
import type { Compose, Composers, DeliverySettings, OnStopped, Words } from './compose.ts';
import { errorForLog, type Failure, readFailure } from './failures.ts';
import { shareFile, uploadFile } from './file.ts';
import { findTrace, metadataOf } from './history.ts';
import * as record from './record.ts';
import { type Recorder, whileDatabaseIsAway } from './recording.ts';
import { brokenLimit, composerFor, markedAsRepeated, word } from './words.ts';

export type Sender = {
  deps: Deps;
  composers: Composers;
  onStopped?: OnStopped;
  settings: DeliverySettings;
  recorder: Recorder;
};

/** What the messages of one claim share. */
export type Batch = {
  /** On the machine's steady clock. */
  leaseEndsAt: number;
  slack: Deps['slack'];
  /** Made together, where that worked. */
  words: Promise<Map<string, Words | undefined>>;
};

/** A claimed message with the client to send it by. */
type Sending = Sender & { row: Claimed; slack: WebClient; leaseEndsAt: number };

/** How often a message that fails by itself is tried before it waits for a person. */
const TRIES = 5;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Brings one claimed message to its end: posted, updated, dropped, held, or put off. Returns whether Slack shows it now.
 * Once it was handed to Slack, nothing but a clear answer counts as one; the rest stays in doubt.
 */
export async function send(sender: Sender, row: Claimed, batch: Batch): Promise<boolean> {
  const composer = composerFor(sender.composers, row);
  const slack = await batch.slack(row.workspaceId).catch(() => undefined);
  if (!slack) return putOff(sender, row, { ms: LONGEST_PAUSE_MS, reason: 'no token', inDoubt: row.inDoubt });
  const sending: Sending = { ...sender, row, slack, leaseEndsAt: batch.leaseEndsAt };
  if (!composer) return hold(sending, { reason: `no words for "${row.kind}"`, inDoubt: row.inDoubt });

  const doubt = row.inDoubt ? await resolveDoubt(sending) : 'none';
  if (doubt === 'found') return true;
  if (doubt === 'failed') return false;
  if (doubt !== 'none' && isPast(row, sender.deps)) return drop(sending, 'expired');
  if (doubt === 'unreadable' && composer.inDoubt === 'hold')
    return hold(sending, { reason: 'Slack did not confirm it, and its history may not be read', inDoubt: true });

  const inDoubt = doubt === 'unreadable';
  const words = await wordsFor(sending, composer.compose, await batch.words, inDoubt);
  if (words === undefined) return false;
  const channel = await conversationFor(sending, inDoubt);
  if (channel === undefined) return false;
  return hand(sending, channel, inDoubt ? markedAsRepeated(words) : words, inDoubt);
}

const isPast = (row: Claimed, deps: Deps): boolean =>
  row.expiresAt !== null && Temporal.Instant.compare(row.expiresAt, deps.clock()) <= 0;

/** Looks whether Slack took it after all. */
async function resolveDoubt(sending: Sending): Promise<'found' | 'absent' | 'unreadable' | 'failed'> {
  const { row, slack, deps } = sending;
  try {
    const trace = await findTrace(slack, row);
    if (trace === 'unreadable') return trace;
    if (!trace.found) return 'absent';
    const posted = { channelId: row.conversationId ?? '', ts: trace.ts, revision: row.claimedRevision };
    await sending.recorder.posted(row, { ...posted, at: deps.clock() }, sending.leaseEndsAt);
    return 'found';
  } catch (error) {
    await fail(sending, readFailure(error), { handedOver: false, inDoubt: true });
    return 'failed';
  }
}

/** Today's words, within Slack's limits. Undefined when there is nothing to post, which is recorded. */
async function wordsFor(
  sending: Sending,
  compose: Compose,
  made: Map<string, Words | undefined>,
  inDoubt: boolean,
): Promise<Words | undefined> {
  const { row, deps } = sending;
  let words: Words | undefined;
  try {
    words = made.has(row.id) ? made.get(row.id) : await composed(sending, (trx) => word(trx, deps, compose, row));
  } catch (error) {
    deps.log.error(
      { kind: row.kind, outbox: row.id, ...errorForLog(error) },
      'the words of a message could not be made',
    );
    await tryAgain(sending, { reason: `its words could not be made (${errorForLog(error).error})`, inDoubt });
    return undefined;
  }
  if (!words) {
    await drop(sending, 'no longer true');
    return undefined;
  }
  const problem = brokenLimit(words);
  if (problem === undefined) return words;
  await hold(sending, { reason: `over Slack's limits: ${problem}`, inDoubt });
  return undefined;
}

const composed = <T>(sending: Sending, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  whileDatabaseIsAway(sending.deps.db, sending.leaseEndsAt - sending.settings.timeoutMs, work);

const recorded = <T>(sending: Sending, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  whileDatabaseIsAway(sending.deps.db, sending.leaseEndsAt, work);

/** Where these people are reached, opened the first time and remembered before anything is posted to it. */
async function conversationFor(sending: Sending, inDoubt: boolean): Promise<string | undefined> {
  const { row, slack } = sending;
  const known = (row.ts !== null && row.channelId) || row.conversationId;
  if (known) return known;
  try {
    const { channel } = await slack.conversations.open({ users: peopleAt(row.address).join(',') });
    const id = channel?.id;
    if (!id) throw new TypeError('Slack named no conversation');
    await recorded(sending, (trx) => record.recordConversation(trx, row, id));
    return id;
  } catch (error) {
    await fail(sending, readFailure(error), { handedOver: false, inDoubt });
    return undefined;
  }
}

async function hand(sending: Sending, channel: string, words: Words, inDoubt: boolean): Promise<boolean> {
  const { row, deps, settings } = sending;
  // Whoever comes after us may already be looking for it in the history.
  if (performance.now() > sending.leaseEndsAt - settings.timeoutMs - settings.settleMs)
    return putOff(sending, row, { ms: 0, reason: 'too late in its lease', inDoubt });

  const handedOver = { now: false };
  try {
    const ts = await show(sending, channel, words, handedOver);
    const posted = { channelId: channel, ts, revision: row.wantedRevision, at: deps.clock() };
    await sending.recorder.posted(row, posted, sending.leaseEndsAt);
    return true;
  } catch (error) {
    if (!isFailedCall(error)) throw error;
    return fail(sending, readFailure(error.cause), { handedOver: handedOver.now, inDoubt });
  }
}

/** What a call to Slack threw, apart from what recording it may throw. */
class FailedCall extends Error {}
const isFailedCall = (error: unknown): error is FailedCall => error instanceof FailedCall;

async function show(
  sending: Sending,
  channel: string,
  words: Words,
  handedOver: { now: boolean },
): Promise<string | undefined> {
  const { row, slack } = sending;
  try {
    if (words.file) return await bring(sending, channel, { ...words, file: words.file }, handedOver);
    handedOver.now = true;
    return row.ts ? await update(slack, row, channel, row.ts, words) : await post(slack, row, channel, words);
  } catch (cause) {
    throw new FailedCall('A call to Slack failed', { cause });
  }
}

async function post(slack: WebClient, row: Claimed, channel: string, words: Words): Promise<string> {
  const { ts } = await slack.chat.postMessage({
    channel,
    text: words.text,
    ...(words.blocks && { blocks: words.blocks }),
    metadata: metadataOf(row),
    unfurl_links: false,
    unfurl_media: false,
  });
  if (!ts) throw new TypeError('Slack named no message');
  return ts;
}

/** Repeating it changes nothing, so that no answer leaves a doubt. */
async function update(slack: WebClient, row: Claimed, channel: string, ts: string, words: Words): Promise<string> {
  await slack.chat.update({
    channel,
    ts,
    text: words.text,
    blocks: words.blocks ?? [],
    metadata: metadataOf(row),
  });
  return ts;
}

async function bring(
  sending: Sending,
  channel: string,
  { text, file }: Words & { file: NonNullable<Words['file']> },
  handedOver: { now: boolean },
): Promise<undefined> {
  const { row, slack, settings } = sending;
  const fileId = await uploadFile(slack, file, settings.timeoutMs);
  const stillOurs = await recorded(sending, (trx) => record.recordFile(trx, row, fileId));
  if (!stillOurs) throw new TypeError('The lease is over');
  handedOver.now = true;
  await shareFile(slack, { channel, text, fileId, title: file.title });
}

type After = {
  /** The message itself was given to Slack: without a clear refusal it may stand there. */
  handedOver: boolean;
  /** It may stand there from an earlier time. */
  inDoubt: boolean;
};

/** Decides between put off, in doubt, and stopped. */
async function fail(sending: Sending, failure: Failure, { handedOver, inDoubt }: After): Promise<false> {
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
      return false;
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
  return false;
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
    return false;
  }
  await recorded(sending, async (trx) => {
    if (!(await record.recordHeld(trx, row, { reason, inDoubt }))) return;
    const isNews = what === 'message' || (await record.stop(trx, row, what, reason));
    if (isNews) await tell(sending, trx, what, reason);
  });
  return false;
}

async function hold(sending: Sending, why: { reason: string; inDoubt: boolean }): Promise<false> {
  const { row, deps } = sending;
  deps.log.warn({ kind: row.kind, outbox: row.id, reason: why.reason }, 'a message is held');
  await recorded(sending, async (trx) => {
    if (await record.recordHeld(trx, row, why)) await tell(sending, trx, 'message', why.reason);
  });
  return false;
}

/** Whoever is to be told must not keep the message from being held. */
async function tell(
  { row, onStopped, deps }: Sending,
  trx: Transaction<Database>,
  what: 'workspace' | 'conversation' | 'message',
  reason: string,
): Promise<void> {
  if (!onStopped) return;
  const { workspaceId, address, kind, about } = row;
  try {
    await record.apart(trx, () => onStopped(trx, { workspaceId, address, kind, about, reason, what }));
  } catch (error) {
    deps.log.error({ kind, outbox: row.id, ...errorForLog(error) }, 'nobody was told that a message is held');
  }
}

async function drop(sending: Sending, reason: string): Promise<false> {
  await recorded(sending, (trx) => record.recordNothingToSay(trx, sending.row, reason));
  return false;
}

/** For what fails by itself rather than by Slack's weather: a few times, then it waits for a person. */
async function tryAgain(sending: Sending, why: { reason: string; inDoubt: boolean }): Promise<false> {
  if (sending.row.attempts + 1 >= TRIES) return hold(sending, why);
  return putOff(sending, sending.row, { ms: pause(sending), ...why });
}

async function putOff(
  { deps, settings }: Sender,
  row: Claimed,
  wait: { ms: number; reason: string; inDoubt: boolean },
): Promise<false> {
  const until = performance.now() + settings.timeoutMs;
  await whileDatabaseIsAway(deps.db, until, (trx) => record.recordLater(trx, row, { ...wait, counts: true }));
  return false;
}

const pause = ({ row, settings }: Sending): number =>
  Math.min(LONGEST_PAUSE_MS, settings.backoffMs * 2 ** Math.min(row.attempts, 20));
