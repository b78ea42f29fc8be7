import type { Facts, Side } from './facts.ts';

/** What the figures need of a commitment. */
export type FigureRow = Pick<Facts, 'side' | 'state' | 'dueOn' | 'firstUnkeptOn'> & {
  /** The day it is where the owner lives. */
  ownerToday: Temporal.PlainDate;
  /** How many are alike in all this; one where it is not said. */
  count?: number;
};

export type Rate = { kept: number; due: number };

export const SHORT_WINDOW = 28;
export const LONG_WINDOW = 84;
const PERCENT_FROM = 10;

export const NOTHING_DUE: Rate = { kept: 0, due: 0 };

/** The day a commitment is counted on: the first that passed unkept, else the one it is due. */
export const countedOn = (row: Pick<FigureRow, 'dueOn' | 'firstUnkeptOn'>): Temporal.PlainDate =>
  row.firstUnkeptOn ?? row.dueOn;

/** Whether it has fallen due for good or ill: accepted, its day over for its owner, and not withdrawn in agreement. */
export function hasFallenDue(row: FigureRow): boolean {
  if (row.state === 'asked' || row.state === 'declined' || row.state === 'lapsed') return false;
  if (row.state === 'withdrawn' && row.firstUnkeptOn === null) return false;
  // It fell due where they lived then, wherever they live now. What was given up early waits for its day.
  if (row.state !== 'missed' && row.firstUnkeptOn !== null) return true;
  return Temporal.PlainDate.compare(row.ownerToday, countedOn(row)) > 0;
}

/** Kept late is kept late. */
export const isKeptOnTime = (row: Pick<FigureRow, 'state' | 'firstUnkeptOn'>): boolean =>
  row.state === 'kept' && row.firstUnkeptOn === null;

/** Kept on time and fallen due in the `days` whole days that ended yesterday; `today` is the workspace's. */
export function keepRate(rows: Iterable<FigureRow>, today: Temporal.PlainDate, days: number): Rate {
  const first = today.subtract({ days });
  const rate = { ...NOTHING_DUE };
  for (const row of rows) {
    const on = countedOn(row);
    const isInWindow = Temporal.PlainDate.compare(first, on) <= 0 && Temporal.PlainDate.compare(on, today) < 0;
    if (!isInWindow || !hasFallenDue(row)) continue;
    const { count = 1 } = row;
    rate.due += count;
    if (isKeptOnTime(row)) rate.kept += count;
  }
  return rate;
}

/** Over several pairs: sums, not means. */
export const sumOfRates = (rates: Rate[]): Rate =>
  rates.reduce((sum, { kept, due }) => ({ kept: sum.kept + kept, due: sum.due + due }), NOTHING_DUE);

export type PairFigures = Record<Side, { short: Rate; long: Rate }>;

/** Both sides' rates over 4 and 12 weeks. */
export function figuresOf(rows: FigureRow[], today: Temporal.PlainDate): PairFigures {
  const of = (side: Side) => {
    const ours = rows.filter((row) => row.side === side);
    return { short: keepRate(ours, today, SHORT_WINDOW), long: keepRate(ours, today, LONG_WINDOW) };
  };
  return { partner: of('partner'), firm: of('firm') };
}

/** "3 of 4"; from ten on "17 of 21, 81 %"; nothing where nothing was due. */
export function spokenRate({ kept, due }: Rate): string | undefined {
  if (due === 0) return undefined;
  return due < PERCENT_FROM ? `${kept} of ${due}` : `${kept} of ${due}, ${percent(kept, due)} %`;
}

/** Rounded, but all or nothing only where it is all or nothing. */
function percent(kept: number, due: number): number {
  if (kept === 0 || kept === due) return kept === 0 ? 0 : 100;
  return Math.min(99, Math.max(1, Math.round((kept / due) * 100)));
}

/** "kept on time: 4 weeks 3 of 4 · 12 weeks 9 of 11, 82 %", or undefined where nothing fell due. */
export function spokenRates({ short, long }: { short: Rate; long: Rate }): string | undefined {
  const parts = [
    ['4 weeks', spokenRate(short)],
    ['12 weeks', spokenRate(long)],
  ].filter(([, said]) => said !== undefined);
  return parts.length === 0 ? undefined : `kept on time: ${parts.map((part) => part.join(' ')).join(' · ')}`;
}
