import { describe, expect, test } from '@jest/globals';
import type { FaultKind } from '../../src/rehearsal/faults.ts';
import { REHEARSAL_APP_TOKEN, REHEARSAL_BOT_TOKEN } from '../../src/rehearsal/seed.ts';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { clientOf, rawCall, refusalOf, standIn } from './stand-in.ts';

const PROMISES = 'C0PROMISES';
const post = { channel: PROMISES, text: 'hello' };
const posted = ({ state }: Rehearsal) => state.conversations[PROMISES]?.messages.length;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

describe('who is asking', () => {
  test.each([
    ['no token', '', 'not_authed'],
    ['a made-up token', 'xoxb-nobody', 'invalid_auth'],
    ['an app token for a bot method', REHEARSAL_APP_TOKEN, 'not_allowed_token_type'],
  ])('%s', async (_, token, error) => {
    expect((await refusalOf(clientOf(await standIn(), token).auth.test())).error).toBe(error);
  });

  test('a bot token opens no socket', async () => {
    const refused = await refusalOf(clientOf(await standIn()).apps.connections.open({}));
    expect(refused.error).toBe('not_allowed_token_type');
  });

  test('a revoked token stays revoked', async () => {
    const slack = clientOf(await standIn());
    expect(await slack.auth.revoke({})).toMatchObject({ ok: true, revoked: true });
    expect((await refusalOf(slack.auth.test())).error).toBe('token_revoked');
  });

  test('the answer names the scopes of the token and those of the method', async () => {
    const response = await rawCall(await standIn(), 'chat.postMessage', {
      headers: FORM,
      body: new URLSearchParams(post),
    });
    expect(response.headers.get('x-oauth-scopes')?.split(',')).toContain('chat:write');
    expect(response.headers.get('x-accepted-oauth-scopes')).toBe('chat:write');
  });
});

describe('how it is asked', () => {
  test.each<[string, RequestInit, object]>([
    ['a form', { headers: FORM, body: new URLSearchParams({ ...post, blocks: '[]' }) }, { ok: true }],
    [
      'a form with the token inside',
      { headers: { ...FORM, authorization: '' }, body: new URLSearchParams({ ...post, token: REHEARSAL_BOT_TOKEN }) },
      { ok: true },
    ],
    ['JSON', { headers: JSON_TYPE, body: JSON.stringify(post) }, { ok: true }],
    [
      'JSON with the token inside',
      { headers: { ...JSON_TYPE, authorization: '' }, body: JSON.stringify({ ...post, token: REHEARSAL_BOT_TOKEN }) },
      { ok: false, error: 'not_authed' },
    ],
    ['cut JSON', { headers: JSON_TYPE, body: '{"channel":' }, { ok: false, error: 'invalid_json' }],
    ['a JSON list', { headers: JSON_TYPE, body: '[]' }, { ok: false, error: 'json_not_object' }],
    [
      'another type',
      { headers: { 'content-type': 'application/xml' }, body: '<x/>' },
      { ok: false, error: 'invalid_post_type' },
    ],
  ])('%s', async (_, init, answer) => {
    const response = await rawCall(await standIn(), 'chat.postMessage', init);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(answer);
  });

  test('a method that reads takes no JSON: it has no arguments then', async () => {
    const body = JSON.stringify({ user: 'U0ANA00001' });
    const response = await rawCall(await standIn(), 'users.info', { headers: JSON_TYPE, body });
    expect(await response.json()).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: user'] },
    });
  });

  test('a method that Slack does not have is unknown at once', async () => {
    const response = await rawCall(await standIn(), 'chat.sing');
    expect(await response.json()).toEqual({ ok: false, error: 'unknown_method', req_method: 'chat.sing' });
  });

  test('api.test says back what it was told', async () => {
    const slack = clientOf(await standIn());
    expect(await slack.apiCall('api.test', { foo: 'bar' })).toMatchObject({ ok: true, args: { foo: 'bar' } });
    expect((await refusalOf(slack.api.test({ error: 'my_error' }))).error).toBe('my_error');
  });
});

describe('pace', () => {
  test('one message a second in a channel, measured on the rehearsal clock; other channels are not held up', async () => {
    const rehearsal = await standIn({ pacing: true });
    const send = (channel: string) =>
      rawCall(rehearsal, 'chat.postMessage', { headers: JSON_TYPE, body: JSON.stringify({ channel, text: 'x' }) });
    expect((await send(PROMISES)).status).toBe(200);
    const second = await send(PROMISES);
    expect([second.status, second.headers.get('retry-after'), await second.json()]).toEqual([
      429,
      '1',
      { ok: false, error: 'ratelimited' },
    ]);
    expect((await send('C0LENDERS1')).status).toBe(200);
    rehearsal.state.clockOffset += 1000;
    expect((await send(PROMISES)).status).toBe(200);
  });

  test('a post to a person and one to the direct message with them are the same channel', async () => {
    const rehearsal = await standIn({ pacing: true });
    const slack = clientOf(rehearsal);
    const { channel = '' } = await slack.chat.postMessage({ channel: 'U0ANA00001', text: 'x' });
    await expect(slack.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject({ retryAfter: 1 });
  });

  test('users.list is tier 2: the 21st call within a minute waits for the first to be a minute old', async () => {
    const rehearsal = await standIn({ pacing: true });
    const slack = clientOf(rehearsal);
    for (let call = 0; call < 20; call += 1) await slack.users.list({ limit: 1 });
    const refused = await slack.users.list({ limit: 1 }).catch((error: { retryAfter?: number }) => error.retryAfter);
    expect(refused).toBeGreaterThanOrEqual(58);
    rehearsal.state.clockOffset += 60_000;
    expect(await slack.users.list({ limit: 1 })).toMatchObject({ ok: true });
  });

  test('it can be switched off', async () => {
    const rehearsal = await standIn({ pacing: true });
    rehearsal.workspace.pacing.on = false;
    const slack = clientOf(rehearsal);
    await slack.chat.postMessage(post);
    expect(await slack.chat.postMessage(post)).toMatchObject({ ok: true });
  });
});

describe('faults', () => {
  const call = async (rehearsal: Rehearsal) => {
    const response = await rawCall(rehearsal, 'chat.postMessage', {
      headers: JSON_TYPE,
      body: JSON.stringify(post),
      signal: AbortSignal.timeout(300),
    });
    const retry = response.headers.get('retry-after');
    return `${response.status}${retry ? ` after ${retry}` : ''}: ${(await response.text()).slice(0, 15).replace(/,.*/, '')}`;
  };

  test.each<[FaultKind, number, string]>([
    ['429', 0, '429 after 30: {"ok":false'],
    ['429-no-header', 0, '429: {"ok":false'],
    ['200-ratelimited', 0, '200: {"ok":false'],
    ['500', 0, '500: <!DOCTYPE html>'],
    ['500-after', 1, '500: <!DOCTYPE html>'],
    ['html', 0, '200: <!DOCTYPE html>'],
    ['html-after', 1, '200: <!DOCTYPE html>'],
    ['empty', 0, '200: '],
    ['empty-after', 1, '200: '],
    ['error:user_disabled', 0, '200: {"ok":false'],
    ['timeout-before', 0, 'TimeoutError'],
    ['timeout-after', 1, 'TimeoutError'],
    ['reset-before', 0, 'TypeError'],
    ['reset-after', 1, 'TypeError'],
    ['reset-mid-body', 1, 'TypeError'],
  ])('%s: %d messages posted', async (fault, effects, seen) => {
    const rehearsal = await standIn();
    rehearsal.workspace.faults.add({ method: 'chat.postMessage', fault, retryAfter: 30 });
    expect(await call(rehearsal).catch((error: Error) => error.name)).toBe(seen);
    expect(posted(rehearsal)).toBe(effects);
    expect(await call(rehearsal)).toMatch(/^200: {"ok":true/);
  });

  test('cut JSON comes after the message was posted', async () => {
    const rehearsal = await standIn();
    rehearsal.workspace.faults.add({ method: '*', fault: 'cut-json' });
    const response = await rawCall(rehearsal, 'chat.postMessage', { headers: JSON_TYPE, body: JSON.stringify(post) });
    await expect(response.json()).rejects.toMatchObject({ name: 'SyntaxError' });
    expect(posted(rehearsal)).toBe(1);
  });

  test('a fault of one channel leaves the others alone, and is used up', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    rehearsal.workspace.faults.add({ method: 'chat.postMessage', channel: PROMISES, fault: '429', times: 2 });
    expect(await slack.chat.postMessage({ channel: 'C0LENDERS1', text: 'x' })).toMatchObject({ ok: true });
    await expect(slack.chat.postMessage(post)).rejects.toMatchObject({ retryAfter: 1 });
    expect(rehearsal.workspace.faults.list()).toMatchObject([{ times: 1 }]);
    await expect(slack.chat.postMessage(post)).rejects.toMatchObject({ retryAfter: 1 });
    expect(await slack.chat.postMessage(post)).toMatchObject({ ok: true });
  });
});
