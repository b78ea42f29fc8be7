import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { doctor } from '../../src/doctor.ts';
import { freshDatabase } from '../support/database.ts';
import { type World, world } from '../support/world.ts';

const KEY = Buffer.alloc(32, 'test').toString('base64');

async function examine(env: Record<string, string>, clock = () => Temporal.Now.instant()) {
  const lines: string[] = [];
  const code = await doctor(env, (line) => lines.push(line), clock);
  return { code, said: lines.join('\n') };
}

const liveOn = (w: World): Record<string, string> => ({
  SLACK_API_URL: `${w.rehearsal.url}/api/`,
  SLACK_BOT_TOKEN: w.rehearsal.state.app.botToken ?? '',
  SLACK_APP_TOKEN: w.rehearsal.state.app.appToken,
  DATABASE_URL: w.database.url,
  ACCORD_SEAL_KEY: KEY,
});

test('no settings at all are fine: the rehearsal opens', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'accord-doctor-'));
  const { code, said } = await examine({ ACCORD_DATA: path.join(folder, 'none') });
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
  expect(said).toContain('opens the rehearsal workspace');
});

test('a bot that is set up well is told so, and no secret is shown', async () => {
  await using w = await world();
  const env = liveOn(w);
  const { code, said } = await examine(env);
  expect(code).toBe(0);
  expect(said).toContain('SLACK_BOT_TOKEN works: accord in Rivermark Realty');
  expect(said).toContain('SLACK_APP_TOKEN opens a socket');
  expect(said).toContain('every required scope of manifest.yml is granted');
  expect(said).toContain('no migration is pending');
  expect(said).toContain('the sealing key opens what is stored');
  expect(said).toContain('no message waits for more than a minute');
  for (const secret of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'DATABASE_URL', 'ACCORD_SEAL_KEY'])
    expect(said).not.toContain(env[secret] ?? '');
});

test('scopes that are missing are named, the optional ones as worth knowing', async () => {
  await using w = await world();
  w.rehearsal.state.app.scopes = w.rehearsal.state.app.scopes.filter((scope) => scope !== 'im:history');
  expect(await examine(liveOn(w))).toMatchObject({
    code: 0,
    said: expect.stringContaining('optional scopes are missing: im:history'),
  });
  w.rehearsal.state.app.scopes = w.rehearsal.state.app.scopes.filter((scope) => scope !== 'files:write');
  const without = await examine(liveOn(w));
  expect(without.code).toBe(1);
  expect(without.said).toContain('MEND scopes of manifest.yml are missing: files:write');
});

test('tokens that Slack does not take are to be mended', async () => {
  await using w = await world();
  const { code, said } = await examine({ ...liveOn(w), SLACK_BOT_TOKEN: 'xoxb-wrong', SLACK_APP_TOKEN: 'xapp-wrong' });
  expect(code).toBe(1);
  expect(said).toContain('SLACK_BOT_TOKEN is not accepted (invalid_auth)');
  expect(said).toContain('SLACK_APP_TOKEN is not accepted (invalid_auth)');
});

test('a database that does not answer, another key, a clock that is off and migrations to come are said', async () => {
  await using w = await world();
  const nowhere = await examine({ ...liveOn(w), DATABASE_URL: 'postgresql://accord@127.0.0.1:1/accord' });
  expect([nowhere.code, nowhere.said]).toEqual([1, expect.stringContaining('cannot be used (ECONNREFUSED)')]);

  const otherKey = await examine({ ...liveOn(w), ACCORD_SEAL_KEY: Buffer.alloc(32, 'other').toString('base64') });
  expect([otherKey.code, otherKey.said]).toEqual([1, expect.stringContaining('does not open what is stored')]);

  const late = await examine(liveOn(w), () => Temporal.Now.instant().subtract({ seconds: 5 }));
  expect(late.said).toMatch(/note the database's clock is [45]\d{3} ms ahead of this machine's: set both/);

  const empty = await freshDatabase();
  const client = new pg.Client(empty.connection);
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  await client.end();
  const unmigrated = await examine({ ...liveOn(w), DATABASE_URL: empty.url });
  await empty.drop();
  expect([unmigrated.code, unmigrated.said]).toEqual([0, expect.stringMatching(/\d+ migrations are pending/)]);
});

test('messages that should have been sent long ago are counted', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  w.rehearsal.workspace.faults.add({ method: 'conversations.open', fault: '429', retryAfter: 600, times: 1 });
  await w.dana.submits('Propose a rhythm', {});
  const late = await examine(liveOn(w), () => w.now().add({ minutes: 9, seconds: 30 }));
  expect(late.said).toContain(
    'note 1 message in 1 workspace waits for more than a minute, the oldest for 9 minutes: no bot runs, or Slack holds it up',
  );
});

test('settings that contradict each other are to be mended before anything is tried', async () => {
  const { code, said } = await examine({ SLACK_BOT_TOKEN: 'xoxb-1', PORT: '3000' });
  expect(code).toBe(1);
  expect(said).toContain('SLACK_APP_TOKEN is needed beside SLACK_BOT_TOKEN');
  expect(said).not.toContain('xoxb-1');
});
