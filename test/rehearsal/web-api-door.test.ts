import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { clientOf, rawCall, standIn } from './stand-in.ts';

const statusWith = ({ port }: Rehearsal, path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ port, path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('whom it answers', () => {
  test.each([
    ['/', { host: 'rehearsal.example' }],
    ['/rehearsal/people', { host: 'rehearsal.example:80' }],
    ['/api/auth.test', { host: '127.0.0.1.example' }],
  ])('a name that is not of this machine, at %s: refused', async (path, headers) => {
    expect(await statusWith(await standIn(), path, headers)).toBe(403);
  });

  test('a web page elsewhere cannot act here through the browser', async () => {
    const rehearsal = await standIn();
    const origins: Record<string, string>[] = [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of origins) {
      expect((await rawCall(rehearsal, 'auth.test', { headers })).status).toBe(403);
      expect(await statusWith(rehearsal, '/rehearsal/act', headers, 'POST')).toBe(403);
    }
    expect((await rawCall(rehearsal, 'auth.test', { headers: { origin: rehearsal.url } })).status).toBe(200);
  });
});

describe('the page', () => {
  test('modules come as scripts', async () => {
    const { url } = await standIn();
    for (const path of ['/modules/preact/dist/preact.mjs', '/modules/htm/dist/htm.mjs']) {
      const response = await fetch(`${url}${path}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    }
  });

  test.each([
    '/../server.ts',
    '/%2e%2e/server.ts',
    '/..%2fserver.ts',
    '/modules/preact/../../package.json',
    '/modules/pg/lib/index.js',
    '/modules/preact/package.json',
    '/nothing.html',
  ])('%s leads nowhere', async (path) => {
    expect(await statusWith(await standIn(), path, {})).toBe(404);
  });
});

describe('what is kept', () => {
  const folder = () => mkdtemp(join(tmpdir(), 'rehearsal-'));

  test('a restart brings back messages and clock, and repeats no id and no timestamp', async () => {
    const statePath = join(await folder(), 'workspace.json');
    const first = await openRehearsal({ port: 0, pacing: false, statePath });
    const before = await clientOf(first).chat.postMessage({ channel: 'U0ANA00001', text: 'before' });
    first.state.clockOffset = 3_600_000;
    await first.close();
    const second = await standIn({ statePath });
    const after = await clientOf(second).chat.postMessage({ channel: 'U0ANA00001', text: 'after' });
    expect(after.channel).toBe(before.channel);
    expect(Number(after.ts) - Number(before.ts)).toBeGreaterThanOrEqual(3600);
    expect(second.state.conversations[after.channel ?? '']?.messages.map(({ text }) => text)).toEqual([
      'before',
      'after',
    ]);
    expect(second.workspace.nextId('D')).not.toBe(before.channel);
  });

  test('a file that cannot be read is put aside and a fresh workspace opens', async () => {
    const statePath = join(await folder(), 'workspace.json');
    await writeFile(statePath, '{"format":1,"state":{"peo');
    const { state } = await standIn({ statePath });
    expect(Object.keys(state.people)).toContain('U0DANA0001');
    expect(await readFile(`${statePath}.unreadable`, 'utf8')).toBe('{"format":1,"state":{"peo');
  });

  test('starting over forgets everything said, in the same state, under a new epoch', async () => {
    const { state, workspace, ...rehearsal } = await standIn();
    const slack = clientOf({ state, workspace, ...rehearsal });
    const { channel = '' } = await slack.chat.postMessage({ channel: 'U0ANA00001', text: 'x' });
    workspace.startOver();
    expect(workspace.state).toBe(state);
    expect(state.epoch).toBe(2);
    expect(state.conversations[channel]).toBeUndefined();
    const { channel: fresh } = await slack.chat.postMessage({ channel: 'U0ANA00001', text: 'x' });
    expect(fresh).not.toBe(channel);
  });
});
