import { expect, test } from '@jest/globals';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { discard } from '../../src/delivery/held.ts';
import { type Enqueued, enqueueAll, refreshPostedAt } from '../../src/delivery/outbox.ts';
import { ANA, DANA, delivering, FIRM, PROMISES } from './delivering.ts';

const message = (key: string, now: Temporal.Instant, rest: Partial<Enqueued> = {}): Enqueued => ({
  workspaceId: FIRM,
  id: crypto.randomUUID(),
  kind: 'prompt',
  key,
  about: { thing: key },
  to: { people: [ANA] },
  notBefore: now,
  now,
  ...rest,
});

test('what is enqueued in a transaction that fails is never said', async () => {
  await using bot = await delivering();
  const failed = asWorkspace(bot.db, FIRM, async (trx) => {
    await enqueueAll(trx, [message('prompt', bot.time.now)]);
    throw new Error('the change was refused');
  });
  await expect(failed).rejects.toThrow('the change was refused');
  expect((await bot.deliver()).sent).toBe(0);
});

test('many messages are enqueued at once, in their order, and of one key the last counts', async () => {
  await using bot = await delivering();
  for (const key of ['a', 'b', 'c']) bot.facts.set(key, key);
  const { now } = bot.time;
  const messages = [message('c', now), message('a', now), message('b', now), message('c', now)];
  await asWorkspace(bot.db, FIRM, (trx) => enqueueAll(trx, messages));
  await bot.deliver();
  expect(bot.seen()).toEqual(['a', 'b', 'c']);
  expect(await bot.row('c')).toMatchObject({ wantedRevision: 1 });
});

test('the same people are one conversation, in whatever order they are named', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'one', to: [DANA, ANA] });
  await bot.say({ key: 'two', to: [ANA, DANA, ANA] });
  await bot.deliver();
  expect(bot.seen([ANA, DANA])).toEqual(['words of one', 'words of two']);
});

test('a key belongs to one addressee: enqueued for another, nothing is saved', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'prompt', to: [ANA] });
  await expect(bot.say({ key: 'prompt', to: [DANA] })).rejects.toThrow('The key prompt belongs to another addressee');
});

test('a message that waits takes the newer time and the newer expiry', async () => {
  await using bot = await delivering();
  const { now } = bot.time;
  await bot.say({ key: 'prompt', notBefore: now.add({ hours: 1 }), expiresAt: now.add({ hours: 2 }) });
  await bot.say({ key: 'prompt', notBefore: now.add({ hours: 5 }), expiresAt: now.add({ hours: 6 }) });
  bot.time.now = now.add({ hours: 3 });
  expect(await bot.deliver()).toMatchObject({ sent: 0, next: now.add({ hours: 5 }) });
  bot.time.now = now.add({ hours: 5 });
  expect((await bot.deliver()).sent).toBe(1);
});

test('what was posted is still updated after the time from which on it would not be posted', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'prompt', expiresAt: bot.time.now.add({ hours: 1 }) }, 'tomorrow at nine');
  await bot.deliver();
  bot.time.now = bot.time.now.add({ hours: 9 });
  await bot.changed('prompt', 'answered');
  await bot.deliver();
  expect(bot.seen()).toEqual(['answered']);
});

test('the message that somebody clicked in is updated where it stands', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'ask' }, 'Dana asks you for two comps');
  await bot.deliver();
  const { channelId, ts } = await bot.row('ask');
  bot.facts.set('ask', 'You accepted');
  const place = { channelId: channelId ?? '', ts: ts ?? '' };
  await asWorkspace(bot.db, FIRM, (trx) => refreshPostedAt(trx, FIRM, place, bot.time.now));
  await bot.deliver();
  expect(bot.seen()).toEqual(['You accepted']);
});

test('a held message goes out when what it says is enqueued again, now that it can be worded', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' }, new Error('not yet'));
  await bot.settle();
  expect(await bot.held()).toHaveLength(1);
  await bot.say({ key: 'brief' }, 'two open');
  await bot.settle();
  expect(bot.seen()).toEqual(['two open']);
});

test('a held message that somebody gives up is not listed any more and not sent', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' }, new Error('never'));
  await bot.settle();
  expect(await asTick(bot.db, (trx) => discard(trx, { workspaceId: FIRM }))).toBe(1);
  bot.facts.set('brief', 'two open');
  await bot.settle();
  expect([await bot.held(), bot.seen()]).toEqual([[], []]);
});

test('a conversation keeps its pace, counted from the end of one call to the start of the next', async () => {
  await using bot = await delivering({ channelMs: 200 });
  for (const key of ['1', '2', '3', '4']) await bot.say({ key, to: PROMISES });
  const first = await bot.deliver();
  expect(first.sent).toBe(1);
  expect(first.retryInMs).toBeGreaterThan(100);
  await bot.settle();
  const times = bot.order().map(({ ts }) => Number(ts));
  for (const [n, at] of times.entries()) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(0.2);
});

test('a workspace keeps its budget: a second of it at once, and then no more before its time', async () => {
  await using bot = await delivering({ workspaceMs: 250, lanes: 16 });
  for (let n = 0; n < 12; n++) await bot.say({ key: `${n}`, to: [ANA, DANA, `U0KIRAN001`].slice(n % 3) });
  const first = await bot.deliver();
  expect(first.sent).toBe(3);
  expect(first.retryInMs).toBeGreaterThan(500);
});
