import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { DELIVERY } from '../../src/delivery/compose.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { addChannel, delivering, LONG } from './delivering.ts';
import { type Bot, p99, upTo } from './senders.ts';

type Firm = { id: string; slack: Rehearsal; channels: string[] };

/** Workspaces in a Slack each of its own that keeps to Slack's pace: 1 a second in a channel, 600 a minute in all. */
async function firms(bot: Bot, sizes: number[]) {
  const all: Firm[] = [];
  for (const [n, size] of sizes.entries()) {
    const id = `T0FIRM${String(n).padStart(4, '0')}`;
    const slack = await openRehearsal({ port: 0, pacing: true });
    await bot.addWorkspace(id);
    all.push({ id, slack, channels: upTo(size).map((channel) => addChannel(slack, channel)) });
  }
  const clients = new Map(
    all.map(({ id, slack: { url, state } }) => {
      const clientFor = makeSlack({ slackApiUrl: `${url}/api/`, timeoutMs: DELIVERY.timeoutMs, log: bot.deps.log });
      return [id, clientFor(id, state.app.botToken ?? '')];
    }),
  );
  bot.deps.slack = async (workspaceId) => clients.get(workspaceId) ?? Promise.reject(new Error('no such firm'));
  return {
    all,
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(all.map(({ slack }) => slack.close()));
    },
  };
}

const messagesTo = ({ id, channels }: Firm, many: number) =>
  upTo(many).map((n) => ({ key: `${id} ${n}`, to: channels[n % channels.length], workspaceId: id }));

const posted = ({ slack: { state }, channels }: Firm) =>
  channels.flatMap((channel) => state.conversations[channel]?.messages ?? []);

/** In how many seconds since then each message stood there. */
const waits = (some: Firm[], since: number): number[] =>
  some.flatMap((firm) => posted(firm).map(({ ts }) => Number(ts) - since / 1000));

const refusals = (bot: Bot): number =>
  bot.logged.filter((line) => line.includes('Slack did not take a message')).length;

async function deliverUntil(bot: Bot, isOver: () => boolean): Promise<void> {
  const stopping = new AbortController();
  const delivered = (async () => {
    while (!stopping.signal.aborted) {
      const { retryInMs } = await bot.deliver(stopping.signal);
      await sleep(Math.min(retryInMs ?? 100, 100));
    }
  })();
  for (const until = performance.now() + 150_000; !isOver() && performance.now() < until; ) await sleep(20);
  stopping.abort();
  await delivered;
}

const FIRMS = LONG ? 100 : 20;
const EACH = LONG ? 100 : 16;

test(
  `OUT8: ${FIRMS * EACH} messages due in one minute over ${FIRMS} workspaces all arrive at Slack's pace, which is never broken`,
  async () => {
    await using bot = await delivering(DELIVERY);
    await using slacks = await firms(bot, Array(FIRMS).fill(LONG ? 50 : 16));
    await bot.sayAll(slacks.all.flatMap((firm) => messagesTo(firm, EACH)));
    const since = Date.now();
    await deliverUntil(bot, () => waits(slacks.all, since).length >= FIRMS * EACH);

    const texts = slacks.all.flatMap((firm) => posted(firm).map(({ text }) => text));
    expect(new Set(texts).size).toBe(FIRMS * EACH);
    expect(texts).toHaveLength(FIRMS * EACH);
    expect(refusals(bot)).toBe(0);
    const late = p99(waits(slacks.all, since));
    expect(late).toBeLessThan(120);
    if (LONG)
      process.stderr.write(`OUT8 ${texts.length} messages over ${FIRMS} workspaces, p99 ${late.toFixed(1)} s\n`);
  },
  LONG ? 165_000 : 60_000,
);

const MANY = LONG ? 10_000 : 500;

test(
  `OUT9: one workspace with ${MANY} messages does not delay ten with ten each`,
  async () => {
    await using bot = await delivering({ ...DELIVERY, lanes: 16 });
    await using slacks = await firms(bot, [200, ...Array(10).fill(10)]);
    const [large, ...small] = slacks.all;
    if (!large) throw new Error('There is a large one');
    await bot.sayAll(messagesTo(large, MANY));
    await bot.sayAll(small.flatMap((firm) => messagesTo(firm, 10)));
    const since = Date.now();
    await deliverUntil(bot, () => waits(small, since).length >= 100);

    const late = p99(waits(small, since));
    expect(waits(small, since)).toHaveLength(100);
    expect(late).toBeLessThan(30);
    expect(posted(large).length).toBeGreaterThan(8);
    expect(refusals(bot)).toBe(0);
    if (LONG) process.stderr.write(`OUT9 the small ones' p99 ${late.toFixed(1)} s beside ${MANY}\n`);
  },
  LONG ? 165_000 : 60_000,
);

test('OUT9: nor does it where nothing is paced: each workspace gets its turn in the claim', async () => {
  await using bot = await delivering({ lanes: 8 });
  const channels = upTo(40).map(bot.addChannel);
  const few = ['T0SMALL000', 'T0SMALL001', 'T0SMALL002'];
  await bot.sayAll(upTo(400).map((n) => ({ key: `${n}`, to: channels[n % 37] })));
  for (const [n, workspaceId] of few.entries()) {
    await bot.addWorkspace(workspaceId);
    await bot.sayAll(['a', 'b'].map((key) => ({ key: `${workspaceId} ${key}`, to: channels[37 + n], workspaceId })));
  }
  await bot.deliver();

  const order = bot.order();
  const last = order.findLastIndex(({ where }) => channels.indexOf(where) >= 37);
  expect(order).toHaveLength(406);
  expect(last).toBeLessThan(60);
});
