// Messages a second that one process delivers, beside the same messages posted by a bare WebClient with as many calls at a
// time. The stand-in has a process of its own and no pace; the database is the one that Accord brings, fsync on.
//   npm run bench bench/messages.ts [runs] [messages] [lanes]
import { WebClient } from '@slack/web-api';
import { deliver } from '../src/delivery/deliver.ts';
import { makeSlack } from '../src/slack/client.ts';
import { log, openBenchDatabase, quietDeps } from './database.ts';
import { shown, spreadOf } from './measure.ts';
import { againstAFreshStandIn, channelOf, composers, enqueuePrompts, wordsOf } from './prompts.ts';
import type { StandIn } from './stand-in.ts';

const RUNS = Number(process.argv[2] ?? 7);
const MESSAGES = Number(process.argv[3] ?? 4_000);
const LANES = Number(process.argv[4] ?? 16);

const { db, close } = await openBenchDatabase();

/** Seconds, and the seconds that this process computed. */
type Took = { seconds: number; cpu: number };
type Posting = (standIn: StandIn) => Promise<Took>;

const bare: Posting = async (standIn) => {
  const client = new WebClient(standIn.token, { slackApiUrl: `${standIn.url}/api/` });
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < MESSAGES; n = next++)
      await client.chat.postMessage({ channel: channelOf(standIn, n), ...wordsOf(`${n}`) });
  };
  return timed(() => Promise.all(Array.from({ length: LANES }, lane)));
};

const delivered: Posting = async (standIn) => {
  const now = Temporal.Now.instant();
  const clientFor = makeSlack({ slackApiUrl: `${standIn.url}/api/`, log });
  const deps = { ...quietDeps(db, now), slack: async (workspaceId: string) => clientFor(workspaceId, standIn.token) };
  await enqueuePrompts(db, standIn, MESSAGES, now);
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
    const run = {
      bare: await againstAFreshStandIn(MESSAGES, bare),
      accord: await againstAFreshStandIn(MESSAGES, delivered),
    };
    // The first one warms the compiler up, for both.
    if (n >= 0) runs.push(run);
  }
} finally {
  await close();
}

const summary = (name: string, took: Took[]): string => {
  const rates = shown(spreadOf(took.map(({ seconds }) => MESSAGES / seconds)), 'messages/s');
  const cpu = shown(spreadOf(took.map(({ cpu }) => (cpu * 1e6) / MESSAGES)), 'µs');
  return `${name.padEnd(15)} ${rates}   ${cpu} of its own computing for each`;
};
const ratio = (of: (run: Took) => number) =>
  shown(spreadOf(runs.map(({ bare, accord }) => of(bare) / of(accord))), '×', 2);
const bares = runs.map((run) => run.bare);
const accords = runs.map((run) => run.accord);
console.log(`${MESSAGES} messages, ${LANES} at a time, ${RUNS} runs`);
console.log(summary('bare WebClient', bares));
console.log(summary('Accord', accords));
console.log(
  `Accord to bare  ${ratio(({ seconds }) => seconds)} the messages/s   by computing alone ${ratio(({ cpu }) => cpu)}`,
);
