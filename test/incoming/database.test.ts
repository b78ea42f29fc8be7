import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { serverConnection } from '../support/database.ts';
import type { Answer } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';

const NOTHING_SAVED = /nothing was saved\. Try again in a minute/;

type Timed = Answer & { ms: number };

/** What somebody does, without waiting for the bot to settle: its database is in no state to. */
async function does(w: World, as: string, what: Record<string, unknown>): Promise<Timed> {
  const started = performance.now();
  const answer = (await w.control('act', { as, ...what })) as Answer;
  return { ...answer, ms: performance.now() - started };
}

async function administrating<T>(work: (client: pg.Client) => Promise<T>, database?: string): Promise<T> {
  const client = new pg.Client({ ...serverConnection(), ...(database && { database }) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const nameOf = (w: World): string => String(w.database.connection.database);

/** Nobody has a connection and nobody gets one, until it is brought up again. */
const takeDown = (w: World): Promise<unknown> =>
  administrating(async (client) => {
    await client.query(`alter database ${nameOf(w)} allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [nameOf(w)]);
  });
const bringUp = (w: World): Promise<unknown> =>
  administrating((client) => client.query(`alter database ${nameOf(w)} allow_connections true`));

/** Whoever wants this table waits until it is let go. */
async function holdTable(w: World, table: string): Promise<{ letGo(): Promise<void> }> {
  const client = new pg.Client(w.database.connection);
  client.on('error', () => {});
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  return {
    async letGo() {
      await client.query('rollback').catch(() => {});
      await client.end().catch(() => {});
    },
  };
}

async function someoneWaits(w: World): Promise<void> {
  const waiting = `select count(*)::int as n from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`;
  await administrating(async (client) => {
    while ((await client.query<{ n: number }>(waiting, [nameOf(w)])).rows[0]?.n === 0);
  });
}

/** Dana has the form open, and Ana a proposal of an earlier one: everything that can be typed, sent and clicked. */
async function readyToAct(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await w.dana.types('/accord with @kiran');
}

describe('IN3 while the database is down', () => {
  test('a command, a form and a click are answered in their place in less than 2.5 s, and nothing is saved', async () => {
    await using w = await world();
    await readyToAct(w);
    const before = await w.database.count('proposal');
    await takeDown(w);

    const typed = await does(w, 'dana', { do: 'command', text: '/accord with @marcus & friends' });
    expect(typed.answer?.text).toMatch(NOTHING_SAVED);
    expect(typed.answer?.text).toContain('You typed:\n>/accord with @marcus &amp; friends');
    const sent = await does(w, 'dana', { do: 'submit', fields: { 'What it is for': 'a line worth keeping' } });
    expect(Object.values(sent.errors ?? {})[0]).toMatch(NOTHING_SAVED);
    expect(JSON.stringify(sent.modal)).toContain('a line worth keeping');
    const clicked = await does(w, 'ana', { do: 'click', button: 'Accept' });
    expect(clicked.status).toBe('acked');
    expect(await w.ana.sees()).toMatch(NOTHING_SAVED);
    for (const { ms } of [typed, sent, clicked]) expect(ms).toBeLessThan(2_500);

    await bringUp(w);
    expect(await w.database.count('proposal')).toBe(before);
    expect((await does(w, 'dana', { do: 'submit' })).errors).toBeUndefined();
    expect(await w.database.count('proposal')).toBe(before + 1);
  });

  test('it goes down while a form is being saved: the form says so and keeps what was entered', async () => {
    await using w = await world();
    await w.dana.types('/accord with @ana');
    const held = await holdTable(w, 'proposal');
    const sending = does(w, 'dana', { do: 'submit', fields: { 'What it is for': 'a line worth keeping' } });
    await someoneWaits(w);
    await takeDown(w);
    const sent = await sending;
    await bringUp(w);
    await held.letGo();
    expect(Object.values(sent.errors ?? {})[0]).toMatch(NOTHING_SAVED);
    expect(sent.ms).toBeLessThan(2_500);
    expect([await w.database.count('pair'), await w.database.count('proposal')]).toEqual([0, 0]);
  });
});

describe('IN4 while the database is slow', () => {
  const slow: [number, string][] = [
    [1_500, 'saved'],
    [2_900, 'not saved'],
    [3_500, 'not saved'],
  ];
  test.concurrent.each(slow)('by %d ms, a form is answered within 3 s, and it is %s', async (ms, outcome) => {
    await using w = await world();
    await w.dana.types('/accord with @ana');
    const held = await holdTable(w, 'proposal');
    const released = new Promise((resolve) => setTimeout(() => held.letGo().then(resolve), ms));
    const sent = await does(w, 'dana', { do: 'submit' });
    expect(sent.ms).toBeLessThan(3_000);
    const told = Object.values(sent.errors ?? {})[0];
    await released;
    if (outcome === 'saved') expect(told).toBeUndefined();
    else expect(told).toMatch(/^That took too long, so nothing was saved\. Try again in a minute\. \([0-9a-f]{6}\)$/);
    expect(await w.database.count('proposal')).toBe(outcome === 'saved' ? 1 : 0);
  });

  test.concurrent('when who acts cannot be read, a click is answered within 3 s and changes nothing', async () => {
    await using w = await world();
    await readyToAct(w);
    const held = await holdTable(w, 'workspace');
    const clicked = await does(w, 'ana', { do: 'click', button: 'Accept' });
    expect(clicked.ms).toBeLessThan(3_000);
    await held.letGo();
    expect(await w.ana.sees()).toContain('That took too long, so nothing was saved.');
    expect(await w.ana.sees()).toContain('[Accept]');
  });

  test.concurrent('a COMMIT that takes too long is never told as saved when it is not, nor as not saved when it is', async () => {
    await using w = await world();
    await w.dana.types('/accord with @ana');
    await administrating(async (client) => {
      await client.query(`
        create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(2.9); return new; end $$;
        create constraint trigger dawdles after insert on proposal deferrable initially deferred
          for each row execute function dawdle()`);
    }, nameOf(w));
    const sent = await does(w, 'dana', { do: 'submit' });
    expect(sent.ms).toBeLessThan(3_000);
    const told = Object.values(sent.errors ?? {})[0] ?? '';
    const saved = await w.database.count('proposal');
    expect(told).toMatch(saved ? /may or may not have been saved/ : /may or may not have been saved|nothing was saved/);
  });
});
