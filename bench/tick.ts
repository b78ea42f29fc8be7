// What a tick costs, by how many pairs there are and how many of them something is due for; and what the columns that say
// when something is due weigh. The database is the one that Accord brings, fsync on.
//   npm run bench bench/tick.ts [pairs] [due] [runs]
import { sql } from 'kysely';
import { tick } from '../src/tick.ts';
import { workThrough } from '../src/work-through.ts';
import { fill } from '../test/support/fill.ts';
import { openBenchDatabase, quietDeps } from './database.ts';
import { inPeace, makeDue, steps } from './due-pairs.ts';
import { shown, spreadOf, timed } from './measure.ts';

const PAIRS = Number(process.argv[2] ?? 1_000_000);
const DUE = Number(process.argv[3] ?? 10_000);
const RUNS = Number(process.argv[4] ?? 5);
const FEW = Math.min(10_000, PAIRS);
const EMPTY_RUNS = 400;
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');

const database = await openBenchDatabase();
const { db } = database;
const deps = quietDeps(db, NOW);

/** With few pairs and with many, in turns, in two databases on one server. */
async function measureEmpty(): Promise<void> {
  const few = await database.another();
  await fill(few, { pairs: FEW, pairsAWorkspace: 100, now: NOW });
  const ms = await timed(() => fill(db, { pairs: PAIRS, pairsAWorkspace: 100, now: NOW }));
  console.log(`${PAIRS} pairs made in ${Math.round(ms / 1000)} s`);
  const rows: { few: number; many: number }[] = [];
  for (let n = -20; n < EMPTY_RUNS; n++) {
    const run = { few: await timed(() => tick(quietDeps(few, NOW))), many: await timed(() => tick(deps)) };
    if (n >= 0) rows.push(run);
  }
  const [small, large] = [spreadOf(rows.map((row) => row.few)), spreadOf(rows.map((row) => row.many))];
  console.log(`empty tick, ${FEW} pairs     ${shown(small, 'ms', 2)}`);
  console.log(`empty tick, ${PAIRS} pairs   ${shown(large, 'ms', 2)}: ${(large.median / small.median).toFixed(2)} ×`);
}

/**
 * The floor: the same rows changed and made, by one statement a table and nothing else. Its tables are meeting, outbox,
 * conversation, workspace_pace and home_change.
 */
const floor = () =>
  inPeace(db, async (trx) => {
    const taken = sql`select m.workspace_id, m.id, p.leader_id, p.partner_id from meeting m
      join pair p on p.workspace_id = m.workspace_id and p.id = m.pair_id where m.due_at is not null and m.due_at <= ${NOW}`;
    await sql`create temporary table taken on commit drop as ${taken}`.execute(trx);
    await sql`insert into conversation (workspace_id, address) select workspace_id, partner_id from taken`.execute(trx);
    await sql`insert into workspace_pace (workspace_id) select distinct workspace_id from taken`.execute(trx);
    await sql`insert into outbox (workspace_id, id, kind, key, about, address, state, not_before, send_by, expires_at, created_at)
      select workspace_id, gen_random_uuid(), 'opening-question', 'opening-question:' || id,
        jsonb_build_object('meeting', id, 'moves', '0'), partner_id, 'queued', ${NOW}, ${NOW}, ${NOW}::timestamptz + interval '1 day', ${NOW}
      from taken`.execute(trx);
    await sql`insert into home_change (workspace_id, person_id, at)
      select distinct t.workspace_id, one, ${NOW}::timestamptz from taken t, unnest(array[t.leader_id, t.partner_id]) one`.execute(
      trx,
    );
    await sql`update meeting m set steps_done = '{prep}', due_step = 'brief', due_at = m.starts_at - interval '20 hours'
      from taken t where m.workspace_id = t.workspace_id and m.id = t.id`.execute(trx);
  });

async function measureDue(): Promise<void> {
  const again = () => makeDue(db, NOW, Math.max(1, Math.floor(PAIRS / DUE)));
  const asked = async () =>
    (await inPeace(db, (trx) => sql<{ n: number }>`select count(*)::int as n from outbox`.execute(trx))).rows[0]?.n;
  const rows: { floor: number; tick: number }[] = [];
  for (let n = -1; n < RUNS; n++) {
    await again();
    const ms = await timed(floor);
    const wanted = await asked();
    await again();
    const run = { floor: ms, tick: await timed(() => workThrough(steps, deps, NOW)) };
    if ((await asked()) !== wanted) throw new Error('The floor and the tick did not ask the same');
    if (n >= 0) rows.push(run);
  }
  console.log(`floor, ${DUE} of ${PAIRS} due        ${shown(spreadOf(rows.map((row) => row.floor)), 'ms')}`);
  console.log(`tick's due work, the same   ${shown(spreadOf(rows.map((row) => row.tick)), 'ms')}`);
  console.log(`tick to floor               ${shown(spreadOf(rows.map((row) => row.tick / row.floor)), '×', 1)}`);
}

/** Every column that says when something is due, and its index: what it would cost less without them. */
async function measureStorage(): Promise<void> {
  const { rows } = await inPeace(db, (trx) =>
    sql<{ name: string; bytes: number }>`
      select c.relname as name, pg_relation_size(c.oid)::float8 as bytes from pg_class c
      where c.relname in ('pair_plan_due', 'pair_review_due', 'meeting_due', 'person_bundle_due', 'person_home_stale', 'person_news_due', 'home_change_at',
        'commitment_falls_due', 'workspace_digest_due', 'workspace_digest_stale', 'workspace_check_due', 'workspace_purge_due')`.execute(
      trx,
    ),
  );
  const indexes = rows.reduce((all, { bytes }) => all + bytes, 0);
  const { rows: counted } = await inPeace(db, (trx) =>
    sql<{ n: number }>`
      select (select count(plan_due_at) + count(review_due_at) from pair) + (select count(due_at) from meeting)
        + (select count(bundle_due_at) from person) + (select count(falls_due_at) from commitment) as n`.execute(trx),
  );
  const times = counted[0]?.n ?? 0;
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  const all = times * 8 + indexes;
  console.log(
    `${times} due times of ${PAIRS} pairs: columns ${mb(times * 8)}, indexes ${mb(indexes)}; ${mb(all)}, ${(all / times).toFixed(0)} bytes each`,
  );
}

try {
  await measureEmpty();
  await measureStorage();
  await measureDue();
} finally {
  await database.close();
}
