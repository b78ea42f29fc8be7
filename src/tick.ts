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

const due: DueWork[] = [
  ...cadence.due,
  ...meetings.due,
  ...commitments.due,
  ...reminders.due,
  ...setup.due,
  ...home.due,
];

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
  const begun = performance.now();
  const found = await probe(deps);
  const ahead = found.isAnyDue()
    ? await work({ deps, settings, signal }, found)
    : { next: firstOf(found.dueTimes), retryInMs: undefined };
  deps.meter?.ticked((performance.now() - begun) / 1000);
  return ahead;
}

type Pass = {
  deps: Deps;
  settings: Partial<DeliverySettings> | undefined;
  signal: AbortSignal | undefined;
};

/** What waits, at one reading of the clock. */
type Found = {
  now: Temporal.Instant;
  dueTimes: Map<string, Temporal.Instant | null>;
  isDue: (subject: string) => boolean;
  isAnyDue: () => boolean;
};

async function probe(deps: Deps): Promise<Found> {
  const dueTimes = await asTick(deps.db, findWaiting);
  const now = deps.clock();
  const isDue = (subject: string) => {
    const at = dueTimes.get(subject);
    return at !== undefined && at !== null && Temporal.Instant.compare(at, now) <= 0;
  };
  return { now, dueTimes, isDue, isAnyDue: () => [...dueTimes.keys()].some(isDue) };
}

async function work(pass: Pass, found: Found): Promise<Ahead> {
  const { deps } = pass;
  const left = await workThroughAll(pass, found);
  const [first, ...taken] = await Promise.all([
    send(pass, left),
    ...outward.filter(({ subject }) => left.isDue(subject)).map((one) => reachOut(one, pass, left.now)),
  ]);
  let after = await probe(deps);
  let delivered = first;
  if (taken.some((count) => count > 0)) {
    // What Slack answered may have left something to say.
    delivered = (await send(pass, after)) ?? first;
    after = await probe(deps);
  }
  // What became due by all this is not left for the next minute; what was due before and failed is.
  if ([...after.dueTimes.keys()].some((subject) => after.isDue(subject) && isLater(after, left, subject))) deps.wake();
  // What is due already and was not sent waits for another clock.
  const waiting = delivered ? new Map(after.dueTimes).set(DELIVERY, delivered.next ?? null) : after.dueTimes;
  return { next: firstOf(waiting), retryInMs: delivered?.retryInMs };
}

/** Whether what waits of this subject is not what waited before. */
function isLater(after: Found, before: Found, subject: string): boolean {
  const [at, was] = [after.dueTimes.get(subject), before.dueTimes.get(subject)];
  return at != null && (was == null || !before.isDue(subject) || Temporal.Instant.compare(at, was) > 0);
}

/** Each subject's due work, and once more for what they left each other; returns what waits now. */
async function workThroughAll({ deps, signal }: Pass, found: Found): Promise<Found> {
  const failed = new Set<string>();
  let left = found;
  for (let round = 1; round <= 2; round++) {
    const ready = due.filter(({ subject }) => left.isDue(subject) && !failed.has(subject));
    if (ready.length === 0) return left;
    for (const one of ready) {
      if (signal?.aborted) return left;
      const isDone = await attempt(one, deps, () => workThrough(one, deps, deps.clock(), signal));
      if (!isDone) failed.add(one.subject);
    }
    left = await probe(deps);
  }
  return left;
}

async function send({ deps, settings, signal }: Pass, { isDue }: Found): Promise<Delivered | undefined> {
  const onStopped: OnStopped = (trx, stopped) => tellWhoCanMend(trx, deps, stopped);
  return isDue(DELIVERY) ? deliver(deps, { composers, settings, onStopped }, signal) : undefined;
}

const firstOf = (dueTimes: Map<string, Temporal.Instant | null>): Temporal.Instant | undefined =>
  [...dueTimes].flatMap(([subject, at]) => (at && !upkeep.has(subject) ? [at] : [])).sort(Temporal.Instant.compare)[0];

/** One subject's failure never stops the next; what failed is due again at the next tick. False when it did. */
async function attempt({ subject }: { subject: string }, deps: Deps, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    deps.log.error({ subject, err: error }, 'due work failed; the others go on');
    deps.meter?.failed(subject);
    return false;
  }
}

/** Returns how much it took; the next tick comes at once where there may be more. */
async function reachOut(one: OutwardWork, { deps, signal }: Pass, now: Temporal.Instant): Promise<number> {
  const { batchesATick = Number.POSITIVE_INFINITY } = one;
  let all = 0;
  await attempt(one, deps, async () => {
    for (let batch = 0; batch < batchesATick; batch++) {
      const taken = signal?.aborted ? 0 : await one.work(deps, now, signal);
      if (taken === 0) return;
      all += taken;
    }
    deps.wake();
  });
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
