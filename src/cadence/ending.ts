import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { enqueue, refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { answerHandOver, findOpenHandOver, handOverKey } from '../pairs/hand-over.ts';
import { findPairBetween, lockPair, type Pair, updatePair } from '../pairs/store.ts';
import { markHomeStale } from '../people/store.ts';
import { tellAgain } from './negotiation.ts';
import { answerProposal, findOpenProposal } from './store.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;

/**
 * Ends a live pair and tells each of the two once, with the file that takes the rhythm off a calendar. What was planned
 * goes with the next tick; what was promised stays. False when it has ended before.
 */
export async function endPair(
  trx: Trx,
  deps: Working,
  { workspaceId, id }: Pick<Pair, 'workspaceId' | 'id'>,
  byId: string,
): Promise<boolean> {
  const now = deps.clock();
  const pair = await lockPair(trx, workspaceId, id);
  if (pair?.state !== 'active' && pair?.state !== 'proposed') return false;
  await leaveTable(trx, deps, pair, byId);
  await withdrawHandOver(trx, deps, pair);
  await updatePair(trx, pair, { state: 'ended', endedAt: now, planDueAt: now, pausedAt: null, reviewDueAt: null });
  for (const reader of [pair.leaderId, pair.partnerId])
    await enqueue(trx, {
      workspaceId,
      id: deps.newId(),
      kind: 'pair-ended',
      key: `pair-ended:${id}:${reader}`,
      about: { pair: id, by: byId, reader },
      to: { people: [reader] },
      notBefore: now,
      now,
    });
  await markHomeStale(trx, workspaceId, [pair.leaderId, pair.partnerId], now);
  return true;
}

/** What is proposed and not answered yet is nobody's to answer any more. Needs the pair locked. */
export async function leaveTable(trx: Trx, deps: Working, pair: Pair, byId: string): Promise<void> {
  const open = await findOpenProposal(trx, pair.workspaceId, pair.id);
  if (!open) return;
  const state = open.toId === byId ? 'declined' : 'withdrawn';
  await answerProposal(trx, open, { state, by: byId, at: deps.clock() });
  await tellAgain(trx, deps, open);
}

/** Whoever was asked to lead it reads that they are not asked any more. Needs the pair locked. */
export async function withdrawHandOver(trx: Trx, deps: Pick<Deps, 'clock'>, pair: Pair): Promise<void> {
  const now = deps.clock();
  const open = await findOpenHandOver(trx, pair.workspaceId, pair.id);
  if (!open) return;
  await answerHandOver(trx, open, 'withdrawn', now);
  await refreshPosted(trx, pair.workspaceId, [handOverKey(open.id)], now);
}

/** Whether a pair may be negotiated: it has not ended, and nobody has begun another with the same two people since. */
export async function isNegotiable(trx: Trx, pair: Pair): Promise<boolean> {
  if (pair.state === 'ended') return false;
  const live = await findPairBetween(trx, pair.workspaceId, pair.leaderId, pair.partnerId);
  return live === undefined || live.id === pair.id;
}
