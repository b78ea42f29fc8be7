import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { delivering, LONG } from './delivering.ts';
import { arrived, type Bot, ended, isInOrder, startSender, upTo } from './senders.ts';

const KILLS = LONG ? 200 : 12;
const SENDERS = 2;
const EACH = 20;
const CHANNELS = 60;
/** Slack takes a message within these two or not at all: the time after which a history can be believed. */
const SETTINGS = { lanes: 8, leaseMs: 1_500, timeoutMs: 400, settleMs: 50 };
/** The first dozen writes connect to the database. */
const LATEST_WRITE = 120;
const MARK = '\nSent again: Slack did not confirm the first one.';

/** Senders that send and are killed again and again, until nothing is left to send. Returns how often and when in their work. */
async function deliverUnderKills(
  bot: Bot,
  channels: string[],
): Promise<{ messages: number; kills: Map<string, number> }> {
  const kills = new Map<string, number>();
  let messages = 0;
  let left = KILLS;
  const sendUntilKilled = async () => {
    while (left-- > 0) {
      const from = messages;
      messages += EACH;
      await bot.sayAll(upTo(EACH).map((n) => ({ key: `${from + n}`, to: channels[(from + n) % CHANNELS] })));
      const sender = startSender(bot, SETTINGS, { diesAtWrite: 1 + Math.floor(Math.random() * LATEST_WRITE) });
      const [phase] = await Promise.race([once(sender.stdout ?? sender, 'data'), ended(sender).then(() => ['none'])]);
      await ended(sender);
      if (sender.signalCode !== 'SIGKILL') left += 1;
      else kills.set(String(phase).trim(), (kills.get(String(phase).trim()) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sendUntilKilled));
  await bot.settle();
  return { messages, kills };
}

const report = (what: string, kills: Map<string, number>) => {
  if (LONG) process.stderr.write(`OUT1 ${what}; killed at: ${JSON.stringify(Object.fromEntries(kills))}\n`);
};

test(
  `OUT1: senders killed ${KILLS} times wherever they are lose nothing and double nothing, where the history may be read`,
  async () => {
    await using bot = await delivering(SETTINGS);
    const channels = upTo(CHANNELS).map(bot.addChannel);
    const { messages, kills } = await deliverUnderKills(bot, channels);

    const numbers = arrived(bot, channels).map((texts) => texts.map(Number));
    const all = numbers.flat().toSorted((a, b) => a - b);
    report(`with history: ${messages} messages, ${all.length} arrived, ${new Set(all).size} different`, kills);
    expect(all).toEqual(upTo(messages));
    expect(numbers.every(isInOrder)).toBe(true);
    if (LONG) expect([...kills.keys()]).toEqual(expect.arrayContaining(['claim', 'send', 'record', 'look up']));
  },
  LONG ? 400_000 : 60_000,
);

test(
  `OUT1: killed ${KILLS} times where no history may be read, they lose nothing and mark whatever is said twice`,
  async () => {
    await using bot = await delivering(SETTINGS);
    await bot.grant(['chat:write']);
    const channels = upTo(CHANNELS).map(bot.addChannel);
    const { messages, kills } = await deliverUnderKills(bot, channels);

    const texts = arrived(bot, channels).flat();
    const unmarked = texts.filter((text) => !text.endsWith(MARK)).map(Number);
    const numbers = texts.map((text) => Number(text.replace(MARK, '')));
    const doubled = numbers.length - new Set(numbers).size;
    report(`without: ${messages} messages, ${doubled} doubled, ${texts.length - unmarked.length} marked`, kills);
    expect(new Set(numbers)).toEqual(new Set(upTo(messages)));
    expect(new Set(unmarked).size).toBe(unmarked.length);
    expect(doubled).toBeLessThanOrEqual(KILLS * SETTINGS.lanes);
  },
  LONG ? 400_000 : 60_000,
);
