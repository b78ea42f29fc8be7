import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { type CommitmentRow, findCommitments, lockCommitments, rows, SCREENFUL } from './store.ts';

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

/** Some of what somebody owns that is open, in whosever pair, in the order in which they are locked. */
export function findOpenOf(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  atMost: number,
): Promise<CommitmentRow[]> {
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.ownerId', '=', personId)
    .where('commitment.state', 'in', ['asked', 'open']) // the partial index's predicate, word for word
    .where('commitment.state', '=', 'open')
    .orderBy('commitment.dueOn')
    .orderBy('commitment.id')
    .limit(atMost)
    .execute();
}

/** Some of what somebody asked for in these pairs that nobody has answered, in the order in which they are locked. */
export function findAskedBy(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  pairIds: readonly string[],
  atMost: number,
): Promise<CommitmentRow[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where(sql<boolean>`commitment.pair_id = any(${[...pairIds]}::uuid[])`)
    .where('commitment.state', '=', 'asked')
    .where('commitment.askedBy', '=', personId)
    .orderBy('commitment.dueOn')
    .orderBy('commitment.id')
    .limit(atMost)
    .execute();
}

/** The first of somebody's own open promises in these pairs, by due day, and how many there are. */
export async function findOwnOpen(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  pairIds: readonly string[],
  atMost: number,
): Promise<Some> {
  if (pairIds.length === 0) return { rows: [], count: 0 };
  const own = (eb: ExpressionBuilder<Database, 'commitment'>) =>
    eb.and([
      eb('commitment.workspaceId', '=', workspaceId),
      eb('commitment.ownerId', '=', personId),
      eb('commitment.state', 'in', ['asked', 'open']), // the partial index's predicate, word for word
      eb('commitment.state', '=', 'open'),
      sql<boolean>`commitment.pair_id = any(${[...pairIds]}::uuid[])`,
    ]);
  const first = db
    .selectFrom('commitment')
    .select('commitment.id')
    .where(own)
    .orderBy('dueOn')
    .orderBy('commitment.id');
  const ids = (await first.limit(atMost).execute()).map(({ id }) => id);
  const counted = db.selectFrom('commitment').select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'));
  const count = ids.length < atMost ? ids.length : (await counted.where(own).executeTakeFirstOrThrow()).count;
  return { rows: await findCommitments(db, workspaceId, ids), count };
}

/** Some of what there is, and how many there are in all. */
export type Some = { rows: CommitmentRow[]; count: number };

/** What somebody owns or is asked to answer in pairs that are not theirs, by due day; `pairIds` are those that are. */
export function findOwnedElsewhere(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  pairIds: readonly string[],
): Promise<CommitmentRow[]> {
  return (
    rows(db)
      .where('commitment.workspaceId', '=', workspaceId)
      .where('commitment.ownerId', '=', personId)
      .where('commitment.state', 'in', ['asked', 'open'])
      // Leaves most of it out before any pair is looked at.
      .where(sql<boolean>`commitment.pair_id <> all(${[...pairIds]}::uuid[])`)
      .where('pair.leaderId', '!=', personId)
      .where('pair.partnerId', '!=', personId)
      .orderBy('commitment.dueOn')
      .limit(SCREENFUL)
      .execute()
  );
}

/**
 * What waits for somebody's word, by due day: asks of them, those that lapsed since then, what they are asked to own, and
 * changes of what was promised to them. `offersOf` says what of it they can still do.
 */
export function findWaitingOn(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  pairIds: readonly string[],
  lapsedSince: Temporal.PlainDate,
): Promise<CommitmentRow[]> {
  const of = sql`workspace_id = ${workspaceId}`;
  const inPairs = sql`pair_id = any(${[...pairIds]}::uuid[])`;
  const ids = sql<string>`
    select id from commitment where ${of} and owner_id = ${personId} and state in ('asked', 'open') and state = 'asked'
    union all
    select id from commitment where ${of} and ${inPairs} and state = 'lapsed' and due_on >= ${lapsedSince}::date
      and owner_id = ${personId}
    union all
    select id from commitment where ${of} and asked_owner_id is not null and asked_owner_id = ${personId}
    union all
    select id from commitment where ${of} and ${inPairs} and state = 'open'
      and (wanted_due_on is not null or wants_withdrawal)`;
  return rows(db)
    .where('commitment.workspaceId', '=', workspaceId)
    .where(sql<boolean>`commitment.id in (${ids})`)
    .orderBy('commitment.dueOn')
    .orderBy('commitment.id')
    .limit(SCREENFUL)
    .execute();
}

/** Who still owes something for the firm, or is asked for it, and has no account any more. */
export async function findGoneOwners(db: Kysely<Database>, workspaceId: string): Promise<string[]> {
  const gone = await db
    .selectFrom('commitment')
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .select('commitment.ownerId')
    .distinct()
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.side', '=', 'firm')
    .where('commitment.state', 'in', ['asked', 'open'])
    .where('owner.active', '=', false)
    .execute();
  return gone.map(({ ownerId }) => ownerId);
}

/**
 * The next of what somebody owns for the firm, or is asked to: those after `afterId`, in the order in which they are
 * locked. Needs that one locked or untouched, so that its due day tells its place.
 */
export async function findForFirm(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  { afterId, atMost }: { afterId: string | undefined; atMost: number },
): Promise<string[]> {
  const last = sql`select due_on, id from commitment where workspace_id = ${workspaceId} and id = ${afterId}`;
  const after = afterId === undefined ? sql`` : sql`and (due_on, id) > (${last})`;
  const of = sql`workspace_id = ${workspaceId} and side = 'firm' ${after}`;
  const { rows: found } = await sql<{ id: string }>`
    select id, due_on from commitment where ${of} and owner_id = ${personId} and state in ('asked', 'open')
    union
    select id, due_on from commitment where ${of} and asked_owner_id is not null and asked_owner_id = ${personId}
    order by due_on, id limit ${atMost}`.execute(db);
  return found.map(({ id }) => id);
}

/** Locks what somebody owns that is asked or open, and what they are asked to own, in whosever pair. */
export async function lockAllOf(trx: Transaction<Database>, workspaceId: string, personId: string): Promise<void> {
  const { rows: found } = await sql<{ id: string }>`
    select id from commitment where workspace_id = ${workspaceId} and owner_id = ${personId} and state in ('asked', 'open')
    union
    select id from commitment
      where workspace_id = ${workspaceId} and asked_owner_id is not null and asked_owner_id = ${personId}`.execute(trx);
  await lockCommitments(
    trx,
    workspaceId,
    found.map(({ id }) => id),
  );
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
