import type { Transaction } from 'kysely';
import { findCadence, rhythmOf } from '../cadence/store.ts';
import { rhythmLine } from '../cadence/views.ts';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { findHandOver, type PairedHandOver } from '../pairs/hand-over.ts';
import { may, roleOf } from '../pairs/rules.ts';
import { findPair } from '../pairs/store.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { section } from '../slack/blocks.ts';
import { agreementWords, askWords, ownWords } from './answers.ts';
import { findHistory } from './event-store.ts';
import { handedOverWords, handOverWords, notTakenOverWords } from './hand-over-views.ts';
import { otherSideOf } from './rules.ts';
import { findCommitment, findStanding } from './store.ts';

export const composers: Composers = {
  ask: { compose: ask, inDoubt: 'send-again' },
  own: { compose: own, inDoubt: 'send-again' },
  agreement: { compose: agreement, inDoubt: 'send-again' },
  'hand-over': { compose: handOver, inDoubt: 'send-again' },
  'handed-over': { compose: handedOver, inDoubt: 'send-again' },
  'not-taken-over': { compose: notTakenOver, inDoubt: 'send-again' },
};

/** Somebody else answers for it now, and it is not this reader's to see. */
const ELSEWHERE: Words = {
  text: 'This is not with you any more.',
  blocks: [section('This is not with you any more.')],
};

type Trx = Transaction<Database>;

/** Taken back, answered or lapsed before it was ever seen: there is nothing to say. */
async function ask(trx: Trx, { workspaceId, about, people, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const { row, reader, asker } = await parts(trx, workspaceId, about, people);
  if (!reader.active || (!posted && row?.state !== 'asked')) return undefined;
  if (row && !may(reader, 'see commitment', row)) return posted ? ELSEWHERE : undefined;
  return askWords(row, reader, (await leaderSince(trx, workspaceId, about)) ?? asker, now);
}

/** Where whoever asked has handed the pair over since: what they asked is asked, and taken back, by the leader of now. */
async function leaderSince(trx: Trx, workspaceId: string, about: Record<string, string>): Promise<string | undefined> {
  const pair = about.pair ? await findPair(trx, workspaceId, about.pair) : undefined;
  if (!pair || roleOf(about.asker ?? '', pair)) return undefined;
  return (await findPersonOrThrow(trx, workspaceId, pair.leaderId)).name;
}

async function own(trx: Trx, { workspaceId, about, people, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const { row, reader, asker } = await parts(trx, workspaceId, about, people);
  if (!reader.active || (!posted && row?.askedOwnerId !== reader.id)) return undefined;
  return ownWords(row, reader, row?.leaderName ?? asker, now);
}

async function agreement(
  trx: Trx,
  { workspaceId, about, people, now, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const { row, reader } = await parts(trx, workspaceId, about, people);
  const waits = row?.state === 'open' && (row.wantedDueOn !== null || row.wantsWithdrawal);
  if (!reader.active || (!posted && !waits) || (row && otherSideOf(row) !== reader.id)) return undefined;
  const events = row ? await findHistory(trx, workspaceId, row.id) : [];
  const reason = events.find(({ verb }) => verb === 'wanted move' || verb === 'wanted withdrawal')?.reason;
  return agreementWords(row, reader, reason, now);
}

/** Nothing of the pair is shown once it is answered. */
async function handOver(
  trx: Trx,
  { workspaceId, about, people, now, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const found = await findHandOver(trx, workspaceId, about.handOver ?? '');
  const reader = await findPersonOrThrow(trx, workspaceId, people[0] ?? '');
  if (!found || found.toId !== reader.id || !reader.active || (!posted && found.state !== 'open')) return undefined;
  const from = await findPersonOrThrow(trx, workspaceId, found.fromId);
  const partner = await findPersonOrThrow(trx, workspaceId, found.partnerId);
  const standing = found.state === 'open' ? await findStanding(trx, workspaceId, [found.pairId]) : [];
  const rows = standing.filter(({ side }) => side === 'firm');
  const rhythm = await rhythmFor(trx, found, reader, partner, now);
  return handOverWords({ handOver: found, reader, from, partner, rows, rhythm, now });
}

async function handedOver(
  trx: Trx,
  { workspaceId, about, people, now, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const found = await findHandOver(trx, workspaceId, about.handOver ?? '');
  const reader = await findPersonOrThrow(trx, workspaceId, people[0] ?? '');
  if (found?.state !== 'taken' || !reader.active || posted) return undefined;
  const from = await findPersonOrThrow(trx, workspaceId, found.fromId);
  const successor = await findPersonOrThrow(trx, workspaceId, found.toId);
  const partner = await findPersonOrThrow(trx, workspaceId, found.partnerId);
  const rhythm = await rhythmFor(trx, found, reader, successor, now);
  return handedOverWords({ reader, from, successor, partner, rhythm });
}

/** While it is still theirs to ask somebody else. */
async function notTakenOver(
  trx: Trx,
  { workspaceId, about, people, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const found = await findHandOver(trx, workspaceId, about.handOver ?? '');
  const reader = await findPersonOrThrow(trx, workspaceId, people[0] ?? '');
  const isTheirs = found?.pairState === 'active' && found.state !== 'taken' && may(reader, 'hand over', found);
  if (!isTheirs || posted) return undefined;
  const successor = await findPersonOrThrow(trx, workspaceId, found.toId);
  return notTakenOverWords(found.pairId, successor, await findPersonOrThrow(trx, workspaceId, found.partnerId));
}

async function rhythmFor(
  trx: Trx,
  { workspaceId, pairId }: PairedHandOver,
  reader: Person,
  other: Person,
  now: Temporal.Instant,
): Promise<string | undefined> {
  const cadence = await findCadence(trx, workspaceId, pairId);
  return cadence && rhythmLine(rhythmOf(cadence), reader, other, now);
}

async function parts(trx: Trx, workspaceId: string, about: Record<string, string>, people: string[]) {
  const reader = await findPersonOrThrow(trx, workspaceId, people[0] ?? '');
  const row = await findCommitment(trx, workspaceId, about.commitment ?? '');
  const asker = about.asker ? (await findPersonOrThrow(trx, workspaceId, about.asker)).name : '';
  return { row, reader, asker };
}
