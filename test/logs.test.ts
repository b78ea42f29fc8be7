import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { openLog } from '../src/log.ts';
import { openRehearsal, type Rehearsal } from '../src/rehearsal/server.ts';
import { botSettings, startBotProcess } from './support/bot-process.ts';
import { freshDatabase } from './support/database.ts';

const CANARY = 'canary-of-what-a-person-wrote';

/** Whatever goes wrong here has what a person wrote in its message. */
const failures: [string, () => unknown][] = [
  ['a text that is no JSON', () => JSON.parse(CANARY)],
  ['a text that is no day', () => Temporal.PlainDate.from(CANARY)],
  ['a form that is not ours', () => z.object({ kind: z.enum(['a']) }).parse({ kind: CANARY, [CANARY]: 1 })],
  ['an address that is none', () => new URL(CANARY)],
  ['a message of several lines', () => thrown(new Error(`no\n    at ${CANARY} (file:///${CANARY}.ts:1:1)\n`))],
  ['a cause', () => thrown(new Error('outer', { cause: new Error(CANARY) }))],
  ['several at once', () => thrown(new AggregateError([new Error(CANARY)], CANARY))],
  ['a name', () => thrown(Object.assign(new Error('named'), { name: `${CANARY} is no name`, code: `${CANARY}!` }))],
  [
    'a body',
    () =>
      thrown(
        Object.assign(new Error('refused'), { data: { error: `${CANARY}: no word`, text: CANARY }, body: CANARY }),
      ),
  ],
  ['no error at all', () => thrown(CANARY)],
];
const thrown = (error: unknown): never => {
  throw error;
};

describe('SEC6 what an error quotes is not logged', () => {
  test.each(failures)('%s', (_what, fail) => {
    const lines: string[] = [];
    const log = openLog(
      'debug',
      new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) }),
    );
    try {
      fail();
    } catch (error) {
      log.child({ part: 'test' }).error({ reference: 'abc123', err: error }, 'a request failed');
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"reference":"abc123"');
    expect(lines[0]).not.toContain(CANARY);
  });

  test('where it happened is', () => {
    const lines: string[] = [];
    const log = openLog(
      'info',
      new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) }),
    );
    log.error({ err: Object.assign(new TypeError(CANARY), { code: 'ECONNREFUSED' }) }, 'a request failed');
    const { err } = JSON.parse(lines[0] ?? '{}');
    expect(err).toMatchObject({ name: 'TypeError', code: 'ECONNREFUSED' });
    expect(err.at[0]).toMatch(/logs\.test\.ts:\d+:\d+$/);
  });
});

const act = (rehearsal: Rehearsal, what: object): Promise<unknown> =>
  fetch(`${rehearsal.url}/rehearsal/act`, { method: 'POST', body: JSON.stringify(what) }).then((said) => said.json());
const fault = (rehearsal: Rehearsal, what: object): Promise<unknown> =>
  fetch(`${rehearsal.url}/rehearsal/faults`, { method: 'POST', body: JSON.stringify(what) });

/** People write the canary everywhere, while everything fails in turn. */
async function everythingFails(
  rehearsal: Rehearsal,
  database: Awaited<ReturnType<typeof freshDatabase>>,
): Promise<void> {
  await act(rehearsal, { as: 'dana', do: 'command', text: `/accord ${CANARY} ${CANARY}` });
  await act(rehearsal, { as: 'dana', do: 'command', text: '/accord with @ana' });
  const purpose = { 'What it is for': CANARY };
  await sql`alter table proposal add constraint broken check (false) not valid`.execute(database.db);
  await act(rehearsal, { as: 'dana', do: 'submit', fields: purpose });
  await sql`alter table proposal drop constraint broken`.execute(database.db);
  await fault(rehearsal, { method: 'chat.postMessage', fault: 'html' });
  await fault(rehearsal, { method: 'chat.postMessage', fault: 'cut-json' });
  await act(rehearsal, { as: 'dana', do: 'submit', fields: purpose });
  await act(rehearsal, { as: 'dana', do: 'close' });
  for (const problem of ['error:invalid_blocks', '500', 'reset-mid-body', '429', 'error:expired_trigger_id']) {
    await fault(rehearsal, { method: 'views.open', fault: problem });
    await act(rehearsal, { as: 'dana', do: 'command', text: `/accord with @ana ${CANARY}` });
    await act(rehearsal, { as: 'dana', do: 'close' });
  }
  await rehearsal.workspace.dispatch.request('interactive', {
    type: 'view_submission',
    team: { id: rehearsal.state.team.id },
    user: { id: 'U0DANA0001' },
    view: {
      callback_id: 'cadence:rhythm-submitted',
      private_metadata: CANARY,
      state: CANARY,
      blocks: [],
      hash: CANARY,
    },
  });
  await rehearsal.workspace.dispatch.request('interactive', { type: CANARY, [CANARY]: CANARY });
  await act(rehearsal, { as: 'dana', do: 'command', text: `/commit ${CANARY} by Friday` });
  await database.drop();
  await act(rehearsal, { as: 'dana', do: 'command', text: `/commit ${CANARY} by Friday` });
}

test.each(['HTTP', 'Socket Mode'])(
  'SEC6 over %s, at debug level, with everything failing: no text, no token, no secret in the log',
  async (mode) => {
    const database = await freshDatabase();
    const rehearsal = await openRehearsal({ port: 0, pacing: false });
    const { app } = rehearsal.state;
    const overSocket = { SLACK_APP_TOKEN: app.appToken, SLACK_SIGNING_SECRET: '' };
    const settings = { LOG_LEVEL: 'debug', ...(mode === 'HTTP' ? {} : overSocket) };
    const bot = await startBotProcess({ rehearsal, database, settings });
    if (mode !== 'HTTP') rehearsal.setRequestUrl(undefined);
    try {
      await everythingFails(rehearsal, database);
      await bot.end();
      const log = bot.log.join('\n');
      expect(log.match(/a request failed/g)?.length).toBeGreaterThan(5);
      const secrets = [
        CANARY,
        app.botToken ?? '',
        app.appToken,
        app.signingSecret,
        app.clientSecret,
        app.verificationToken,
      ];
      const { ACCORD_SEAL_KEY = '' } = botSettings({ rehearsal, database });
      for (const secret of [...secrets, ACCORD_SEAL_KEY, '@ana', 'U0ANA00001|']) expect(log).not.toContain(secret);
    } finally {
      bot.child.kill('SIGKILL');
      await rehearsal.close();
    }
  },
  40_000,
);
