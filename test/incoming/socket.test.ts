import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';

test('over Socket Mode: proposed, countered, accepted, and both get the calendar file', async () => {
  await using w = await world({ socket: true });
  w.rehearsal.setRequestUrl(undefined);
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', { 'What it is for': 'operating support' });
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Suggest another');
  await w.ana.submits('Suggest a rhythm', { 'How often': 'Every week' });
  await w.ana.act({ do: 'close' });
  await w.dana.clicks('Accept');
  for (const person of [w.dana, w.ana]) expect(await person.sees()).toContain('one-on-one.ics');
  expect(await w.database.count('proposal')).toBe(2);
});

test('over Socket Mode a failure is told where the person typed or clicked', async () => {
  await using w = await world({ socket: true });
  await w.control('faults', { method: 'views.open', fault: 'error:expired_trigger_id' });
  const typed = await w.dana.types('/accord with @ana');
  expect(typed.answer?.text).toContain('The form did not open in time');

  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await w.control('faults', { method: 'views.open', fault: 'error:expired_trigger_id' });
  expect(await w.ana.clicks('Suggest another')).toMatchObject({ status: 'acked' });
  expect(await w.ana.sees()).toContain('The form did not open in time');
});

test('over Socket Mode an event that failed is not acknowledged, so Slack sends it again, and it takes effect once', async () => {
  await using w = await world({ socket: true });
  const heard: number[] = [];
  w.bot.app.event('team_join', async ({ context }) => {
    heard.push(context.retryNum ?? 0);
    if (heard.length === 1) throw new Error('the first time it fails');
  });
  const newcomer = { realName: 'Noor Haddad', zone: 'America/Denver' };
  await w.dana.act({ do: 'join', person: newcomer });
  expect(heard).toEqual([0, 1]);
}, 20_000);

test('a stop waits for what is under way, answers it, and then leaves', async () => {
  await using w = await world({ socket: true });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  w.bot.app.use(async ({ next }) => {
    begin();
    await held;
    await next();
  });
  const typing = w.control('act', { as: 'dana', do: 'command', text: '/accord help' });
  await begun;
  const stopped = w.bot.stop();
  letGo();
  await stopped;
  expect(await typing).toMatchObject({ ok: true, answer: { text: expect.stringContaining('/accord with @name') } });
});
