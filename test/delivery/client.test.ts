import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { uploadFile } from '../../src/delivery/file.ts';
import { makeSlack } from '../../src/slack/client.ts';

async function slackThat(answers: RequestListener) {
  const asked: string[] = [];
  const logged: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    answers(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const slack = makeSlack({ slackApiUrl: `http://127.0.0.1:${port}/api/`, timeoutMs: 300, log });
  return {
    asked,
    logged,
    port,
    slack,
    client: slack('T1', 'xoxb-secret'),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('SEC12: a redirect is not followed', async () => {
  await using elsewhere = await slackThat((_, response) => response.end('{"ok":true}'));
  await using slack = await slackThat((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/api/chat.postMessage` }).end(),
  );
  await expect(slack.client.chat.postMessage({ channel: 'C1', text: 'hello' })).rejects.toThrow();
  expect(elsewhere.asked).toEqual([]);
});

test('SEC12: an absolute address as a method does not leave Slack’s host', async () => {
  await using elsewhere = await slackThat((_, response) => response.end('{"ok":true}'));
  await using slack = await slackThat((_, response) => response.end('{"ok":false,"error":"unknown_method"}'));
  await expect(slack.client.apiCall(`http://127.0.0.1:${elsewhere.port}/steal`)).rejects.toThrow('unknown_method');
  expect(elsewhere.asked).toEqual([]);
});

test('SEC12: a file is not brought to an address outside Slack', async () => {
  await using elsewhere = await slackThat((_, response) => response.end('OK'));
  await using slack = await slackThat((_, response) =>
    response.end(JSON.stringify({ ok: true, file_id: 'F1', upload_url: `http://127.0.0.1:${elsewhere.port}/upload` })),
  );
  const file = { name: 'a.ics', title: 'a', content: 'secret' };
  await expect(uploadFile(slack.client, file, 300)).rejects.toThrow('Slack gave no place for the file');
  expect(elsewhere.asked).toEqual([]);
});

test('a call that hangs ends with the timeout and is made once', async () => {
  await using slack = await slackThat(() => {});
  await expect(slack.client.auth.test()).rejects.toThrow();
  expect(slack.asked).toHaveLength(1);
});

test('SEC6: the client logs where Slack pointed, never what was sent or answered', async () => {
  await using slack = await slackThat((_, response) => {
    const messages = ['[ERROR] bad text: canary words [json-pointer:/blocks/0/text]'];
    response.end(JSON.stringify({ ok: false, error: 'invalid_blocks', response_metadata: { messages } }));
  });
  await expect(slack.client.chat.postMessage({ channel: 'C1', text: 'canary words' })).rejects.toThrow(
    'invalid_blocks',
  );
  expect(slack.logged.join()).toContain('/blocks/0/text');
  expect(slack.logged.join()).not.toMatch(/canary|xoxb-secret/);
});

test('a workspace keeps its client until its token changes', async () => {
  await using slack = await slackThat(() => {});
  expect(slack.slack('T1', 'xoxb-secret')).toBe(slack.client);
  expect(slack.slack('T1', 'xoxb-new')).not.toBe(slack.client);
  expect(slack.slack('T2', 'xoxb-new')).not.toBe(slack.slack('T1', 'xoxb-new'));
});
