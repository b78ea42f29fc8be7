import { expect, test } from '@jest/globals';
import { ANA, DANA, delivering, MARCUS, PROMISES } from './delivering.ts';

test('a message that was enqueued is posted once, to the people it is for', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'proposal', to: [ANA] }, 'Dana proposes a one-on-one');
  await bot.say({ key: 'card', to: [DANA, ANA] }, 'Both columns');

  expect((await bot.deliver()).sent).toBe(2);
  expect((await bot.deliver()).sent).toBe(0);

  expect(bot.seen([ANA])).toEqual(['Dana proposes a one-on-one']);
  expect(bot.seen([ANA, DANA])).toEqual(['Both columns']);
  expect(await bot.row('card')).toMatchObject({ state: 'posted', wantedRevision: 1, postedRevision: 1, attempts: 0 });
});

test('the same key enqueued before it was sent is said once, in the newest words', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' }, 'two promises are open');
  await bot.say({ key: 'brief' }, 'three promises are open');
  await bot.deliver();
  expect(bot.seen()).toEqual(['three promises are open']);
});

test('a posted message is updated in place when it is enqueued again', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' }, 'two promises are open');
  await bot.deliver();
  await bot.say({ key: 'brief' }, 'three promises are open');
  await bot.deliver();
  expect(bot.seen()).toEqual(['three promises are open']);
});

test('a changed fact updates what was posted and posts nothing new', async () => {
  await using bot = await delivering();
  await bot.changed('never-said', 'nobody asked');
  await bot.say({ key: 'ask' }, 'Dana asks you for two comps');
  await bot.deliver();
  await bot.changed('ask', 'You accepted: two comps by Thursday');
  await bot.deliver();
  expect(bot.seen()).toEqual(['You accepted: two comps by Thursday']);
});

test('OUT12: what changes while a message is on its way follows as an update in place', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'prompt' }, async () => {
    await bot.changed('prompt', 'moved to Thursday');
    return 'tomorrow at nine';
  });
  expect((await bot.deliver()).sent).toBe(2);
  expect(bot.seen()).toEqual(['moved to Thursday']);
  expect(await bot.row('prompt')).toMatchObject({ state: 'posted', wantedRevision: 2, postedRevision: 2 });
});

test('OUT12: what is no longer true when it would be sent is not sent, and may become true again', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'reminder' }, 'two comps are due');
  bot.facts.delete('reminder');
  await bot.deliver();
  expect(bot.seen()).toEqual([]);
  expect(await bot.row('reminder')).toMatchObject({ state: 'dropped', reason: 'no longer true' });

  await bot.say({ key: 'reminder' }, 'reopened: two comps are due');
  await bot.deliver();
  expect(bot.seen()).toEqual(['reopened: two comps are due']);
});

test('a message waits for its time on the product clock, which says when the next one is due', async () => {
  await using bot = await delivering();
  const at = bot.time.now.add({ hours: 5 });
  await bot.say({ key: 'later', notBefore: at });
  expect(await bot.deliver()).toMatchObject({ sent: 0, next: at, retryInMs: undefined });

  bot.time.now = at;
  expect(await bot.deliver()).toMatchObject({ sent: 1, next: undefined });
});

test('a message that outlived its use is dropped with the reason', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'prompt', expiresAt: bot.time.now.add({ hours: 1 }) });
  bot.time.now = bot.time.now.add({ hours: 26 });
  expect((await bot.deliver()).sent).toBe(0);
  expect(await bot.row('prompt')).toMatchObject({ state: 'dropped', reason: 'expired' });
});

test('OUT12: nothing is sent for a workspace that took us out', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'prompt' });
  await bot.uninstall();
  expect(await bot.deliver()).toEqual({ sent: 0, next: undefined, retryInMs: undefined });
  expect(bot.seen()).toEqual([]);
});

test('words in any script and with emoji arrive as they were written', async () => {
  await using bot = await delivering();
  const words = 'פגישה מחר · موعدنا غدًا · 家族👨‍👩‍👧‍👦 é ‮abc‬ ✅';
  await bot.say({ key: 'prompt' }, words);
  await bot.deliver();
  expect(bot.seen()).toEqual([words]);
});

test('messages to one conversation arrive in the order in which they were enqueued', async () => {
  await using bot = await delivering();
  const keys = Array.from({ length: 40 }, (_, n) => `message ${n}`);
  for (const key of keys) await bot.say({ key, to: PROMISES }, key);
  await bot.deliver();
  expect(bot.seen(PROMISES)).toEqual(keys);
});

test('a file comes with its comment and is never edited', async () => {
  await using bot = await delivering();
  const file = { name: 'one-on-one.ics', title: 'One-on-one', content: 'BEGIN:VCALENDAR' };
  await bot.say({ key: 'calendar', to: [MARCUS] }, { text: 'For your calendar', file });
  await bot.deliver();
  await bot.changed('calendar', { text: 'Something else', file });
  await bot.deliver();

  expect(bot.seen([MARCUS])).toEqual(['For your calendar']);
  const [stored] = Object.values(bot.slack.state.files);
  expect(stored).toMatchObject({ name: 'one-on-one.ics', content: Buffer.from('BEGIN:VCALENDAR').toString('base64') });
});

test('OUT10: told to stop, delivery claims nothing more and finishes what is on its way', async () => {
  await using bot = await delivering({ lanes: 1 });
  const stopping = new AbortController();
  await bot.say({ key: 'first' }, async () => {
    stopping.abort();
    return 'first';
  });
  await bot.say({ key: 'second', to: [DANA] });
  expect((await bot.deliver(stopping.signal)).sent).toBe(1);
  expect(await bot.row('second')).toMatchObject({ state: 'queued' });
});
