import { sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** Longer than anybody sends the same request again: Slack for minutes, an attacker while its signature is good. */
const REMEMBERED = '1 day';

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

/** One request from Slack, however often it arrives. */
export type Once = {
  readonly key: string;
  /** Whether something that this request changed has been committed. */
  isSaved: boolean;
};

/** The same request has taken effect before, here or in another process. What this one did is rolled back. */
export class AlreadyDone extends Error {
  override name = 'AlreadyDone';

  constructor() {
    super('The same request has taken effect before.');
  }
}

/** The first statement of a request's transaction: the same request, sent twice at once, is worked on in turn. */
export async function lockOnce(trx: Transaction<Database>, { key }: Once): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
}

/**
 * The last statement of a request's transaction: leaves the request's key beside what the transaction changed, so that the
 * two are saved together or not at all. Throws `AlreadyDone` where the key is there. False when nothing was changed:
 * reading may be repeated.
 */
export async function recordOnce(trx: Transaction<Database>, workspaceId: string, { key }: Once): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean; first: boolean }>`
    with own as materialized (select pg_current_xact_id_if_assigned() is not null as changed),
    kept as (
      insert into do_once (workspace_id, key, at)
      select ${workspaceId}, ${key}, clock_timestamp() from own where changed
      on conflict do nothing returning key
    )
    select changed, exists (select from kept) as first from own`.execute(trx);
  if (rows[0]?.changed && !rows[0].first) throw new AlreadyDone();
  return rows[0]?.changed ?? false;
}

/** Sweeps the keys that nobody will send again. For the tick's role. */
export async function forgetOnce(trx: Transaction<Database>): Promise<void> {
  await sql`delete from do_once where at < clock_timestamp() - ${REMEMBERED}::interval`.execute(trx);
}
