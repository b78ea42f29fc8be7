import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database, HandOverTable } from '../db/schema.ts';
import type { Pair } from './store.ts';

export type HandOver = Selectable<HandOverTable>;
/** With the people of its pair as it is now: what permission and the screens need. */
export type PairedHandOver = HandOver &
  Pick<Pair, 'leaderId' | 'partnerId' | 'kind'> & {
    pairState: Pair['state'];
    authorId: string;
    addresseeId: string;
  };

/** Names the message that asks somebody to take a pair over. */
export const handOverKey = (id: string): string => `hand-over:${id}`;

const paired = (db: Kysely<Database>, workspaceId: string) =>
  db
    .selectFrom('handOver')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'handOver.workspaceId').onRef('pair.id', '=', 'handOver.pairId'),
    )
    .selectAll('handOver')
    .select(['pair.leaderId', 'pair.partnerId', 'pair.kind', 'pair.state as pairState'])
    .select(['handOver.fromId as authorId', 'handOver.toId as addresseeId'])
    .where('handOver.workspaceId', '=', workspaceId);

export function findHandOver(
  db: Kysely<Database>,
  workspaceId: string,
  id: string,
): Promise<PairedHandOver | undefined> {
  return paired(db, workspaceId).where('handOver.id', '=', id).executeTakeFirst();
}

/** What waits for the answer of the one who was asked to lead a pair. */
export function findOpenHandOver(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
): Promise<PairedHandOver | undefined> {
  return paired(db, workspaceId)
    .where('handOver.pairId', '=', pairId)
    .where('handOver.state', '=', 'open')
    .executeTakeFirst();
}

/** What waits for somebody's answer, in whosever pair. */
export function findHandOversTo(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
): Promise<PairedHandOver[]> {
  return paired(db, workspaceId).where('handOver.state', '=', 'open').where('handOver.toId', '=', personId).execute();
}

export async function insertHandOver(trx: Transaction<Database>, handOver: Insertable<HandOverTable>): Promise<void> {
  await trx.insertInto('handOver').values(handOver).execute();
}

/** Closes an open hand-over. False when somebody else was faster. */
export async function answerHandOver(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<HandOver, 'workspaceId' | 'id'>,
  state: 'taken' | 'refused' | 'withdrawn',
  now: Temporal.Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('handOver')
    .set({ state, answeredAt: now })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The pairs that somebody led and has handed over. */
export async function findHandedOver(db: Kysely<Database>, workspaceId: string, personId: string): Promise<string[]> {
  const given = await db
    .selectFrom('handOver')
    .select('pairId')
    .where('workspaceId', '=', workspaceId)
    .where('fromId', '=', personId)
    .where('state', '=', 'taken')
    .execute();
  return given.map(({ pairId }) => pairId);
}

/** Whether somebody led this pair and has handed it over since then. */
export async function hasLed(
  db: Kysely<Database>,
  { workspaceId, id }: Pick<Pair, 'workspaceId' | 'id'>,
  personId: string,
  since: Temporal.Instant,
): Promise<boolean> {
  const found = await db
    .selectFrom('handOver')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', id)
    .where('fromId', '=', personId)
    .where('state', '=', 'taken')
    .where('answeredAt', '>=', since)
    .executeTakeFirst();
  return found !== undefined;
}
