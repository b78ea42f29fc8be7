import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { roleOf, sideOf } from '../pairs/rules.ts';
import { actions, button, context, fields, modal, section, selectMenu } from '../slack/blocks.ts';
import { countOf, countsSaid } from './counts.ts';
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

/** A pair with every row of its columns. */
export type LedgerOf = PairSummary & { rows: CommitmentRow[] };

/** One pair's rows, or those of all pairs with what the reader owns for others. */
export type Ledgers = { all: LedgerOf[]; owned: CommitmentRow[] };

type Chosen = { label: string; none: string; holds: (row: CommitmentRow, now: Temporal.Instant) => boolean };

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

const waitsForAnAnswer = (row: CommitmentRow): boolean =>
  row.state === 'asked' ||
  row.state === 'lapsed' ||
  row.askedOwnerId !== null ||
  row.wantedDueOn !== null ||
  row.wantsWithdrawal;

const ROWS_A_PAGE = 20;

type Column = { name: string; summary: string; rows: CommitmentRow[] };

export function ledgerModal(ledgers: Ledgers, place: LedgerPlace, reader: Reader, now: Temporal.Instant): ModalView {
  const { scope, filter } = place;
  const [one] = scope === ALL_PAIRS ? [] : ledgers.all;
  const columns = one ? columnsOfPair(one) : columnsOfAll(ledgers, reader, now);
  const rows = columns.flatMap((column) => column.rows);
  const chosen = columns.flatMap(({ name, rows: ours }) =>
    overdueFirst(
      ours.filter((row) => filters[filter].holds(row, now)),
      now,
    ).map((row) => ({ row, name })),
  );
  const pages = Math.max(1, Math.ceil(chosen.length / ROWS_A_PAGE));
  const page = Math.min(Math.max(0, place.page), pages - 1);
  const shown = chosen.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE);
  const line = one ? columnLine : commitmentLine;
  const blocks = shown.flatMap(({ row, name }, at) => [
    ...(at === 0 || shown[at - 1]?.name !== name ? [section(`*${name}*`)] : []),
    ...commitmentRow(row, reader, now, { line: line(row, reader, now) }),
  ]);
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
      ...(rows.length > 0 ? [filterMenu(rows, filter, now)] : []),
      ...(blocks.length > 0 ? blocks : [section(filters[filter].none)]),
      ...(pages > 1 ? [context(`Page ${page + 1} of ${pages}`)] : []),
      ...(turn.length > 0 ? [actions(...turn)] : []),
    ],
  });
}

function filterMenu(rows: CommitmentRow[], filter: LedgerFilter, now: Temporal.Instant): KnownBlock {
  const choices = LEDGER_FILTERS.map((value) => {
    const { label, holds } = filters[value];
    return { value, label: `${label}: ${rows.filter((row) => holds(row, now)).length}` };
  });
  return actions(selectMenu(LEDGER_FILTER, choices, filter));
}

/** The two columns under their names. */
function columnsOfPair(one: LedgerOf): Column[] {
  const names = columnNames(one.pair);
  return (['partner', 'firm'] as const).map((side) => ({
    name: names[side],
    summary: sideSaid(one, side),
    rows: one.rows.filter((row) => row.side === side),
  }));
}

/** Of several pairs, the reader's side of each and the other's; what they own for others is on theirs. */
function columnsOfAll({ all, owned }: Ledgers, reader: Reader, now: Temporal.Instant): Column[] {
  const rows = all.flatMap((one) => one.rows);
  const isMine = (row: CommitmentRow): boolean => {
    const role = roleOf(reader.id, row);
    return role !== undefined && row.side === sideOf(role);
  };
  const column = (name: string, ours: CommitmentRow[]): Column => ({
    name,
    summary: `*${name}*\n${countsSaid(countOf(ours, now))}`,
    rows: ours,
  });
  return [
    column('Your side', [...rows.filter(isMine), ...owned]),
    column(
      'The other side',
      rows.filter((row) => !isMine(row)),
    ),
  ];
}
