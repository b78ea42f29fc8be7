import type { Transaction } from 'kysely';
import { findNegotiationsOf, type PairedProposal } from '../cadence/store.ts';
import type { PairFigures } from '../commitments/figures.ts';
import { findLedgers } from '../commitments/ledger-store.ts';
import { type CommitmentRow, findAskedToOwn, findOwnedBy } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import { isBefore } from '../ground/zoned.ts';
import { endOf } from '../meetings/rules.ts';
import { isOutcomeNamed } from '../meetings/schedule.ts';
import { findLatestBegun, findNextMeeting, type PairedMeeting } from '../meetings/store.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPairsOf, type Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { findLastRecap, type PairedRecap } from '../recap/store.ts';
import { findLeaderCounts, isOwner, type LeaderCounts } from '../record/firm.ts';

type Trx = Transaction<Database>;

/** One pair as one of the two sees it. */
export type PairShown = {
  pair: Pair;
  other: Person;
  /** What they negotiate now. */
  proposal?: PairedProposal;
  next?: PairedMeeting;
  /** Whether the partner has said what the next one should produce. */
  isAnswered: boolean;
  rows: CommitmentRow[];
  figures?: PairFigures;
  /** A recap that waits for the viewer's word. */
  toConfirm?: PairedRecap;
  /** A meeting that is over and has no recap. */
  toRecord?: PairedMeeting;
};

export type Home = {
  viewer: Person;
  pairs: PairShown[];
  /** What the viewer owns, or is asked to own, in pairs that are not theirs. */
  forOthers: CommitmentRow[];
  /** For the owner of the firm: each leader's counts. */
  firm?: LeaderCounts[];
  now: Temporal.Instant;
};

/** Everything that somebody's Home shows: of their own pairs, and what they own elsewhere; nothing else. */
export async function gatherHome(trx: Trx, viewer: Person, now: Temporal.Instant): Promise<Home> {
  const { workspaceId, id } = viewer;
  const pairs = await findPairsOf(trx, workspaceId, id);
  const people = await findPeople(
    trx,
    workspaceId,
    pairs.map((pair) => otherOf(id, pair)),
  );
  const proposals = await findNegotiationsOf(trx, workspaceId, id);
  const active = pairs.filter(({ state }) => state === 'active').map((pair) => pair.id);
  const ledgers = await findLedgers(trx, workspaceId, active, now);
  const shown: PairShown[] = [];
  for (const pair of pairs) {
    const other = people.find((person) => person.id === otherOf(id, pair));
    if (!other) continue;
    shown.push({
      pair,
      other,
      proposal: proposals.find(({ pairId }) => pairId === pair.id),
      rows: [],
      ...ledgers.get(pair.id),
      ...(pair.state === 'active' ? await meetingsOf(trx, viewer, pair, now) : { isAnswered: false }),
    });
  }
  const firm = (await isOwner(trx, viewer)) ? await findLeaderCounts(trx, workspaceId, now) : undefined;
  return { viewer, pairs: shown, forOthers: await elsewhere(trx, viewer), firm, now };
}

async function meetingsOf(
  trx: Trx,
  viewer: Person,
  { workspaceId, id }: Pair,
  now: Temporal.Instant,
): Promise<Pick<PairShown, 'next' | 'isAnswered' | 'toConfirm' | 'toRecord'>> {
  const next = await findNextMeeting(trx, workspaceId, id, now);
  const recap = await findLastRecap(trx, workspaceId, id);
  const begun = await findLatestBegun(trx, workspaceId, id, now);
  const waits = recap?.state === 'posted' && recap.writtenBy !== viewer.id;
  const isOver = begun?.state === 'planned' && isBefore(endOf(begun), now);
  return {
    next,
    isAnswered: next !== undefined && (await isOutcomeNamed(trx, next)),
    ...(waits && { toConfirm: recap }),
    ...(isOver && { toRecord: begun }),
  };
}

async function elsewhere(trx: Trx, { workspaceId, id }: Person): Promise<CommitmentRow[]> {
  const owned = await findOwnedBy(trx, workspaceId, id);
  const asked = await findAskedToOwn(trx, workspaceId, id);
  return [...asked, ...owned].filter(({ leaderId, partnerId }) => leaderId !== id && partnerId !== id);
}
