import { type RawBuilder, sql, type Transaction } from 'kysely';
import * as cadence from './cadence/due.ts';
import * as cadenceMessages from './cadence/messages.ts';
import * as commitments from './commitments/due.ts';
import * as commitmentMessages from './commitments/messages.ts';
import { asTick } from './db/as-workspace.ts';
import { PREPARED } from './db/prepared.ts';
import type { Database } from './db/schema.ts';
import type { Composers, DeliverySettings, OnStopped } from './delivery/compose.ts';
import { type Delivered, deliver } from './delivery/deliver.ts';
import { deliveryDueAt } from './delivery/outbox.ts';
import type { Deps, DueWork, OutwardWork } from './deps.ts';
import * as digest from './digest/due.ts';
import * as digestMessages from './digest/messages.ts';
import * as home from './home/due.ts';
import * as meetings from './meetings/due.ts';
import * as meetingMessages from './meetings/messages.ts';
import * as prepMessages from './prep/messages.ts';
import * as recapMessages from './recap/messages.ts';
import * as record from './record/due.ts';
import * as recordMessages from './record/messages.ts';
import * as reminders from './reminders/due.ts';
import * as reminderMessages from './reminders/messages.ts';
import * as setup from './setup/due.ts';
import * as setupMessages from './setup/messages.ts';
import { tellWhoCanMend } from './setup/not-sent.ts';
import { workThrough } from './work-through.ts';

const due: DueWork[] = [...cadence.due, ...meetings.due, ...commitments.due, ...reminders.due, ...setup.due];

const outward: OutwardWork[] = [...digest.outward, ...record.outward, ...home.outward, ...setup.outward];
const upkeep = new Set([...due, ...outward].filter((work) => work.isUpkeep).map((work) => work.subject));

/** Beside the subjects, when the tick asks what waits. */
const DELIVERY = 'delivery';

const composers: Composers = {
  ...cadenceMessages.composers,
  ...meetingMessages.composers,
  ...commitmentMessages.composers,
  ...recapMessages.composers,
  ...prepMessages.composers,
  ...reminderMessages.composers,
  ...digestMessages.composers,
  ...recordMessages.composers,
  ...setupMessages.composers,
};

/** When there is something to do again: on the product's clock, and in real milliseconds where only Slack is waited for. */
export type Ahead = { next: Temporal.Instant | undefined; retryInMs: number | undefined };

/**
 * What happens each minute, in order: each subject's due work, then delivery, and beside it what else asks Slack. One
 * subject's failure never stops the next. One probe tells what there is to do; where something was done, another one tells
 * what that has left.
 */
export async function tick(deps: Deps, settings?: Partial<DeliverySettings>, signal?: AbortSignal): Promise<Ahead> {
  const now = deps.clock();
  const begun = performance.now();
  const pass = { deps, now, settings, signal };
  const found = await probe(pass);
  const ahead = found.isAnyDue() ? await work(pass, found) : { next: firstOf(found.dueTimes), retryInMs: undefined };
  deps.meter?.ticked((performance.now() - begun) / 1000);
  return ahead;
}

type Pass = {
  deps: Deps;
  now: Temporal.Instant;
  settings: Partial<DeliverySettings> | undefined;
  signal: AbortSignal | undefined;
};

/** What waits, at this reading of the clock. */
type Found = {
  dueTimes: Map<string, Temporal.Instant | null>;
  isDue: (subject: string) => boolean;
  isAnyDue: () => boolean;
};

async function probe({ deps, now }: Pass): Promise<Found> {
  const dueTimes = await asTick(deps.db, findWaiting);
  const isDue = (subject: string) => {
    const at = dueTimes.get(subject);
    return at !== undefined && at !== null && Temporal.Instant.compare(at, now) <= 0;
  };
  return { dueTimes, isDue, isAnyDue: () => [...dueTimes.keys()].some(isDue) };
}

async function work(pass: Pass, found: Found): Promise<Ahead> {
  const { deps, now, settings, signal } = pass;
  let worked = false;
  for (const one of due) {
    if (signal?.aborted || !found.isDue(one.subject)) continue;
    worked = true;
    await attempt(one, deps, () => workThrough(one, deps, now, signal));
  }

  const onStopped: OnStopped = (trx, stopped) => tellWhoCanMend(trx, deps, stopped);
  let delivered: Pick<Delivered, 'next' | 'retryInMs'> | undefined;
  const sends = async ({ isDue }: Found) => {
    if (isDue(DELIVERY)) delivered = await deliver(deps, { composers, settings, onStopped }, signal);
  };
  let asked = 0;
  const reachesOut = (one: OutwardWork) =>
    attempt(one, deps, async () => {
      const taken = await reachOut(one, deps, now, signal);
      asked += taken;
    });
  // What was due may have left them something.
  const left = worked ? await probe(pass) : found;
  await Promise.all([sends(left), ...outward.filter((one) => left.isDue(one.subject)).map(reachesOut)]);
  let after = await probe(pass);
  if (asked > 0) {
    // What Slack answered may have left something to say.
    await sends(after);
    after = await probe(pass);
  }
  // What is due already and was not sent waits for another clock.
  if (delivered) after.dueTimes.set(DELIVERY, delivered.next ?? null);
  return { next: firstOf(after.dueTimes), retryInMs: delivered?.retryInMs };
}

const firstOf = (dueTimes: Map<string, Temporal.Instant | null>): Temporal.Instant | undefined =>
  [...dueTimes].flatMap(([subject, at]) => (at && !upkeep.has(subject) ? [at] : [])).sort(Temporal.Instant.compare)[0];

/** One subject's failure never stops the next; what failed is due again at the next tick. */
async function attempt({ subject }: { subject: string }, deps: Deps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.log.error({ subject, err: error }, 'due work failed; the others go on');
    deps.meter?.failed(subject);
  }
}

/** Returns how much it took; the next tick comes at once where there may be more. */
async function reachOut(work: OutwardWork, deps: Deps, now: Temporal.Instant, signal?: AbortSignal): Promise<number> {
  const { batchesATick = Number.POSITIVE_INFINITY } = work;
  let all = 0;
  for (let batch = 0; batch < batchesATick; batch++) {
    const taken = signal?.aborted ? 0 : await work.work(deps, now, signal);
    if (taken === 0) return all;
    all += taken;
  }
  deps.wake();
  return all;
}

/** The earliest due time of each subject: one statement that reads the first entry of each partial index. */
export const findDueTimes = (trx: Transaction<Database>) => earliest(trx, subjectsDue());

/** The same, and when delivery has something to do. */
export const findWaiting = (trx: Transaction<Database>) =>
  earliest(trx, [...subjectsDue(), sql`select ${DELIVERY}::text as subject, ${deliveryDueAt} as at`]);

const subjectsDue = () =>
  [...due, ...outward].map(
    ({ subject, table, column }) =>
      sql`select ${subject}::text as subject, min(${sql.ref(column)}) as at
          from ${sql.table(table)} where ${sql.ref(column)} is not null`,
  );

async function earliest(
  trx: Transaction<Database>,
  parts: RawBuilder<unknown>[],
): Promise<Map<string, Temporal.Instant | null>> {
  const { rows } = await sql<{ subject: string; at: Temporal.Instant | null }>`${PREPARED}
    ${sql.join(parts, sql` union all `)}`.execute(trx);
  return new Map(rows.map(({ subject, at }) => [subject, at]));
}
