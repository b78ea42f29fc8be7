// How long /commit takes to answer at so many a second, beside a bare Bolt listener that inserts one row and acknowledges;
// each in a process of its own, both on the database that Accord brings, in turns. An open loop: each request is sent at its
// time, whatever became of the ones before, and timed from then.
//   npm run bench bench/commit.ts [a second] [seconds] [runs]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { asTick } from '../src/db/as-workspace.ts';
import { openRehearsal } from '../src/rehearsal/server.ts';
import { startBotProcess } from '../test/support/bot-process.ts';
import { openBenchDatabase, SEAL_KEY } from './database.ts';
import { commitOf, foundFirm, foundPast, partnerOf, sendSigned } from './firm.ts';
import { computedSeconds, quantile, shown, spreadOf } from './measure.ts';

const A_SECOND = Number(process.argv[2] ?? 100);
const SECONDS = Number(process.argv[3] ?? 20);
const RUNS = Number(process.argv[4] ?? 5);
const PAIRS = 400;
/** The firm is at work: what each pair promised and kept before. */
const PAST_EACH = 20;
const BARE_PORT = 4103;

const database = await openBenchDatabase();
const rehearsal = await openRehearsal({ port: 0 });
const bot = await startBotProcess({ rehearsal, database, settings: { ACCORD_SEAL_KEY: SEAL_KEY } });
// Whatever goes wrong here, nothing is left running.
process.once('exit', () => bot.child.kill());
await foundFirm(rehearsal, database.db, PAIRS);
await foundPast(rehearsal, database.db, PAST_EACH);
const bare = await startBare();
process.once('exit', () => bare.kill());

async function startBare(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bench/bare-bolt.ts'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...process.env, DATABASE_URL: database.url, PORT: String(BARE_PORT) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The bare bot has no output');
  for await (const line of createInterface(child.stdout)) if (line === 'ready') return child;
  throw new Error('The bare bot did not start');
}

let typed = 0;
let refused = 0;
const pids = { bare: bare.pid ?? 0, accord: bot.child.pid ?? 0 };
type Which = keyof typeof pids;
const ask: Record<Which, () => Promise<void>> = {
  bare: async () => {
    const form = commitOf(rehearsal, partnerOf(0), 0);
    form.set('command', '/bare');
    await sendSigned(`http://127.0.0.1:${BARE_PORT}`, 'bare-signing-secret', form);
  },
  accord: async () => {
    const n = typed++;
    const form = commitOf(rehearsal, partnerOf(n % PAIRS), n);
    const said = await sendSigned(bot.url, rehearsal.state.app.signingSecret, form);
    if (said.includes('nothing was saved')) refused += 1;
  },
};

/** Milliseconds, but for `cpu`: what the process computed for each answer. */
type Run = { p50: number; p99: number; cpu: number };
const FIGURES = ['p50', 'p99', 'cpu'] as const;

async function measure(which: Which, seconds: number): Promise<Run> {
  const times: number[] = [];
  const underWay: Promise<void>[] = [];
  const computed = computedSeconds(pids[which]);
  const begun = performance.now();
  for (let n = 0; n < A_SECOND * seconds; n++) {
    const at = begun + (n * 1000) / A_SECOND;
    await pause(Math.max(0, at - performance.now()));
    underWay.push(ask[which]().then(() => void times.push(performance.now() - at)));
  }
  await Promise.all(underWay);
  const cpu = ((computedSeconds(pids[which]) - computed) * 1000) / times.length;
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu };
}

const countSaved = () =>
  asTick(database.db, async (trx) => (await trx.selectFrom('commitment').select('id').execute()).length);

const runs: Record<Which, Run>[] = [];
try {
  // The compiler warms up, for both.
  for (const which of ['bare', 'accord'] as const) await measure(which, Math.min(SECONDS, 10));
  for (let n = 0; n < RUNS; n++)
    runs.push({ bare: await measure('bare', SECONDS), accord: await measure('accord', SECONDS) });
  const saved = await countSaved();
  if (saved !== PAIRS * PAST_EACH + typed - refused)
    throw new Error(`${typed} typed, ${refused} refused, ${saved} saved`);
} finally {
  if (bare.kill('SIGTERM')) await once(bare, 'exit');
  await bot.end();
  await rehearsal.close();
  await database.close();
}

const line = (name: string, of: (run: Record<Which, Run>, figure: keyof Run) => number, unit: string) =>
  console.log(
    name.padEnd(15),
    FIGURES.map((figure) => `${figure} ${shown(spreadOf(runs.map((run) => of(run, figure))), unit, 1)}`).join('   '),
  );
console.log(
  `${A_SECOND} a second for ${SECONDS} s, ${RUNS} runs each in turns; ${refused} of ${typed} refused for lack of time`,
);
line('bare', ({ bare }, figure) => bare[figure], 'ms');
line('accord', ({ accord }, figure) => accord[figure], 'ms');
line('accord to bare', ({ bare, accord }, figure) => accord[figure] / bare[figure], '×');
