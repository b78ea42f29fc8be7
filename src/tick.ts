import { type Kysely, sql } from 'kysely';
import * as cadence from './cadence/due.ts';
import * as cadenceMessages from './cadence/messages.ts';
import * as commitments from './commitments/due.ts';
import * as commitmentMessages from './commitments/messages.ts';
import { asTick } from './db/as-workspace.ts';
import type { Database } from './db/schema.ts';
import type { Composers, DeliverySettings } from './delivery/compose.ts';
import { deliver } from './delivery/deliver.ts';
import type { Deps, DueWork } from './deps.ts';
import * as reminders from './reminders/due.ts';
import * as reminderMessages from './reminders/messages.ts';

const BATCH = 500;

const due: DueWork[] = [...cadence.due, ...commitments.due, ...reminders.due];

const composers: Composers = {
  ...cadenceMessages.composers,
  ...commitmentMessages.composers,
  ...reminderMessages.composers,
};

/** When there is something to do again: on the product's clock, and in real milliseconds where only Slack is waited for. */
export type Ahead = { next: Temporal.Instant | undefined; retryInMs: number | undefined };

/** What happens each minute, in order: each subject's due work, then delivery. One subject's failure never stops the next. */
export async function tick(deps: Deps, settings?: Partial<DeliverySettings>, signal?: AbortSignal): Promise<Ahead> {
  const now = deps.clock();
  const dueTimes = await probe(deps.db);
  for (const work of due) {
    const at = dueTimes.get(work.subject);
    if (at && Temporal.Instant.compare(at, now) <= 0) await workThrough(work, deps, now);
  }

  const delivered = await deliver(deps, { composers, settings }, signal);
  const ahead = [...(await probe(deps.db)).values(), ...(delivered.next ? [delivered.next] : [])];
  return { next: ahead.sort(Temporal.Instant.compare)[0], retryInMs: delivered.retryInMs };
}

async function workThrough(work: DueWork, deps: Deps, now: Temporal.Instant): Promise<void> {
  try {
    while ((await asTick(deps.db, (trx) => work.work(trx, deps, now, BATCH))) === BATCH);
  } catch (error) {
    deps.log.error({ subject: work.subject, err: error }, 'due work failed; the others go on');
  }
}

/** The earliest due time of each subject: one statement that reads the first entry of each partial index. */
async function probe(db: Kysely<Database>): Promise<Map<string, Temporal.Instant>> {
  const parts = due.map(
    ({ subject, table, column }) =>
      sql`select ${subject}::text as subject, min(${sql.ref(column)}) as at
          from ${sql.table(table)} where ${sql.ref(column)} is not null`,
  );
  const { rows } = await asTick(db, (trx) =>
    sql<{ subject: string; at: Temporal.Instant | null }>`${sql.join(parts, sql` union all `)}`.execute(trx),
  );
  return new Map(rows.flatMap(({ subject, at }) => (at ? [[subject, at]] : [])));
}
