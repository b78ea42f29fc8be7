import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Database, MeetingTable, PairTable, RecapAskTable, RecapTable } from '../db/schema.ts';

export type Recap = Selectable<RecapTable>;
/** A recap with its meeting and the people and the kind of its pair: what permission and the screens need. */
export type PairedRecap = Recap &
  Pick<Selectable<PairTable>, 'leaderId' | 'partnerId' | 'kind'> &
  Pick<Selectable<MeetingTable>, 'pairId' | 'startsAt' | 'minutes'> & { authorId: string };
export type RecapAsk = Selectable<RecapAskTable>;

function paired(db: Kysely<Database>, workspaceId: string) {
  return db
    .selectFrom('recap')
    .innerJoin('meeting', (join) =>
      join.onRef('meeting.workspaceId', '=', 'recap.workspaceId').onRef('meeting.id', '=', 'recap.meetingId'),
    )
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'meeting.workspaceId').onRef('pair.id', '=', 'meeting.pairId'),
    )
    .selectAll('recap')
    .select([
      'pair.leaderId',
      'pair.partnerId',
      'pair.kind',
      'meeting.pairId',
      'meeting.startsAt',
      'meeting.minutes',
      'recap.writtenBy as authorId',
    ])
    .where('recap.workspaceId', '=', workspaceId);
}

export function findRecap(db: Kysely<Database>, workspaceId: string, id: string): Promise<PairedRecap | undefined> {
  return paired(db, workspaceId).where('recap.id', '=', id).executeTakeFirst();
}

/** The version of a meeting's recap that stands. */
export function findCurrentRecap(
  db: Kysely<Database>,
  workspaceId: string,
  meetingId: string,
): Promise<PairedRecap | undefined> {
  return paired(db, workspaceId)
    .where('recap.meetingId', '=', meetingId)
    .where('recap.state', '!=', 'replaced')
    .executeTakeFirst();
}

/** Of each of these pairs the recap, as it stands, of the newest meeting that has one. */
export function findLastRecaps(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
): Promise<PairedRecap[]> {
  if (pairIds.length === 0) return Promise.resolve([]);
  const last = sql<string>`
    select last.id from unnest(${[...pairIds]}::uuid[]) as p (id) cross join lateral (
      select r.id from meeting m
      join recap r on r.workspace_id = m.workspace_id and r.meeting_id = m.id and r.state <> 'replaced'
      where m.workspace_id = ${workspaceId} and m.pair_id = p.id
      order by m.starts_at desc limit 1) last`;
  return paired(db, workspaceId).where(sql<boolean>`recap.id in (${last})`).execute();
}

/** Every version of a meeting's recap, oldest first. */
export function findVersions(db: Kysely<Database>, workspaceId: string, meetingId: string): Promise<PairedRecap[]> {
  return paired(db, workspaceId).where('recap.meetingId', '=', meetingId).orderBy('recap.version').execute();
}

/** Undefined when somebody else's version stands already: there is one at a time. */
export function insertRecap(trx: Transaction<Database>, recap: Insertable<RecapTable>): Promise<Recap | undefined> {
  return trx
    .insertInto('recap')
    .values(recap)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Makes room for a corrected version. False when this one no longer stands. */
export async function replaceRecap(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Recap, 'workspaceId' | 'id'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('recap')
    .set({ state: 'replaced' })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .where('state', '!=', 'replaced')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export type Confirmation = Pick<Recap, 'produced' | 'talkedMost'> & { by: string; at: Temporal.Instant };

/** False when it was confirmed or corrected meanwhile. */
export async function confirmRecap(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Recap, 'workspaceId' | 'id'>,
  { by, at, produced, talkedMost }: Confirmation,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('recap')
    .set({ state: 'confirmed', confirmedBy: by, confirmedAt: at, produced, talkedMost })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'posted')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertAsks(trx: Transaction<Database>, asks: Insertable<RecapAskTable>[]): Promise<void> {
  if (asks.length === 0) return;
  await trx.insertInto('recapAsk').values(asks).execute();
}

/** What these versions ask of owners, in any order. */
export function findAsks(db: Kysely<Database>, workspaceId: string, recapIds: readonly string[]): Promise<RecapAsk[]> {
  if (recapIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('recapAsk')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('recapId', 'in', recapIds)
    .execute();
}
