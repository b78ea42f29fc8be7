import type { RequestListener } from 'node:http';
import type { Kysely, Transaction } from 'kysely';
import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { asTick, startDeadline } from './db/as-workspace.ts';
import { poolUse } from './db/open.ts';
import type { Database } from './db/schema.ts';
import { findBehind, findDepth } from './delivery/standing.ts';
import type { Clock } from './ground/clock.ts';
import type { Meter } from './ground/meter.ts';
import { pathOf } from './slack/door.ts';
import { findDueTimes } from './tick.ts';

/** How long a scrape waits for the database; after that it tells what this process knows by itself. */
const ASK_DATABASE_MS = 2_000;

export type Metrics = {
  meter: Meter;
  /** The figures of now in Prometheus' text format. */
  text(): Promise<string>;
  /** `/metrics`. Everything else is for whoever stands behind. */
  serve(behind: RequestListener): RequestListener;
};

/** The figures of one bot. What is in the database is the same from every process, and asked when somebody scrapes. */
export function makeMetrics({ db, clock, log }: { db: Kysely<Database>; clock: Clock; log: Logger }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counted = makeCounters(registry);
  const asked = makeGauges(registry);

  let asking: Promise<void> | undefined;
  const ask = async () => {
    asked.pool(db);
    try {
      const deadline = startDeadline(ASK_DATABASE_MS);
      asked.show(await asTick(db, (trx) => look(trx, clock()), { deadline }));
    } catch (error) {
      log.warn({ err: error }, 'the database did not answer a scrape');
      asked.showNothing();
    }
  };
  const text = async (): Promise<string> => {
    // Several who ask at once ask the database once.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    await asking;
    return registry.metrics();
  };

  return {
    meter: counted,
    text,
    serve: (behind) => (request, response) => {
      if (request.method !== 'GET' || pathOf(request) !== '/metrics') return behind(request, response);
      text().then(
        (figures) => response.writeHead(200, { 'content-type': registry.contentType }).end(figures),
        () => response.writeHead(500).end(),
      );
    },
  };
}

function makeCounters(registry: Registry): Meter {
  const registers = [registry];
  const attempts = new Counter({
    name: 'accord_message_attempts_total',
    help: 'Attempts to bring a message to Slack, by what became of them.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const lateness = new Histogram({
    name: 'accord_message_late_seconds',
    help: 'From when a message fell due, on the clock of the product, until Slack had it.',
    buckets: [1, 5, 15, 60, 120, 300, 1_800, 3_600, 21_600],
    registers,
  });
  const rateLimits = new Counter({
    name: 'accord_rate_limits_total',
    help: 'How often Slack asked to be left alone.',
    labelNames: ['what'],
    registers,
  });
  const rateLimitWaits = new Counter({
    name: 'accord_rate_limit_wait_seconds_total',
    help: 'For how long Slack asked to be left alone, added up.',
    labelNames: ['what'],
    registers,
  });
  const stops = new Counter({
    name: 'accord_stopped_total',
    help: 'How often something began to refuse for good: a workspace, a conversation, or a single message.',
    labelNames: ['what'],
    registers,
  });
  const requests = new Histogram({
    name: 'accord_request_seconds',
    help: 'From when a request of Slack came in until its listeners were through.',
    labelNames: ['name', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3],
    registers,
  });
  const ticks = new Histogram({
    name: 'accord_tick_seconds',
    help: 'How long a tick took: due work, and all that could be sent.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60],
    registers,
  });
  const failures = new Counter({
    name: 'accord_due_work_failures_total',
    help: 'How often the due work of a subject failed as a whole; it is due again.',
    labelNames: ['subject'],
    registers,
  });
  const setAside = new Counter({
    name: 'accord_rows_set_aside_total',
    help: 'Due rows that could not be worked on and were put off for six hours.',
    labelNames: ['subject'],
    registers,
  });
  return {
    attempted: (kind, outcome) => attempts.inc({ kind, outcome }),
    shown: (seconds) => lateness.observe(Math.max(0, seconds)),
    rateLimited: (what, seconds) => {
      rateLimits.inc({ what });
      rateLimitWaits.inc({ what }, seconds);
    },
    stopped: (what) => stops.inc({ what }),
    answered: (name, outcome, seconds) => requests.observe({ name, outcome }, seconds),
    ticked: (seconds) => ticks.observe(seconds),
    failed: (subject) => failures.inc({ subject }),
    setAside: (subject) => setAside.inc({ subject }),
  };
}

type Seen = Awaited<ReturnType<typeof look>>;

const look = async (trx: Transaction<Database>, now: Temporal.Instant) => ({
  now,
  dueTimes: await findDueTimes(trx),
  depth: await findDepth(trx, now),
  behind: await findBehind(trx, now),
});

function makeGauges(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const answers = gauge('accord_database_up', 'Whether the database answered this scrape.');
  const pool = gauge('accord_pool_connections', 'Connections to the database, by what they do.', ['state']);
  const wanting = gauge('accord_pool_waiting', 'Who waits for a connection.');
  const lag = gauge('accord_due_lag_seconds', 'How long the earliest due row of a subject is due.', ['subject']);
  const messages = gauge('accord_outbox_messages', 'Messages that are due and not over.', ['kind', 'state']);
  const ages = gauge('accord_outbox_oldest_seconds', 'How long the oldest of them is due.', ['kind', 'state']);
  const doubts = gauge('accord_outbox_in_doubt', 'Messages of which nobody knows whether Slack took them.', ['kind']);
  const behind = gauge('accord_workspaces_behind', 'Workspaces with a message that is due for more than a minute.');
  const late = gauge('accord_messages_behind', 'Messages that are due for more than a minute.');
  const latest = gauge('accord_behind_seconds', 'How long the oldest of them is due, over all workspaces.');
  const bySomething = [lag, messages, ages, doubts];

  return {
    pool(db: Kysely<Database>): void {
      const { inUse, idle, waiting } = poolUse(db);
      pool.set({ state: 'in use' }, inUse);
      pool.set({ state: 'idle' }, idle);
      wanting.set(waiting);
    },
    show({ now, dueTimes, depth, behind: standing }: Seen): void {
      for (const one of bySomething) one.reset();
      answers.set(1);
      for (const [subject, at] of dueTimes) lag.set({ subject }, at ? Math.max(0, now.since(at).total('seconds')) : 0);
      for (const { kind, state, messages: many, inDoubt, oldestSeconds } of depth) {
        messages.set({ kind, state }, many);
        ages.set({ kind, state }, Math.max(0, oldestSeconds));
        if (inDoubt > 0) doubts.inc({ kind }, inDoubt);
      }
      behind.set(standing.workspaces);
      late.set(standing.due);
      latest.set(standing.oldestSeconds);
    },
    /** Old figures would look like a standstill. */
    showNothing(): void {
      for (const one of bySomething) one.reset();
      for (const one of [behind, late, latest]) one.remove();
      answers.set(0);
    },
  };
}
