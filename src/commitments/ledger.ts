import type { KnownBlock, ModalView } from '@slack/types';
import { quiet, shorten } from '../ground/slack-text.ts';
import { actions, button, context, divider, fields, modal, section } from '../slack/blocks.ts';
import { type PairFigures, spokenRates } from './figures.ts';
import { offersOf, overdueFirst } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { columnLine, columnNames, columnsText, commitmentRow, countsSaid, pairColumns, type Reader } from './views.ts';

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

const withWhom = ({ pair }: LedgerOf, reader: Reader): string =>
  quiet(shorten(reader.id === pair.leaderId ? pair.partnerName : pair.leaderName, 75));

/** One pair's ledger as an answer: both columns side by side, then what waits on the reader. */
export function pairLedger(
  one: LedgerOf,
  reader: Reader,
  now: Temporal.Instant,
): { text: string; blocks: KnownBlock[] } {
  const title = `Ledger with ${withWhom(one, reader)}`;
  const mine = waitingOn(one.rows, reader, now);
  const shown = mine.slice(0, ROWS_IN_ANSWER);
  return {
    text: `${title}. ${columnsText(one, reader, now)}`,
    blocks: [
      section(`*${title}*`),
      pairColumns(one, reader, now),
      ...(shown.length > 0 ? [divider(), context('Yours to act on')] : []),
      ...shown.flatMap((row) =>
        commitmentRow(row, reader, now, {
          place: `${LEDGER_PLACE}/${one.pair.id}`,
          line: columnLine(row, reader, now),
        }),
      ),
      ...(one.rows.length > 0 ? [actions(button('Show all', OPEN_LEDGER, one.pair.id))] : []),
    ],
  };
}

const waitingOn = (rows: CommitmentRow[], reader: Reader, now: Temporal.Instant): CommitmentRow[] =>
  overdueFirst(rows, now).filter(
    (row) =>
      row.ownerId === reader.id ||
      offersOf(row, reader.id, now).some((offer) => offer === 'agree' || offer === 'not-yet'),
  );

/** Several pairs: counts and rates side by side, the ones with something overdue first. */
export function allLedgers(
  all: LedgerOf[],
  owned: CommitmentRow[],
  reader: Reader,
  now: Temporal.Instant,
): { text: string; blocks: KnownBlock[] } {
  const shown = all.slice(0, PAIRS_IN_ANSWER);
  const left = all.length - shown.length;
  const line = (one: LedgerOf) =>
    `${withWhom(one, reader)}: ${columnNames(one.pair).partner} ${countsSaid(
      one.rows.filter(({ side }) => side === 'partner'),
      now,
    )}; ${columnNames(one.pair).firm} ${countsSaid(
      one.rows.filter(({ side }) => side === 'firm'),
      now,
    )}`;
  return {
    text:
      [...shown.map(line), ...owned.slice(0, ROWS_IN_ANSWER).map((row) => columnLine(row, reader, now))].join('\n') ||
      'Nothing stands in your ledger.',
    blocks: [
      ...shown.map((one) => ({ ...pairSummary(one, now), accessory: button('Open', OPEN_LEDGER, one.pair.id) })),
      ...(left > 0 ? [context(`${left} more: name one with \`/accord ledger @name\`.`)] : []),
      ...(owned.length > 0 ? [divider(), context('Yours, for others')] : []),
      ...owned
        .slice(0, ROWS_IN_ANSWER)
        .flatMap((row) => commitmentRow(row, reader, now, { place: `${LEDGER_PLACE}/owned` })),
    ],
  };
}

function pairSummary(one: LedgerOf, now: Temporal.Instant): KnownBlock {
  const names = columnNames(one.pair);
  const column = (side: 'partner' | 'firm') => {
    const rates = spokenRates(one.figures[side]);
    return `*${names[side]}*\n${countsSaid(
      one.rows.filter((row) => row.side === side),
      now,
    )}${rates ? `\n_${rates}_` : ''}`;
  };
  return fields(column('partner'), column('firm'));
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
      pairSummary(one, now),
      ...(blocks.length > 0 ? blocks : [section('Nothing stands here. `/commit` writes the first one.')]),
      ...(pages > 1 ? [context(`Page ${at + 1} of ${pages}`)] : []),
      ...(turn.length > 0 ? [actions(...turn)] : []),
    ],
  });
}
