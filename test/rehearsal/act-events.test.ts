import { expect, test } from '@jest/globals';
import { besideApp, insteadOfApp } from './bolt-app.ts';
import { clientOf } from './stand-in.ts';

test('opening Home tells the app, and what it publishes is there at once', async () => {
  const { app, acts, sees } = await besideApp();
  let event: unknown;
  app.event('app_home_opened', async ({ event: heard, client, body }) => {
    event = { ...heard, envelope: body };
    const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Nothing waits on you' } }];
    await client.views.publish({ user_id: heard.user, view: { type: 'home', blocks } });
  });
  expect(await acts('ana', { do: 'home' })).toMatchObject({ ok: true, status: 'acked' });
  expect(event).toMatchObject({
    type: 'app_home_opened',
    user: 'U0ANA00001',
    channel: expect.stringMatching(/^D/),
    tab: 'home',
    envelope: {
      type: 'event_callback',
      team_id: 'T0RIVER001',
      event_id: expect.stringMatching(/^Ev/),
      authorizations: [{ team_id: 'T0RIVER001', user_id: 'U0ACCORD01', is_bot: true }],
    },
  });
  expect(await sees('ana')).toContain('== Home ==\nNothing waits on you');
  expect(await acts('otto', { do: 'home' })).toMatchObject({ error: 'app_not_found' });
});

test('a failed event is sent again at once, after a minute and after five more, and then given up', async () => {
  const { rehearsal, acts, control } = await besideApp();
  const { hears } = await insteadOfApp(rehearsal, (_request, response) => response.writeHead(503).end());
  const retries = () =>
    hears.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']].join(' '));

  expect(await acts('ana', { do: 'home' })).toMatchObject({ ok: false, status: 'failed' });
  await control('clock', { to: 'now' });
  expect(retries()).toEqual([' ', '1 http_error']);
  await control('clock', { to: 'next' });
  expect(retries()).toEqual([' ', '1 http_error', '2 http_error']);
  const { body } = await control('clock', { to: '+1h' });
  expect(body.steps).toHaveLength(2);
  expect(retries()).toEqual([' ', '1 http_error', '2 http_error', '3 http_error']);
});

test('an app that asks for no retries gets none', async () => {
  const { rehearsal, acts, control } = await besideApp();
  const { hears } = await insteadOfApp(rehearsal, (_request, response) =>
    response.writeHead(500, { 'x-slack-no-retry': '1' }).end(),
  );
  await acts('ana', { do: 'home' });
  await control('clock', { to: '+1h' });
  expect(hears).toHaveLength(1);
});

test('the app hears only of what its manifest subscribes to', async () => {
  const { rehearsal, acts } = await besideApp();
  const { hears } = await insteadOfApp(rehearsal, (_request, response) => response.end());
  rehearsal.state.app.botEvents = ['message.channels', 'reaction_added'];
  const said = await acts('ana', { do: 'message', in: '#promises', text: 'hello @dana' });
  await acts('ana', { do: 'react', in: '#promises', ts: said.ts, name: 'eyes' });
  await acts('ana', { do: 'react', in: '#promises', ts: said.ts, name: 'eyes' });
  await acts('ana', { do: 'message', in: '#general', text: 'the app is no member here' });
  await acts('ana', { do: 'home' });
  expect(hears).toHaveLength(2);
});

test('a message is there for its readers, a direct message for its two people alone', async () => {
  const { acts, sees, control } = await besideApp();
  await acts('ana', { do: 'message', in: '#promises', text: 'hello @dana & all' });
  expect(await sees('dana', '#promises')).toContain('hello @Dana & all');
  const { id } = await acts('ana', { do: 'openDm', with: ['dana'] });
  await acts('ana', { do: 'message', in: id, text: 'between us' });
  expect(await sees('dana')).toContain('between us');
  expect(await sees('marcus')).not.toContain('between us');
  expect((await control(`conversation?as=marcus&id=${id}`)).status).toBe(404);
  expect(await acts('ana', { do: 'openDm', with: ['paul'] })).toMatchObject({ error: 'user_disabled' });
});

test('a shortcut on a message carries the message', async () => {
  const { app, acts, rehearsal } = await besideApp();
  let shortcut: unknown;
  app.shortcut('commitment_from_message', async ({ ack, shortcut: heard }) => {
    shortcut = heard;
    await ack();
  });
  const { ts } = await acts('dana', { do: 'message', in: '#general', text: 'I send the comps by Friday' });
  const name = rehearsal.state.app.shortcuts.find(({ callbackId }) => callbackId === 'commitment_from_message')?.name;
  expect(await acts('dana', { do: 'shortcut', name, in: '#general', ts })).toMatchObject({ ok: true });
  expect(shortcut).toMatchObject({
    type: 'message_action',
    callback_id: 'commitment_from_message',
    message_ts: ts,
    message: { text: 'I send the comps by Friday', user: 'U0DANA0001' },
    channel: { id: 'C0GENERAL1', name: 'general' },
    response_url: expect.stringContaining('/response/'),
    trigger_id: expect.any(String),
  });
  expect(await acts('dana', { do: 'shortcut', name: 'Nothing' })).toMatchObject({ error: 'no_such_shortcut' });
});

test('a changed profile, a newcomer and an archived channel reach the app', async () => {
  const { app, acts } = await besideApp();
  const heard: unknown[] = [];
  app.event('user_change', async ({ event }) => void heard.push([event.user.id, event.user.tz, event.user.deleted]));
  app.event('team_join', async ({ event }) => void heard.push(event.user));
  app.event('channel_archive', async ({ event }) => void heard.push(event.channel));
  await acts('ana', { do: 'person', id: 'ana', change: { zone: 'Europe/Paris' } });
  await acts('dana', { do: 'person', id: 'marcus', change: { deleted: true } });
  await acts('dana', { do: 'join', person: { realName: 'Nina Park', zone: 'Asia/Seoul' } });
  await acts('dana', { do: 'archive', in: '#promises' });
  expect(heard).toEqual([
    ['U0ANA00001', 'Europe/Paris', false],
    ['U0MARCUS01', undefined, true],
    expect.objectContaining({ real_name: 'Nina Park', tz: 'Asia/Seoul' }),
    'C0PROMISES',
  ]);
  expect(await acts('marcus', { do: 'home' })).toMatchObject({ error: 'account_inactive' });
  expect(await acts('ana', { do: 'message', in: '#promises', text: 'x' })).toMatchObject({ error: 'is_archived' });
  expect(await acts('ana', { do: 'person', id: 'kiran', change: { zone: 'Asia/Seoul' } })).toMatchObject({
    error: 'not_an_admin',
  });
});

test('uninstalling kills the token and tells the app twice; installing again revives it', async () => {
  const { app, acts, rehearsal } = await besideApp();
  const heard: string[] = [];
  app.event('app_uninstalled', async () => void heard.push('app_uninstalled'));
  app.event('tokens_revoked', async ({ event }) => void heard.push(`tokens_revoked ${event.tokens.bot}`));
  expect(await acts('ana', { do: 'uninstall' })).toMatchObject({ error: 'not_an_admin' });
  expect(await acts('dana', { do: 'uninstall' })).toMatchObject({ ok: true });
  expect(heard.sort()).toEqual(['app_uninstalled', 'tokens_revoked U0ACCORD01']);
  await expect(clientOf(rehearsal).auth.test()).rejects.toMatchObject({ data: { error: 'account_inactive' } });
  expect((await acts('dana', { do: 'command', text: '/accord' })).notice).toContain('not a valid command');
  await acts('dana', { do: 'install' });
  expect(await clientOf(rehearsal).auth.test()).toMatchObject({ ok: true });
});
