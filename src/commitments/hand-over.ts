import type { Transaction } from 'kysely';
import { endPair, leaveTable, withdrawHandOver } from '../cadence/ending.ts';
import { findCadence } from '../cadence/store.ts';
import type { Database } from '../db/schema.ts';
import { type Enqueued, enqueue, enqueueAll, refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn } from '../ground/zoned.ts';
import { briefAnew } from '../meetings/schedule.ts';
import { lockPlanned } from '../meetings/store.ts';
import {
  answerHandOver,
  findHandOver,
  findHandOversTo,
  handOverKey,
  insertHandOver,
  type PairedHandOver,
} from '../pairs/hand-over.ts';
import { allowed } from '../pairs/permission.ts';
import { canLead, mayLead } from '../pairs/rules.ts';
import { findPairBetween, lockPair, type Pair, updatePair } from '../pairs/store.ts';
import { markHomeStale, type Person } from '../people/store.ts';
import { save } from './acting.ts';
import { announce, askKey } from './announce.ts';
import { ownerChanged } from './in-time.ts';
import { type CommitmentRow, findStanding, lockCommitment, lockStanding } from './store.ts';

type Trx = Transaction<Database>;

export const NOT_YOURS_TO_HAND =
  'That one-on-one is not yours to hand over. `/accord cadence` shows the ones you have.';
export const NOT_ASKED = 'That is not open for you any more.';
const MEETING_ALREADY =
  'You have a one-on-one with them already. End that one first: `/accord cadence @name`. Whoever asked hears only that you could not.';
/** An offer that nobody has read by then is no use any more. */
const OFFER_LASTS = { hours: 60 * 24 };
const EVER = Temporal.PlainDate.from('2000-01-01');

/** Asks somebody to lead a pair from now on; whoever was asked before is not any more. */
export async function offerHandOver(
  trx: Trx,
  deps: Deps,
  leader: Person,
  pairId: string,
  successor: Person | undefined,
): Promise<Outcome<Person>> {
  const now = deps.clock();
  const { workspaceId } = leader;
  const pair = await lockPair(trx, workspaceId, pairId);
  if (!(await allowed(trx, deps, leader, 'hand over', pair)) || pair?.state !== 'active')
    return refuse(NOT_YOURS_TO_HAND);
  const able = canLead(pair, successor);
  if (!able.ok || !successor) return able.ok ? refuse(NOT_YOURS_TO_HAND) : able;
  await withdrawHandOver(trx, deps, pair);
  const id = deps.newId();
  const parties = { fromId: leader.id, toId: successor.id };
  await insertHandOver(trx, { workspaceId, id, pairId, ...parties, at: now, state: 'open' });
  await enqueueAll(trx, [
    {
      workspaceId,
      id: deps.newId(),
      kind: 'hand-over',
      key: handOverKey(id),
      about: { handOver: id },
      to: { people: [successor.id] },
      notBefore: now,
      expiresAt: now.add(OFFER_LASTS),
      now,
    },
  ]);
  return done(successor);
}

/**
 * Somebody leads a pair from now on: what the leader before still owed for the firm is theirs, with its days and figures;
 * the rhythm stays, and what was proposed and not agreed goes.
 */
export async function takeOver(trx: Trx, deps: Deps, successor: Person, id: string): Promise<Outcome<true>> {
  const asked = await lockAsked(trx, deps, successor, id);
  if (!asked.ok) return asked;
  const { pair, handOver } = asked.value;
  if (await findPairBetween(trx, pair.workspaceId, successor.id, pair.partnerId)) {
    await tellNotTakenOver(trx, deps, handOver);
    return refuse(MEETING_ALREADY);
  }
  const now = deps.clock();
  if (!(await answerHandOver(trx, handOver, 'taken', now))) return refuse(NOT_ASKED);
  await lockPlanned(trx, pair.workspaceId, [pair.id]);
  await lockStanding(trx, handOver, EVER);
  await leaveTable(trx, deps, pair, pair.leaderId);
  // Where the one before has left, nothing was planned meanwhile.
  await updatePair(trx, pair, { leaderId: successor.id, ...(pair.pausedAt && { planDueAt: now }) });
  await handItems(trx, deps, pair, successor.id);
  await briefAnew(trx, deps, pair);
  await refreshPosted(trx, pair.workspaceId, [handOverKey(id)], now);
  await enqueueAll(trx, await newsOf(trx, deps, pair, handOver));
  await markHomeStale(trx, pair.workspaceId, [pair.leaderId, successor.id, pair.partnerId], now);
  return done(true);
}

/** Nobody else leads it then, so it ends. */
export async function refuseHandOver(trx: Trx, deps: Deps, successor: Person, id: string): Promise<Outcome<true>> {
  const asked = await lockAsked(trx, deps, successor, id);
  if (!asked.ok) return asked;
  const { pair, handOver } = asked.value;
  const now = deps.clock();
  if (!(await answerHandOver(trx, handOver, 'refused', now))) return refuse(NOT_ASKED);
  await refreshPosted(trx, pair.workspaceId, [handOverKey(id)], now);
  await endPair(trx, deps, pair, successor.id);
  return done(true);
}

/** Somebody has no full account any more: what they were asked to lead is not theirs to take, and whoever asked hears so. */
export async function giveUpHandOvers(
  trx: Trx,
  deps: Deps,
  workspaceId: string,
  personId: string,
): Promise<PairedHandOver[]> {
  const asked = await findHandOversTo(trx, workspaceId, personId);
  for (const handOver of asked) {
    if (await answerHandOver(trx, handOver, 'withdrawn', deps.clock())) await tellNotTakenOver(trx, deps, handOver);
  }
  return asked;
}

/** Once, and without a word on why: that may be somebody else's affair. */
async function tellNotTakenOver(trx: Trx, deps: Deps, { workspaceId, id, fromId }: PairedHandOver): Promise<void> {
  const now = deps.clock();
  await enqueue(trx, {
    workspaceId,
    id: deps.newId(),
    kind: 'not-taken-over',
    key: `not-taken-over:${id}`,
    about: { handOver: id },
    to: { people: [fromId] },
    notBefore: now,
    now,
  });
}

/** What waits for this person's word, with its pair locked. Somebody else's, or one answered already, is refused alike. */
async function lockAsked(
  trx: Trx,
  deps: Deps,
  successor: Person,
  id: string,
): Promise<Outcome<{ pair: Pair; handOver: PairedHandOver }>> {
  const { workspaceId } = successor;
  const found = await findHandOver(trx, workspaceId, id);
  const pair = found && (await lockPair(trx, workspaceId, found.pairId));
  const handOver = pair && (await findHandOver(trx, workspaceId, id));
  if (!(await allowed(trx, deps, successor, 'answer hand-over', handOver)) || !handOver || !pair)
    return refuse(NOT_ASKED);
  if (handOver.state !== 'open' || pair.state !== 'active' || !mayLead(successor)) return refuse(NOT_ASKED);
  return done({ pair, handOver });
}

async function handItems(trx: Trx, deps: Deps, { workspaceId, id, leaderId }: Pair, toId: string): Promise<void> {
  const now = deps.clock();
  const standing = await findStanding(trx, workspaceId, [id], EVER);
  const firms = standing.filter(({ side }) => side === 'firm');
  for (const [place, one] of firms.entries()) {
    const row = await lockCommitment(trx, workspaceId, one.id);
    if (!row) continue;
    const change = ownerChanged(row, leaderId, toId, { now, today: dayIn(one.ownerZone, now) });
    const after = await save(trx, deps, row, change);
    // The two ledgers change as a whole; only what waits for somebody's word has messages of its own.
    const isLast = place === firms.length - 1;
    if (isLast || waits(row)) await announce(trx, deps, after, row, change);
  }
  // What the partner is asked stays with them, and is asked by the leader of now.
  const asks = standing.filter(({ side, state }) => side === 'partner' && state !== 'open');
  const keys = asks.map((ask) => askKey(ask.id));
  await refreshPosted(trx, workspaceId, keys, now);
}

const waits = (row: CommitmentRow): boolean =>
  row.state === 'asked' || row.askedOwnerId !== null || row.wantedDueOn !== null || row.wantsWithdrawal;

/** Told to the two who hear of it only now; the new leader gets the calendar file. */
async function newsOf(trx: Trx, deps: Deps, pair: Pair, { id, toId }: PairedHandOver): Promise<Enqueued[]> {
  const now = deps.clock();
  const { workspaceId, leaderId, partnerId } = pair;
  const told = [leaderId, partnerId].map((reader) => ({
    workspaceId,
    id: deps.newId(),
    kind: 'handed-over',
    key: `handed-over:${id}:${reader}`,
    about: { handOver: id },
    to: { people: [reader] },
    notBefore: now,
    now,
  }));
  const cadence = await findCadence(trx, workspaceId, pair.id);
  if (!cadence) return told;
  const calendar = {
    workspaceId,
    id: deps.newId(),
    kind: 'agreed',
    key: `agreed:${cadence.id}:${toId}`,
    about: { proposal: cadence.id, reader: toId },
    to: { people: [toId] },
    notBefore: now,
    now,
  };
  return [...told, calendar];
}
