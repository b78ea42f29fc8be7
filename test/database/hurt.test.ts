import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { tick } from '../../src/tick.ts';
import { type Rig, type RunningBot, rig } from '../time/rig.ts';
import { type OwnServer, ownServer } from './server.ts';

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';
const PROMPT = '2027-03-08T17:00:00Z';

type Hurt = { w: Rig; running: RunningBot } & AsyncDisposable;

let server: OwnServer;
beforeAll(async () => {
  server = await ownServer();
}, 60_000);
afterAll(() => server.close());

/** Dana and Ana meet on Tuesday 9 March at 17:00Z, 9:00 for Ana, who is asked about it a day ahead. */
async function hurt(): Promise<Hurt> {
  const w = await rig({ at: '2027-03-01T14:00:00Z', database: server.database });
  const running = await w.open();
  await w.does(DANA, { do: 'command', text: '/accord with @ana' });
  await w.does(DANA, { do: 'submit', fields: { 'First day': '2027-03-09', Time: '09:00' } });
  await w.does(DANA, { do: 'close' });
  await running.bot.settle();
  await w.does(ANA, { do: 'click', button: 'Accept' });
  await running.bot.settle();
  w.setTime(Temporal.Instant.from('2027-03-08T16:50:00Z'));
  await running.bot.settle();
  return { w, running, [Symbol.asyncDispose]: () => w[Symbol.asyncDispose]() };
}

/** Until it works again; how long that took. */
async function recovers({ running }: Hurt): Promise<number> {
  const begun = performance.now();
  while (performance.now() - begun < 20_000) {
    const { retryInMs } = await running.bot.settle().catch(() => ({ retryInMs: 0 }));
    if (retryInMs === undefined) break;
    await pause(20);
  }
  return performance.now() - begun;
}

const commits = ({ w }: Hurt, text: string) => w.does(DANA, { do: 'command', text: `/commit ${text} by Mar 12` });
/** Over a connection of its own: one from before the harm may be cut and not know it yet. */
async function saved(): Promise<string[]> {
  const db = server.connect();
  try {
    return await asTick(db, async (trx) =>
      (await trx.selectFrom('commitment').select('text').orderBy('id').execute()).map(({ text }) => text),
    );
  } finally {
    await db.destroy();
  }
}
const said = ({ w }: Hurt, id: string, words: string): number =>
  Object.values(w.rehearsal.state.conversations)
    .filter(({ members }) => members.includes(id))
    .flatMap(({ messages }) => messages)
    .filter(({ text, metadata }) => metadata && text.includes(words)).length;

const RECOVERY_MS = 10_000;

describe('DB1: the server goes away', () => {
  const ways: [string, (server: OwnServer) => Promise<void>][] = [
    ['restarted', (server) => server.restart()],
    ['crashed', (server) => server.killBackend()],
  ];
  const phases: [string, (h: Hurt, harm: () => Promise<void>) => Promise<void>][] = [
    ['while nothing happens', (_, harm) => harm()],
    [
      'just before Slack is called',
      async ({ running }, harm) => {
        running.atCall(1, 'before', harm);
        await running.bot.settle().catch(() => {});
      },
    ],
    [
      'when Slack has taken a message that is not written down yet',
      async ({ running }, harm) => {
        running.atCall(1, 'after', harm);
        await running.bot.settle().catch(() => {});
      },
    ],
  ];
  const cases = ways.flatMap(([way, harm]) => phases.map(([phase, during]) => ({ way, harm, phase, during })));

  test.each(cases)(
    '$way $phase: everything goes on within 10 s, nothing is lost and nothing is said twice',
    async ({ harm, during }) => {
      await using h = await hurt();
      expect((await commits(h, 'yard signs')).status).toBe('acked');
      h.w.setTime(Temporal.Instant.from(PROMPT));
      await during(h, () => harm(server));
      expect(await recovers(h)).toBeLessThan(RECOVERY_MS);
      expect(await saved()).toEqual(['yard signs']);
      expect(said(h, ANA, 'what should it produce for you?')).toBe(1);
      expect((await commits(h, 'lead routing')).status).toBe('acked');
      expect(await saved()).toEqual(['yard signs', 'lead routing']);
    },
    60_000,
  );
});

/** What is typed is refused in words, what is due is said once or waits, and all of it goes on when that is over. */
async function staysHonest(h: Hurt, mend: () => Promise<unknown>): Promise<void> {
  const answer = await commits(h, 'yard signs');
  expect('answer' in answer && answer.answer?.text).toContain('nothing was saved');
  h.w.setTime(Temporal.Instant.from(PROMPT));
  await tick(h.running.bot.deps).catch(() => {});
  await mend();
  expect(await saved()).toEqual([]);

  expect(await recovers(h)).toBeLessThan(RECOVERY_MS);
  expect(said(h, ANA, 'what should it produce for you?')).toBe(1);
  await commits(h, 'yard signs');
  expect(await saved()).toEqual(['yard signs']);
}

describe('DB2: the server can write nothing', () => {
  test('a full disk: nothing is acknowledged that is not saved, and it recovers by itself', async () => {
    await using h = await hurt();
    await fillUp();
    await staysHonest(h, () => server.limitFiles('unlimited'));
  }, 60_000);

  test('read-only: nothing is acknowledged that is not saved, and it recovers by itself', async () => {
    await using h = await hurt();
    const readOnly = async (setting: 'on' | 'off') => {
      await server.asSuperuser(`alter system set default_transaction_read_only = ${setting}`);
      await server.asSuperuser('select pg_reload_conf()');
    };
    await readOnly('on');
    while (
      (await server.asSuperuser('show default_transaction_read_only')).rows[0]?.default_transaction_read_only !== 'on'
    );
    await staysHonest(h, () => readOnly('off'));
  }, 60_000);
});

/** As large as a file of the write-ahead log, which the server needs in order to live. */
const FULL = 16 * 2 ** 20;

/** The table that every request writes to grows to the limit, and takes what little still fits into its last pages. */
async function fillUp(): Promise<void> {
  // Shorter than any real key, so that no real row finds room where these found none.
  const fill = (from: number, to: number) =>
    server.asSuperuser(`set session_replication_role = replica;
      insert into do_once (workspace_id, key, at)
      select 'T0RIVER001', n::text, clock_timestamp() from generate_series(${from}, ${to}) n`);
  await fill(1, 310_000);
  await server.limitFiles(FULL);
  for (let n = 310_001, isRoom = true; isRoom; n++)
    isRoom = await fill(n, n).then(
      () => true,
      () => false,
    );
}

describe('DB3: the server makes everybody wait', () => {
  test('every connection is taken: the answer comes within 3 s, and once one is free all is well', async () => {
    await using h = await hurt();
    const free = Promise.withResolvers<void>();
    const holding = Array.from({ length: 6 }, () => asTick(h.running.db, () => free.promise).catch(() => {}));
    expect(await answerTime(h, 'yard signs')).toBeLessThan(3_000);
    free.resolve();
    await Promise.all(holding);
    expect(await saved()).toEqual([]);
    await commits(h, 'yard signs');
    expect(await saved()).toEqual(['yard signs']);
  }, 60_000);

  test('somebody holds the row that is wanted: the tick goes on with the others, and a click is answered within 3 s', async () => {
    await using h = await hurt();
    await commits(h, 'yard signs');
    const free = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = asTick(h.w.database.db, async (trx) => {
      await sql`select from meeting for update`.execute(trx);
      await sql`select from commitment for update`.execute(trx);
      locked.resolve();
      await free.promise;
    });
    await locked.promise;
    h.w.setTime(Temporal.Instant.from(PROMPT));
    await tick(h.running.bot.deps);
    expect(said(h, ANA, 'what should it produce for you?')).toBe(0);
    const begun = performance.now();
    await h.w.does(DANA, { do: 'click', button: 'Move', in: 'home' });
    expect(performance.now() - begun).toBeLessThan(3_000);
    free.resolve();
    await holding;
    expect(await recovers(h)).toBeLessThan(RECOVERY_MS);
    expect(said(h, ANA, 'what should it produce for you?')).toBe(1);
  }, 60_000);
});

async function answerTime(h: Hurt, text: string): Promise<number> {
  const begun = performance.now();
  await commits(h, text);
  return performance.now() - begun;
}
