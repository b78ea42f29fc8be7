import { type Dated, isPast } from './offers.ts';

/** How much of a column stands, in figures. */
export type Counts = { open: number; overdue: number; asked: number };

/** What is counted; `count` where several are alike. */
export type Counted = Dated & { count?: number };

export function countOf(rows: Iterable<Counted>, now: Temporal.Instant): Counts {
  const counts = { open: 0, overdue: 0, asked: 0 };
  for (const row of rows) {
    const { count = 1 } = row;
    if (row.state === 'asked') counts.asked += count;
    if (row.state !== 'open') continue;
    counts.open += count;
    if (isPast(row, now)) counts.overdue += count;
  }
  return counts;
}

/** "2 open, 1 overdue". */
export function countsSaid({ open, overdue, asked }: Counts): string {
  const parts = [`${open} open`, ...(overdue ? [`${overdue} overdue`] : []), ...(asked ? [`${asked} asked`] : [])];
  return parts.join(', ');
}
