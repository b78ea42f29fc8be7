import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
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

/** The recap, as it stands, of the pair's newest meeting that has one. */
export function findLastRecap(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
): Promise<PairedRecap | undefined> {
  return paired(db, workspaceId)
    .where('meeting.pairId', '=', pairId)
    .where('recap.state', '!=', 'replaced')
    .orderBy('meeting.startsAt', 'desc')
    .limit(1)
    .executeTakeFirst();
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
