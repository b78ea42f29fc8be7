// One of several processes on one database: waits until it is told to begin, then sends what is due or works through the
// pairs that are, and says how much of it was its own. Forked by bench/scaling.ts.
import { sql } from 'kysely';
import { openDatabase } from '../src/db/open.ts';
import { sealKeysFrom } from '../src/db/sealed.ts';
import { deliver } from '../src/delivery/deliver.ts';
import type { DueWork } from '../src/deps.ts';
import { makeSlack } from '../src/slack/client.ts';
import { workThrough } from '../src/work-through.ts';
import { log, quietDeps, SEAL_KEY } from './database.ts';
import { steps } from './due-pairs.ts';
import { composers } from './prompts.ts';

const { connection, slack, now, work } = JSON.parse(process.env.WORKER ?? '{}');
const db = openDatabase({ connection, seal: sealKeysFrom(SEAL_KEY), log });
const deps = quietDeps(db, Temporal.Instant.from(now));

/** All that this process can get; the others take the rest. */
async function send(): Promise<number> {
  const clientFor = makeSlack({ slackApiUrl: `${slack.url}/api/`, log });
  const sending = { ...deps, slack: async (workspaceId: string) => clientFor(workspaceId, slack.token) };
  for (let sent = 0; ; ) {
    const delivered = await deliver(sending, { composers, settings: { channelMs: 0, workspaceMs: 0 } });
    sent += delivered.sent;
    if (delivered.retryInMs === undefined) return sent;
    await new Promise((resolve) => setTimeout(resolve, Math.min(delivered.retryInMs ?? 0, 20)));
  }
}

async function workThroughPairs(): Promise<number> {
  let taken = 0;
  const counting: DueWork = {
    ...steps,
    async work(...args) {
      const batch = await steps.work(...args);
      taken += batch;
      return batch;
    },
  };
  await workThrough(counting, deps, deps.clock());
  return taken;
}

process.once('message', async () => {
  const did = await (work === 'messages' ? send() : workThroughPairs());
  await db.destroy();
  process.send?.(did, () => process.disconnect?.());
});
await sql`select 1`.execute(db);
process.send?.('ready');
