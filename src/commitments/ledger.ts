import type { KnownBlock } from '@slack/types';
import { actions, button, context, divider, fields, section } from '../slack/blocks.ts';
import { ALL_PAIRS, OPEN_LEDGER } from './ledger-modal.ts';
import { offersOf, overdueFirst } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { type PairSummary, sideSaid } from './summary.ts';
import {
  columnLine,
  columnsText,
  commitmentLine,
  commitmentRow,
  fitting,
  nameSaid,
  pairColumns,
  type Reader,
} from './views.ts';

/** Where a row of `/accord ledger`'s answer was clicked, in the block's id. */
export const LEDGER_PLACE = 'ledger';

/** A pair with every row of its columns. */
export type LedgerOf = PairSummary & { rows: CommitmentRow[] };

const ROWS_IN_ANSWER = 8;
const PAIRS_IN_ANSWER = 20;
/** Of the 13,200 characters that a message holds, what rows and what summaries may take. */
const IN_ROWS = 5000;
const IN_SUMMARIES = 6000;
/** The words of a row's buttons and menu. */
const BUTTON_WORDS = 120;

const withWhom = ({ pair }: PairSummary, reader: Reader): string =>
  `${nameSaid(reader.id === pair.leaderId ? pair.partnerName : pair.leaderName)}${pair.hasEnded ? ', ended' : ''}`;

export type Answer = { text: string; blocks: KnownBlock[] };

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
export function allLedgers(all: PairSummary[], owned: CommitmentRow[], reader: Reader, now: Temporal.Instant): Answer {
  const over = ({ counts }: PairSummary) => counts.partner.overdue + counts.firm.overdue;
  const summaries = [...all]
    .sort((a, b) => over(b) - over(a))
    .map((one) => ({ one, partner: sideSaid(one, 'partner'), firm: sideSaid(one, 'firm') }));
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
      ...(left > 0 ? [context(`${left} more: *Show all*, or name one with \`/accord ledger @name\`.`)] : []),
      actions(button('Show all', OPEN_LEDGER, ALL_PAIRS)),
      ...(own.length > 0 ? [divider(), context('Yours, for others')] : []),
      ...own.flatMap(({ row, line }) =>
        commitmentRow(row, reader, now, { place: `${LEDGER_PLACE}/${ALL_PAIRS}`, line }),
      ),
    ],
  };
}

/** "*The firm*\n1 open" as plain text: "The firm: 1 open". */
const inALine = (column: string): string =>
  column
    .replace(/^\*(.*)\*\n/, '$1: ')
    .replaceAll('_', '')
    .replaceAll('\n', ', ');
