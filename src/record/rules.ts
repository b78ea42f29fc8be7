import { countsAgainst, type MeetingState } from '../meetings/rules.ts';

type Side = 'partner' | 'firm';
type MeetingSeen = {
  id: string;
  state: MeetingState;
  startsAt: Temporal.Instant;
  countedMoves: number;
  skippedBy: string | null;
};
type RecapSeen = {
  meetingId: string;
  state: 'posted' | 'confirmed' | 'replaced';
  outcome: string;
  decisions: string;
  produced: 'yes' | 'partly' | 'no' | null;
};
type CommitmentSeen = { side: Side; state: string; slips: number };
type PairSeen = { leaderId: string; kind: 'contractor' | 'report' };

/** What a pair's record counts. */
export type Counts = {
  held: number;
  /** The firm's moves and a report's own; a contractor's are not counted, nor what they skip. */
  moved: number;
  skipped: number;
  /** Of the meetings whose outcome somebody judged. */
  produced: { yes: number; partly: number; no: number };
  slips: Record<Side, number>;
  /** Asks that each side let lapse. */
  unanswered: Record<Side, number>;
};

export function countsOf(
  pair: PairSeen,
  meetings: readonly MeetingSeen[],
  recaps: readonly RecapSeen[],
  commitments: readonly CommitmentSeen[],
): Counts {
  const standing = recaps.filter(({ state }) => state !== 'replaced');
  const judged = (how: RecapSeen['produced']) => standing.filter(({ produced }) => produced === how).length;
  const of = (side: Side) => commitments.filter((one) => one.side === side);
  const slips = (side: Side) => of(side).reduce((sum, one) => sum + one.slips, 0);
  const unanswered = (side: Side) => of(side).filter(({ state }) => state === 'lapsed').length;
  return {
    held: meetings.filter(({ state }) => state === 'held').length,
    moved: meetings.reduce((sum, { countedMoves }) => sum + countedMoves, 0),
    skipped: meetings.filter((meeting) => isCountedSkip(meeting, pair)).length,
    produced: { yes: judged('yes'), partly: judged('partly'), no: judged('no') },
    slips: { partner: slips('partner'), firm: slips('firm') },
    unanswered: { partner: unanswered('partner'), firm: unanswered('firm') },
  };
}

/** Whether the record says who skipped it. */
export const isCountedSkip = (
  { state, skippedBy }: Pick<MeetingSeen, 'state' | 'skippedBy'>,
  { leaderId, kind }: PairSeen,
): boolean => state === 'skipped' && countsAgainst(skippedBy === leaderId ? 'leader' : 'partner', kind);

/** One thing in the timeline; `words` is what a search looks through. */
export type Entry<T> = { at: Temporal.Instant; words: string[]; of: T };

/** Newest first. */
export const newestFirst = <T>(entries: readonly Entry<T>[]): Entry<T>[] =>
  [...entries].sort((a, b) => Temporal.Instant.compare(b.at, a.at));

const comparable = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Those that hold every word that is looked for, in any order and any case; all of them where nothing is. */
export function matching<T>(entries: readonly Entry<T>[], wanted: string): Entry<T>[] {
  const parts = comparable(wanted)
    .split(/\s+/)
    .filter((part) => part !== '');
  return entries.filter(({ words }) => {
    const text = comparable(words.join('\n'));
    return parts.every((part) => text.includes(part));
  });
}

/** One page of `size`; a page that does not exist is the nearest that does. */
export function pageOf<T>(all: readonly T[], page: number, size: number): { shown: T[]; at: number; pages: number } {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { shown: all.slice(at * size, (at + 1) * size), at, pages };
}
