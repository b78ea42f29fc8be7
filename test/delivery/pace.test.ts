import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { delivering, LONG } from './delivering.ts';
import { p99, upTo } from './senders.ts';

const ASKED_S = LONG ? 30 : 2;

test(`OUT3: while Slack wants one channel left alone for ${ASKED_S} s, nobody calls it and another one's messages come at once`, async () => {
  await using bot = await delivering();
  const [a = '', b = ''] = upTo(2).map(bot.addChannel);
  bot.fault({ method: 'chat.postMessage', channel: a, fault: '429', retryAfter: ASKED_S });
  await bot.sayAll(upTo(20).map((n) => ({ key: `a${n}`, to: a })));
  const refused = performance.now();
  await bot.deliver();
  // A second call would be taken.
  expect(bot.slack.workspace.faults.list()).toEqual([]);

  const waits: number[] = [];
  while (performance.now() - refused < ASKED_S * 1000 - 200) {
    const enqueued = performance.now();
    await bot.say({ key: `b${waits.length}`, to: b });
    await Promise.all([bot.deliver(), bot.deliver()]);
    waits.push(performance.now() - enqueued);
    expect(bot.seen(b)).toHaveLength(waits.length);
    expect(bot.seen(a)).toEqual([]);
    await sleep(LONG ? 100 : 10);
  }
  expect(p99(waits)).toBeLessThan(2_000);
  await bot.settle();
  expect(bot.seen(a)).toEqual(upTo(20).map((n) => `a${n}`));
  const first = bot.order().find(({ where }) => where === a);
  expect(performance.timeOrigin + refused + ASKED_S * 1000).toBeLessThanOrEqual(Number(first?.ts) * 1000 + 1);
  if (LONG) process.stderr.write(`OUT3 ${waits.length} messages beside it, p99 ${p99(waits).toFixed(0)} ms\n`);
}, 60_000);

test('a workspace’s budget goes first to what has the least time, and to everything before it is of no use', async () => {
  await using bot = await delivering({ lanes: 1 });
  const { now } = bot.time;
  const about = [
    { key: 'question for tomorrow', expiresAt: now.add({ hours: 24 }) },
    { key: 'bundle of the day', expiresAt: now.add({ hours: 15 }) },
    { key: 'card of the meeting that starts', expiresAt: now.add({ minutes: 90 }) },
    { key: 'answer to what somebody did' },
  ];
  for (const [n, message] of about.entries()) await bot.say({ ...message, to: bot.addChannel(n) }, message.key);
  await bot.deliver();
  const texts = bot.order().map(({ where }) => bot.seen(where)[0]);
  expect(texts).toEqual([
    'answer to what somebody did',
    'card of the meeting that starts',
    'question for tomorrow',
    'bundle of the day',
  ]);
});

test('what came earlier and may wait is not overtaken for ever by what comes later', async () => {
  await using bot = await delivering({ lanes: 1 });
  const { now } = bot.time;
  await bot.say({ key: 'question', expiresAt: now.add({ hours: 24 }), to: bot.addChannel(0) });
  bot.time.now = now.add({ minutes: 16 });
  await bot.say({ key: 'answer', to: bot.addChannel(1) });
  await bot.deliver();
  expect(bot.order().map(({ where }) => bot.seen(where)[0])).toEqual(['words of question', 'words of answer']);
});

test('prompts of one minute leave at the workspace’s pace, none before its time', async () => {
  await using bot = await delivering({ workspaceMs: 50, lanes: 64 });
  const at = bot.time.now.add({ minutes: 5 });
  const channels = upTo(50).map(bot.addChannel);
  await bot.sayAll(channels.map((to, n) => ({ key: `${n}`, to, notBefore: at, expiresAt: at.add({ hours: 24 }) })));
  expect(await bot.deliver()).toMatchObject({ sent: 0, next: at });

  bot.time.now = at;
  await bot.settle();
  const times = bot.order().map(({ ts }) => Number(ts));
  expect(times).toHaveLength(50);
  const inASecond = times.map((from) => times.filter((ts) => ts >= from && ts < from + 1).length);
  expect(Math.max(...inASecond)).toBeLessThanOrEqual(40);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1.9);
});
