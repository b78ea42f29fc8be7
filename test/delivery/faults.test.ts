import { expect, test } from '@jest/globals';
import type { FaultKind } from '../../src/rehearsal/faults.ts';
import { ANA, DANA, delivering, FIRM, MARCUS, PROMISES } from './delivering.ts';

const POST = 'chat.postMessage';

test('OUT3: a conversation that Slack wants left alone is not called for as long, and others go on', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, channel: PROMISES, fault: '429', retryAfter: 30, times: 100 });
  for (const key of ['a1', 'a2', 'a3']) await bot.say({ key, to: PROMISES });
  for (const key of ['b1', 'b2', 'b3']) await bot.say({ key, to: [ANA] });

  const { sent, retryInMs } = await bot.deliver();
  await bot.deliver();

  expect(sent).toBe(3);
  expect(bot.seen([ANA])).toHaveLength(3);
  expect(bot.slack.workspace.faults.list()[0]?.times).toBe(99);
  expect(retryInMs).toBeGreaterThan(29_000);
  expect(retryInMs).toBeLessThanOrEqual(30_000);
});

test('OUT3: when the time that Slack asked for is over, the messages follow in their order', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, channel: PROMISES, fault: '429', retryAfter: 1 });
  for (const key of ['first', 'second', 'third']) await bot.say({ key, to: PROMISES });
  await bot.settle();
  expect(bot.seen(PROMISES)).toEqual(['words of first', 'words of second', 'words of third']);
});

test('OUT4: a 429 that does not say how long is left alone for half a minute', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, fault: '429-no-header' });
  await bot.say({ key: 'prompt' });
  const { retryInMs } = await bot.deliver();
  expect(await bot.row('prompt')).toMatchObject({ state: 'queued', inDoubt: false, reason: 'ratelimited' });
  expect(retryInMs).toBeGreaterThan(29_000);
});

test.each<FaultKind>(['200-ratelimited', 'error:message_limit_exceeded', 'error:service_unavailable', '500'])(
  'OUT4: after %s the message is deferred, never dropped, and arrives once',
  async (fault) => {
    await using bot = await delivering();
    bot.fault({ method: POST, fault, times: 2 });
    await bot.say({ key: 'prompt' });
    await bot.settle();
    expect(bot.seen()).toEqual(['words of prompt']);
  },
);

const LEAVE_A_DOUBT: FaultKind[] = [
  'reset-before',
  'reset-after',
  'reset-mid-body',
  'timeout-before',
  'timeout-after',
  'html',
  'html-after',
  'empty',
  'empty-after',
  'cut-json',
  '500-after',
  'error:fatal_error',
];

test('OUT2, OUT5: a post whose answer leaves a doubt is resolved through the history: it stands there once, before the next', async () => {
  await using bot = await delivering();
  const channels = LEAVE_A_DOUBT.map((fault, n) => ({ fault, channel: bot.addChannel(n) }));
  for (const { fault, channel } of channels) {
    bot.fault({ method: POST, channel, fault });
    await bot.say({ key: `${channel} 1`, to: channel }, fault);
    await bot.say({ key: `${channel} 2`, to: channel }, 'next');
  }
  await bot.settle();

  expect(bot.logged.filter((line) => line.includes('"failure":"doubt"'))).toHaveLength(LEAVE_A_DOUBT.length);
  expect(channels.map(({ channel }) => bot.seen(channel))).toEqual(LEAVE_A_DOUBT.map((fault) => [fault, 'next']));
  for (const { channel } of channels)
    expect(await bot.row(`${channel} 1`)).toMatchObject({ state: 'posted', inDoubt: false, ts: expect.any(String) });
});

test('a message found in the history is brought up to date when its facts changed meanwhile', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, fault: 'reset-after' });
  await bot.say({ key: 'prompt' }, 'tomorrow at nine');
  await bot.deliver();
  await bot.say({ key: 'prompt' }, 'moved to Thursday');
  await bot.settle();
  expect(bot.seen()).toEqual(['moved to Thursday']);
});

test('OUT2: without the right to read the history, a prompt in doubt is sent again and says so', async () => {
  await using bot = await delivering();
  await bot.grant(['chat:write', 'im:write']);
  bot.fault({ method: POST, fault: 'reset-after' });
  await bot.say({ key: 'prompt' }, { text: 'Tomorrow at nine', blocks: [{ type: 'divider' }] });
  await bot.settle();
  expect(bot.seen()).toEqual([
    'Tomorrow at nine',
    'Tomorrow at nine\nSent again: Slack did not confirm the first one.',
  ]);
});

test('OUT2: without the right to read the history, a digest in doubt waits for a person, who may let it go', async () => {
  await using bot = await delivering();
  await bot.grant(['chat:write']);
  bot.fault({ method: POST, fault: 'reset-before' });
  await bot.say({ key: 'digest', kind: 'digest', to: PROMISES });
  await bot.say({ key: 'behind it', to: PROMISES });
  await bot.settle();

  expect(bot.seen(PROMISES)).toEqual(['words of behind it']);
  expect(await bot.held()).toMatchObject([{ key: 'digest', inDoubt: true }]);
  expect(bot.stopped).toMatchObject([{ workspaceId: FIRM, kind: 'digest', what: 'message' }]);

  await bot.say({ key: 'digest', kind: 'digest', to: PROMISES });
  await bot.settle();
  expect(bot.seen(PROMISES)).toHaveLength(1);

  await bot.release({});
  await bot.settle();
  expect(bot.seen(PROMISES)).toEqual(['words of behind it', 'words of digest']);
});

test('a history that does not answer leaves the message in doubt until it does', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, fault: 'timeout-after' });
  bot.fault({ method: 'conversations.history', fault: '500' });
  bot.fault({ method: 'conversations.history', fault: '429', retryAfter: 1 });
  await bot.say({ key: 'prompt' });
  await bot.settle();
  expect(bot.seen()).toEqual(['words of prompt']);
});

test('an update that Slack does not confirm is repeated, without a second message', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' }, 'two open');
  await bot.deliver();
  bot.fault({ method: 'chat.update', fault: 'reset-before' });
  bot.fault({ method: 'chat.update', fault: 'reset-after' });
  await bot.changed('brief', 'three open');
  await bot.settle();
  expect(bot.seen()).toEqual(['three open']);
});

test('an update of a message that somebody deleted is dropped', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'brief' });
  await bot.deliver();
  bot.fault({ method: 'chat.update', fault: 'error:message_not_found' });
  await bot.changed('brief', 'three open');
  await bot.settle();
  expect(await bot.row('brief')).toMatchObject({ state: 'dropped', reason: 'message_not_found' });
});

test('a conversation that could not be opened is opened later, and nothing is in doubt', async () => {
  await using bot = await delivering();
  bot.fault({ method: 'conversations.open', fault: 'reset-after' });
  await bot.say({ key: 'prompt' });
  await bot.deliver();
  expect(await bot.row('prompt')).toMatchObject({ inDoubt: false });
  await bot.settle();
  expect(bot.seen()).toEqual(['words of prompt']);
});

test.each<FaultKind>(['error:user_disabled', 'error:is_archived', 'error:channel_not_found', 'error:not_in_channel'])(
  'OUT6: %s stops that conversation alone, said once to whoever can mend it',
  async (fault) => {
    await using bot = await delivering();
    bot.fault({ method: POST, channel: PROMISES, fault, times: 9 });
    for (const key of ['a1', 'a2']) await bot.say({ key, to: PROMISES });
    await bot.say({ key: 'b1', to: [ANA] });
    await bot.settle();
    await bot.say({ key: 'a3', to: PROMISES });
    await bot.settle();

    expect(bot.seen([ANA])).toEqual(['words of b1']);
    const reason = fault.replace('error:', '');
    expect(await bot.held()).toMatchObject(['a1', 'a2', 'a3'].map((key) => ({ key, reason })));
    expect(bot.stopped).toEqual([
      { workspaceId: FIRM, address: PROMISES, kind: 'prompt', about: { thing: 'a1' }, reason, what: 'conversation' },
    ]);
  },
);

test('OUT6: a conversation that was mended takes messages again, and is told of anew when it stops again', async () => {
  await using bot = await delivering();
  bot.fault({ method: POST, fault: 'error:not_in_channel' });
  await bot.say({ key: 'a1', to: PROMISES });
  await bot.settle();
  await bot.release({ reason: 'not_in_channel' });
  await bot.settle();
  expect(bot.seen(PROMISES)).toEqual(['words of a1']);

  bot.fault({ method: POST, fault: 'error:not_in_channel' });
  await bot.say({ key: 'a2', to: PROMISES });
  await bot.settle();
  expect(bot.stopped).toHaveLength(2);
});

test.each<FaultKind>(['error:account_inactive', 'error:token_revoked', 'error:invalid_auth'])(
  'OUT6: %s stops the whole workspace with one call, said once',
  async (fault) => {
    await using bot = await delivering({ lanes: 1 });
    await bot.addWorkspace('T0OTHER001');
    bot.fault({ method: POST, channel: PROMISES, fault, times: 9 });
    await bot.say({ key: 'digest', to: PROMISES });
    for (const to of [[ANA], [DANA], [MARCUS]]) await bot.say({ key: to.join(), to });
    await bot.say({ key: 'elsewhere', to: [ANA, DANA], workspaceId: 'T0OTHER001' });
    await bot.settle();

    expect(bot.seen([ANA])).toEqual([]);
    expect(bot.seen([ANA, DANA])).toEqual(['words of elsewhere']);
    expect(await bot.held()).toHaveLength(4);
    expect(bot.stopped).toMatchObject([{ workspaceId: FIRM, what: 'workspace', reason: fault.replace('error:', '') }]);
  },
);

test('a direct conversation that Slack no longer knows is opened again', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'first' });
  await bot.deliver();
  bot.fault({ method: POST, fault: 'error:channel_not_found' });
  await bot.say({ key: 'second' });
  await bot.settle();
  expect(bot.seen()).toEqual(['words of first', 'words of second']);
});

test('OUT11: words over a limit of Slack are held with the limit named, and Slack is not asked', async () => {
  await using bot = await delivering();
  const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' as const }));
  await bot.say({ key: 'long' }, { text: 'too much', blocks });
  await bot.settle();
  const [held] = await bot.held();
  expect(held?.reason).toMatch(/^over Slack's limits: .*\/blocks/);
  expect(bot.seen()).toEqual([]);
});

test('a message whose words cannot be made is set aside with its reason; what stands behind it is sent', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'poisoned' }, new TypeError('secret words of Ana'));
  await bot.say({ key: 'behind it' });
  await bot.say({ key: 'beside it', to: [DANA] });
  await bot.settle();

  expect(bot.seen()).toEqual(['words of behind it']);
  expect(bot.seen([DANA])).toEqual(['words of beside it']);
  expect(await bot.held()).toMatchObject([{ key: 'poisoned', reason: 'its words could not be made (TypeError)' }]);
  expect(bot.stopped).toHaveLength(1);
  expect(bot.logged.join()).not.toContain('secret words');
});

test('a kind that nobody words is held and counted, and blocks nobody', async () => {
  await using bot = await delivering();
  await bot.say({ key: 'from the future', kind: 'horoscope' });
  await bot.say({ key: 'behind it' });
  await bot.settle();
  expect(bot.seen()).toEqual(['words of behind it']);
  expect(await bot.held()).toMatchObject([{ key: 'from the future', reason: 'no words for "horoscope"' }]);
});

test('somebody who cannot be told keeps nothing from being held', async () => {
  await using bot = await delivering();
  bot.delivery.onStopped = async () => {
    throw new Error('nobody there');
  };
  await bot.say({ key: 'kindless', kind: 'horoscope' });
  await bot.settle();
  expect(await bot.held()).toHaveLength(1);
});

test('SEC6, OUT5: neither words nor tokens nor what Slack answered are logged, at any level', async () => {
  await using bot = await delivering();
  const canary = 'canary-5d1f';
  for (const fault of ['html', 'cut-json', '500', 'error:invalid_blocks'] as const) bot.fault({ method: POST, fault });
  for (const key of ['one', 'two', 'three', 'four']) await bot.say({ key, to: PROMISES }, `${canary} ${key}`);
  await bot.settle();

  const log = bot.logged.join();
  expect(log).toContain('Slack did not take a message');
  expect(log).not.toContain(canary);
  expect(log).not.toContain('<html');
  expect(log).not.toContain(bot.slack.state.app.botToken);
});

test.each<FaultKind>(['reset-after', 'cut-json'])(
  'a file whose sharing ends in %s is found again by its id and not shared twice',
  async (fault) => {
    await using bot = await delivering();
    const file = { name: 'one-on-one.ics', title: 'One-on-one', content: 'BEGIN:VCALENDAR' };
    bot.fault({ method: 'files.completeUploadExternal', fault });
    await bot.say({ key: 'calendar' }, { text: 'For your calendar', file });
    await bot.settle();
    expect(bot.seen()).toEqual(['For your calendar']);
    expect(await bot.row('calendar')).toMatchObject({ state: 'posted', ts: null });
  },
);

test('a file that Slack did not take is brought again', async () => {
  await using bot = await delivering();
  const file = { name: 'one-on-one.ics', title: 'One-on-one', content: 'BEGIN:VCALENDAR' };
  bot.fault({ method: 'files.getUploadURLExternal', fault: 'reset-before' });
  bot.fault({ method: 'files.completeUploadExternal', fault: 'reset-before' });
  await bot.say({ key: 'calendar' }, { text: 'For your calendar', file });
  await bot.settle();
  expect(bot.seen()).toEqual(['For your calendar']);
});
