import type { WebClient } from '@slack/web-api';
import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { shorten } from '../ground/slack-text.ts';
import { peopleAt } from './address.ts';
import type { Claimed } from './claim.ts';
import type { Compose, Words } from './compose.ts';
import { errorForLog, readFailure } from './failures.ts';
import { shareFile, uploadFile } from './file.ts';
import { findTrace, metadataOf, type Trace } from './history.ts';
import {
  drop,
  fail,
  hold,
  LONGEST_PAUSE_MS,
  putOff,
  recorded,
  type Sender,
  type Sending,
  tryAgain,
} from './not-sent.ts';
import { type Posted, recordConversation, recordFile } from './record.ts';
import { whileDatabaseIsAway } from './recording.ts';
import type { Turn } from './turns.ts';
import { brokenLimit, composerFor, markedAsRepeated, word } from './words.ts';

/** What the messages of one claim share. */
export type Batch = {
  /** On the machine's steady clock. */
  leaseEndsAt: number;
  slack: Deps['slack'];
  /** Made together, where that worked. */
  words: Promise<Map<string, Words | undefined>>;
  /** Words that waited for their turn until then are made anew. */
  freshUntil: number;
};

const NONE = new Map<string, Words | undefined>();

/**
 * Brings one claimed message to its end: posted, updated, dropped, held, or put off. Returns whether Slack shows it now.
 * Once it was handed to Slack, nothing but a clear answer counts as one; the rest stays in doubt.
 */
export async function send(sender: Sender, row: Claimed, batch: Batch): Promise<boolean> {
  const turn = await sender.turns.take();
  if (!turn) return putOff(sender, row, { ms: 0, reason: 'told to stop', inDoubt: row.inDoubt, counts: false });
  try {
    return await sendInTurn(sender, row, batch, turn);
  } finally {
    turn.end();
  }
}

async function sendInTurn(sender: Sender, row: Claimed, batch: Batch, turn: Turn): Promise<boolean> {
  const composer = composerFor(sender.composers, row);
  const slack = await batch.slack(row.workspaceId).catch(() => undefined);
  if (!slack) return putOff(sender, row, { ms: LONGEST_PAUSE_MS, reason: 'no token', inDoubt: row.inDoubt });
  const sending: Sending = { ...sender, row, slack, leaseEndsAt: batch.leaseEndsAt, turn };
  if (!composer) return hold(sending, { reason: `no words for "${row.kind}"`, inDoubt: row.inDoubt });

  const doubt = row.inDoubt ? await resolveDoubt(sending) : 'none';
  if (doubt === 'found') return true;
  if (doubt === 'failed') return false;
  if (row.postedAt === null && isPast(row, sender.deps)) return drop(sending, 'expired');
  if (doubt === 'unreadable' && composer.inDoubt === 'hold')
    return hold(sending, { reason: 'Slack did not confirm it, and its history may not be read', inDoubt: true });

  const inDoubt = doubt === 'unreadable';
  const made = await batch.words;
  const isFresh = performance.now() < batch.freshUntil;
  const words = await wordsFor(sending, composer.compose, isFresh ? made : NONE, inDoubt);
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
  let trace: Trace;
  try {
    trace = await findTrace(slack, row);
  } catch (error) {
    await fail(sending, readFailure(error), { handedOver: false, inDoubt: true });
    return 'failed';
  }
  if (trace === 'unreadable') return trace;
  if (!trace.found) return 'absent';
  const posted = { channelId: trace.channel, ts: trace.ts, revision: row.claimedRevision, at: deps.clock() };
  await writeDown(sending, posted);
  deps.meter?.attempted(row.kind, 'found');
  return 'found';
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

/** Where these people are reached, opened the first time and remembered before anything is posted to it. */
async function conversationFor(sending: Sending, inDoubt: boolean): Promise<string | undefined> {
  const { row, slack } = sending;
  const known = (row.ts !== null && row.channelId) || row.conversationId;
  if (known) return known;
  try {
    const { channel } = await slack.conversations.open({ users: peopleAt(row.address).join(',') });
    const id = channel?.id;
    if (!id) throw new TypeError('Slack named no conversation');
    await recorded(sending, (trx) => recordConversation(trx, row, id));
    return id;
  } catch (error) {
    await fail(sending, readFailure(error), { handedOver: false, inDoubt });
    return undefined;
  }
}

async function hand(sending: Sending, channel: string, words: Words, inDoubt: boolean): Promise<boolean> {
  const { row, deps, slack, settings, leaseEndsAt } = sending;
  let fileId: string | undefined;
  try {
    fileId = words.file && (await bring(sending, words.file));
  } catch (error) {
    return fail(sending, readFailure(error), { handedOver: false, inDoubt });
  }
  // Whoever comes after us may already be looking for it in the history.
  if (performance.now() > leaseEndsAt - settings.timeoutMs - settings.settleMs)
    return putOff(sending, row, { ms: 0, reason: 'too late in its lease', inDoubt });

  let ts: string | undefined;
  try {
    if (words.file && fileId) await shareFile(slack, { channel, text: words.text, fileId, title: words.file.title });
    else ts = row.ts ? await update(slack, row, channel, row.ts, words) : await post(slack, row, channel, words);
  } catch (error) {
    return fail(sending, readFailure(error), { handedOver: true, inDoubt });
  }
  const posted = { channelId: channel, ts, revision: row.wantedRevision, at: deps.clock() };
  await writeDown(sending, posted);
  deps.meter?.attempted(row.kind, row.ts ? 'updated' : 'posted');
  deps.meter?.shown(posted.at.since(row.notBefore).total('seconds'));
  return true;
}

/** Meanwhile the next one may call Slack. */
function writeDown({ recorder, row, leaseEndsAt, turn }: Sending, posted: Posted): Promise<void> {
  turn.end();
  return recorder.posted(row, posted, leaseEndsAt);
}

/** Nobody sees the file yet; its id is written down, so that it can be found if nobody says whether it was shared. */
async function bring(sending: Sending, file: NonNullable<Words['file']>): Promise<string> {
  const { row, slack, settings } = sending;
  const fileId = await uploadFile(slack, file, settings.timeoutMs);
  if (!(await recorded(sending, (trx) => recordFile(trx, row, fileId)))) throw new TypeError('The lease is over');
  return fileId;
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

/** Slack takes ten times as much in a new message; beside blocks the text is only what a notification reads out. */
const LONGEST_UPDATE = 4_000;

/** Repeating it changes nothing, so that no answer leaves a doubt. */
async function update(slack: WebClient, row: Claimed, channel: string, ts: string, words: Words): Promise<string> {
  await slack.chat.update({
    channel,
    ts,
    text: words.blocks ? shorten(words.text, LONGEST_UPDATE) : words.text,
    blocks: words.blocks ?? [],
    metadata: metadataOf(row),
  });
  return ts;
}
