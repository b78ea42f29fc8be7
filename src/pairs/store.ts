import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { PREPARED } from '../db/prepared.ts';
import type { Database, PairTable } from '../db/schema.ts';

export type Pair = Selectable<PairTable>;

const LIVE = ['proposed', 'active'] as const;

/** The first pair's leader also gives the workspace its zone, until its settings say otherwise. */
export async function insertPair(trx: Transaction<Database>, pair: Insertable<PairTable>): Promise<Pair> {
  await sql`
    update workspace w set zone = p.zone from person p
    where w.id = ${pair.workspaceId} and w.version = 1 and p.workspace_id = w.id and p.id = ${pair.leaderId}
      and not exists (select from pair where pair.workspace_id = w.id)`.execute(trx);
  return trx.insertInto('pair').values(pair).returningAll().executeTakeFirstOrThrow();
}

export function findPair(db: Kysely<Database>, workspaceId: string, id: string): Promise<Pair | undefined> {
  return db
    .selectFrom('pair')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export function lockPair(trx: Transaction<Database>, workspaceId: string, id: string): Promise<Pair | undefined> {
  return trx
    .selectFrom('pair')
    .modifyFront(PREPARED)
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** Locks several at once, by id, as whoever locks more than one does. */
export async function lockPairs(
  trx: Transaction<Database>,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .selectFrom('pair')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** The pairs that somebody is in now, as leader or partner, oldest first. */
export function findPairsOf(db: Kysely<Database>, workspaceId: string, personId: string): Promise<Pair[]> {
  return db
    .selectFrom('pair')
    .modifyFront(PREPARED)
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('state', 'in', LIVE)
    .where((eb) => eb.or([eb('leaderId', '=', personId), eb('partnerId', '=', personId)]))
    .orderBy('createdAt')
    .execute();
}

/** The pairs that somebody is in or was in until they ended, newest first. */
export function findPairsEver(db: Kysely<Database>, workspaceId: string, personId: string): Promise<Pair[]> {
  return db
    .selectFrom('pair')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where((eb) => eb.or([eb('leaderId', '=', personId), eb('partnerId', '=', personId)]))
    .orderBy('createdAt', 'desc')
    .execute();
}

/** The one live pair of these two, whoever leads it. */
export function findPairBetween(
  db: Kysely<Database>,
  workspaceId: string,
  one: string,
  other: string,
): Promise<Pair | undefined> {
  return db
    .selectFrom('pair')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('state', 'in', LIVE)
    .where((eb) =>
      eb.or([
        eb.and([eb('leaderId', '=', one), eb('partnerId', '=', other)]),
        eb.and([eb('leaderId', '=', other), eb('partnerId', '=', one)]),
      ]),
    )
    .executeTakeFirst();
}

export async function updatePair(
  trx: Transaction<Database>,
  pair: Pick<Pair, 'workspaceId' | 'id'>,
  change: Partial<
    Pick<
      Pair,
      'state' | 'kind' | 'complexity' | 'agreedAt' | 'endedAt' | 'planDueAt' | 'pausedAt' | 'reviewDueAt' | 'leaderId'
    >
  >,
): Promise<Pair> {
  return trx
    .updateTable('pair')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('workspaceId', '=', pair.workspaceId)
    .where('id', '=', pair.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Somebody is back: what was not planned while they were gone is planned from now on. Needs `lockPairs`. */
export async function resumePlanning(
  trx: Transaction<Database>,
  workspaceId: string,
  personId: string,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('pair')
    .set({ planDueAt: now })
    .where('workspaceId', '=', workspaceId)
    .where('state', '=', 'active')
    .where('pausedAt', 'is not', null)
    .where((eb) => eb.or([eb('leaderId', '=', personId), eb('partnerId', '=', personId)]))
    .execute();
}
