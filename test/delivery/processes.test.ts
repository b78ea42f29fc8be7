import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openDatabase } from '../../src/db/open.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { testSeal } from '../support/database.ts';
import { ANA, DANA, delivering, FIRM, MARCUS, PROMISES, QUICK } from './delivering.ts';

type Bot = Awaited<ReturnType<typeof delivering>>;

const PEOPLE = [ANA, DANA, MARCUS, 'U0KIRAN001', 'U0MIA00001'];
const CONVERSATIONS = [
  PROMISES,
  ...PEOPLE.map((person) => [person]),
  ...PEOPLE.slice(1).map((person) => [ANA, person]),
];

/** Numbered messages, spread over ten conversations. */
async function sayMany(bot: Bot, many: number): Promise<void> {
  for (let n = 0; n < many; n++) await bot.say({ key: `${n}`, to: CONVERSATIONS[n % CONVERSATIONS.length] }, `${n}`);
}

const arrived = (bot: Bot): number[][] => CONVERSATIONS.map((where) => bot.seen(where).map(Number));
const inOrder = (numbers: number[]): boolean => numbers.every((n, at) => at === 0 || n > (numbers[at - 1] ?? 0));

function startSender(bot: Bot, settings: object): ChildProcess {
  const sender = {
    connection: bot.database.connection,
    slackApiUrl: `${bot.slack.url}/api/`,
    token: bot.slack.state.app.botToken,
    now: bot.time.now.toString(),
    settings: { ...QUICK, ...settings },
  };
  return fork(new URL('./sender-process.ts', import.meta.url), {
    env: { ...process.env, SENDER: JSON.stringify(sender) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

test('OUT7: two processes share 500 due messages: each arrives once, in order within its conversation', async () => {
  await using bot = await delivering();
  await sayMany(bot, 500);
  const second = openDatabase({ connection: bot.database.connection, seal: testSeal, log: bot.deps.log });
  const both = await Promise.all([deliver(bot.deps, bot.delivery), deliver({ ...bot.deps, db: second }, bot.delivery)]);
  await second.destroy();

  expect(both.map(({ sent }) => sent > 50)).toEqual([true, true]);
  expect(
    arrived(bot)
      .flat()
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 500 }, (_, n) => n));
  expect(arrived(bot).every(inOrder)).toBe(true);
});

test('OUT1: senders killed in the middle of it lose nothing and double nothing', async () => {
  await using bot = await delivering();
  const settings = { leaseMs: 900, timeoutMs: 300, settleMs: 50 };
  await sayMany(bot, 300);
  for (let kill = 1; kill <= 8; kill++) {
    const sender = startSender(bot, settings);
    while (sender.exitCode === null && arrived(bot).flat().length < kill * 17) await sleep(1);
    sender.kill('SIGKILL');
    await once(sender, 'exit');
  }
  expect(await bot.count('sending')).toBeGreaterThan(0);
  await bot.settle();

  expect(
    arrived(bot)
      .flat()
      .toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 300 }, (_, n) => n));
  expect(arrived(bot).every(inOrder)).toBe(true);
}, 60_000);

test('OUT10: a sender that is asked to end finishes what is on its way and leaves the rest to others', async () => {
  await using bot = await delivering();
  await sayMany(bot, 300);
  const sender = startSender(bot, {});
  await once(sender, 'message');
  while (arrived(bot).flat().length < 20) await sleep(5);
  sender.kill('SIGTERM');
  const [said] = await once(sender, 'message');

  expect(said).toEqual({ sent: arrived(bot).flat().length });
  expect(await bot.count('sending')).toBe(0);
  await bot.settle();
  expect(arrived(bot).flat()).toHaveLength(300);
});

test('a sender whose lease ended while it made the words posts nothing any more', async () => {
  await using bot = await delivering({ leaseMs: 600 });
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

test('OUT9: a workspace with many messages does not delay the few of others', async () => {
  await using bot = await delivering({ lanes: 4 });
  const people = ['U0KIRAN001', 'U0MIA00001', MARCUS];
  for (let n = 0; n < 200; n++) await bot.say({ key: `${n}`, to: PROMISES, workspaceId: FIRM }, `${n}`);
  for (let n = 0; n < 200; n++) await bot.say({ key: `dm ${n}`, to: [ANA, people[n % 3] ?? ''] }, `${n}`);
  for (const [n, person] of people.entries()) {
    await bot.addWorkspace(`T0SMALL00${n}`);
    for (const key of ['a', 'b']) await bot.say({ key, to: [person], workspaceId: `T0SMALL00${n}` }, key);
  }
  await bot.deliver();

  const order = bot.order();
  const last = Math.max(...people.flatMap((person) => order.flatMap((one, at) => (one.where === person ? [at] : []))));
  expect(order).toHaveLength(406);
  expect(last).toBeLessThan(40);
});
