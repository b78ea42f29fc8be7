import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { roleOf, sideOf } from '../pairs/rules.ts';
import { actions, button, context, fields, modal, section, selectMenu } from '../slack/blocks.ts';
import { countOf, countsSaid } from './counts.ts';
import type { LedgerLine } from './ledger-store.ts';
import { isPast, overdueFirst } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { type PairSummary, sideSaid } from './summary.ts';
import { columnLine, columnNames, commitmentLine, commitmentRow, type Reader } from './views.ts';

/** Every row of a ledger, a page at a time. The value of these is the ledger's scope. */
export const OPEN_LEDGER = 'commitment:ledger-open';
export const LEDGER_PAGE_BACK = 'commitment:ledger-back';
export const LEDGER_PAGE_ON = 'commitment:ledger-on';
/** A menu whose values are filters. */
export const LEDGER_FILTER = 'commitment:ledger-filter';
export const LEDGER_VIEW = 'commitment:ledger';

/** All of the reader's one-on-ones, and what they own in those of others. */
export const ALL_PAIRS = 'all';

export const LEDGER_FILTERS = ['all', 'overdue', 'open', 'waiting', 'kept'] as const;
export type LedgerFilter = (typeof LEDGER_FILTERS)[number];

/** What of which ledger is shown: a pair's id or all pairs. */
export const ledgerPlace = z.object({
  scope: z.union([z.uuid(), z.literal(ALL_PAIRS)]),
  page: z.int().min(0).max(9999),
  filter: z.enum(LEDGER_FILTERS),
});
export type LedgerPlace = z.infer<typeof ledgerPlace>;

export const firstPage = (scope: string): LedgerPlace => ({ scope, page: 0, filter: 'all' });

/** The modal carries what it shows as its metadata. */
export function readLedgerPlace(metadata: string): LedgerPlace | undefined {
  const [scope, page, filter] = metadata.split(' ');
  const read = ledgerPlace.safeParse({ scope, page: page === '' ? undefined : Number(page), filter });
  return read.success ? read.data : undefined;
}

/** The first page of what was chosen from the menu; undefined for what it does not offer. */
export function readFilter(scope: string, chosen: string | undefined): LedgerPlace | undefined {
  const filter = LEDGER_FILTERS.find((one) => one === chosen);
  return filter && { scope, page: 0, filter };
}

/** One pair, or all of them with what the reader owns for others. */
export type Ledger = { one: PairSummary | undefined; lines: LedgerLine[] };

type Chosen = { label: string; none: string; holds: (row: LedgerLine, now: Temporal.Instant) => boolean };

const filters: Record<LedgerFilter, Chosen> = {
  all: { label: 'Everything', none: 'Nothing stands here. `/commit` writes the first one.', holds: () => true },
  overdue: {
    label: 'Overdue',
    none: 'Nothing is overdue.',
    holds: (row, now) => row.state === 'open' && isPast(row, now),
  },
  open: { label: 'Open', none: 'Nothing is open.', holds: ({ state }) => state === 'open' },
  waiting: {
    label: 'Waits for an answer',
    none: 'Nothing waits for an answer.',
    holds: (row) => waitsForAnAnswer(row),
  },
  kept: {
    label: 'Kept lately',
    none: 'Nothing was kept in the last 7 days.',
    holds: ({ state }) => state === 'kept',
  },
};

const waitsForAnAnswer = (row: LedgerLine): boolean =>
  row.state === 'asked' ||
  row.state === 'lapsed' ||
  row.askedOwnerId !== null ||
  row.wantedDueOn !== null ||
  row.wantsWithdrawal;

const ROWS_A_PAGE = 20;

type Column = { name: string; summary: string; lines: LedgerLine[] };

/** What of a ledger one page shows: the rows to be read for it, in their order, and all that is said around them. */
export type LedgerPage = LedgerPlace & {
  isOfOne: boolean;
  pages: number;
  columns: Pick<Column, 'name' | 'summary'>[];
  shown: { id: string; name: string }[];
  /** How many each filter holds; nothing where there is nothing to narrow. */
  counts: Record<LedgerFilter, number> | undefined;
};

export function ledgerPage(ledger: Ledger, place: LedgerPlace, reader: Reader, now: Temporal.Instant): LedgerPage {
  const { one, lines } = ledger;
  const columns = one ? columnsOfPair(one, lines) : columnsOfAll(lines, reader, now);
  const { holds } = filters[place.filter];
  const chosen = columns.flatMap((column) =>
    overdueFirst(
      column.lines.filter((line) => holds(line, now)),
      now,
    ).map(({ id }) => ({ id, name: column.name })),
  );
  const pages = Math.max(1, Math.ceil(chosen.length / ROWS_A_PAGE));
  const page = Math.min(Math.max(0, place.page), pages - 1);
  return {
    ...place,
    page,
    pages,
    isOfOne: one !== undefined,
    columns,
    shown: chosen.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE),
    counts: lines.length > 0 ? countsOf(lines, now) : undefined,
  };
}

function countsOf(lines: LedgerLine[], now: Temporal.Instant): Record<LedgerFilter, number> {
  const count = (filter: LedgerFilter) => lines.filter((line) => filters[filter].holds(line, now)).length;
  return {
    all: lines.length,
    overdue: count('overdue'),
    open: count('open'),
    waiting: count('waiting'),
    kept: count('kept'),
  };
}

/** `rows` are those that the page shows, in any order. */
export function ledgerModal(
  { scope, page, filter, pages, isOfOne, columns, shown, counts }: LedgerPage,
  rows: readonly CommitmentRow[],
  reader: Reader,
  now: Temporal.Instant,
): ModalView {
  const line = isOfOne ? columnLine : commitmentLine;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const blocks = shown.flatMap(({ id, name }, at) => {
    const row = byId.get(id);
    return [
      ...(at === 0 || shown[at - 1]?.name !== name ? [section(`*${name}*`)] : []),
      ...(row ? commitmentRow(row, reader, now, { line: line(row, reader, now) }) : []),
    ];
  });
  const turn = [
    ...(page > 0 ? [button('Back', LEDGER_PAGE_BACK, scope)] : []),
    ...(page < pages - 1 ? [button('Next', LEDGER_PAGE_ON, scope)] : []),
  ];
  return modal({
    callbackId: LEDGER_VIEW,
    title: 'Ledger',
    close: 'Close',
    privateMetadata: `${scope} ${page} ${filter}`,
    blocks: [
      fields(...columns.map(({ summary }) => summary)),
      ...(counts ? [filterMenu(counts, filter)] : []),
      ...(blocks.length > 0 ? blocks : [section(filters[filter].none)]),
      ...(pages > 1 ? [context(`Page ${page + 1} of ${pages}`)] : []),
      ...(turn.length > 0 ? [actions(...turn)] : []),
    ],
  });
}

function filterMenu(counts: Record<LedgerFilter, number>, filter: LedgerFilter): KnownBlock {
  const choices = LEDGER_FILTERS.map((value) => ({ value, label: `${filters[value].label}: ${counts[value]}` }));
  return actions(selectMenu(LEDGER_FILTER, choices, filter));
}

/** The two columns under their names. */
function columnsOfPair(one: PairSummary, lines: LedgerLine[]): Column[] {
  const names = columnNames(one.pair);
  return (['partner', 'firm'] as const).map((side) => ({
    name: names[side],
    summary: sideSaid(one, side),
    lines: lines.filter((line) => line.side === side),
  }));
}

/** Of several pairs, the reader's side of each and the other's; what they own for others is on theirs. */
function columnsOfAll(all: LedgerLine[], reader: Reader, now: Temporal.Instant): Column[] {
  const isMine = (line: LedgerLine): boolean => {
    const role = roleOf(reader.id, line);
    return role === undefined || line.side === sideOf(role);
  };
  const column = (name: string, lines: LedgerLine[]): Column => ({
    name,
    summary: `*${name}*\n${countsSaid(countOf(lines, now))}`,
    lines,
  });
  return [
    column('Your side', all.filter(isMine)),
    column(
      'The other side',
      all.filter((line) => !isMine(line)),
    ),
  ];
}
