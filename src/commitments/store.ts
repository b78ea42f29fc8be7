import type { Kysely, Selectable, Transaction } from 'kysely';
import type { CommitmentTable, Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { dayIn } from '../ground/zoned.ts';
import { dueDayEnds } from '../people/rules.ts';
import { type CommitmentEvent, type EventVerb, type Facts, factsOf, type Recorded } from './facts.ts';
import { type FigureRow, figuresOf, LONG_WINDOW, type PairFigures } from './figures.ts';
import type { StoredEvent } from './rules.ts';

export type Commitment = Selectable<CommitmentTable>;

/** A commitment with all that permission, rules and screens ask of it. */
export type CommitmentRow = Commitment & {
  leaderId: string;
  partnerId: string;
  kind: 'contractor' | 'report';
  leaderName: string;
  partnerName: string;
  ownerName: string;
  ownerZone: string;
  askedOwnerName: string | null;
  /** Its last event, for an undo. */
  lastId: string;
  lastVerb: string;
  lastBy: string | null;
  lastAt: Temporal.Instant;
};

/** The most that one screen ever asks for. */
const SCREENFUL = 500;

function rows(db: Kysely<Database>) {
  return db
    .selectFrom('commitment')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .innerJoin('commitmentEvent as last', (join) =>
      join
        .onRef('last.workspaceId', '=', 'commitment.workspaceId')
        .onRef('last.commitmentId', '=', 'commitment.id')
        .onRef('last.version', '=', 'commitment.version'),
    )
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .innerJoin('person as leader', (join) =>
      join.onRef('leader.workspaceId', '=', 'pair.workspaceId').onRef('leader.id', '=', 'pair.leaderId'),
    )
    .innerJoin('person as partner', (join) =>
      join.onRef('partner.workspaceId', '=', 'pair.workspaceId').onRef('partner.id', '=', 'pair.partnerId'),
    )
    .leftJoin('person as colleague', (join) =>
      join
        .onRef('colleague.workspaceId', '=', 'commitment.workspaceId')
        .onRef('colleague.id', '=', 'commitment.askedOwnerId'),
    )
    .selectAll('commitment')
    .select([
      'pair.leaderId',
      'pair.partnerId',
      'pair.kind',
      'leader.name as leaderName',
      'partner.name as partnerName',
      'owner.name as ownerName',
      'owner.zone as ownerZone',
      'colleague.name as askedOwnerName',
      'last.id as lastId',
      'last.verb as lastVerb',
      'last.byId as lastBy',
      'last.at as lastAt',
    ]);
}

export function findCommitment(
  db: Kysely<Database>,
  workspaceId: string,
  id: string,
): Promise<CommitmentRow | undefined> {
  return rows(db).where('commitment.workspaceId', '=', workspaceId).where('commitment.id', '=', id).executeTakeFirst();
}

export function lockCommitment(
  trx: Transaction<Database>,
  workspaceId: string,
  id: string,
): Promise<CommitmentRow | undefined> {
  return rows(trx)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.id', '=', id)
    .forUpdate('commitment')
    .executeTakeFirst();
}

/** What stands in these pairs' two columns: asked, open, and lapsed asks that nobody has taken up again; by due day. */
export function findStanding(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  lapsedSince?: Temporal.PlainDate,
): Promise<CommitmentRow[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.pairId', 'in', pairIds)
    .where((eb) =>
      eb.or([
        eb('commitment.state', 'in', ['asked', 'open']),
        ...(lapsedSince
          ? [eb.and([eb('commitment.state', '=', 'lapsed'), eb('commitment.dueOn', '>=', lapsedSince)])]
          : []),
      ]),
    )
    .orderBy('commitment.dueOn')
    .orderBy('commitment.id')
    .limit(SCREENFUL * 8)
    .execute();
}

/** What was said to be kept since then, newest first: where the other side may say "not yet". */
export function findKeptSince(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  since: Temporal.Instant,
): Promise<CommitmentRow[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.pairId', 'in', pairIds)
    .where('commitment.state', '=', 'kept')
    .where('commitment.changedAt', '>=', since)
    .where('commitment.keptAt', '>=', since)
    .orderBy('commitment.keptAt', 'desc')
    .limit(SCREENFUL)
    .execute();
}

/** What somebody owns or is asked to answer, in whosever pair, by due day. */
export function findOwnedBy(db: Kysely<Database>, workspaceId: string, personId: string): Promise<CommitmentRow[]> {
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.ownerId', '=', personId)
    .where('commitment.state', 'in', ['asked', 'open'])
    .orderBy('commitment.dueOn')
    .limit(SCREENFUL)
    .execute();
}

/** What a colleague is asked to own. */
export function findAskedToOwn(db: Kysely<Database>, workspaceId: string, personId: string): Promise<CommitmentRow[]> {
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.askedOwnerId', '=', personId)
    .orderBy('commitment.dueOn')
    .limit(SCREENFUL)
    .execute();
}

/** The rows that a recap wrote, in the order in which they were written. */
export function findOfRecap(db: Kysely<Database>, workspaceId: string, recapId: string): Promise<CommitmentRow[]> {
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.recapId', '=', recapId)
    .orderBy('commitment.id')
    .execute();
}

/** What changed in these pairs since then. */
export function findChangedSince(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  since: Temporal.Instant,
): Promise<CommitmentRow[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.pairId', 'in', pairIds)
    .where('commitment.changedAt', '>', since)
    .orderBy('commitment.changedAt')
    .limit(SCREENFUL)
    .execute();
}

/** What changed since then of what somebody owns in pairs other than these. */
export function findElsewhereSince(
  db: Kysely<Database>,
  workspaceId: string,
  ownerId: string,
  pairIds: readonly string[],
  since: Temporal.Instant,
): Promise<CommitmentRow[]> {
  const changed = rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.ownerId', '=', ownerId)
    .where('commitment.changedAt', '>', since)
    .orderBy('commitment.changedAt')
    .limit(SCREENFUL);
  return (pairIds.length === 0 ? changed : changed.where('commitment.pairId', 'not in', pairIds)).execute();
}

export type StoredEventOf = StoredEvent & { commitmentId: string };

/** The events of these commitments since then, oldest first. */
export async function findEventsSince(
  db: Kysely<Database>,
  workspaceId: string,
  commitmentIds: readonly string[],
  since: Temporal.Instant,
): Promise<StoredEventOf[]> {
  if (commitmentIds.length === 0) return [];
  const found = await db
    .selectFrom('commitmentEvent')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('commitmentId', 'in', commitmentIds)
    .where('at', '>', since)
    .orderBy('commitmentId')
    .orderBy('version')
    .execute();
  return found.map((event) => ({ ...storedEvent(event), commitmentId: event.commitmentId }));
}

/** All of a commitment's events, newest first. */
export async function findHistory(db: Kysely<Database>, workspaceId: string, id: string): Promise<StoredEvent[]> {
  const found = await db
    .selectFrom('commitmentEvent')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('commitmentId', '=', id)
    .orderBy('version', 'desc')
    .execute();
  return found.map(storedEvent);
}

type EventRow = {
  id: string;
  verb: string;
  at: Temporal.Instant;
  byId: string | null;
  before: Recorded;
  after: Recorded;
  reason: string | null;
};

const storedEvent = ({ id, verb, at, byId, before, after, reason }: EventRow): StoredEvent => ({
  id,
  verb: verb as EventVerb,
  at,
  by: byId,
  before,
  after,
  ...(reason !== null && { reason }),
});

export type NewCommitment = Pick<
  Commitment,
  'workspaceId' | 'id' | 'pairId' | 'writtenBy' | 'text' | 'recapId' | 'permalink'
>;

/** Writes a commitment with its first event. */
export async function insertCommitment(
  trx: Transaction<Database>,
  { text, ...one }: NewCommitment,
  facts: Facts,
  event: CommitmentEvent & { id: string },
  ownerZone: string,
): Promise<void> {
  await trx
    .insertInto('commitment')
    .values({
      ...one,
      ...columnsOf(facts),
      side: facts.side,
      askedBy: facts.askedBy,
      text: seal(text),
      fallsDueAt: dueDayEnds(facts.dueOn, ownerZone),
      createdAt: event.at,
      changedAt: event.at,
    })
    .execute();
  await insertEvents(trx, one.workspaceId, one.id, 1, [event]);
}

/** Writes the new facts with the events that led to them. Needs the row locked, or at least the version that it had. */
export async function updateCommitment(
  trx: Transaction<Database>,
  one: Pick<Commitment, 'workspaceId' | 'id' | 'version'>,
  facts: Facts,
  events: (CommitmentEvent & { id: string })[],
  fallsDueAt: Temporal.Instant | null,
): Promise<void> {
  const last = events.at(-1);
  await trx
    .updateTable('commitment')
    .set({
      ...columnsOf(facts),
      fallsDueAt,
      version: one.version + events.length,
      ...(last && { changedAt: last.at }),
    })
    .where('workspaceId', '=', one.workspaceId)
    .where('id', '=', one.id)
    .where('version', '=', one.version)
    .executeTakeFirstOrThrow();
  await insertEvents(trx, one.workspaceId, one.id, one.version + 1, events);
}

const columnsOf = (facts: Facts) => {
  const { side: _side, askedBy: _askedBy, ...changing } = factsOf(facts);
  return changing;
};

async function insertEvents(
  trx: Transaction<Database>,
  workspaceId: string,
  commitmentId: string,
  firstVersion: number,
  events: (CommitmentEvent & { id: string })[],
): Promise<void> {
  if (events.length === 0) return;
  await trx
    .insertInto('commitmentEvent')
    .values(
      events.map(({ id, verb, at, by, before, after, reason }, place) => ({
        workspaceId,
        id,
        commitmentId,
        version: firstVersion + place,
        at,
        byId: by,
        verb,
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        reason: reason === undefined ? null : seal(reason),
      })),
    )
    .execute();
}

/** As if it had never been written: its events go with it. */
export async function deleteCommitment(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Commitment, 'workspaceId' | 'id'>,
): Promise<void> {
  await trx.deleteFrom('commitment').where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

/** Which commitment an event belongs to. */
export async function findByEvent(
  db: Kysely<Database>,
  workspaceId: string,
  eventId: string,
): Promise<string | undefined> {
  const event = await db
    .selectFrom('commitmentEvent')
    .select('commitmentId')
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', eventId)
    .executeTakeFirst();
  return event?.commitmentId;
}

export async function setFallsDueAt(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Commitment, 'workspaceId' | 'id'>,
  fallsDueAt: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('commitment')
    .set({ fallsDueAt })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Locks the commitments whose day ends, longest waiting first; another process skips them. */
export function lockFallingDue(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
): Promise<CommitmentRow[]> {
  return rows(trx)
    .where('commitment.fallsDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('commitment.fallsDueAt', '<=', now)
    .orderBy('commitment.fallsDueAt')
    .limit(atMost)
    .forUpdate('commitment')
    .skipLocked()
    .execute();
}

/** What the firm promised and has not done, due by then, of pairs of these kinds: what the channel may be told of. */
export function findFirmOpen(
  db: Kysely<Database>,
  workspaceId: string,
  kinds: readonly ('contractor' | 'report')[],
  dueBy: Temporal.PlainDate,
): Promise<CommitmentRow[]> {
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.side', '=', 'firm')
    .where('commitment.state', '=', 'open')
    .where('commitment.dueOn', '<=', dueBy)
    .where('pair.kind', 'in', kinds)
    .orderBy('commitment.dueOn')
    .orderBy('commitment.id')
    .execute();
}

/** One or several pairs, or the firm's side over all pairs, of these kinds where they are named. */
export type FigureScope = { workspaceId: string } & (
  | { pairIds: readonly string[] }
  | { side: 'firm'; kinds?: readonly ('contractor' | 'report')[] }
);

/** What may count in a window that begins at `from`; `figures.ts` decides what does. */
export async function findFigureRows(
  db: Kysely<Database>,
  scope: FigureScope,
  from: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<FigureRow[]> {
  if ('pairIds' in scope && scope.pairIds.length === 0) return [];
  const found = await db
    .selectFrom('commitment')
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .select(['commitment.pairId', 'side', 'commitment.state', 'dueOn', 'firstUnkeptOn', 'owner.zone as ownerZone'])
    .where('commitment.workspaceId', '=', scope.workspaceId)
    .where('commitment.state', 'in', ['open', 'kept', 'missed', 'withdrawn'])
    // No due day is earlier than the first that passed, so this leaves out nothing.
    .where('dueOn', '>=', from)
    .where((eb) =>
      'pairIds' in scope
        ? eb('commitment.pairId', 'in', scope.pairIds)
        : eb.and([eb('side', '=', 'firm'), eb('pair.kind', 'in', scope.kinds ?? ['contractor', 'report'])]),
    )
    .execute();
  return found.map(({ ownerZone, ...row }) => ({ ...row, ownerToday: dayIn(ownerZone, now) }));
}

/** Kept, fallen due and the rest of a pair's ledger are counted in the workspace's own days. */
export async function findWorkspaceZone(db: Kysely<Database>, workspaceId: string): Promise<string> {
  const { zone } = await db
    .selectFrom('workspace')
    .select('zone')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return zone;
}

export type PairLedger = { rows: CommitmentRow[]; figures: PairFigures };

const STILL_SHOWN = { hours: 7 * 24 };

/** What stands in these pairs' columns, what was kept in the last seven days, and both sides' rates. */
export async function findLedgers(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, PairLedger>> {
  const today = dayIn(await findWorkspaceZone(db, workspaceId), now);
  const lapsedSince = today.subtract({ days: 14 });
  const standing = await findStanding(db, workspaceId, pairIds, lapsedSince);
  const kept = await findKeptSince(db, workspaceId, pairIds, now.subtract(STILL_SHOWN));
  const counted = await findFigureRows(db, { workspaceId, pairIds }, today.subtract({ days: LONG_WINDOW }), now);
  const all = Map.groupBy([...standing, ...kept], (row) => row.pairId);
  const figures = Map.groupBy(counted, (row) => row.pairId);
  return new Map(
    pairIds.map((id) => [id, { rows: all.get(id) ?? [], figures: figuresOf(figures.get(id) ?? [], today) }]),
  );
}
