import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Person } from '../people/store.ts';

/** Locks the people whose bundle is due, longest waiting first; another process skips them. */
export function lockBundleDue(trx: Transaction<Database>, now: Temporal.Instant, atMost: number): Promise<Person[]> {
  return trx
    .selectFrom('person')
    .selectAll()
    .where('bundleDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('bundleDueAt', '<=', now)
    .orderBy('bundleDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function setBundle(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Person, 'workspaceId' | 'id'>,
  change: Partial<Pick<Person, 'bundleDueAt' | 'bundledOn' | 'bundledAt' | 'snoozedUntil'>>,
): Promise<void> {
  await trx.updateTable('person').set(change).where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}
