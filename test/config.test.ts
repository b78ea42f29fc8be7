import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig, settingMeanings } from '../src/config.ts';

const key = Buffer.alloc(32, 'k').toString('base64');
const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const problemsOf = (env: Record<string, string>): string[] => {
  const read = readConfig(env);
  return 'problems' in read ? read.problems.map(({ name }) => name) : [];
};
const modeOf = (env: Record<string, string>) => {
  const read = readConfig(env);
  return 'config' in read ? read.config.mode : undefined;
};

test('no setting at all is the rehearsal, and so is a copied example file', () => {
  expect(modeOf({})).toBe('rehearsal');
  expect(modeOf({ SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: ' ', PORT: '' })).toBe('rehearsal');
});

test.each([
  ['Socket Mode', tokens, 'socket'],
  ['HTTP for one workspace', { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'a-long-secret' }, 'http'],
  [
    'HTTP for several',
    {
      SLACK_SIGNING_SECRET: 'a-long-secret',
      SLACK_CLIENT_ID: '1.2',
      SLACK_CLIENT_SECRET: 'secret',
      ACCORD_PUBLIC_URL: 'https://accord.example.com',
    },
    'http',
  ],
])('%s is understood', (_what, env, mode) => {
  expect(modeOf(env)).toBe(mode);
});

describe('what is wrong is listed whole, by name', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['a user token', { SLACK_BOT_TOKEN: 'xoxp-1' }, ['SLACK_BOT_TOKEN']],
    ['a bot token alone', { SLACK_BOT_TOKEN: 'xoxb-1' }, ['SLACK_APP_TOKEN']],
    ['an app token alone', { SLACK_APP_TOKEN: 'xapp-1' }, ['SLACK_BOT_TOKEN']],
    ['half of the client', { ...tokens, SLACK_CLIENT_ID: '1.2' }, ['SLACK_CLIENT_SECRET']],
    ['a port that is none', { PORT: '70000' }, ['PORT']],
    ['a key of the wrong length', { ...tokens, ACCORD_SEAL_KEY: 'c2hvcnQ=' }, ['ACCORD_SEAL_KEY']],
    ['a clock that moves against Slack', { ...tokens, ACCORD_CLOCK_URL: 'http://localhost:1' }, ['ACCORD_CLOCK_URL']],
    ['an address without https', { ACCORD_PUBLIC_URL: 'http://accord.example.com' }, ['ACCORD_PUBLIC_URL']],
    ['an address that is none', { ACCORD_PUBLIC_URL: 'accord' }, ['ACCORD_PUBLIC_URL']],
    ['another database', { DATABASE_URL: 'mysql://localhost/accord' }, ['DATABASE_URL']],
    ['several at once', { PORT: 'x', LOG_LEVEL: 'loud', DATABASE_URL: 'here' }, ['DATABASE_URL', 'PORT', 'LOG_LEVEL']],
  ])('%s', (_what, env, names) => {
    expect([...new Set(problemsOf(env))].sort()).toEqual([...names].sort());
  });

  test('a sealing key that is one is taken, and a second one beside it', () => {
    expect(problemsOf({ ...tokens, ACCORD_SEAL_KEY: `${key},${key}` })).toEqual([]);
  });
});

test('the example file names every setting, each with a line of meaning, and no other', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const named = lines.flatMap((line, at) => {
    const name = /^([A-Z_]+)=/.exec(line)?.[1];
    return name ? [{ name, meaning: lines[at - 1] ?? '' }] : [];
  });
  expect(named.map(({ name }) => name)).toEqual(Object.keys(settingMeanings));
  expect(named.filter(({ meaning }) => !/^# \S.{10,}/.test(meaning))).toEqual([]);
  expect(problemsOf(Object.fromEntries(named.map(({ name }) => [name, ''])))).toEqual([]);
});

test('a start with bad settings lists them by name, not by value, and ends with 1', async () => {
  const { code, said } = await start({ SLACK_BOT_TOKEN: 'canary-token', PORT: 'x' });
  expect(code).toBe(1);
  expect(said).toMatch(/^SLACK_BOT_TOKEN must be a bot token/m);
  expect(said).toMatch(/^PORT must be a port number/m);
  expect(said).not.toContain('canary-token');
});

function start(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}
