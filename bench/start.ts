// How long from typing the command to a page that can be used, and how much memory the bot takes at rest; both beside a
// bare Bolt app with a bare PostgreSQL connection in the same run.  npm run bench bench/start.ts [runs]
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { openEmbedded } from '../src/db/embedded.ts';
import { residentMegabytes, shown, spreadOf } from './measure.ts';

const RUNS = Number(process.argv[2] ?? 5);
const REST_MS = 5_000;
const root = path.resolve(import.meta.dirname, '..');
type Run = { ms: number; megabytes: number };

async function timed(command: string[], env: Record<string, string>, usable: () => Promise<boolean>): Promise<Run> {
  const begun = performance.now();
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    while (!(await usable().catch(() => false))) {
      if (child.exitCode !== null) throw new Error(`${command.join(' ')} ended`);
      await pause(10);
    }
    const ms = performance.now() - begun;
    await pause(REST_MS);
    return { ms, megabytes: residentMegabytes(child.pid ?? 0) };
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

const answers = async (url: string): Promise<boolean> => (await fetch(url)).ok;

/** The page, its first script and what it draws for the first person. */
const pageIsUsable = (port: number) => async () =>
  (await answers(`http://127.0.0.1:${port}/readyz`)) &&
  (await answers(`http://127.0.0.1:${port}/`)) &&
  (await answers(`http://127.0.0.1:${port}/rehearsal/screen?as=U0DANA0001`));

const node = [process.execPath, '--import', './node-version.js', '--disable-warning=ExperimentalWarning'];
const folder = await mkdtemp(path.join(tmpdir(), 'accord-bench-'));
// Run as root the server's own account has to get in; else its files would be kept elsewhere, and stay there.
await chmod(folder, 0o711);
const data = path.join(folder, 'data');
const accord = (port: number) =>
  timed([...node, 'src/main.ts'], { ACCORD_DATA: data, PORT: String(port), LOG_LEVEL: 'silent' }, pageIsUsable(port));

const postgres = await openEmbedded({ dataFolder: path.join(folder, 'bare'), log: pino({ level: 'silent' }) });
const bare = (port: number) =>
  timed([...node, 'bench/bare-bolt.ts'], { DATABASE_URL: postgres.url, PORT: String(port) }, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body: 'payload={}' });
    return answer.status === 401;
  });

const runs: Record<'cold' | 'warm' | 'bare', Run[]> = { cold: [], warm: [], bare: [] };
for (let n = 0; n < RUNS; n++) {
  await rm(data, { recursive: true, force: true });
  runs.cold.push(await accord(4100));
  runs.warm.push(await accord(4101));
  runs.bare.push(await bare(4102));
}
await postgres.close();
await rm(folder, { recursive: true, force: true });

const ratio = (kind: 'cold' | 'warm', figure: keyof Run) =>
  spreadOf(runs[kind].map((run, n) => run[figure] / (runs.bare[n]?.[figure] ?? Number.NaN)));
for (const kind of ['cold', 'warm', 'bare'] as const) {
  const ms = spreadOf(runs[kind].map((run) => run.ms));
  const megabytes = spreadOf(runs[kind].map((run) => run.megabytes));
  console.log(`${kind.padEnd(5)} usable after ${shown(ms, 'ms')}   at rest ${shown(megabytes, 'MB')}`);
}
for (const kind of ['cold', 'warm'] as const) {
  console.log(
    `${kind} to bare: start ${shown(ratio(kind, 'ms'), '×', 1)}   memory ${shown(ratio(kind, 'megabytes'), '×', 1)}`,
  );
}
