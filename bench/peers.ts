// An empty tick of Accord beside an empty fetch of two job libraries, with as many prompts ahead in each, on one server in
// turns; beside it a transaction around nothing, below which nobody comes; and what those prompts weigh. The libraries are
// this folder's own: npm ci --prefix bench --ignore-scripts
//   npm run bench bench/peers.ts [prompts] [runs]
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { tick } from '../src/tick.ts';
import { fill } from '../test/support/fill.ts';
import { openBenchDatabase, quietDeps } from './database.ts';
import { shown, spreadOf, timed } from './measure.ts';

const PROMPTS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 400);
const AHEAD = { hours: 7 * 24 };

const database = await openBenchDatabase();
const { db } = database;
const pool = new pg.Pool(database.connection).on('error', () => undefined);

/** Asks for what is due, of which there is nothing; and lets go of what it holds. */
type Peer = { ask: () => Promise<unknown>; end?: () => Promise<unknown>; schema?: string };

const bytesOf = async (schema: string): Promise<number> => {
  const { rows } = await pool.query(
    `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
    [schema],
  );
  return rows[0].bytes;
};

async function accord(): Promise<Peer> {
  const now = Temporal.Now.instant();
  await fill(db, { pairs: PROMPTS, pairsAWorkspace: 100, now });
  const deps = quietDeps(db, now);
  return { ask: () => tick(deps) };
}

async function nothing(): Promise<Peer> {
  const client = await pool.connect();
  const ask = async () => {
    await client.query('begin');
    await client.query('select 1');
    await client.query('commit');
  };
  return { ask, end: async () => client.release() };
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

async function pgBoss(): Promise<Peer> {
  const { PgBoss } = await load('pg-boss');
  const { connection } = database;
  const boss: Boss = new PgBoss({ ...connection, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue('prompts');
  const startAfter = Temporal.Now.instant().add(AHEAD).toString();
  for (let n = 0; n < PROMPTS; n += 10_000)
    await boss.insert(
      'prompts',
      Array.from({ length: Math.min(10_000, PROMPTS - n) }, (_, i) => ({ data: { pair: n + i }, startAfter })),
    );
  return { ask: () => boss.fetch('prompts'), end: () => boss.stop({ graceful: false }), schema: 'pgboss' };
}

async function graphileWorker(): Promise<Peer> {
  const at = path.dirname(peers.resolve('graphile-worker'));
  const { makeWorkerUtils } = await load('graphile-worker');
  const { processSharedOptions, makeEnhancedWithPgClient } = peers(path.join(at, 'lib.js'));
  const { batchGetJobs } = peers(path.join(at, 'sql/getJobs.js'));
  const utils = await makeWorkerUtils({ pgPool: pool });
  await utils.migrate();
  const runAt = new Date(Temporal.Now.instant().add(AHEAD).epochMilliseconds);
  for (let n = 0; n < PROMPTS; n += 10_000)
    await utils.addJobs(
      Array.from({ length: Math.min(10_000, PROMPTS - n) }, (_, i) => ({
        identifier: 'prompt',
        payload: { pair: n + i },
        runAt,
      })),
    );
  const options = processSharedOptions({ pgPool: pool });
  const withClient = makeEnhancedWithPgClient(async (work: (client: pg.PoolClient) => Promise<unknown>) => {
    const client = await pool.connect();
    return work(client).finally(() => client.release());
  });
  const ask = () => batchGetJobs(options, withClient, { prompt: () => {} }, 'bench', null, 1);
  return { ask, end: () => utils.release(), schema: 'graphile_worker' };
}

const peersOf = {
  nothing: await nothing(),
  accord: await accord(),
  'pg-boss': await pgBoss(),
  'graphile-worker': await graphileWorker(),
};
await pool.query('vacuum analyze');
const times = new Map<string, number[]>(Object.keys(peersOf).map((name) => [name, []]));
for (let n = -20; n < RUNS; n++)
  for (const [name, { ask }] of Object.entries(peersOf)) {
    const ms = await timed(ask);
    if (n >= 0) times.get(name)?.push(ms);
  }
const ours = spreadOf(times.get('accord') ?? []).median;
console.log(`${PROMPTS} ahead in each, nothing due, ${RUNS} runs in turns`);
for (const [name, { schema, end }] of Object.entries(peersOf)) {
  const spread = spreadOf(times.get(name) ?? []);
  const bytes = schema && (await bytesOf(schema));
  const weight = bytes ? `   ${(bytes / 2 ** 20).toFixed(0)} MB, ${(bytes / PROMPTS).toFixed(0)} bytes each` : '';
  console.log(
    `${name.padEnd(16)} ${shown(spread, 'ms', 2)}   ${(spread.median / ours).toFixed(2)} × the tick${weight}`,
  );
  await end?.();
}
await pool.end();
await database.close();
