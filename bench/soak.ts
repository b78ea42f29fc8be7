// A bot of its own process under a steady load of /commit, while the stand-in answers some calls with faults and some of its
// database connections are cut: what its memory does. Its last minutes are held against its first ones.
//   npm run bench bench/soak.ts [minutes] [commits a second]
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { FaultOrder } from '../src/rehearsal/faults.ts';
import { openRehearsal } from '../src/rehearsal/server.ts';
import { startBotProcess } from '../test/support/bot-process.ts';
import { openBenchDatabase, SEAL_KEY } from './database.ts';
import { commitOf, foundFirm, partnerOf, sendSigned } from './firm.ts';
import { quantile } from './measure.ts';

const MINUTES = Number(process.argv[2] ?? 30);
const A_SECOND = Number(process.argv[3] ?? 5);
/** What is compared: five minutes at either end, less in a short run. */
const WINDOW_MS = Math.min(5, MINUTES / 3) * 60_000;
const SAMPLE_MS = 5_000;
const FAULT_MS = 3_000;
const CUT_MS = 20_000;
const PAIRS = 400;

const FAULTS: FaultOrder['fault'][] = ['429', '500', 'reset-before', 'reset-after', '500-after', 'html', 'cut-json'];

const database = await openBenchDatabase();
const rehearsal = await openRehearsal({ port: 0 });
const bot = await startBotProcess({
  rehearsal,
  database,
  settings: { ACCORD_SEAL_KEY: SEAL_KEY, LOG_LEVEL: 'silent' },
});
// Whatever goes wrong here, nothing is left running.
process.once('exit', () => bot.child.kill());
await foundFirm(rehearsal, database.db, PAIRS);
const admin = new pg.Client(database.connection);
await admin.connect();

const begun = performance.now();
const isOver = () => performance.now() - begun > MINUTES * 60_000;

/** Again and again until the end; what it does may take as long as it likes. */
async function every(ms: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    await work(n);
    await pause(ms);
  }
}

const counts = { typed: 0, refused: 0, unanswered: 0, faults: 0, cut: 0 };

async function type(n: number): Promise<void> {
  counts.typed += 1;
  // Every other one asks the leader, who is told by a message.
  const form = commitOf(rehearsal, partnerOf(n % PAIRS), n);
  if (n % 2 === 0) form.set('text', `ask: ${form.get('text')}`);
  const said = await sendSigned(bot.url, rehearsal.state.app.signingSecret, form).catch(() => undefined);
  if (said === undefined) counts.unanswered += 1;
  else if (/nothing was saved|possibly saved/i.test(said)) counts.refused += 1;
}

async function fail(n: number): Promise<void> {
  const fault = FAULTS[n % FAULTS.length] ?? '500';
  rehearsal.workspace.faults.add({ method: '*', fault, times: 2 });
  counts.faults += 2;
}

/** One of the bot's connections, whatever it is doing. */
async function cut(): Promise<void> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'accord' and usename = current_user and pid <> pg_backend_pid() order by random() limit 1`,
  );
  counts.cut += rowCount ?? 0;
}

type Sample = { at: number; rss: number; heap: number };
const samples: Sample[] = [];

async function look(): Promise<void> {
  const text = await fetch(`${bot.url}/metrics`).then((answer) => answer.text());
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) / 2 ** 20;
  samples.push({
    at: performance.now() - begun,
    rss: figure('process_resident_memory_bytes'),
    heap: figure('nodejs_heap_size_used_bytes'),
  });
}

try {
  await Promise.all([every(1000 / A_SECOND, type), every(FAULT_MS, fail), every(CUT_MS, cut), every(SAMPLE_MS, look)]);
} finally {
  const { code, ms } = await bot.end();
  await admin.end();
  await rehearsal.close();
  await database.close();
  console.log(`ended with ${code} after ${Math.round(ms)} ms`);
}

/** The least is what the collector could not take; the median is what the process mostly had. */
const of = (window: Sample[], part: 'rss' | 'heap') => {
  const values = window.map((sample) => sample[part]);
  return { median: quantile(values, 0.5), least: quantile(values, 0) };
};
const first = samples.filter(({ at }) => at < WINDOW_MS);
const last = samples.filter(({ at }) => at > MINUTES * 60_000 - WINDOW_MS);
const { typed, refused, unanswered, faults, cut: cuts } = counts;
console.log(
  `${MINUTES} minutes: ${typed} commits, ${refused} of them answered with a failure, ${unanswered} not at all; ${faults} faults of Slack, ${cuts} connections cut`,
);
for (const part of ['rss', 'heap'] as const) {
  const [before, after] = [of(first, part), of(last, part)];
  const grown = ((after.median / before.median - 1) * 100).toFixed(0);
  console.log(
    `${part.padEnd(4)} first ${WINDOW_MS / 1000} s: median ${before.median.toFixed(0)} MB, least ${before.least.toFixed(0)} MB` +
      `   last: median ${after.median.toFixed(0)} MB, least ${after.least.toFixed(0)} MB   ${grown} %`,
  );
}
