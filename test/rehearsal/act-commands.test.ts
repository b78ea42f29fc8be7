import { expect, test } from '@jest/globals';
import { makeTriggers } from '../../src/rehearsal/triggers.ts';
import { besideApp, insteadOfApp } from './bolt-app.ts';

test('a command arrives as Slack sends it, with mentions as ids and the rest escaped', async () => {
  const { app, acts } = await besideApp();
  let heard: Record<string, unknown> = {};
  app.command('/accord', async ({ ack, command }) => {
    heard = command;
    await ack('Noted.');
  });

  const answer = await acts('dana', {
    do: 'command',
    text: '/accord with @ana <b> & see https://example.com/a?b=1, @nobody #general',
    in: '#general',
  });

  expect(answer).toMatchObject({ ok: true, status: 'acked', answer: { text: 'Noted.' }, modal: null });
  expect(heard).toMatchObject({
    command: '/accord',
    text: 'with <@U0ANA00001|ana> &lt;b&gt; &amp; see <https://example.com/a?b=1>, @nobody <#C0GENERAL1|general>',
    user_id: 'U0DANA0001',
    user_name: 'dana',
    channel_id: 'C0GENERAL1',
    channel_name: 'general',
    team_id: 'T0RIVER001',
    team_domain: 'rivermark-rehearsal',
    api_app_id: 'A0ACCORD01',
    is_enterprise_install: 'false',
  });
});

test('the answer to a command is for the eyes of whoever typed it, unless it says otherwise', async () => {
  const { app, acts, sees } = await besideApp();
  app.command('/accord', ({ ack, command }) =>
    ack(command.text === 'loud' ? { response_type: 'in_channel', text: 'For all.' } : 'For you.'),
  );
  await acts('dana', { do: 'command', text: '/accord', in: 'C0PROMISES' });
  await acts('dana', { do: 'command', text: '/accord loud', in: 'C0PROMISES' });

  expect(await sees('dana', '#promises')).toContain('(only you see this)\n  For you.');
  const ana = await sees('ana', '#promises');
  expect(ana).not.toContain('For you.');
  expect(ana).toContain('For all.');
  expect(ana).toContain('/accord loud');
});

test('a command that nobody answers in time is Slackbot’s to explain', async () => {
  const { app, acts, sees } = await besideApp();
  app.command('/accord', async () => undefined);
  app.command('/commit', () => Promise.reject(new Error('broken')));

  const [late, broken] = await Promise.all([
    acts('ana', { do: 'command', text: '/accord help', in: 'C0PROMISES' }),
    acts('ana', { do: 'command', text: '/commit', in: 'C0PROMISES' }),
  ]);
  expect(broken).toMatchObject({
    ok: false,
    status: 'failed',
    notice: '/commit failed with the error "dispatch_failed"',
  });
  expect(late).toMatchObject({ ok: false, notice: expect.stringContaining('/accord failed with the error') });
  expect(await sees('ana', '#promises')).toContain('Slackbot');
});

test('a command past the three seconds is a timeout, and is not sent again', async () => {
  const { rehearsal, acts } = await besideApp();
  const { hears } = await insteadOfApp(rehearsal, () => undefined);
  const answer = await acts('ana', { do: 'command', text: '/accord help' });
  expect(answer).toMatchObject({ status: 'timeout', notice: '/accord failed with the error "operation_timeout"' });
  expect(hears).toHaveLength(1);
});

test('an unknown command, or one typed by somebody of another firm, is not a valid command', async () => {
  const { acts } = await besideApp();
  const unknown = await acts('dana', { do: 'command', text: '/nothing here' });
  expect(unknown).toMatchObject({ ok: false, status: 'refused' });
  expect(unknown.notice).toContain('`/nothing` is not a valid command');
  const foreign = await acts('otto', { do: 'command', text: '/accord help', in: '#harbor-lending' });
  expect(foreign.notice).toContain('`/accord` is not a valid command');
});

test('an answer that Slack could not show is a failure of the command', async () => {
  const { app, acts } = await besideApp();
  app.command('/accord', ({ ack }) =>
    ack({ text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'a'.repeat(3001) } }] }),
  );
  const answer = await acts('ana', { do: 'command', text: '/accord' });
  expect(answer).toMatchObject({ ok: false, notice: '/accord failed with the error "invalid_command_response"' });
});

test('what a person could not do in Slack is refused with a hint, and the app hears nothing', async () => {
  const { app, control } = await besideApp();
  let heard = 0;
  app.command('/accord', async ({ ack }) => {
    heard += 1;
    await ack();
  });
  const refusals = [
    await control('act', { as: 'ana', do: 'command', text: '/accord', in: 'C0LEADERS1' }),
    await control('act', { as: 'gus', do: 'command', text: '/accord', in: 'C0GENERAL1' }),
    await control('act', { as: 'paul', do: 'command', text: '/accord' }),
    await control('act', { as: 'U0ACCORD01', do: 'command', text: '/accord' }),
  ];
  expect(refusals.map(({ status, body }) => [status, body.error])).toEqual([
    [409, 'channel_not_found'],
    [409, 'channel_not_found'],
    [409, 'account_inactive'],
    [409, 'is_bot'],
  ]);
  expect(refusals.every(({ body }) => typeof body.hint === 'string' && body.status === 'refused')).toBe(true);
  expect(heard).toBe(0);
});

test('a trigger opens one form', async () => {
  const { app, acts } = await besideApp();
  const errors: string[] = [];
  const view = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Hello' },
    blocks: [{ type: 'divider' as const }],
  };
  app.command('/accord', async ({ ack, command, client }) => {
    await client.views.open({ trigger_id: command.trigger_id, view });
    await client.views.open({ trigger_id: command.trigger_id, view }).catch(({ data }) => errors.push(data.error));
    await ack();
  });
  const answer = await acts('ana', { do: 'command', text: '/accord' });
  expect(answer).toMatchObject({ modal: { depth: 1, view: { title: { text: 'Hello' } } } });
  expect(errors).toEqual(['exchanged_trigger_id']);
});

test('a trigger lives three seconds', () => {
  let now = Date.parse('2027-03-01T14:00:00Z');
  const triggers = makeTriggers(() => now);
  const [kept, late] = [triggers.issue('U0ANA00001'), triggers.issue('U0ANA00001')];
  now += 3000;
  expect(triggers.use(kept)).toEqual({ ok: true, userId: 'U0ANA00001' });
  now += 1;
  expect(triggers.use(late)).toEqual({ ok: false, error: 'expired_trigger_id' });
  expect(triggers.use('1.2.3')).toEqual({ ok: false, error: 'invalid_trigger_id' });
});
