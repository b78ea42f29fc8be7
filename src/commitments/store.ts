import { type ExpressionBuilder, expressionBuilder, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
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
const prepared = (db: Kysely<Database>) => rows(db).modifyFront(sql.raw(PREPARED));

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

/** Some of what somebody owns that is open, in whosever pair. */
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
    .limit(atMost)
    .execute();
}

/** Some of what somebody asked for in these pairs that nobody has answered. */
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

/** The next of what somebody owns for the firm, or is asked to: those after `afterId`, by id. */
export async function findForFirm(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  { afterId, atMost }: { afterId: string | undefined; atMost: number },
): Promise<string[]> {
  const of = sql`workspace_id = ${workspaceId} and side = 'firm' and id > ${afterId ?? NIL}::uuid`;
  const { rows: found } = await sql<{ id: string }>`
    select id from commitment where ${of} and owner_id = ${personId} and state in ('asked', 'open')
    union
    select id from commitment where ${of} and asked_owner_id is not null and asked_owner_id = ${personId}
    order by id limit ${atMost}`.execute(db);
  return found.map(({ id }) => id);
}

/** Before every id. */
const NIL = '00000000-0000-0000-0000-000000000000';

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
