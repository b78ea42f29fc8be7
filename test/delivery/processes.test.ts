import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { delivering, LONG } from './delivering.ts';
import { arrived, begin, ended, isInOrder, startSender, upTo } from './senders.ts';

const PROCESSES = 4;
const MESSAGES = LONG ? 10_000 : 400;
const CHANNELS = LONG ? 500 : 80;
const CHANNEL_MS = LONG ? 1000 : 150;

test(
  `OUT7: ${PROCESSES} processes share ${MESSAGES} due messages: each arrives once, in order, no faster than its channel allows`,
  async () => {
    await using bot = await delivering();
    const channels = upTo(CHANNELS).map(bot.addChannel);
    await bot.sayAll(upTo(MESSAGES).map((n) => ({ key: `${n}`, to: channels[n % CHANNELS] })));
    const settings = { lanes: 32, channelMs: CHANNEL_MS, timeoutMs: 5_000 };
    const senders = upTo(PROCESSES).map(() => startSender(bot, settings, { waits: true }));
    await begin(senders);
    const begun = performance.now();
    const sent = await Promise.all(senders.map(async (sender) => lastWordsOf(sender)));
    const seconds = (performance.now() - begun) / 1000;

    const numbers = arrived(bot, channels).map((texts) => texts.map(Number));
    expect(numbers.flat().toSorted((a, b) => a - b)).toEqual(upTo(MESSAGES));
    expect(numbers.every(isInOrder)).toBe(true);
    expect(Math.min(...sent)).toBeGreaterThan(0);
    expect(sent.reduce((sum, n) => sum + n)).toBe(MESSAGES);
    const closest = closestInAChannel(bot.order());
    expect(closest).toBeGreaterThanOrEqual(CHANNEL_MS - 1);
    if (LONG)
      process.stderr.write(`OUT7 ${sent.join(' + ')} in ${seconds.toFixed(1)} s, closest ${closest} ms apart\n`);
  },
  LONG ? 165_000 : 60_000,
);

async function lastWordsOf(sender: ReturnType<typeof startSender>): Promise<number> {
  let sent = 0;
  sender.on('message', (said) => {
    if (typeof said === 'object' && 'sent' in said) sent = Number(said.sent);
  });
  await ended(sender);
  return sent;
}

/** Milliseconds between the two messages that came closest after each other in one place. */
function closestInAChannel(posted: { where: string; ts: string }[]): number {
  const last = new Map<string, number>();
  let closest = Number.POSITIVE_INFINITY;
  for (const { where, ts } of posted) {
    const at = Number(ts) * 1000;
    closest = Math.min(closest, at - (last.get(where) ?? Number.NEGATIVE_INFINITY));
    last.set(where, at);
  }
  return Math.round(closest);
}

test('OUT10: a sender that is asked to end finishes what is on its way and leaves the rest to others', async () => {
  await using bot = await delivering();
  const channels = upTo(30).map(bot.addChannel);
  await bot.sayAll(upTo(300).map((n) => ({ key: `${n}`, to: channels[n % 30] })));
  const sender = startSender(bot, {});
  await once(sender, 'message');
  while (arrived(bot, channels).flat().length < 20) await sleep(5);
  sender.kill('SIGTERM');
  const [said] = await once(sender, 'message');

  expect(said).toEqual({ sent: arrived(bot, channels).flat().length });
  expect(await bot.count('sending')).toBe(0);
  await bot.settle();
  expect(arrived(bot, channels).flat()).toHaveLength(300);
});

test('a sender whose lease ended while it made the words posts nothing any more', async () => {
  await using bot = await delivering({ leaseMs: 1200 });
  let senders = 0;
  await bot.say({ key: 'prompt' }, async () => {
    senders += 1;
    if (senders > 1) return 'words of the one who took over';
    await bot.settle();
    return 'words of the one who was thought dead';
  });
  expect((await bot.deliver()).sent).toBe(0);
  expect(senders).toBe(2);
  expect(bot.seen()).toEqual(['words of the one who took over']);
  expect(await bot.row('prompt')).toMatchObject({ state: 'posted', postedRevision: 1 });
});
