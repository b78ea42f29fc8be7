import { sql } from 'kysely';
import { asTick } from './db/as-workspace.ts';
import type { Deps, DueWork } from './deps.ts';

const BATCH = 500;
/** A row that cannot be worked on is tried again after this: by then it may have been mended. */
const SET_ASIDE_HOURS = 6;

/**
 * Does all that is due of one subject, in batches. When a batch fails it goes on row by row, and the row that fails alone
 * is set aside, so that it never blocks what stands behind it. With the signal aborted it begins no further batch.
 */
export async function workThrough(
  work: DueWork,
  deps: Deps,
  now: Temporal.Instant,
  signal?: AbortSignal,
): Promise<void> {
  const { atOnce = BATCH } = work;
  let atMost = atOnce;
  while (!signal?.aborted) {
    try {
      const taken = await asTick(deps.db, (trx) => work.work(trx, deps, now, atMost));
      if (taken < atMost) return;
    } catch (error) {
      if (atMost === 1) {
        deps.log.error({ subject: work.subject, err: error }, 'a row could not be worked on and was set aside');
        if (!(await setAside(work, deps, now))) return;
        deps.meter?.setAside(work.subject);
      }
      atMost = atMost === 1 ? atOnce : 1;
    }
  }
}

/** Puts off the first due row. False when there is none that nobody else has locked. */
async function setAside({ table, column }: DueWork, { db }: Deps, now: Temporal.Instant): Promise<boolean> {
  const at = sql.ref(column);
  const { numAffectedRows } = await asTick(db, (trx) =>
    sql`
      update ${sql.table(table)} set ${at} = ${now.add({ hours: SET_ASIDE_HOURS })}
      where ctid = (
        select ctid from ${sql.table(table)} where ${at} is not null and ${at} <= ${now}
        order by ${at} limit 1 for update skip locked)`.execute(trx),
  );
  return numAffectedRows === 1n;
}
