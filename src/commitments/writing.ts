import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn } from '../ground/zoned.ts';
import { allowed } from '../pairs/permission.ts';
import type { Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { announce } from './announce.ts';
import { type DigestLine, digestLineOf } from './digest-line.ts';
import type { CommitmentEvent, Facts, Side } from './facts.ts';
import { ownSideOf, write } from './rules.ts';
import { type CommitmentRow, findCommitment, findWrittenSince } from './store.ts';
import { insertCommitment } from './write-store.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;
type PairOf = Pick<Pair, 'workspaceId' | 'id' | 'leaderId' | 'partnerId' | 'kind'>;

/** What is to be written down: by whom it is owed follows from the side. */
export type Entry = {
  side: Side;
  text: string;
  dueOn: Temporal.PlainDate;
  priority: 'now' | 'later';
  colleagueId?: string;
  permalink?: string;
};

export const GONE = 'That is not there any more, or not yours. `/accord ledger` shows what stands.';
const SAME_LINE_WITHIN = { minutes: 2 };

/** What would be written, with the words that the digest would show of it. */
type Drafted = { facts: Facts; event: CommitmentEvent; owner: Person; people: Person[]; digest: DigestLine };

/** Decides all that decides whether it can be written, and writes nothing. */
export async function draftCommitment(
  trx: Trx,
  deps: Working,
  pair: PairOf,
  author: Person,
  entry: Entry,
): Promise<Outcome<Drafted>> {
  const isOwn = ownSideOf({ ...pair, side: entry.side }) === author.id;
  if (!(await allowed(trx, deps, author, isOwn ? 'promise' : 'ask', pair))) return refuse(GONE);
  const people = await findPeople(trx, pair.workspaceId, [pair.leaderId, pair.partnerId, entry.colleagueId ?? '']);
  const owner = people.find((person) => person.id === ownSideOf({ ...pair, side: entry.side }));
  if (!owner) return refuse(GONE);
  const now = deps.clock();
  const digest = lineFor(entry, pair, owner.name, people);
  const draft = { ...entry, act: isOwn ? ('promise' as const) : ('ask' as const), digestLine: digest.line };
  const written = write(draft, pair, { now, today: dayIn(owner.zone, now), by: author.id });
  if (!written.ok) return written;

  const { facts, events } = written.value;
  const [event] = events;
  if (!event) throw new Error('A commitment begins with an event');
  return done({ facts, event, owner, people, digest });
}

export type Written = { row: CommitmentRow; digest: DigestLine };

/** What an author writes on their own side is open at once; on the other's it is an ask. */
export async function writeCommitment(
  trx: Trx,
  deps: Working,
  pair: PairOf,
  author: Person,
  entry: Entry,
  from: { recapId?: string } = {},
): Promise<Outcome<Written>> {
  const drafted = await draftCommitment(trx, deps, pair, author, entry);
  if (!drafted.ok) return drafted;
  const { facts, owner, people, digest } = drafted.value;
  const one = { workspaceId: pair.workspaceId, id: deps.newId(), pairId: pair.id, writtenBy: author.id };
  const event = { ...drafted.value.event, id: deps.newId() };
  const origin = { recapId: from.recapId ?? null, permalink: entry.permalink ?? null };
  await insertCommitment(trx, { ...one, ...origin, text: entry.text }, facts, event, owner.zone);
  const row = await findCommitment(trx, pair.workspaceId, one.id);
  if (!row) throw new Error('What was written is not there');
  await announce(trx, deps, row, undefined, { people });
  return done({ row, digest });
}

/** The rows of a recap, all or none: a refusal names the row by its place as its field. */
export async function writeCommitments(
  trx: Trx,
  deps: Working,
  pair: PairOf,
  author: Person,
  entries: readonly Entry[],
  from: { recapId: string },
): Promise<Outcome<CommitmentRow[]>> {
  const rows: CommitmentRow[] = [];
  for (const [place, entry] of entries.entries()) {
    const written = await writeCommitment(trx, deps, pair, author, entry, from);
    if (!written.ok) return refuse(written.why, String(place));
    rows.push(written.value.row);
  }
  return done(rows);
}

/** The words that the digest may show of this, or why it may not. Items of report pairs are kept out unless put in. */
export function lineFor(
  { side, text }: Pick<Entry, 'side' | 'text'>,
  pair: Pick<Pair, 'kind' | 'leaderId' | 'partnerId'>,
  ownerName: string,
  people: readonly Pick<Person, 'id' | 'name' | 'handle'>[],
): DigestLine {
  if (side !== 'firm') return { line: null, because: 'only what the firm promised is in the digest' };
  if (pair.kind === 'report') return { line: null, because: 'what is promised to a report stays out unless put in' };
  const others = people.filter((person) => person.name !== ownerName);
  return digestLineOf(text, { ownerName, otherNames: others.flatMap(({ name, handle }) => [name, handle]) });
}

/** The same line by the same writer within two minutes: most likely sent twice. Needs `lockPair`. */
export async function findSameLine(
  trx: Trx,
  deps: Working,
  { workspaceId, id: pairId }: PairOf,
  authorId: string,
  { side, text, dueOn }: Entry,
): Promise<CommitmentRow | undefined> {
  const since = deps.clock().subtract(SAME_LINE_WITHIN);
  const written = await findWrittenSince(trx, { workspaceId, pairId, authorId }, since);
  const same = written.find((one) => one.side === side && one.text === text && one.dueOn.equals(dueOn));
  return same && findCommitment(trx, workspaceId, same.id);
}
