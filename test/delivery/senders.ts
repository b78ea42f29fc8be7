import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { type delivering, QUICK } from './delivering.ts';

export type Bot = Awaited<ReturnType<typeof delivering>>;

/** What the first sender compiled, the next ones load: most of their short lives would go into it. */
const compiled = mkdtempSync(path.join(tmpdir(), 'accord-senders-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

type Ends = { diesAtWrite?: number; waits?: boolean };

/**
 * Another process that delivers for the same bot. With `diesAtWrite` it is killed at that many writes to a socket; one
 * that waits begins when it is told to.
 */
export function startSender(bot: Bot, settings: object, { diesAtWrite, waits }: Ends = {}): ChildProcess {
  const sender = {
    connection: bot.database.connection,
    slackApiUrl: `${bot.slack.url}/api/`,
    token: bot.slack.state.app.botToken,
    now: bot.time.now.toString(),
    settings: { ...QUICK, ...settings },
    diesAtWrite,
    waits,
  };
  return fork(new URL('./sender-process.ts', import.meta.url), {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, SENDER: JSON.stringify(sender) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** All begin together, however long each took to start. */
export async function begin(senders: ChildProcess[]): Promise<void> {
  await Promise.all(senders.map((sender) => once(sender, 'message')));
  for (const sender of senders) sender.send('begin');
}

export const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();

/** What everybody said in the end, by channel. */
export const arrived = (bot: Bot, channels: string[]): string[][] => channels.map((channel) => bot.seen(channel));

export const isInOrder = (numbers: number[]): boolean =>
  numbers.every((n, at) => at === 0 || n > (numbers[at - 1] ?? 0));

export const upTo = (many: number): number[] => Array.from({ length: many }, (_, n) => n);

/** The value that 99 of 100 do not exceed. */
export function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
}
