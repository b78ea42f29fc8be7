import type { Transaction } from 'kysely';
import { findNegotiationsOf, type PairedProposal } from '../cadence/store.ts';
import { findLedgers, findPairsInLedger, findSummaries } from '../commitments/ledger-store.ts';
import { offersOf } from '../commitments/offers.ts';
import { findOwnedElsewhere, findOwnOpen, findWaitingOn, type Some } from '../commitments/owner-store.ts';
import type { CommitmentRow } from '../commitments/store.ts';
import type { Summary } from '../commitments/summary.ts';
import type { Database } from '../db/schema.ts';
import { dayIn, isBefore } from '../ground/zoned.ts';
import { findRoster, type RosterEntry } from '../meetings/roster.ts';
import { endOf } from '../meetings/rules.ts';
import type { PairedMeeting } from '../meetings/store.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPairsOf, type Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { findLastRecaps, type PairedRecap } from '../recap/store.ts';
import { findLeaderCounts, isOwner, type LeaderCounts } from '../record/firm.ts';

type Trx = Transaction<Database>;

/** With more pairs than this, each is a line with counts instead of columns. */
export const IN_FULL = 4;
/** How many of their own promises somebody acts on from here. */
export const TO_ACT_ON = 8;
/** An ask whose day passed is put once more for so long. */
const LAPSED_FOR = { days: 14 };

/** One pair as one of the two sees it. */
export type PairShown = {
  pair: Pair;
  other: Person;
  /** What they negotiate now. */
  proposal?: PairedProposal;
  next?: PairedMeeting;
  /** Whether the partner has said what the next one should produce. */
  isAnswered: boolean;
  lastHeldAt?: Temporal.Instant;
  /** Both columns in figures, once the rhythm is agreed. */
  summary?: Summary;
  /** Both columns; nothing of them where there are too many pairs to show more than figures. */
  rows: CommitmentRow[];
  /** A recap that waits for the viewer's word. */
  toConfirm?: PairedRecap;
  /** A meeting that is over and has no recap. */
  toRecord?: PairedMeeting;
};

export type Home = {
  viewer: Person;
  pairs: PairShown[];
  /** Promises that need the viewer's word. */
  waiting: CommitmentRow[];
  /** The viewer's own open promises in their pairs. */
  own: Some;
  /** What the viewer owns in pairs that are not theirs. */
  forOthers: CommitmentRow[];
  /** For the owner of the firm: each leader's counts. */
  firm?: LeaderCounts[];
  now: Temporal.Instant;
};

/**
 * Everything that somebody's Home shows: of their own pairs, and what they own elsewhere; nothing else. It takes as many
 * statements for forty pairs as for one.
 */
export async function gatherHome(trx: Trx, viewer: Person, now: Temporal.Instant): Promise<Home> {
  const { workspaceId, id } = viewer;
  const live = await findPairsOf(trx, workspaceId, id);
  const ledgered = await findPairsInLedger(trx, workspaceId, id, now);
  const pairs = [...live, ...ledgered.filter(({ state }) => state === 'ended')];
  const lapsedSince = dayIn(viewer.zone, now).subtract(LAPSED_FOR);
  const waiting = await findWaitingOn(trx, workspaceId, id, idsOf(ledgered), lapsedSince);
  const elsewhere = await findOwnedElsewhere(trx, workspaceId, id, idsOf(pairs));
  return {
    viewer,
    pairs: await gatherPairs(trx, viewer, pairs, idsOf(ledgered), now),
    waiting: waiting.filter((row) => isAsked(row, viewer, now)),
    own: await findOwnOpen(trx, workspaceId, id, idsOf(ledgered), TO_ACT_ON),
    forOthers: elsewhere.filter((row) => !isAsked(row, viewer, now)),
    firm: (await isOwner(trx, viewer)) ? await findLeaderCounts(trx, workspaceId, now) : undefined,
    now,
  };
}

const idsOf = (pairs: Pair[]): string[] => pairs.map(({ id }) => id);

const isAsked = (row: CommitmentRow, viewer: Person, now: Temporal.Instant): boolean =>
  offersOf(row, viewer.id, now).some((offer) => ['accept', 'accept-late', 'own', 'agree'].includes(offer));

async function gatherPairs(
  trx: Trx,
  viewer: Person,
  pairs: Pair[],
  ledgered: string[],
  now: Temporal.Instant,
): Promise<PairShown[]> {
  const { workspaceId, id } = viewer;
  const others = pairs.map((pair) => otherOf(id, pair));
  const active = idsOf(pairs.filter(({ state }) => state === 'active'));
  const people = new Map((await findPeople(trx, workspaceId, others)).map((person) => [person.id, person]));
  const proposals = await findNegotiationsOf(trx, workspaceId, id);
  const ledgers: Map<string, Summary & { rows?: CommitmentRow[] }> =
    pairs.length > IN_FULL
      ? await findSummaries(trx, workspaceId, ledgered, now)
      : await findLedgers(trx, workspaceId, ledgered, now);
  const roster = await findRoster(trx, workspaceId, active, now);
  const recaps = await findLastRecaps(trx, workspaceId, active);
  return pairs.flatMap((pair) => {
    const other = people.get(otherOf(id, pair));
    if (!other) return [];
    const { rows = [], ...summary } = ledgers.get(pair.id) ?? {};
    const recap = recaps.find(({ pairId }) => pairId === pair.id);
    const entry = roster.get(pair.id);
    return [
      {
        pair,
        other,
        proposal: proposals.find(({ pairId }) => pairId === pair.id),
        rows,
        ...('counts' in summary && { summary }),
        next: entry?.next,
        isAnswered: entry?.isAnswered ?? false,
        lastHeldAt: entry?.lastHeldAt,
        ...(recap?.state === 'posted' && recap.writtenBy !== id && { toConfirm: recap }),
        ...toRecord(entry, now),
      },
    ];
  });
}

function toRecord(entry: RosterEntry | undefined, now: Temporal.Instant): Pick<PairShown, 'toRecord'> {
  const begun = entry?.begun;
  return begun?.state === 'planned' && isBefore(endOf(begun), now) ? { toRecord: begun } : {};
}
