import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { AgendaItemTable, Database, PairTable } from '../db/schema.ts';
import type { Meeting } from './store.ts';

export type AgendaItem = Selectable<AgendaItemTable>;
/** An item with the people of its pair and who wrote it. */
export type PairedAgendaItem = AgendaItem &
  Pick<PairTable, 'leaderId'> & { partnerId: string; authorId: string; authorName: string };

function items(db: Kysely<Database>) {
  return db
    .selectFrom('agendaItem')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'agendaItem.workspaceId').onRef('pair.id', '=', 'agendaItem.pairId'),
    )
    .innerJoin('person as author', (join) =>
      join.onRef('author.workspaceId', '=', 'agendaItem.workspaceId').onRef('author.id', '=', 'agendaItem.byId'),
    )
    .selectAll('agendaItem')
    .select(['pair.leaderId', 'pair.partnerId', 'agendaItem.byId as authorId', 'author.name as authorName']);
}

/** What these pairs still have to talk about, oldest first. */
export function findAgenda(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
): Promise<PairedAgendaItem[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  return items(db)
    .where('agendaItem.workspaceId', '=', workspaceId)
    .where('agendaItem.pairId', 'in', pairIds)
    .where('agendaItem.meetingId', 'is', null) // the partial index's predicate
    .where('agendaItem.removedAt', 'is', null)
    .orderBy('agendaItem.createdAt')
    .orderBy('agendaItem.id')
    .execute();
}

export function findAgendaItem(
  db: Kysely<Database>,
  workspaceId: string,
  id: string,
): Promise<PairedAgendaItem | undefined> {
  return items(db).where('agendaItem.workspaceId', '=', workspaceId).where('agendaItem.id', '=', id).executeTakeFirst();
}

export async function insertAgendaItem(trx: Transaction<Database>, item: Insertable<AgendaItemTable>): Promise<void> {
  await trx.insertInto('agendaItem').values(item).execute();
}

/** False when it was removed or talked about already. */
export async function removeAgendaItem(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<AgendaItem, 'workspaceId' | 'id'>,
  now: Temporal.Instant,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('agendaItem')
    .set({ removedAt: now })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .where('meetingId', 'is', null)
    .where('removedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** What was on the agenda of a meeting that was held has been talked about; what was added after it waits for the next. */
export async function closeAgenda(
  trx: Transaction<Database>,
  { workspaceId, id, pairId }: Pick<Meeting, 'workspaceId' | 'id' | 'pairId'>,
  addedBefore: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('agendaItem')
    .set({ meetingId: id })
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .where('meetingId', 'is', null)
    .where('removedAt', 'is', null)
    .where('createdAt', '<', addedBefore)
    .execute();
}

/** The agenda as a meeting left it, for its card: what was talked about there. */
export function findTalkedAbout(
  db: Kysely<Database>,
  workspaceId: string,
  meetingId: string,
): Promise<PairedAgendaItem[]> {
  return items(db)
    .where('agendaItem.workspaceId', '=', workspaceId)
    .where('agendaItem.meetingId', '=', meetingId)
    .orderBy('agendaItem.createdAt')
    .execute();
}
