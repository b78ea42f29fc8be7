import type { KnownBlock, ModalView } from '@slack/types';
import { actions, button, context, divider, fields, modal, section } from '../slack/blocks.ts';
import { type PairFigures, spokenRates } from './figures.ts';
import { isPast, offersOf, overdueFirst } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import {
  columnLine,
  columnNames,
  columnsText,
  commitmentLine,
  commitmentRow,
  countsSaid,
  fitting,
  nameSaid,
  pairColumns,
  type Reader,
} from './views.ts';

/** `/accord ledger`: an overview that fits an answer, and a modal with every row, page by page. */
export const OPEN_LEDGER = 'commitment:ledger-open';
export const LEDGER_PAGE_BACK = 'commitment:ledger-back';
export const LEDGER_PAGE_ON = 'commitment:ledger-on';
export const LEDGER_VIEW = 'commitment:ledger';
/** Where a row of the overview was clicked, in the block's id. */
export const LEDGER_PLACE = 'ledger';

export type LedgerOf = {
  pair: { id: string; leaderId: string; leaderName: string; partnerName: string; kind: 'contractor' | 'report' };
  rows: CommitmentRow[];
  figures: PairFigures;
};

const ROWS_IN_ANSWER = 8;
const PAIRS_IN_ANSWER = 20;
const ROWS_A_PAGE = 20;
/** Of the 13,200 characters that a message holds, what rows and what summaries may take. */
const IN_ROWS = 5000;
const IN_SUMMARIES = 6000;
/** The words of a row's buttons and menu. */
const BUTTON_WORDS = 120;

const withWhom = ({ pair }: LedgerOf, reader: Reader): string =>
  nameSaid(reader.id === pair.leaderId ? pair.partnerName : pair.leaderName);

type Answer = { text: string; blocks: KnownBlock[] };

/** One pair's ledger as an answer: both columns side by side, then what waits on the reader. */
export function pairLedger(one: LedgerOf, reader: Reader, now: Temporal.Instant): Answer {
  const title = `Ledger with ${withWhom(one, reader)}`;
  const mine = overdueFirst(one.rows, now).filter((row) => waitsOn(row, reader, now));
  const place = `${LEDGER_PLACE}/${one.pair.id}`;
  const rows = mine.map((row) => ({ row, line: columnLine(row, reader, now) }));
  const shown = fitting(rows.slice(0, ROWS_IN_ANSWER), ({ line }) => line.length + BUTTON_WORDS, IN_ROWS);
  return {
    text: `${title}. ${columnsText(one, reader, now)}`,
    blocks: [
      section(`*${title}*`),
      pairColumns(one, reader, now),
      ...(shown.length > 0 ? [divider(), context('Yours to act on')] : []),
      ...shown.flatMap(({ row, line }) => commitmentRow(row, reader, now, { place, line })),
      ...(one.rows.length > 0 ? [actions(button('Show all', OPEN_LEDGER, one.pair.id))] : []),
    ],
  };
}

const waitsOn = (row: CommitmentRow, reader: Reader, now: Temporal.Instant): boolean =>
  row.ownerId === reader.id || offersOf(row, reader.id, now).some((offer) => offer === 'agree' || offer === 'not-yet');

/** Several pairs: counts and rates side by side, the ones with most overdue first; then what is owned for others. */
export function allLedgers(all: LedgerOf[], owned: CommitmentRow[], reader: Reader, now: Temporal.Instant): Answer {
  const over = ({ rows }: LedgerOf) => rows.filter((row) => row.state === 'open' && isPast(row, now)).length;
  const summaries = [...all]
    .sort((a, b) => over(b) - over(a))
    .map((one) => ({ one, partner: sideSaid(one, 'partner', now), firm: sideSaid(one, 'firm', now) }));
  const lengthOf = ({ partner, firm }: (typeof summaries)[number]) => partner.length + firm.length + BUTTON_WORDS;
  const shown = fitting(summaries.slice(0, PAIRS_IN_ANSWER), lengthOf, IN_SUMMARIES);
  const rows = owned.map((row) => ({ row, line: commitmentLine(row, reader, now) }));
  const own = fitting(rows.slice(0, ROWS_IN_ANSWER), ({ line }) => line.length + BUTTON_WORDS, IN_ROWS);
  const left = all.length - shown.length;
  const said = shown.map(
    ({ one, partner, firm }) => `${withWhom(one, reader)}. ${[partner, firm].map(inALine).join('; ')}`,
  );
  return {
    text: [...said, ...own.map(({ line }) => line)].join('\n'),
    blocks: [
      ...shown.map(({ one, partner, firm }) => ({
        ...section(`*${withWhom(one, reader)}*`),
        ...fields(partner, firm),
        accessory: button('Open', OPEN_LEDGER, one.pair.id),
      })),
      ...(left > 0 ? [context(`${left} more: name one with \`/accord ledger @name\`.`)] : []),
      ...(own.length > 0 ? [divider(), context('Yours, for others')] : []),
      ...own.flatMap(({ row, line }) => commitmentRow(row, reader, now, { place: `${LEDGER_PLACE}/owned`, line })),
    ],
  };
}

/** "*The firm*\n1 open" as plain text: "The firm: 1 open". */
const inALine = (column: string): string =>
  column
    .replace(/^\*(.*)\*\n/, '$1: ')
    .replaceAll('_', '')
    .replaceAll('\n', ', ');

/** One column in short: whose, how many, kept how often. */
function sideSaid(one: LedgerOf, side: 'partner' | 'firm', now: Temporal.Instant): string {
  const ours = one.rows.filter((row) => row.side === side);
  const rates = spokenRates(one.figures[side]);
  return [`*${columnNames(one.pair)[side]}*`, countsSaid(ours, now), ...(rates ? [`_${rates}_`] : [])].join('\n');
}

/** Every row of a pair, a page at a time; the modal's metadata holds the pair's id and the page. */
export function ledgerModal(one: LedgerOf, page: number, reader: Reader, now: Temporal.Instant): ModalView {
  const names = columnNames(one.pair);
  const sided = (side: 'partner' | 'firm') =>
    overdueFirst(
      one.rows.filter((row) => row.side === side),
      now,
    ).map((row) => ({ row, side }));
  const all = [...sided('partner'), ...sided('firm')];
  const pages = Math.max(1, Math.ceil(all.length / ROWS_A_PAGE));
  const at = Math.min(Math.max(0, page), pages - 1);
  const shown = all.slice(at * ROWS_A_PAGE, (at + 1) * ROWS_A_PAGE);
  const blocks = shown.flatMap(({ row, side }, place) => [
    ...(place === 0 || shown[place - 1]?.side !== side ? [section(`*${names[side]}*`)] : []),
    ...commitmentRow(row, reader, now, { line: columnLine(row, reader, now) }),
  ]);
  const turn = [
    ...(at > 0 ? [button('Back', LEDGER_PAGE_BACK, one.pair.id)] : []),
    ...(at < pages - 1 ? [button('Next', LEDGER_PAGE_ON, one.pair.id)] : []),
  ];
  return modal({
    callbackId: LEDGER_VIEW,
    title: 'Ledger',
    close: 'Close',
    privateMetadata: `${one.pair.id} ${at}`,
    blocks: [
      fields(sideSaid(one, 'partner', now), sideSaid(one, 'firm', now)),
      ...(blocks.length > 0 ? blocks : [section('Nothing stands here. `/commit` writes the first one.')]),
      ...(pages > 1 ? [context(`Page ${at + 1} of ${pages}`)] : []),
      ...(turn.length > 0 ? [actions(...turn)] : []),
    ],
  });
}
