import { dayIn, isBefore } from '../ground/zoned.ts';
import { UNDO_FOR } from './change.ts';
import { askerOf, otherSideOf } from './rules.ts';
import type { CommitmentRow } from './store.ts';

/** What a row offers to click. Each is an act, or opens the form that an act needs. */
export const OFFERS = [
  'accept',
  'accept-late',
  'decline',
  'take-back',
  'done',
  'move',
  'withdraw',
  'will-not',
  'agree',
  'not-yet',
  'reopen',
  'own',
  'pass',
  'undo',
  'colleague',
  'keep-out',
  'put-in',
  'reword',
  'show',
] as const;
export type Offer = (typeof OFFERS)[number];

/** What is never the likeliest: behind the menu. */
export const IN_MENU: readonly Offer[] = ['keep-out', 'put-in', 'reword', 'colleague', 'show'];

const NOT_YET_FOR = { hours: 7 * 24 };

/** What this person can do with it now, the likeliest first. The rules decide again when it is clicked. */
export function offersOf(row: CommitmentRow, viewerId: string, now: Temporal.Instant): Offer[] {
  const isOwner = row.ownerId === viewerId;
  const offers: Offer[] = [];
  if (row.askedOwnerId === viewerId) offers.push('own', 'pass');
  if (otherSideOf(row) === viewerId) offers.push(...toTheOtherSide(row, now));
  if (isOwner) offers.push(...toTheOwner(row));
  if (row.state === 'asked' && askerOf(row) === viewerId) offers.push('take-back');
  if (mayUndo(row, viewerId, now)) offers.unshift('undo');
  if (row.side === 'firm' && row.state === 'open') offers.push(...aboutFirmItems(row, viewerId));
  return [...offers, 'show'];
}

function toTheOtherSide(row: CommitmentRow, now: Temporal.Instant): Offer[] {
  const waits = row.wantedDueOn !== null || row.wantsWithdrawal;
  if (row.state === 'open' && waits && !isPast(row, now)) return ['agree'];
  const isFresh = row.keptAt !== null && !isBefore(row.keptAt.add(NOT_YET_FOR), now);
  return row.state === 'kept' && isFresh ? ['not-yet'] : [];
}

function toTheOwner(row: CommitmentRow): Offer[] {
  switch (row.state) {
    case 'asked':
      return ['accept', 'decline'];
    case 'lapsed':
      return ['accept-late'];
    case 'open':
      return ['done', 'move', 'withdraw', 'will-not'];
    case 'kept':
    case 'missed':
    case 'withdrawn':
      return ['reopen'];
    case 'declined':
      return [];
  }
}

function aboutFirmItems(row: CommitmentRow, viewerId: string): Offer[] {
  const isOfPair = viewerId === row.leaderId || viewerId === row.partnerId;
  const mayName = viewerId === row.leaderId && row.ownerId === viewerId && row.askedOwnerId === null;
  const mayKeepOut = isOfPair || row.ownerId === viewerId;
  return [
    ...(mayKeepOut ? [row.digestLine === null ? ('put-in' as const) : ('keep-out' as const)] : []),
    ...(mayName ? ['colleague' as const] : []),
    ...(isOfPair ? ['reword' as const] : []),
  ];
}

const UNDOABLE_NEVER = ['undone', 'promised', 'asked', 'dated'];

function mayUndo(row: CommitmentRow, viewerId: string, now: Temporal.Instant): boolean {
  return row.lastBy === viewerId && !UNDOABLE_NEVER.includes(row.lastVerb) && !isBefore(row.lastAt.add(UNDO_FOR), now);
}

/** What tells whether a day is over; `ownerToday` where it is known already. */
export type Dated = Pick<CommitmentRow, 'state' | 'dueOn' | 'firstUnkeptOn' | 'ownerZone'> & {
  ownerToday?: Temporal.PlainDate;
};

/** Whether its day is over where its owner lives; once it is, also for one who has moved west since. */
export const isPast = (row: Dated, now: Temporal.Instant): boolean =>
  (row.state === 'open' && row.firstUnkeptOn?.equals(row.dueOn) === true) ||
  Temporal.PlainDate.compare(row.ownerToday ?? dayIn(row.ownerZone, now), row.dueOn) > 0;

/** Overdue first, then by day: how both columns are read. */
export function overdueFirst<T extends Dated & { id: string }>(rows: readonly T[], now: Temporal.Instant): T[] {
  const marked = rows.map((row) => ({ row, isOver: row.state === 'open' && isPast(row, now) }));
  marked.sort(
    (a, b) =>
      Number(b.isOver) - Number(a.isOver) ||
      Temporal.PlainDate.compare(a.row.dueOn, b.row.dueOn) ||
      (a.row.id < b.row.id ? -1 : 1),
  );
  return marked.map(({ row }) => row);
}
