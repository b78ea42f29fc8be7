// An empty tick of Accord beside an empty fetch of two job libraries, with as many prompts ahead in each, on one server in
// one run; and what those prompts weigh. The libraries are this folder's own: npm ci --prefix bench
//   node bench/peers.ts [prompts] [runs]
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import { sealKeysFrom } from '../src/db/sealed.ts';
import type { Deps } from '../src/deps.ts';
import { tick } from '../src/tick.ts';
import { fill } from '../test/support/fill.ts';
import { shown, spreadOf } from './measure.ts';

const PROMPTS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 200);
const AHEAD = { days: 7 };

const log = pino({ level: 'silent' });
const folder = await mkdtemp(path.join(tmpdir(), 'accord-peers-'));
const postgres = await openEmbedded({ dataFolder: path.join(folder, 'data'), log, settings: { max_wal_size: '4GB' } });
const pool = new pg.Pool(postgres.connection).on('error', () => undefined);

async function spread(work: () => Promise<unknown>) {
  const times: number[] = [];
  for (let n = -20; n < RUNS; n++) {
    const begun = performance.now();
    await work();
    if (n >= 0) times.push(performance.now() - begun);
  }
  return spreadOf(times);
}

const bytesOf = async (schema: string): Promise<number> => {
  const { rows } = await pool.query(
    `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  );
  return rows[0].bytes;
};

async function accord() {
  const now = Temporal.Now.instant();
  const seal = sealKeysFrom(Buffer.alloc(32, 'bench').toString('base64'));
  const db = openDatabase({ connection: postgres.connection, seal, log });
  await migrate(db, log);
  await fill(db, { pairs: PROMPTS, pairsAWorkspace: 100, now });
  const deps: Deps = {
    db,
    slack: () => Promise.reject(new Error('Nothing is sent here')),
    clock: () => now,
    log,
    wake: () => {},
    newId: () => crypto.randomUUID(),
  };
  const times = await spread(() => tick(deps));
  await sql`truncate workspace cascade`.execute(db);
  await db.destroy();
  return times;
}

type Boss = {
  start(): Promise<unknown>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: { data: object; startAfter: string }[]): Promise<unknown>;
  fetch(name: string): Promise<unknown>;
  stop(options: object): Promise<void>;
};

/** What this folder's own packages export, which the product's type check does not know. */
const peers = createRequire(import.meta.url);
const load = (name: string) => import(peers.resolve(name));

async function pgBoss() {
  const { PgBoss } = await load('pg-boss');
  const { host, user, database, port } = postgres.connection;
  const boss: Boss = new PgBoss({ host, user, database, port, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue('prompts');
  const startAfter = Temporal.Now.instant()
    .add({ hours: 24 * AHEAD.days })
    .toString();
  for (let n = 0; n < PROMPTS; n += 10_000)
    await boss.insert(
      'prompts',
      Array.from({ length: Math.min(10_000, PROMPTS - n) }, (_, i) => ({ data: { pair: n + i }, startAfter })),
    );
  await pool.query('vacuum analyze');
  const times = await spread(() => boss.fetch('prompts'));
  const bytes = await bytesOf('pgboss');
  await boss.stop({ graceful: false });
  return { times, bytes };
}

async function graphileWorker() {
  const at = path.dirname(peers.resolve('graphile-worker'));
  const { makeWorkerUtils } = await load('graphile-worker');
  const { processSharedOptions, makeEnhancedWithPgClient } = peers(path.join(at, 'lib.js'));
  const { batchGetJobs } = peers(path.join(at, 'sql/getJobs.js'));
  const utils = await makeWorkerUtils({ pgPool: pool });
  await utils.migrate();
  const runAt = new Date(Temporal.Now.instant().add({ hours: 24 * AHEAD.days }).epochMilliseconds);
  for (let n = 0; n < PROMPTS; n += 10_000)
    await utils.addJobs(
      Array.from({ length: Math.min(10_000, PROMPTS - n) }, (_, i) => ({
        identifier: 'prompt',
        payload: { pair: n + i },
        runAt,
      })),
    );
  await pool.query('vacuum analyze');
  const options = processSharedOptions({ pgPool: pool });
  const withClient = makeEnhancedWithPgClient(async (work: (client: pg.PoolClient) => Promise<unknown>) => {
    const client = await pool.connect();
    return work(client).finally(() => client.release());
  });
  const times = await spread(() => batchGetJobs(options, withClient, { prompt: () => {} }, 'bench', null, 1));
  const bytes = await bytesOf('graphile_worker');
  await utils.release();
  return { times, bytes };
}

const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
const ours = await accord();
console.log(`empty tick, ${PROMPTS} pairs             ${shown(ours, 'ms', 2)}`);
for (const [name, measure] of [
  ['pg-boss', pgBoss],
  ['graphile-worker', graphileWorker],
] as const) {
  const { times, bytes } = await measure();
  console.log(
    `${name}: empty fetch, ${PROMPTS} ahead   ${shown(times, 'ms', 2)}, ${(times.median / ours.median).toFixed(1)} × the tick; ${mb(bytes)}`,
  );
}
await pool.end();
await postgres.close();
await rm(folder, { recursive: true, force: true });
