import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { enqueue } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { otherOf } from '../pairs/rules.ts';
import { lockPair, type Pair, updatePair } from '../pairs/store.ts';
import { markHomeStale } from '../people/store.ts';
import type { Rhythm } from './rules.ts';
import {
  answerProposal,
  findCadence,
  findOpenProposal,
  insertProposal,
  type PairedProposal,
  type Proposal,
  retireCadence,
} from './store.ts';

/** A quarter: how often both are asked whether the rhythm still fits. */
const REVIEW_AFTER = Temporal.Duration.from({ days: 91 });
/** An unread proposal is no use after this. */
const PROPOSAL_LASTS = Temporal.Duration.from({ days: 60 });

export type Suggestion = { rhythm: Rhythm; monthlyBy: 'day' | 'weekday' | null; purpose: string };

/** What a pair talks about: the open proposal, else what is agreed. Nobody changes it before this transaction has ended. */
export async function lockTable(trx: Transaction<Database>, pair: Pair): Promise<PairedProposal | undefined> {
  await lockPair(trx, pair.workspaceId, pair.id);
  return (
    (await findOpenProposal(trx, pair.workspaceId, pair.id)) ?? (await findCadence(trx, pair.workspaceId, pair.id))
  );
}

/** The next step of a negotiation: it answers the proposal on the table, if it is open, and waits for the other side. */
export async function suggest(
  trx: Transaction<Database>,
  deps: Deps,
  pair: Pair,
  byId: string,
  { rhythm, monthlyBy, purpose }: Suggestion,
): Promise<Proposal> {
  const now = deps.clock();
  const open = await lockTable(trx, pair);
  if (open?.state === 'open') {
    await answerProposal(trx, open, { state: open.toId === byId ? 'countered' : 'withdrawn', by: byId, at: now });
    await tellAgain(trx, deps, open);
  }
  const proposal = await insertProposal(trx, {
    workspaceId: pair.workspaceId,
    id: deps.newId(),
    pairId: pair.id,
    byId,
    toId: otherOf(byId, pair),
    at: now,
    every: rhythm.every,
    interval: rhythm.interval,
    monthlyBy,
    anchor: rhythm.anchor,
    wallTime: rhythm.wallTime,
    zone: rhythm.zone,
    minutes: rhythm.minutes,
    purpose: seal(purpose),
    state: 'open',
  });
  if (pair.state === 'declined') await updatePair(trx, pair, { state: 'proposed' });
  await tellAgain(trx, deps, proposal);
  await markHomeStale(trx, pair.workspaceId, [pair.leaderId, pair.partnerId], now);
  return proposal;
}

/** Both agree: the cadence is in force, and the next tick plans its first meeting. False when it is no longer open. */
export async function accept(
  trx: Transaction<Database>,
  deps: Deps,
  proposal: Proposal,
  byId: string,
): Promise<boolean> {
  const now = deps.clock();
  const pair = await lockPair(trx, proposal.workspaceId, proposal.pairId);
  const open = await findOpenProposal(trx, proposal.workspaceId, proposal.pairId);
  if (!pair || open?.id !== proposal.id) return false;
  await retireCadence(trx, pair.workspaceId, pair.id);
  await answerProposal(trx, proposal, { state: 'accepted', by: byId, at: now });
  await updatePair(trx, pair, {
    state: 'active',
    agreedAt: pair.agreedAt ?? now,
    planDueAt: now,
    reviewDueAt: now.add({ hours: REVIEW_AFTER.days * 24 }),
  });
  await tellAgain(trx, deps, proposal);
  for (const personId of [pair.leaderId, pair.partnerId]) {
    await enqueue(trx, {
      workspaceId: pair.workspaceId,
      id: deps.newId(),
      kind: 'agreed',
      key: `agreed:${proposal.id}:${personId}`,
      about: { proposal: proposal.id, reader: personId },
      to: { people: [personId] },
      notBefore: now,
      now,
    });
  }
  await markHomeStale(trx, pair.workspaceId, [pair.leaderId, pair.partnerId], now);
  return true;
}

/** A refusal ends this negotiation; a cadence agreed earlier stays in force. False when it is no longer open. */
export async function decline(
  trx: Transaction<Database>,
  deps: Deps,
  proposal: Proposal,
  byId: string,
): Promise<boolean> {
  const now = deps.clock();
  const pair = await lockPair(trx, proposal.workspaceId, proposal.pairId);
  if (!pair || !(await answerProposal(trx, proposal, { state: 'declined', by: byId, at: now }))) return false;
  if (pair.state === 'proposed') await updatePair(trx, pair, { state: 'declined' });
  await tellAgain(trx, deps, proposal);
  await enqueue(trx, {
    workspaceId: pair.workspaceId,
    id: deps.newId(),
    kind: 'proposal-declined',
    key: `proposal-declined:${proposal.id}`,
    about: { proposal: proposal.id },
    to: { people: [proposal.byId] },
    notBefore: now,
    now,
  });
  await markHomeStale(trx, pair.workspaceId, [pair.leaderId, pair.partnerId], now);
  return true;
}

/** Posts the proposal to its addressee, or brings the posted one up to date. */
export function tellAgain(
  trx: Transaction<Database>,
  deps: Pick<Deps, 'clock' | 'newId'>,
  proposal: Proposal,
): Promise<void> {
  const now = deps.clock();
  return enqueue(trx, {
    workspaceId: proposal.workspaceId,
    id: deps.newId(),
    kind: 'proposal',
    key: `proposal:${proposal.id}`,
    about: { proposal: proposal.id },
    to: { people: [proposal.toId] },
    notBefore: now,
    expiresAt: now.add({ hours: PROPOSAL_LASTS.days * 24 }),
    now,
  });
}
