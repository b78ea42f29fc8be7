import { expect, test } from '@jest/globals';
import { REHEARSAL_CLIENT_ID, REHEARSAL_CLIENT_SECRET } from '../../src/rehearsal/seed.ts';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { clientOf, refusalOf, standIn } from './stand-in.ts';

const REDIRECT = 'http://localhost:3000/slack/oauth_redirect';
const app = { client_id: REHEARSAL_CLIENT_ID, client_secret: REHEARSAL_CLIENT_SECRET };

async function approved({ url }: Rehearsal, query: Record<string, string> = {}): Promise<Response> {
  const asked = new URLSearchParams({
    client_id: REHEARSAL_CLIENT_ID,
    scope: 'commands,chat:write',
    redirect_uri: REDIRECT,
    state: 's1',
    ...query,
  });
  return fetch(`${url}/oauth/v2/authorize?${asked}`, { redirect: 'manual' });
}

async function codeOf(rehearsal: Rehearsal): Promise<string> {
  const location = (await approved(rehearsal)).headers.get('location') ?? '';
  return new URL(location).searchParams.get('code') ?? '';
}

test('approving sends the browser back with a code and the same state', async () => {
  const response = await approved(await standIn());
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toMatch(
    /^http:\/\/localhost:3000\/slack\/oauth_redirect\?code=.+&state=s1$/,
  );
});

test.each([
  ['another app', { client_id: '1.2' }, 'invalid_client_id'],
  ['no scope', { scope: '' }, 'invalid_scope'],
  ['nowhere to go back to', { redirect_uri: 'nowhere' }, 'bad_redirect_uri'],
])('an address with %s is off', async (_, query, error) => {
  const response = await approved(await standIn(), query);
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(error)]);
});

test('a code buys a token with the scopes that were asked for, once', async () => {
  const rehearsal = await standIn();
  const code = await codeOf(rehearsal);
  const slack = clientOf(rehearsal, '');
  const access = await slack.oauth.v2.access({ ...app, code, redirect_uri: REDIRECT });
  expect(access).toMatchObject({
    ok: true,
    token_type: 'bot',
    scope: 'commands,chat:write',
    bot_user_id: 'U0ACCORD01',
    team: { id: 'T0RIVER001' },
    enterprise: null,
    is_enterprise_install: false,
  });
  expect(await clientOf(rehearsal, access.access_token).auth.test()).toMatchObject({ ok: true });
  const again = slack.oauth.v2.access({ ...app, code, redirect_uri: REDIRECT });
  expect((await refusalOf(again)).error).toBe('code_already_used');
});

test.each([
  ['a made-up code', { code: 'made-up' }, 'invalid_code'],
  ['a wrong secret', { client_secret: 'guess' }, 'bad_client_secret'],
  ['a wrong client', { client_id: '1.2' }, 'invalid_client_id'],
  ['another address', { redirect_uri: 'https://elsewhere.example' }, 'bad_redirect_uri'],
])('%s buys nothing', async (_, wrong, error) => {
  const rehearsal = await standIn();
  const args = { ...app, code: await codeOf(rehearsal), redirect_uri: REDIRECT, ...wrong };
  expect((await refusalOf(clientOf(rehearsal, '').oauth.v2.access(args))).error).toBe(error);
});

test('the team is told by name and id', async () => {
  const { team } = await clientOf(await standIn()).team.info({});
  expect(team).toMatchObject({ id: 'T0RIVER001', name: 'Rivermark Realty' });
});

test('the bot can look itself up', async () => {
  const { bot } = await clientOf(await standIn()).bots.info({ bot: 'B0ACCORD01' });
  expect(bot).toMatchObject({ id: 'B0ACCORD01', app_id: 'A0ACCORD01', user_id: 'U0ACCORD01' });
});
