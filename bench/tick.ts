// What a tick costs, by how many pairs there are and how many of them something is due for; and what the columns that say
// when something is due weigh. The database is the one that Accord brings, fsync on.
//   node bench/tick.ts [pairs] [due] [runs]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Kysely, sql, type Transaction } from 'kysely';
import { pino } from 'pino';
import { asTick, startDeadline } from '../src/db/as-workspace.ts';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import type { Database } from '../src/db/schema.ts';
import { sealKeysFrom } from '../src/db/sealed.ts';
import type { Deps, DueWork } from '../src/deps.ts';
import { due } from '../src/meetings/due.ts';
import { tick } from '../src/tick.ts';
import { workThrough } from '../src/work-through.ts';
import { fill } from '../test/support/fill.ts';
import { shown, spreadOf } from './measure.ts';

const PAIRS = Number(process.argv[2] ?? 1_000_000);
const DUE = Number(process.argv[3] ?? 10_000);
const RUNS = Number(process.argv[4] ?? 5);
const EMPTY_RUNS = 200;
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');

const log = pino({ level: 'silent' });
const folder = await mkdtemp(path.join(tmpdir(), 'accord-bench-'));
const postgres = await openEmbedded({ dataFolder: path.join(folder, 'data'), log, settings: { max_wal_size: '4GB' } });
const db = openDatabase({
  connection: postgres.connection,
  seal: sealKeysFrom(Buffer.alloc(32, 'bench').toString('base64')),
  log,
});
await migrate(db, log);

const deps: Deps = {
  db,
  slack: () => Promise.reject(new Error('Nothing is sent here')),
  clock: () => NOW,
  log,
  wake: () => {},
  newId: () => crypto.randomUUID(),
};

const empty = async (pairs: number) => {
  await startOver();
  const begun = performance.now();
  await fill(db, { pairs, pairsAWorkspace: 100, now: NOW });
  console.log(`${pairs.toLocaleString('en')} pairs made in ${Math.round((performance.now() - begun) / 1000)} s`);
  const times: number[] = [];
  for (let n = -20; n < EMPTY_RUNS; n++) {
    const ms = await timed(() => tick(deps));
    if (n >= 0) times.push(ms);
  }
  return spreadOf(times);
};

const inPeace = <T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  asTick(db, work, { deadline: startDeadline(3_600_000) });

const startOver = () => sql`truncate workspace cascade`.execute(db);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Everything is put back afterwards. */
async function undone<T>(work: () => Promise<T>): Promise<T> {
  const result = await work();
  await inPeace(async (trx) => {
    await sql`delete from outbox`.execute(trx);
    await sql`delete from conversation`.execute(trx);
    await sql`delete from workspace_pace`.execute(trx);
    await sql`update person set home_stale_at = null where home_stale_at is not null`.execute(trx);
  });
  await makeDue();
  for (const table of ['meeting', 'person', 'outbox', 'conversation', 'workspace_pace'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  return result;
}

/** The opening question is due for so many pairs, spread over all workspaces; everybody is asked for the first time. */
const makeDue = () =>
  inPeace(async (trx) => {
    const chosen = sql`ctid = any(array(select ctid from meeting where steps_done <> '{}' or due_at <= ${NOW}))`;
    await sql`update meeting set steps_done = '{}', due_step = 'prep', due_at = starts_at - interval '24 hours' where ${chosen}`.execute(
      trx,
    );
    await sql`update meeting set due_at = ${NOW} where ('x' || substr(id::text, 1, 8))::bit(32)::int % ${sql.lit(Math.max(1, Math.floor(PAIRS / DUE)))} = 0`.execute(
      trx,
    );
  });

const steps: DueWork = due.find(({ subject }) => subject === 'meeting steps') ?? meetingsHaveNoSteps();

function meetingsHaveNoSteps(): never {
  throw new Error('The meetings have no steps any more');
}

/**
 * The floor: the same rows changed and made, by one statement a table and nothing else. Its tables are meeting, outbox,
 * conversation, workspace_pace and person.
 */
const floor = () =>
  inPeace(async (trx) => {
    const taken = sql`select m.workspace_id, m.id, p.leader_id, p.partner_id from meeting m
      join pair p on p.workspace_id = m.workspace_id and p.id = m.pair_id where m.due_at is not null and m.due_at <= ${NOW}`;
    await sql`create temporary table taken on commit drop as ${taken}`.execute(trx);
    await sql`insert into conversation (workspace_id, address) select workspace_id, partner_id from taken`.execute(trx);
    await sql`insert into workspace_pace (workspace_id) select distinct workspace_id from taken`.execute(trx);
    await sql`insert into outbox (workspace_id, id, kind, key, about, address, state, not_before, send_by, expires_at, created_at)
      select workspace_id, gen_random_uuid(), 'opening-question', 'opening-question:' || id,
        jsonb_build_object('meeting', id, 'moves', '0'), partner_id, 'queued', ${NOW}, ${NOW}, ${NOW}::timestamptz + interval '1 day', ${NOW}
      from taken`.execute(trx);
    await sql`update person p set home_stale_at = ${NOW} from taken t
      where p.workspace_id = t.workspace_id and p.id in (t.leader_id, t.partner_id)`.execute(trx);
    await sql`update meeting m set steps_done = '{prep}', due_step = 'brief', due_at = m.starts_at - interval '20 hours'
      from taken t where m.workspace_id = t.workspace_id and m.id = t.id`.execute(trx);
  });

async function measureDue(): Promise<void> {
  await makeDue();
  const rows: { floor: number; tick: number }[] = [];
  for (let n = -1; n < RUNS; n++) {
    const run = {
      floor: await undone(() => timed(floor)),
      tick: await undone(() => timed(() => workThrough(steps, deps, NOW))),
    };
    if (n >= 0) rows.push(run);
  }
  console.log(`floor, ${DUE} of ${PAIRS} due        ${shown(spreadOf(rows.map((row) => row.floor)), 'ms')}`);
  console.log(`tick's due work, the same   ${shown(spreadOf(rows.map((row) => row.tick)), 'ms')}`);
  console.log(`tick to floor               ${shown(spreadOf(rows.map((row) => row.tick / row.floor)), '×', 1)}`);
}

/** Every column that says when something is due, and its index: what it would cost less without them. */
async function timingStorage(in_: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ name: string; bytes: number }>`
    select c.relname as name, pg_relation_size(c.oid)::float8 as bytes from pg_class c
    where c.relname in ('pair_plan_due', 'pair_review_due', 'meeting_due', 'person_bundle_due', 'person_home_stale', 'commitment_falls_due',
      'workspace_digest_due', 'workspace_check_due', 'workspace_purge_due')`.execute(in_);
  const indexes = rows.reduce((all, { bytes }) => all + bytes, 0);
  const { rows: counted } = await sql<{ n: number }>`
    select (select count(plan_due_at) + count(review_due_at) from pair) + (select count(due_at) from meeting)
      + (select count(bundle_due_at) from person) + (select count(falls_due_at) from commitment) as n`.execute(in_);
  const columns = (counted[0]?.n ?? 0) * 8;
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  console.log(
    `timing columns ${mb(columns)} and their indexes ${mb(indexes)}: ${mb(columns + indexes)} for ${PAIRS} pairs`,
  );
  for (const { name, bytes } of rows.toSorted((a, b) => b.bytes - a.bytes)) console.log(`  ${name} ${mb(bytes)}`);
}

const small = await empty(Math.min(10_000, PAIRS));
const large = await empty(PAIRS);
console.log(`empty tick, 10,000 pairs    ${shown(small, 'ms', 2)}`);
console.log(`empty tick, ${PAIRS} pairs ${shown(large, 'ms', 2)}: ${(large.median / small.median).toFixed(2)} ×`);
await inPeace(timingStorage);
await measureDue();

await db.destroy();
await postgres.close();
await rm(folder, { recursive: true, force: true });
