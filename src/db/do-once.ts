import type { Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** True once per key. Two at the same time: the second waits for the first one's transaction, and gets true if that failed. */
export async function firstTime(
  trx: Transaction<Database>,
  workspaceId: string,
  key: string,
  now: Temporal.Instant,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('doOnce')
    .values({ workspaceId, key, at: now })
    .onConflict((conflict) => conflict.columns(['workspaceId', 'key']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
