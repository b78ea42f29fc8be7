// 1, 2 and 4 processes on one server share what is due: messages to a stand-in without pace, each of which must arrive once,
// and pairs whose meeting wants a step. How long until all is done, how it was shared, and how that compares to one process.
//   npm run bench bench/scaling.ts [messages and pairs] [runs]
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { fill } from '../test/support/fill.ts';
import { openBenchDatabase } from './database.ts';
import { inPeace, makeDue } from './due-pairs.ts';
import { type Spread, shown, spreadOf } from './measure.ts';
import { againstAFreshStandIn, answerOf, enqueuePrompts } from './prompts.ts';
import type { StandIn } from './stand-in.ts';

const MANY = Number(process.argv[2] ?? 10_000);
const RUNS = Number(process.argv[3] ?? 3);
const PROCESSES = [1, 2, 4];
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');

const { db, connection, close } = await openBenchDatabase();

type Shared = { ms: number; shares: number[] };

/** Begins them together, when all are there. */
async function share(processes: number, work: 'messages' | 'pairs', slack?: StandIn): Promise<Shared> {
  const env = { ...process.env, WORKER: JSON.stringify({ connection, slack, now: NOW.toString(), work }) };
  const workers = Array.from({ length: processes }, () =>
    fork(path.join(import.meta.dirname, 'worker.ts'), { env, execArgv: ['--disable-warning=ExperimentalWarning'] }),
  );
  await Promise.all(workers.map((worker) => answerOf<string>(worker)));
  const begun = performance.now();
  const answers = workers.map((worker) => answerOf<number>(worker));
  for (const worker of workers) worker.send('begin');
  const shares = await Promise.all(answers);
  const ms = performance.now() - begun;
  const all = shares.reduce((sum, did) => sum + did);
  if (all !== MANY) throw new Error(`${processes} processes did ${shares.join(' + ')} of ${MANY} ${work}`);
  return { ms, shares };
}

const shareMessages = (processes: number): Promise<Shared> =>
  againstAFreshStandIn(MANY, async (standIn) => {
    await enqueuePrompts(db, standIn, MANY, NOW);
    return share(processes, 'messages', standIn);
  });

async function sharePairs(processes: number): Promise<Shared> {
  await makeDue(db, NOW, 1);
  const shared = await share(processes, 'pairs');
  const { rows } = await inPeace(db, (trx) =>
    sql<{ all: number; different: number }>`
      select count(*)::int as all, count(distinct about->>'meeting')::int as different from outbox`.execute(trx),
  );
  const { all, different } = rows[0] ?? {};
  if (all !== MANY || different !== MANY) throw new Error(`${all} asked, ${different} different`);
  return shared;
}

async function measure(name: string, prepare: () => Promise<void>, sharing: (processes: number) => Promise<Shared>) {
  await prepare();
  const times = new Map<number, Spread>();
  for (const processes of PROCESSES) {
    const runs: Shared[] = [];
    for (let n = 0; n < RUNS; n++) runs.push(await sharing(processes));
    const spread = spreadOf(runs.map(({ ms }) => ms));
    times.set(processes, spread);
    const alone = times.get(1)?.median ?? Number.NaN;
    const last = runs.at(-1)?.shares.join(' + ');
    console.log(
      `${name}, ${processes} processes   ${shown(spread, 'ms')}   ${(alone / spread.median).toFixed(2)} × one   ${last}`,
    );
  }
}

const empty = () => sql`truncate workspace cascade`.execute(db).then(() => undefined);
const pairs = async () => {
  await empty();
  await fill(db, { pairs: MANY, pairsAWorkspace: 100, now: NOW });
};

console.log(`${availableParallelism()} cores for all: the processes, the server and the stand-in`);
try {
  await measure(`${MANY} messages`, empty, shareMessages);
  await measure(`${MANY} due pairs`, pairs, sharePairs);
} finally {
  await close();
}
