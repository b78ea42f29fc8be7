import { expressionBuilder, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { PREPARED } from '../db/prepared.ts';
import type { CommitmentTable, Database } from '../db/schema.ts';

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
export const SCREENFUL = 500;

/** Every commitment there is: whoever asks says whose. */
export function rows(db: Kysely<Database>) {
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
    .selectAll('commitment')
    .select(['pair.leaderId', 'pair.partnerId', 'pair.kind', 'owner.name as ownerName', 'owner.zone as ownerZone'])
    .select([
      nameOf('pair.leaderId').as('leaderName'),
      nameOf('pair.partnerId').as('partnerName'),
      nameOf('commitment.askedOwnerId').$castTo<string | null>().as('askedOwnerName'),
    ])
    .select(['last.id as lastId', 'last.verb as lastVerb', 'last.byId as lastBy', 'last.at as lastAt']);
}

/** Five joins take longer to plan than to run. */
const prepared = (db: Kysely<Database>) => rows(db).modifyFront(PREPARED);

/** Looked up for each row: to weigh every order of seven joins takes the planner longer than all the rest. */
const nameOf = (id: 'pair.leaderId' | 'pair.partnerId' | 'commitment.askedOwnerId') =>
  expressionBuilder<Database, 'commitment' | 'pair'>()
    .selectFrom('person as named')
    .whereRef('named.workspaceId', '=', 'commitment.workspaceId')
    .whereRef('named.id', '=', id)
    .select('named.name')
    .$asScalar();

export function findCommitment(
  db: Kysely<Database>,
  workspaceId: string,
  id: string,
): Promise<CommitmentRow | undefined> {
  return prepared(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.id', '=', id)
    .executeTakeFirst();
}

export function findCommitments(
  db: Kysely<Database>,
  workspaceId: string,
  ids: readonly string[],
): Promise<CommitmentRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return rows(db).where('commitment.workspaceId', '=', workspaceId).where('commitment.id', 'in', ids).execute();
}

/**
 * Locked, and only then read: a row that another act changed while this one waited would be joined to the owner and the
 * last event that it had before, and not be found.
 */
export async function lockCommitment(
  trx: Transaction<Database>,
  workspaceId: string,
  id: string,
): Promise<CommitmentRow | undefined> {
  await trx
    .selectFrom('commitment')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .forUpdate()
    .execute();
  return findCommitment(trx, workspaceId, id);
}

/**
 * Locks several at once, by due day, then id. So that no two wait for each other, every transaction that waits for rows
 * takes them in one order: pairs by id (`lockPairs`), with what is negotiated, handed over or on the agenda there;
 * meetings (`lockPlanned`); commitments; messages (`refreshPosted`, `enqueue`); and at its end the workspace, then people
 * by id (`db/lastly`). Whoever changes several of a kind locks all of them before going on to the next kind. What the
 * tick takes with `skip locked` waits for nobody, so it may begin anywhere, and goes on in this order; but for the day's
 * bundles, which hold people while their messages are enqueued: should that ever close a circle, the next tick tries again.
 */
export async function lockCommitments(
  trx: Transaction<Database>,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .selectFrom('commitment')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .orderBy('dueOn')
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** What stands in these pairs' two columns: asked, open, and lapsed asks that nobody has taken up again; by due day. */
export function findStanding(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  lapsedSince?: Temporal.PlainDate,
): Promise<CommitmentRow[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return prepared(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where(sql<boolean>`commitment.pair_id = any(${[...pairIds]}::uuid[])`)
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

/** What this person wrote in this pair since then, and still stands. */
export function findWrittenSince(
  db: Kysely<Database>,
  { workspaceId, pairId, authorId }: { workspaceId: string; pairId: string; authorId: string },
  since: Temporal.Instant,
): Promise<Pick<Commitment, 'id' | 'side' | 'text' | 'dueOn'>[]> {
  return db
    .selectFrom('commitment')
    .modifyFront(PREPARED)
    .select(['id', 'side', 'text', 'dueOn'])
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .where('changedAt', '>=', since) // what the index has
    .where('createdAt', '>=', since)
    .where('writtenBy', '=', authorId)
    .where('state', 'in', ['asked', 'open'])
    .execute();
}

/** Locks what stands in a pair's two columns: for whoever will change some of it after other rows. */
export async function lockStanding(
  trx: Transaction<Database>,
  { workspaceId, pairId }: Pick<Commitment, 'workspaceId' | 'pairId'>,
  lapsedSince?: Temporal.PlainDate,
): Promise<void> {
  const standing = await findStanding(trx, workspaceId, [pairId], lapsedSince);
  await lockCommitments(
    trx,
    workspaceId,
    standing.map(({ id }) => id),
  );
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
