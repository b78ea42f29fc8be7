import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Kysely, sql, type Transaction } from 'kysely';
import { asTick, asWorkspace, DeadlineSpent, PossiblySaved, startDeadline } from '../../src/db/as-workspace.ts';
import type { Database } from '../../src/db/schema.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** Long enough for a statement on a busy machine, short enough not to make the tests slow. */
const BRIEFLY = 400;
/** The deadline, the grace of a COMMIT, and a busy machine. */
const AT_MOST = 1_500;

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase({ poolSize: 3 });
  await asTick(fresh.db, (trx) => trx.insertInto('workspace').values({ id: 'TRIVER' }).execute());
});

beforeEach(() => rename(fresh.db, 'before'));

afterAll(() => fresh.drop());

const rename = (db: Kysely<Database>, name: string) =>
  asWorkspace(db, 'TRIVER', (trx) => trx.updateTable('workspace').set({ name }).execute());

const nameNow = async () =>
  (await asWorkspace(fresh.db, 'TRIVER', (trx) => trx.selectFrom('workspace').select('name').executeTakeFirst()))?.name;

/** Renames, then does what holds it up; tells how it failed and after how many milliseconds. */
async function renameHeldUp(holdUp: (trx: Transaction<Database>) => Promise<unknown>, db = fresh.db) {
  const started = performance.now();
  const outcome = asWorkspace(
    db,
    'TRIVER',
    async (trx) => {
      await trx.updateTable('workspace').set({ name: 'after' }).execute();
      await holdUp(trx);
    },
    { deadline: startDeadline(BRIEFLY) },
  );
  const error = await outcome.catch((caught: unknown) => caught);
  return { error, took: performance.now() - started };
}

test('work within the time is saved', async () => {
  const { error } = await renameHeldUp(async () => undefined);
  expect(error).toBeUndefined();
  expect(await nameNow()).toBe('after');
});

test('a statement that takes too long is answered in time and nothing is saved', async () => {
  const { error, took } = await renameHeldUp((trx) => sql`select pg_sleep(30)`.execute(trx));
  expect(error).toBeInstanceOf(DeadlineSpent);
  expect(took).toBeLessThan(AT_MOST);
  expect(await nameNow()).toBe('before');
});

test('a lock that somebody else holds is waited for only until the deadline', async () => {
  await asTick(fresh.db, async (holder) => {
    await holder.selectFrom('workspace').select('id').forUpdate().execute();
    const { error, took } = await renameHeldUp(async () => undefined);
    expect(error).toBeInstanceOf(DeadlineSpent);
    expect(took).toBeLessThan(AT_MOST);
  });
  expect(await nameNow()).toBe('before');
});

test('statements that are short by themselves do not add up to more than the deadline', async () => {
  const { error, took } = await renameHeldUp(async (trx) => {
    for (;;) await sql`select pg_sleep(0.1)`.execute(trx);
  });
  expect(error).toBeInstanceOf(DeadlineSpent);
  expect(took).toBeLessThan(AT_MOST);
  expect(await nameNow()).toBe('before');
});

test('waiting for a free connection counts, and the pool works again after', async () => {
  const small = await freshDatabase({ poolSize: 1 });
  try {
    const { promise: told, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const holder = asTick(small.db, async () => {
      take();
      await told;
    });
    await taken;
    const { error, took } = await renameHeldUp(async () => undefined, small.db);
    expect(error).toBeInstanceOf(DeadlineSpent);
    expect(took).toBeLessThan(AT_MOST);
    letGo();
    await holder;
    await asTick(small.db, (trx) => trx.insertInto('workspace').values({ id: 'TRIVER' }).execute());
  } finally {
    await small.drop();
  }
});

test('waiting for something other than the database counts too', async () => {
  const { error, took } = await renameHeldUp(() => new Promise(() => undefined));
  expect(error).toBeInstanceOf(DeadlineSpent);
  expect(took).toBeLessThan(AT_MOST);
  expect(await nameNow()).toBe('before');
});

test('when the time is spent just before COMMIT, nothing is committed', async () => {
  const { error } = await renameHeldUp(async () => {
    const until = performance.now() + BRIEFLY + 20;
    while (performance.now() < until); // No timer can fire: only the look at the clock before COMMIT helps.
  });
  expect(error).toBeInstanceOf(DeadlineSpent);
  expect(await nameNow()).toBe('before');
});

test('a server that freezes in the middle is not waited for', async () => {
  const frozen = await freezeDuring(renameHeldUp, async (trx) => sql`select 1`.execute(trx));
  expect(frozen.error).toBeInstanceOf(DeadlineSpent);
  expect(frozen.took).toBeLessThan(AT_MOST);
  expect(await nameNow()).toBe('before');
});

test('a COMMIT that stalls is "possibly saved", because here it was', async () => {
  const frozen = await freezeDuring(renameHeldUp, async () => undefined);
  expect(frozen.error).toBeInstanceOf(PossiblySaved);
  expect(frozen.took).toBeLessThan(AT_MOST);
  await settled('after');
  expect(await nameNow()).toBe('after');
});

test('a server that freezes keeps nobody who waits from its place in the pool', async () => {
  const small = await freshDatabase({ poolSize: 1 });
  try {
    await asTick(small.db, (trx) => trx.insertInto('workspace').values({ id: 'TRIVER' }).execute());
    let waiting: Promise<unknown> | undefined;
    const held = async (trx: Transaction<Database>) => {
      waiting = asTick(small.db, (next) => sql`select 1`.execute(next));
      await sql`select 1`.execute(trx);
    };
    let waited = Number.POSITIVE_INFINITY;
    await freezeDuring(async (holdUp) => {
      const outcome = await renameHeldUp(holdUp, small.db);
      const begun = performance.now();
      await waiting;
      waited = performance.now() - begun;
      return outcome;
    }, held);
    expect(waited).toBeLessThan(AT_MOST - BRIEFLY);
  } finally {
    await small.drop();
  }
});

/** Stops the connection's server process after the rename, and lets it go on when the answer is there. */
async function freezeDuring(attempt: typeof renameHeldUp, then: (trx: Transaction<Database>) => Promise<unknown>) {
  let frozen: number | undefined;
  try {
    return await attempt(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      const pid = rows[0]?.pid;
      if (pid === undefined) throw new Error('The server did not tell its process number');
      process.kill(pid, 'SIGSTOP');
      frozen = pid;
      await then(trx);
    });
  } finally {
    if (frozen) process.kill(frozen, 'SIGCONT');
  }
}

async function settled(name: string): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until && (await nameNow()) !== name);
}

test('a COMMIT that the server refuses is an error like any other: it was not saved', async () => {
  await atCommit(sql`raise exception 'refused at commit'`, async () => {
    const { error } = await renameHeldUp(async () => undefined);
    expect(error).toMatchObject({ message: 'refused at commit' });
  });
  expect(await nameNow()).toBe('before');
});

test('a connection that is lost while committing is "possibly saved" without any deadline', async () => {
  await atCommit(sql`perform pg_terminate_backend(pg_backend_pid())`, async () => {
    await expect(rename(fresh.db, 'after')).rejects.toThrow(PossiblySaved);
  });
});

/** Makes every COMMIT after a rename run this first. */
async function atCommit(statement: ReturnType<typeof sql>, work: () => Promise<void>): Promise<void> {
  await sql`
    create function at_commit() returns trigger language plpgsql security definer as $$
    begin
      ${statement};
      return null;
    end $$`.execute(fresh.db);
  await sql`
    create constraint trigger at_commit after update on workspace deferrable initially deferred
    for each row execute function at_commit()`.execute(fresh.db);
  try {
    await work();
  } finally {
    await sql`drop function at_commit() cascade`.execute(fresh.db);
  }
}
