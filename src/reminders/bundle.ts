import type { Transaction } from 'kysely';
import { findEventsSince, type StoredEventOf } from '../commitments/event-store.ts';
import { findElsewhereSince, findOwnedBy } from '../commitments/owner-store.ts';
import { isAskersSide, otherSideOf } from '../commitments/rules.ts';
import { type CommitmentRow, findChangedSince, findStanding } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import { dayIn } from '../ground/zoned.ts';
import { findPairsEver } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { type Item, isNamedOn, type Listener, nextNamedOn } from './rules.ts';

/** What changed, said once to whoever it concerns. */
export type News = { row: CommitmentRow; event: StoredEventOf; byName: string };

export type Bundle = {
  day: Temporal.PlainDate;
  /** Promises near or past their day. */
  promises: CommitmentRow[];
  /** What colleagues own for the firm in pairs that this person leads, long overdue. */
  colleagues: CommitmentRow[];
  /** Asks and wishes that wait for this person's word. */
  waiting: CommitmentRow[];
  news: News[];
  /** What the person did about it since the bundle came: shown as it stands now. */
  dealtWith: CommitmentRow[];
  /** When there may be something to say again, if nothing changes. */
  nextOn: Temporal.PlainDate | undefined;
};

/** Which bundle: of what day, counting what changed after `since`; `sentAt` once it has gone out. */
export type Which = {
  day: Temporal.PlainDate;
  since: Temporal.Instant;
  bundledBefore: Temporal.PlainDate | null;
  sentAt?: Temporal.Instant;
};

/** Since when a bundle speaks, as its message keeps it. */
export const readSince = (about: Record<string, string>): Pick<Which, 'since' | 'bundledBefore'> => ({
  since: Temporal.Instant.from(about.since ?? ''),
  bundledBefore: about.before ? Temporal.PlainDate.from(about.before) : null,
});

/** All that one person's bundle of a day has to say, from the facts as they are now. */
export async function gatherBundle(trx: Transaction<Database>, person: Person, which: Which): Promise<Bundle> {
  const { workspaceId } = person;
  // What was promised in a pair that has ended stays promised.
  const pairIds = (await findPairsEver(trx, workspaceId, person.id)).map(({ id }) => id);
  const owned = await findOwnedBy(trx, workspaceId, person.id);
  const standing = await findStanding(trx, workspaceId, pairIds);
  const changed = [
    ...(await findChangedSince(trx, workspaceId, pairIds, which.since)),
    ...(await findElsewhereSince(trx, workspaceId, person.id, pairIds, which.since)),
  ];

  const listener: Listener = { workdays: person.workdays, level: person.level, bundledOn: which.bundledBefore };
  const promises = owned.filter(({ state }) => state === 'open').map((row) => itemOf('promise', row, person));
  // A colleague who is asked to own something is told once: it is the leader's meanwhile.
  const asks = owned.filter(({ state }) => state === 'asked').map((row) => itemOf('ask', row, person));
  const colleagues = standing
    .filter((row) => isColleagues(row, person.id))
    .map((row) => itemOf('colleague', row, person));
  const wishes = standing
    .filter((row) => waitsForAgreement(row, person.id))
    .map((row) => itemOf('agreement', row, person));
  const named = (items: NamedItem[]) =>
    items.filter((item) => isNamedOn(item, listener, which.day)).map(({ row }) => row);

  const news = await newsOf(trx, person, changed, which);
  const stood = (row: CommitmentRow) =>
    !SETTLED.includes(row.lastVerb) || isNamedOn(itemOf('promise', row, person), listener, which.day);
  const dealtWith = changed.filter((row) => isDealtWith(row, person.id, which.sentAt) && stood(row));
  const dealtIds = new Set(dealtWith.map(({ id }) => id));
  const open = (rows: CommitmentRow[]) => rows.filter(({ id }) => !dealtIds.has(id));
  const newsIds = new Set(news.map(({ row }) => row.id));
  const nextDays = [...promises, ...colleagues, ...asks, ...wishes].flatMap(
    (item) => nextNamedOn(item, listener, which.day) ?? [],
  );
  return {
    day: which.day,
    promises: open(named(promises)),
    colleagues: open(named(colleagues)).filter(({ id }) => !newsIds.has(id)),
    waiting: open(named([...asks, ...wishes])),
    news: news.filter(({ row }) => !dealtIds.has(row.id)),
    dealtWith,
    nextOn: nextDays.sort(Temporal.PlainDate.compare)[0],
  };
}

export const isEmpty = ({ promises, colleagues, waiting, news }: Bundle): boolean =>
  promises.length + colleagues.length + waiting.length + news.length === 0;

type NamedItem = Item & { row: CommitmentRow };

const itemOf = (what: Item['what'], row: CommitmentRow, { zone }: Person): NamedItem => ({
  what,
  dueOn: row.dueOn,
  priority: row.priority,
  since: dayIn(zone, row.changedAt),
  row,
});

/** The firm's in a pair that this person leads, and somebody else's to do. */
const isColleagues = (row: CommitmentRow, personId: string): boolean =>
  row.state === 'open' && row.side === 'firm' && row.leaderId === personId && row.ownerId !== personId;

const waitsForAgreement = (row: CommitmentRow, personId: string): boolean =>
  row.state === 'open' && (row.wantedDueOn !== null || row.wantsWithdrawal) && otherSideOf(row) === personId;

const DEALT_WITH = [
  'done',
  'moved',
  'wanted move',
  'wanted withdrawal',
  'withdrawn',
  'missed',
  'handed back',
  'accepted',
  'declined',
  'agreed',
  'not yet',
];

/** Where the day is as it was, so that it tells whether the bundle had named the promise. */
const SETTLED = ['done', 'missed', 'withdrawn'];

/** Done by this person since the bundle came, and there before it came. */
const isDealtWith = (row: CommitmentRow, personId: string, sentAt: Temporal.Instant | undefined): boolean =>
  row.lastBy === personId &&
  DEALT_WITH.includes(row.lastVerb) &&
  sentAt !== undefined &&
  Temporal.Instant.compare(row.createdAt, sentAt) <= 0 &&
  Temporal.Instant.compare(row.lastAt, sentAt) >= 0;

/**
 * The last thing that happened to each row which concerns this person and was not their own doing. What happened after
 * the bundle was sent is for the next one: nobody is told by an edited message.
 */
async function newsOf(
  trx: Transaction<Database>,
  person: Person,
  rows: CommitmentRow[],
  { since, sentAt }: Which,
): Promise<News[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const events = await findEventsSince(trx, person.workspaceId, [...byId.keys()], since);
  const last = new Map<string, Omit<News, 'byName'>>();
  for (const event of events) {
    if (sentAt && Temporal.Instant.compare(event.at, sentAt) > 0) continue;
    const row = byId.get(event.commitmentId);
    if (row && event.by !== person.id && concerns(row, event, person.id)) last.set(row.id, { row, event });
  }
  const told = [...last.values()];
  const people = await findPeople(
    trx,
    person.workspaceId,
    told.flatMap(({ event }) => event.by ?? []),
  );
  return told.map((one) => ({ ...one, byName: people.find(({ id }) => id === one.event.by)?.name ?? '' }));
}

/** Whether it is still so, and this person's to know. */
function concerns(row: CommitmentRow, { verb }: StoredEventOf, personId: string): boolean {
  const isOwner = row.ownerId === personId;
  const isPromisedTo = otherSideOf(row) === personId;
  switch (verb) {
    case 'done':
      return isPromisedTo && row.state === 'kept';
    case 'missed':
      return isPromisedTo && row.state === 'missed';
    case 'withdrawn':
      return isPromisedTo && row.state === 'withdrawn';
    case 'moved':
      return isPromisedTo && row.state === 'open';
    case 'accepted':
      // What a recap asked is answered by confirming the recap.
      return isAskersSide(row, personId) && row.recapId === null && row.state !== 'asked';
    case 'declined':
      return isAskersSide(row, personId) && row.state === 'declined';
    case 'lapsed':
      return isAskersSide(row, personId) && row.state === 'lapsed';
    case 'agreed':
    case 'not yet':
      return isOwner && row.state !== 'kept';
    case 'owner accepted':
    case 'owner passed':
    case 'handed back':
      return row.leaderId === personId && row.state === 'open';
    case 'owner changed':
      // Whoever takes a pair over has read its promises already.
      return isOwner && row.leaderId !== personId && row.state === 'open';
    default:
      return false;
  }
}
