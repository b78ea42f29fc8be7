import { type Counts, countsSaid } from './counts.ts';
import { type PairFigures, spokenRates } from './figures.ts';
import { columnNames } from './views.ts';

/** A pair as its ledger names it. */
export type LedgerPair = {
  id: string;
  leaderId: string;
  leaderName: string;
  partnerName: string;
  kind: 'contractor' | 'report';
  /** It is planned no more; what is open in it stays. */
  hasEnded?: boolean;
};

/** Both columns of a pair in figures. */
export type Summary = { counts: Record<'partner' | 'firm', Counts>; figures: PairFigures };
export type PairSummary = Summary & { pair: LedgerPair };

/** One column in short: whose, how many, kept how often. */
export function sideSaid({ pair, counts, figures }: PairSummary, side: 'partner' | 'firm'): string {
  const rates = spokenRates(figures[side]);
  return [`*${columnNames(pair)[side]}*`, countsSaid(counts[side]), ...(rates ? [`_${rates}_`] : [])].join('\n');
}
