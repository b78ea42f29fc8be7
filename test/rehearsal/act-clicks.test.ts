import { expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { besideApp, insteadOfApp } from './bolt-app.ts';
import { clientOf } from './stand-in.ts';

const button = (label: string, actionId: string, value?: string) => ({
  type: 'button' as const,
  text: { type: 'plain_text' as const, text: label },
  action_id: actionId,
  ...(value !== undefined && { value }),
});
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const option = (text: string, value: string) => ({ text: { type: 'plain_text' as const, text }, value });

test('a button on a message reaches the app with its message, and the answer replaces it in place', async () => {
  const { app, acts, sees, rehearsal } = await besideApp();
  let body: unknown;
  app.action('offer:accept', async ({ ack, body: heard, respond }) => {
    body = heard;
    await ack();
    await respond({ replace_original: true, text: 'Agreed.' });
  });
  const posted = await clientOf(rehearsal).chat.postMessage({
    channel: 'U0ANA00001',
    text: 'Dana proposes',
    blocks: [section('Dana proposes'), { type: 'actions', elements: [button('Accept', 'offer:accept', '7')] }],
  });

  const answer = await acts('ana', { do: 'click', button: 'Accept' });
  expect(answer).toMatchObject({ ok: true, status: 'acked' });
  expect(body).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0ANA00001', username: 'ana', team_id: 'T0RIVER001' },
    team: { id: 'T0RIVER001', domain: 'rivermark-rehearsal' },
    container: { type: 'message', message_ts: posted.ts, channel_id: posted.channel, is_ephemeral: false },
    channel: { id: posted.channel, name: 'directmessage' },
    message: { ts: posted.ts, text: 'Dana proposes' },
    actions: [{ action_id: 'offer:accept', value: '7', type: 'button', text: { text: 'Accept' } }],
  });
  expect(await sees('ana')).toContain('Agreed.');
  expect(await sees('ana')).not.toContain('[Accept]');
});

test('a button that the message no longer has is pressed only on a screen that is said to be stale', async () => {
  const { app, acts, rehearsal } = await besideApp();
  const heard: string[] = [];
  app.action('offer:accept', async ({ ack }) => {
    heard.push('accept');
    await ack();
  });
  const client = clientOf(rehearsal);
  const { ts, channel } = await client.chat.postMessage({
    channel: 'U0ANA00001',
    text: 'x',
    blocks: [{ type: 'actions', elements: [button('Accept', 'offer:accept')] }],
  });
  await client.chat.update({ channel: String(channel), ts: String(ts), text: 'Agreed.', blocks: [section('Agreed.')] });

  const fresh = await acts('ana', { do: 'click', in: channel, ts, actionId: 'offer:accept' });
  expect(fresh).toMatchObject({ status: 'refused', error: 'element_not_found' });
  expect(await acts('ana', { do: 'click', button: 'Accept' })).toMatchObject({ error: 'no_such_button' });
  expect(heard).toEqual([]);

  await acts('ana', { do: 'click', in: channel, ts, actionId: 'offer:accept', stale: true });
  await acts('ana', { do: 'click', button: 'Accept', stale: true });
  expect(heard).toEqual(['accept', 'accept']);
});

test('of several buttons with one label, the row says which', async () => {
  const { app, acts, rehearsal } = await besideApp();
  const heard: string[] = [];
  app.action('done', async ({ ack, action }) => {
    heard.push('value' in action ? String(action.value) : '');
    await ack();
  });
  const blocks: KnownBlock[] = [
    { ...section('listing presentation for Ana'), accessory: button('Done', 'done', '1') },
    { ...section('lead routing for Marcus'), accessory: button('Done', 'done', '2') },
    section('yard signs for *Kiran*'),
    { type: 'actions', elements: [button('Done', 'done', '3')] },
  ];
  await clientOf(rehearsal).chat.postMessage({ channel: 'C0PROMISES', text: 'three', blocks });
  await acts('dana', { do: 'click', button: 'Done', row: 'lead routing' });
  await acts('dana', { do: 'click', button: 'Done', row: 'yard signs for Kiran' });
  await acts('dana', { do: 'click', button: 'Done' });
  expect(heard).toEqual(['2', '3', '1']);
});

test('every kind of element reports what was chosen, and takes nothing that it does not offer', async () => {
  const { app, acts, rehearsal } = await besideApp();
  const heard: Record<string, unknown> = {};
  app.action(/.*/, async ({ ack, action }) => {
    heard[action.type] = action;
    await ack();
  });
  const options = [option('One', '1'), option('Two', '2')];
  const { ts, channel } = await clientOf(rehearsal).chat.postMessage({
    channel: 'C0PROMISES',
    text: 'all of them',
    blocks: [
      {
        type: 'actions',
        elements: [
          { type: 'static_select', action_id: 'a1', options },
          { type: 'users_select', action_id: 'a2' },
          { type: 'conversations_select', action_id: 'a3' },
          { type: 'channels_select', action_id: 'a4' },
          { type: 'datepicker', action_id: 'a5' },
          { type: 'timepicker', action_id: 'a6' },
          { type: 'radio_buttons', action_id: 'a7', options },
          { type: 'checkboxes', action_id: 'a8', options },
          { type: 'overflow', action_id: 'a9', options },
          { type: 'datetimepicker', action_id: 'a10' },
        ],
      },
      {
        ...section('many'),
        accessory: { type: 'multi_static_select', action_id: 'a11', options, max_selected_items: 1 },
      },
    ],
  });
  const choose = (actionId: string, value: unknown) => acts('dana', { do: 'click', in: channel, ts, actionId, value });
  await choose('a1', 'Two');
  await choose('a2', '@ana');
  await choose('a3', '#general');
  await choose('a4', { selected_channel: 'C0PROMISES' });
  await choose('a5', '2027-03-24');
  await choose('a6', '09:00');
  await choose('a7', { selected_option: options[0] });
  await choose('a8', ['One', 'Two']);
  await choose('a9', 'One');
  await choose('a10', '2027-03-24T09:00:00Z');
  await choose('a11', ['Two']);
  expect(heard).toMatchObject({
    static_select: { selected_option: { value: '2' } },
    users_select: { selected_user: 'U0ANA00001' },
    conversations_select: { selected_conversation: 'C0GENERAL1' },
    channels_select: { selected_channel: 'C0PROMISES' },
    datepicker: { selected_date: '2027-03-24' },
    timepicker: { selected_time: '09:00' },
    radio_buttons: { selected_option: { value: '1' } },
    checkboxes: { selected_options: [{ value: '1' }, { value: '2' }] },
    overflow: { selected_option: { value: '1' } },
    datetimepicker: { selected_date_time: 1_805_878_800 },
    multi_static_select: { selected_options: [{ value: '2' }] },
  });

  const wrong = [
    await choose('a1', 'Three'),
    await choose('a2', '@nobody'),
    await choose('a3', '#leadersx'),
    await choose('a5', '24.3.'),
    await choose('a6', '25:00'),
    await choose('a11', ['One', 'Two']),
  ];
  expect(wrong.map(({ error }) => error)).toEqual(Array(6).fill('invalid_value'));
});

test('a link button leads to its address and still tells the app', async () => {
  const { app, acts, rehearsal } = await besideApp();
  app.action('join', ({ ack }) => ack());
  await clientOf(rehearsal).chat.postMessage({
    channel: 'C0PROMISES',
    text: 'join',
    blocks: [{ type: 'actions', elements: [{ ...button('Join', 'join'), url: 'https://example.com/room' }] }],
  });
  expect(await acts('mia', { do: 'click', button: 'Join' })).toMatchObject({
    ok: true,
    open: 'https://example.com/room',
  });
});

test('an app that fails leaves a notice, and the message as it was', async () => {
  const { acts, rehearsal, sees } = await besideApp();
  await insteadOfApp(rehearsal, (_request, response) => response.writeHead(500).end());
  await clientOf(rehearsal).chat.postMessage({
    channel: 'C0PROMISES',
    text: 'x',
    blocks: [{ type: 'actions', elements: [button('Go', 'go')] }],
  });
  const answer = await acts('mia', { do: 'click', button: 'Go' });
  expect(answer).toMatchObject({ ok: false, status: 'failed', notice: expect.stringContaining('500') });
  expect(await sees('mia')).toContain('[Go]');
});

test('a response URL works five times, for half an hour, and refuses what Slack could not show', async () => {
  const { rehearsal, control, sees } = await besideApp();
  const { responses } = rehearsal.workspace;
  const url = responses.issue({ channel: 'C0PROMISES', userId: 'U0ANA00001' });
  const say = async (to: string, body: unknown) => {
    const response = await fetch(to, { method: 'POST', body: JSON.stringify(body) });
    return [response.status, await response.json()];
  };
  expect(await say(url, { blocks: [{ type: 'nonsense' }] })).toMatchObject([
    400,
    { ok: false, error: 'invalid_blocks' },
  ]);
  expect(await say(url, {})).toMatchObject([400, { error: 'no_text' }]);
  expect(await say(url, { text: 'first' })).toEqual([200, { ok: true }]);
  expect(await say(url, { text: 'second', replace_original: 'true' })).toEqual([200, { ok: true }]);
  expect(await sees('ana')).toContain('second');
  expect(await sees('ana')).not.toContain('first');
  expect(await sees('dana')).not.toContain('second');
  await say(url, { delete_original: true });
  expect(await sees('ana')).not.toContain('second');
  await say(url, { text: 'loud', response_type: 'in_channel' });
  await say(url, { text: 'last' });
  expect(await sees('dana')).toContain('loud');
  expect(await say(url, { text: 'one more' })).toMatchObject([404, { error: 'used_url' }]);

  const other = responses.issue({ channel: 'C0PROMISES', userId: 'U0ANA00001' });
  await control('clock', { to: '+31m' });
  expect(await say(other, { text: 'late' })).toMatchObject([404, { error: 'expired_url' }]);
  expect(await say(`${rehearsal.url}/response/nobodys`, { text: 'x' })).toMatchObject([404, { ok: false }]);
});
