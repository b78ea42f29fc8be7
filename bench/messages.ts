// Messages a second that one process delivers, beside the same messages posted by a bare WebClient with as many calls at a
// time. The stand-in has a process of its own and no pace; the database is the one that Accord brings, fsync on.
//   node bench/messages.ts [runs] [messages] [lanes]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebClient } from '@slack/web-api';
import { sql } from 'kysely';
import { pino } from 'pino';
import { asTick } from '../src/db/as-workspace.ts';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import { sealKeysFrom } from '../src/db/sealed.ts';
import type { Composers, Words } from '../src/delivery/compose.ts';
import { deliver } from '../src/delivery/deliver.ts';
import { enqueueAll } from '../src/delivery/outbox.ts';
import type { Deps } from '../src/deps.ts';
import { actions, button, section } from '../src/slack/blocks.ts';
import { makeSlack } from '../src/slack/client.ts';
import { shown, spreadOf } from './measure.ts';
import type { StandIn } from './stand-in.ts';

const RUNS = Number(process.argv[2] ?? 7);
const MESSAGES = Number(process.argv[3] ?? 4_000);
const LANES = Number(process.argv[4] ?? 16);
const CHANNELS = 200;

const log = pino({ level: 'silent' });
const folder = await mkdtemp(path.join(tmpdir(), 'accord-bench-'));
const postgres = await openEmbedded({ dataFolder: path.join(folder, 'data'), log });
const db = openDatabase({
  connection: postgres.connection,
  seal: sealKeysFrom(Buffer.alloc(32, 'bench').toString('base64')),
  log,
});
await migrate(db, log);

/** What a prompt looks like: a few words and two buttons. */
const wordsOf = (n: string): Words => ({
  text: `Tomorrow at 9:00 AM you meet Dana (${n}). What would make it worth your time?`,
  blocks: [
    section(`Tomorrow at 9:00 AM you meet *Dana* (${n}). What would make it worth your time?`),
    actions(button('Answer', 'bench:answer', n), button('Move it', 'bench:move', n)),
  ],
});

const composers: Composers = {
  prompt: { compose: async (_, { about }) => wordsOf(about.n ?? ''), inDoubt: 'send-again' },
};

/** Seconds, and the seconds that this process computed. */
type Took = { seconds: number; cpu: number };
type Posting = (standIn: StandIn) => Promise<Took>;

async function againstAFreshStandIn(posting: Posting): Promise<Took> {
  const child = fork(path.join(import.meta.dirname, 'stand-in.ts'), [String(CHANNELS)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const standIn: StandIn = await answerOf(child);
  const took = await posting(standIn);
  child.send('count');
  const { posted, different }: { posted: number; different: number } = await answerOf(child);
  if (posted !== MESSAGES || different !== MESSAGES) throw new Error(`${posted} posted, ${different} different`);
  child.disconnect();
  await once(child, 'exit');
  return took;
}

const answerOf = async (child: ChildProcess) => (await once(child, 'message'))[0];

const bare: Posting = async ({ url, token, channels }) => {
  const client = new WebClient(token, { slackApiUrl: `${url}/api/` });
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < MESSAGES; n = next++)
      await client.chat.postMessage({ channel: channels[n % CHANNELS] ?? '', ...wordsOf(`${n}`) });
  };
  return timed(() => Promise.all(Array.from({ length: LANES }, lane)));
};

const delivered: Posting = async ({ url, token, team, channels }) => {
  const now = Temporal.Now.instant();
  const clientFor = makeSlack({ slackApiUrl: `${url}/api/`, log });
  const deps: Deps = {
    db,
    slack: async (workspaceId) => clientFor(workspaceId, token),
    clock: () => now,
    log,
    wake: () => {},
    newId: () => crypto.randomUUID(),
  };
  await asTick(db, async (trx) => {
    await trx.deleteFrom('workspace').execute();
    await sql`insert into workspace (id, token) values (${team}, '\\x00')`.execute(trx);
    await enqueueAll(
      trx,
      Array.from({ length: MESSAGES }, (_, n) => ({
        workspaceId: team,
        id: deps.newId(),
        kind: 'prompt',
        key: `${n}`,
        about: { n: `${n}` },
        to: { channel: channels[n % CHANNELS] ?? '' },
        notBefore: now,
        now,
      })),
    );
  });
  return timed(() => deliver(deps, { composers, settings: { lanes: 4 * LANES, channelMs: 0, workspaceMs: 0 } }));
};

async function timed(work: () => Promise<unknown>): Promise<Took> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begun) / 1000, cpu: (user + system) / 1e6 };
}

const runs: { bare: Took; accord: Took }[] = [];
try {
  for (let n = -1; n < RUNS; n++) {
    const run = { bare: await againstAFreshStandIn(bare), accord: await againstAFreshStandIn(delivered) };
    // The first one warms the compiler up, for both.
    if (n >= 0) runs.push(run);
  }
} finally {
  await db.destroy();
  await postgres.close();
  await rm(folder, { recursive: true, force: true });
}

const summary = (name: string, took: Took[]): string => {
  const rates = shown(spreadOf(took.map(({ seconds }) => MESSAGES / seconds)), 'messages/s');
  const cpu = shown(spreadOf(took.map(({ cpu }) => (cpu * 1e6) / MESSAGES)), 'µs');
  return `${name.padEnd(15)} ${rates}   ${cpu} of its own computing for each`;
};
const ratio = (of: (run: Took) => number) =>
  shown(spreadOf(runs.map(({ bare, accord }) => of(bare) / of(accord))), '×', 2);
console.log(`${MESSAGES} messages, ${LANES} at a time, ${RUNS} runs`);
console.log(
  summary(
    'bare WebClient',
    runs.map(({ bare }) => bare),
  ),
);
console.log(
  summary(
    'Accord',
    runs.map(({ accord }) => accord),
  ),
);
console.log(
  `Accord to bare  ${ratio(({ seconds }) => seconds)} the messages/s   by computing alone ${ratio(({ cpu }) => cpu)}`,
);
