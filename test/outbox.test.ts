import { expect, test } from '@jest/globals';
import { ANA, delivering, PROMISES } from './delivery/delivering.ts';
import { botSettings, runMain } from './support/bot-process.ts';

/** A digest in doubt and a prompt that cannot be worded wait for a person. */
async function withHeld() {
  const bot = await delivering();
  await bot.grant(['chat:write', 'im:write']);
  bot.fault({ method: 'chat.postMessage', fault: 'reset-before' });
  await bot.say({ key: 'digest', kind: 'digest', to: PROMISES }, 'CANARY of the firm');
  await bot.settle();
  await bot.say({ key: 'strange', kind: 'strange', to: [ANA] }, 'CANARY of Ana');
  await bot.settle();
  const [digest, strange] = await bot.held();
  if (!digest || !strange) throw new Error('Nothing is held');
  const settings = botSettings({ rehearsal: bot.slack, database: bot.database });
  return { bot, digest, strange, outbox: (...args: string[]) => runMain(['outbox', ...args], settings) };
}

test('what waits for a person is listed with kind, address, since when and why, and no text', async () => {
  const { bot, digest, strange, outbox } = await withHeld();
  await using _ = bot;
  const { said, code } = await outbox();
  expect(code).toBe(0);
  expect(said).toContain('2 messages wait for a person');
  expect(said).toMatch(
    new RegExp(`${digest.id} +digest +to ${PROMISES} in T0RIVER001 +since 20.*Z +Slack did not confirm it`),
  );
  expect(said).toMatch(new RegExp(`${strange.id} +strange +to ${ANA} .*no words for "strange"`));
  expect(said).not.toContain('CANARY');
});

test('one that is released goes out, one that is discarded never does', async () => {
  const { bot, digest, strange, outbox } = await withHeld();
  await using _ = bot;
  expect(await outbox('release', digest.id)).toMatchObject({ code: 0, said: expect.stringContaining('released') });
  expect(await outbox('discard', strange.id)).toMatchObject({ code: 0, said: expect.stringContaining('discarded') });
  await bot.settle();
  expect(bot.seen(PROMISES)).toEqual(['CANARY of the firm']);
  expect(await bot.row('strange')).toMatchObject({ state: 'dropped', reason: 'discarded' });
  expect((await outbox()).said).toBe('Nothing waits for a person.\n');
}, 60_000);

test('all are released at once; what is not there or not said clearly changes nothing', async () => {
  const { bot, outbox } = await withHeld();
  await using _ = bot;
  expect(await outbox('discard', 'all')).toMatchObject({ code: 1, said: expect.stringContaining('release <id|all>') });
  expect(await outbox('release', 'x')).toMatchObject({
    code: 1,
    said: expect.stringContaining('No message with the id x'),
  });
  expect(await bot.held()).toHaveLength(2);
  expect((await outbox('release', 'all')).code).toBe(0);
  expect(await bot.count('queued')).toBe(2);
}, 60_000);
