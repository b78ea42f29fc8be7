import { type RawBuilder, sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import type { World } from './world.ts';

/** How many connections of this database wait for a lock. */
const waiting = sql<{ n: number }>`select count(distinct l.pid)::int as n from pg_locks l
  join pg_stat_activity a on a.pid = l.pid where not l.granted and a.datname = current_database()`;

/**
 * Several requests in the same moment, one after the other at the same row: while `held` is locked each is sent as soon as
 * the one before waits, so that the first is first in every run.
 */
export async function inTurn<T>(
  w: Pick<World, 'database'>,
  held: RawBuilder<unknown>,
  ...works: (() => Promise<T>)[]
): Promise<T[]> {
  const sent: Promise<T>[] = [];
  let over = 0;
  await asTick(w.database.db, async (trx) => {
    const locked = await held.execute(trx);
    if (locked.rows.length !== 1) throw new Error(`${locked.rows.length} rows are held, not one`);
    for (const work of works) {
      sent.push(
        work().finally(() => {
          over += 1;
        }),
      );
      while (over === 0 && (await waiting.execute(trx)).rows[0]?.n !== sent.length);
    }
    if (over > 0) throw new Error('One of them did not wait');
  }).finally(() => Promise.allSettled(sent));
  return Promise.all(sent);
}
