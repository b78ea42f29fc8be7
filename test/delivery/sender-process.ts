import { pino } from 'pino';
import { openDatabase } from '../../src/db/open.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { Deps } from '../../src/deps.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { testSeal } from '../support/database.ts';

/** One process of several: sends what is due, worded by what it is about, until it is killed or told to stop. */
const { connection, slackApiUrl, token, now, settings } = JSON.parse(process.env.SENDER ?? '{}');
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

process.send?.('ready');
let sent = 0;
while (!stopping.signal.aborted) {
  const delivered = await deliver(deps, { composers, settings }, stopping.signal);
  sent += delivered.sent;
  if (delivered.retryInMs === undefined) break;
  await new Promise((resolve) => setTimeout(resolve, Math.min(delivered.retryInMs ?? 0, 100)));
}
await deps.db.destroy();
process.send?.({ sent }, () => process.disconnect?.());
