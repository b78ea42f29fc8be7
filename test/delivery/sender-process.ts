import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/open.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { Deps } from '../../src/deps.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { testSeal } from '../support/database.ts';

/** One process of several: sends what is due, worded by what it is about, until it is killed or told to stop. */
const { connection, slackApiUrl, token, now, settings, diesAtWrite, waits } = JSON.parse(process.env.SENDER ?? '{}');
const log = pino({ level: 'silent' });
const clientFor = makeSlack({ slackApiUrl, timeoutMs: settings.timeoutMs, log });
const deps: Deps = {
  db: openDatabase({ connection, seal: testSeal, log, poolSize: 6 }),
  slack: async (workspaceId) => clientFor(workspaceId, token),
  clock: () => Temporal.Instant.from(now),
  log,
  wake: () => {},
  newId: () => crypto.randomUUID(),
};
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const composers = {
  prompt: {
    compose: async (_: unknown, { about }: { about: Record<string, string> }) => ({ text: about.thing ?? '' }),
    inDoubt: 'send-again' as const,
  },
};

/** What a write has to do with, by a word in it that stands nowhere else. */
const PHASES = {
  claim: 'with recursive waiting',
  record: 'jsonb_to_recordset',
  open: '/api/conversations.open',
  send: '/api/chat.postMessage',
  'look up': '/api/conversations.history',
};

/**
 * SIGKILL just before or just after the n-th time that bytes leave for Slack or the database: whatever state the three can
 * be in together lies between two such writes. Says first in what.
 */
function dieAt(nth: number): void {
  const { write: writeOut } = Socket.prototype;
  let writes = 0;
  let phase = 'connect';
  function write(this: Socket, ...args: Parameters<typeof writeOut>): boolean {
    const bytes = Buffer.from(args[0]).toString('latin1');
    phase = Object.entries(PHASES).find(([, word]) => bytes.includes(word))?.[0] ?? phase;
    writes += 1;
    if (writes < nth) return writeOut.apply(this, args);
    writeSync(1, `${phase}\n`);
    if (nth % 2 === 0) writeOut.apply(this, args);
    process.kill(process.pid, 'SIGKILL');
    return true;
  }
  Object.assign(Socket.prototype, { write });
}

flushCompileCache();
if (diesAtWrite) dieAt(diesAtWrite);
const told = once(process, 'message');
process.send?.('ready');
if (waits) await told;
let sent = 0;
while (!stopping.signal.aborted) {
  const delivered = await deliver(deps, { composers, settings }, stopping.signal);
  sent += delivered.sent;
  if (delivered.retryInMs === undefined) break;
  await new Promise((resolve) => setTimeout(resolve, Math.min(delivered.retryInMs ?? 0, 100)));
}
await deps.db.destroy();
process.send?.({ sent }, () => process.disconnect?.());
