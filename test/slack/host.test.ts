import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { clientOptions, isSlackHost, makeSlack } from '../../src/slack/client.ts';

const log = pino({ level: 'silent' });
const heard: string[] = [];
const foreign = createServer((request, response) => {
  heard.push(request.headers.authorization ?? request.url ?? '');
  response.end('{"ok":true}');
});
/** Slack, which sends everybody elsewhere. */
const redirecting = createServer((_request, response) => response.writeHead(307, { location: urlOf(foreign) }).end());
const urlOf = (server: typeof foreign) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

beforeAll(async () => {
  for (const server of [foreign, redirecting]) {
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  }
});
beforeEach(() => {
  heard.length = 0;
});
afterAll(() => {
  for (const server of [foreign, redirecting]) server.close();
});

test('SEC12 a redirect is not followed, and the token stays here', async () => {
  const client = makeSlack({ slackApiUrl: `${urlOf(redirecting)}api/`, log })('T1', 'xoxb-secret');
  await expect(client.auth.test()).rejects.toThrow();
  expect(heard).toEqual([]);
});

test('SEC12 an absolute address as a method is no way out', async () => {
  const client = makeSlack({ slackApiUrl: `${urlOf(redirecting)}api/`, log })('T1', 'xoxb-secret');
  await expect(client.apiCall(`${urlOf(foreign)}api/auth.test`)).rejects.toThrow();
  expect(heard).toEqual([]);
});

test('SEC12 an answer to an address that is not one of Slack is not sent', async () => {
  const { fetch } = clientOptions({ log });
  await expect(fetch?.(urlOf(foreign), { method: 'POST', body: '{}' })).rejects.toThrow(TypeError);
  expect(heard).toEqual([]);
});

const hosts: [string, string, boolean][] = [
  ['https://slack.com/api/', 'https://slack.com/api/auth.test', true],
  ['https://slack.com/api/', 'https://hooks.slack.com/actions/T1/2/3', true],
  ['https://slack.com/api/', 'https://files.slack.com/upload/v1/x', true],
  ['https://slack.com/api/', 'http://hooks.slack.com/actions/T1/2/3', false],
  ['https://slack.com/api/', 'https://evilslack.com/', false],
  ['https://slack.com/api/', 'https://slack.com.evil.example/', false],
  ['https://slack.com/api/', 'https://slack.com@evil.example/', false],
  ['https://slack.com/api/', 'http://127.0.0.1:5432/', false],
  ['https://slack-gov.com/api/', 'https://hooks.slack-gov.com/actions/1', true],
  ['http://127.0.0.1:4000/api/', 'http://localhost:4001/response/1', true],
  ['http://127.0.0.1:4000/api/', 'https://evil.example/', false],
];
test.each(hosts)('SEC12 with the API at %s, %s is Slack: %s', (api, address, isSlacks) => {
  expect(isSlackHost(new URL(address), new URL(api))).toBe(isSlacks);
});
