import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { overdue, spokenDate, spokenDay } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { actions, button, fields, overflow, section, withId } from '../slack/blocks.ts';
import { type PairFigures, spokenRates } from './figures.ts';
import { IN_MENU, isPast, OFFERS, type Offer, offersOf, overdueFirst } from './offers.ts';
import { isAskersSide } from './rules.ts';
import type { CommitmentRow } from './store.ts';

/** What a click on a commitment's row sends; its value is the commitment's id, or for an undo the change's. */
export const actionIdOf = (offer: Offer): string => `commitment:${offer}`;
/** The menu of a row: its values are an offer and the id that belongs to it. */
export const MORE = 'commitment:more';

export const offerOf = (actionId: string): Offer | undefined => OFFERS.find((offer) => actionIdOf(offer) === actionId);
export const ROW_ACTIONS = OFFERS.map(actionIdOf);

/** Who reads, and where: words are in their locale. */
export type Reader = { id: string; locale: string };

const IN_A_LIST = 150;
const IN_A_COLUMN = 90;

/** A name in the middle of a line. */
export const nameSaid = (name: string): string => quiet(shorten(name, 40));

/** The first of these that stay within so many characters, at least one: a message holds about 13,200 in all. */
export function fitting<T>(items: readonly T[], lengthOf: (item: T) => number, most: number): T[] {
  let length = 0;
  return items.filter((item, place) => {
    length += lengthOf(item);
    return place === 0 || length <= most;
  });
}

const words = (text: string, max: number): string => quiet(shorten(text.replace(/\s+/g, ' ').trim(), max));

/** Of one that is past its day, counted where its owner lives. */
export const daysOverdue = (row: CommitmentRow, now: Temporal.Instant): number =>
  Math.max(1, row.dueOn.until(dayIn(row.ownerZone, now)).days);

/** Its mark with what it means: open ○, kept ●, late ◐, over ◆; never the mark alone. */
function standing(row: CommitmentRow, reader: Reader, now: Temporal.Instant): { mark: string; said: string } {
  const today = dayIn(row.ownerZone, now);
  const due = spokenDay(row.dueOn, today, reader.locale);
  switch (row.state) {
    case 'asked':
      return { mark: '○', said: `by ${due}` };
    case 'open':
      return isPast(row, now) ? { mark: '◆', said: overdue(daysOverdue(row, now)) } : { mark: '○', said: due };
    case 'kept': {
      const on = row.keptOn ? spokenDay(row.keptOn, today, reader.locale) : due;
      return row.firstUnkeptOn ? { mark: '◐', said: `kept late, ${on}` } : { mark: '●', said: `kept ${on}` };
    }
    case 'missed':
      return { mark: '◆', said: 'will not be done' };
    case 'withdrawn':
      return { mark: '◆', said: 'withdrawn' };
    case 'declined':
      return { mark: '◆', said: 'declined' };
    case 'lapsed':
      return { mark: '○', said: `due ${due}, not answered` };
  }
}

const counted = (times: number, word: string): string =>
  `${word} ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}`;

/** "moved twice", "carried over 3 times", what waits for whose word. */
function history(row: CommitmentRow, reader: Reader): string[] {
  const other = row.side === 'firm' ? row.partnerName : row.leaderName;
  const [otherId] = row.side === 'firm' ? [row.partnerId] : [row.leaderId];
  const whose = otherId === reader.id ? 'you' : nameSaid(other);
  const said: string[] = [];
  if (row.moves > 0) said.push(counted(row.moves, 'moved'));
  if (row.slips > 0) said.push(counted(row.slips, 'carried over'));
  if (row.wantedDueOn)
    said.push(`${spokenDate(row.wantedDueOn, row.dueOn, reader.locale)} waits for ${whose} to agree`);
  if (row.wantsWithdrawal) said.push(`to be withdrawn once ${whose === 'you' ? 'you agree' : `${whose} agrees`}`);
  if (row.priority === 'later' && row.state === 'open') said.push('later');
  return said;
}

/** "you", "Dana", "you, Mia asked": whose it is, as the reader would say it. */
export function ownerSaid(row: CommitmentRow, reader: Reader): string {
  const owner = row.ownerId === reader.id ? 'you' : nameSaid(row.ownerName);
  const asked = row.askedOwnerId === reader.id ? 'you' : nameSaid(row.askedOwnerName ?? '');
  return row.askedOwnerId === null ? owner : `${owner}, ${asked} asked`;
}

/** One line of a column: "○ two comps, Thu", "◆ listing presentation, 3 days overdue · moved twice". */
export function columnLine(row: CommitmentRow, reader: Reader, now: Temporal.Instant): string {
  const { mark, said } = standing(row, reader, now);
  const isSides = row.ownerId === (row.side === 'firm' ? row.leaderId : row.partnerId) && row.askedOwnerId === null;
  const owner = isSides ? '' : ` (${ownerSaid(row, reader)})`;
  const asked = row.state === 'asked' ? ['asked'] : [];
  return [`${mark} ${words(row.text, IN_A_COLUMN)}, ${said}${owner}`, ...asked, ...history(row, reader)].join(' · ');
}

/** One line among rows of several pairs: with for whom it is, and whose unless it is the reader's own. */
export function commitmentLine(row: CommitmentRow, reader: Reader, now: Temporal.Instant): string {
  return [...promiseParts(row, reader, now), ...whose(row, reader), ...history(row, reader)].join(' · ');
}

/** The same where what has just happened to it tells whose it is: "● yard signs, kept today · Mia says it is done". */
export const newsLine = (row: CommitmentRow, reader: Reader, now: Temporal.Instant, happened: string): string =>
  [...promiseParts(row, reader, now), happened].join(' · ');

/** "○ listing presentation, today", "for Ana": for whom only where the words do not name them and it is not the reader. */
function promiseParts(row: CommitmentRow, reader: Reader, now: Temporal.Instant): string[] {
  const { mark, said } = standing(row, reader, now);
  const { id, name } = promiseeOf(row);
  const isSaid = id === reader.id || isAsk(row) || isNamed(name, row.text);
  return [`${mark} ${words(row.text, IN_A_LIST)}, ${said}`, ...(isSaid ? [] : [`for ${nameSaid(name)}`])];
}

const promiseeOf = (row: CommitmentRow) =>
  row.side === 'firm' ? { id: row.partnerId, name: row.partnerName } : { id: row.leaderId, name: row.leaderName };

/** Asked for, and nobody's promise. */
const isAsk = ({ state }: CommitmentRow): boolean => state === 'asked' || state === 'lapsed' || state === 'declined';

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}\d]+/gu) ?? [];

/** Whether the words name somebody by any part of their name. */
function isNamed(name: string, text: string): boolean {
  const said = new Set(wordsIn(text));
  return wordsIn(name).some((part) => part.length > 1 && said.has(part));
}

/** "Ana’s, for you", "Mia’s", "Dana asks you"; nothing of what is simply the reader's own. */
function whose(row: CommitmentRow, reader: Reader): string[] {
  if (isAsk(row)) return [askedSaid(row, reader)];
  const asked =
    row.askedOwnerId === null
      ? []
      : [`${row.askedOwnerId === reader.id ? 'you are' : `${nameSaid(row.askedOwnerName ?? '')} is`} asked to own it`];
  if (row.ownerId === reader.id) return asked;
  const forYou = promiseeOf(row).id === reader.id ? ', for you' : '';
  return [`${nameSaid(row.ownerName)}’s${forYou}`, ...asked];
}

/** What a leader before has asked is asked in the name of the leader of now. */
export function askedSaid(row: CommitmentRow, reader: Reader): string {
  const owner = nameSaid(row.ownerName);
  const waits = row.state === 'asked';
  if (row.askedBy === reader.id) return `you asked ${owner}`;
  if (isAskersSide(row, reader.id)) return `${owner} ${waits ? 'is' : 'was'} asked`;
  return `${nameSaid(row.side === 'partner' ? row.leaderName : row.partnerName)} ${waits ? 'asks' : 'asked'} you`;
}

const labels: Record<Offer, string> = {
  accept: 'Accept',
  'accept-late': 'Accept with a new day',
  decline: 'Decline',
  'take-back': 'Take back',
  done: 'Done',
  move: 'Move',
  withdraw: 'Withdraw',
  'will-not': 'Will not be done',
  agree: 'Agree',
  'not-yet': 'Not yet',
  reopen: 'Reopen',
  own: 'Take it',
  pass: 'Pass',
  undo: 'Undo',
  colleague: 'Ask a colleague to own it',
  'keep-out': 'Keep out of digest',
  'put-in': 'Put in digest',
  reword: 'Reword for digest',
  show: 'Show all of it',
};

const labelOf = (offer: Offer, row: CommitmentRow): string =>
  offer === 'withdraw' && row.side === 'firm' && row.ownerId !== row.leaderId ? 'Hand back' : labels[offer];

export const offerButton = (offer: Offer, row: CommitmentRow, style?: 'primary' | 'danger') =>
  button(labelOf(offer, row), actionIdOf(offer), valueFor(offer, row), style);

const valueFor = (offer: Offer, row: CommitmentRow): string => (offer === 'undo' ? row.lastId : row.id);

const BUTTONS_A_ROW = 2;
/** Slack shows five choices. */
const IN_A_MENU = 5;

/**
 * A commitment in a list: its line, and what the reader can do with it; at most two buttons, the rest in a menu. `place`
 * tells the listener which list was clicked (it comes back as the start of the block's id).
 */
export function commitmentRow(
  row: CommitmentRow,
  reader: Reader,
  now: Temporal.Instant,
  {
    place,
    buttons = BUTTONS_A_ROW,
    line = commitmentLine(row, reader, now),
  }: { place?: string; buttons?: number; line?: string } = {},
): KnownBlock[] {
  const offers = offersOf(row, reader.id, now);
  const shown: Offer[] = offers.filter((offer) => !IN_MENU.includes(offer)).slice(0, buttons);
  const rest = offers.filter((offer) => !shown.includes(offer));
  // All of it shows what a menu has no room for.
  const inMenu = [...rest.filter((offer) => offer !== 'show').slice(0, IN_A_MENU - 1), 'show' as const];
  const menu = overflow(
    MORE,
    inMenu.map((offer) => ({ label: labelOf(offer, row), value: `${offer} ${valueFor(offer, row)}` })),
  );
  const placed = <B extends KnownBlock>(block: B): B =>
    place === undefined ? block : withId(block, `${place}/${row.id}`);
  if (shown.length === 0) return rest.length > 1 ? [placed(section(line, menu))] : [section(line)];
  const elements: ActionsBlockElement[] = [...shown.map((offer) => offerButton(offer, row)), menu];
  return [section(line), placed(actions(...elements))];
}

/** What a menu's choice says: the offer and the id that belongs to it. */
export function readMore(value: string | undefined): { offer: Offer; id: string } | undefined {
  const [name, id = ''] = value?.split(' ') ?? [];
  const offer = OFFERS.find((known) => known === name);
  return offer && { offer, id };
}

export type Columns = {
  pair: { leaderId: string; leaderName: string; partnerName: string; kind: 'contractor' | 'report' };
  rows: readonly CommitmentRow[];
  figures?: PairFigures;
};

/** The firm's column is headed with the firm; for a report, with the leader's name. */
export const columnNames = ({ leaderName, partnerName, kind }: Columns['pair']) => ({
  partner: nameSaid(partnerName),
  firm: kind === 'report' ? nameSaid(leaderName) : 'The firm',
});

const IN_EACH_COLUMN = 8;
const IN_A_FIELD = 1600;

/** Both columns side by side, overdue first, with what is left out counted. */
export function pairColumns(
  { pair, rows, figures }: Columns,
  reader: Reader,
  now: Temporal.Instant,
  atMost = IN_EACH_COLUMN,
): KnownBlock {
  const names = columnNames(pair);
  const column = (side: 'partner' | 'firm'): string => {
    const ours = overdueFirst(
      rows.filter((row) => row.side === side),
      now,
    );
    const fit = fitting(
      ours.slice(0, atMost).map((row) => columnLine(row, reader, now)),
      ({ length }) => length + 1,
      IN_A_FIELD,
    );
    const more = ours.length > fit.length ? [`and ${ours.length - fit.length} more`] : [];
    const rates = figures && spokenRates(figures[side]);
    const lines = ours.length === 0 ? ['nothing open'] : [...fit, ...more];
    return [`*${names[side]}*`, ...lines, ...(rates ? [`_${rates}_`] : [])].join('\n');
  };
  return fields(column('partner'), column('firm'));
}

/** The same as plain text. */
export function columnsText({ pair, rows }: Columns, reader: Reader, now: Temporal.Instant): string {
  const names = columnNames(pair);
  const of = (side: 'partner' | 'firm') => {
    const ours = overdueFirst(
      rows.filter((row) => row.side === side),
      now,
    ).slice(0, IN_EACH_COLUMN);
    return `${names[side]}: ${ours.map((row) => columnLine(row, reader, now)).join('; ') || 'nothing open'}`;
  };
  return `${of('partner')}. ${of('firm')}.`;
}
