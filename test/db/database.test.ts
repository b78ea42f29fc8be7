import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { recordAudit } from '../../src/db/audit.ts';
import { firstTime } from '../../src/db/do-once.ts';
import { opensWith } from '../../src/db/opening.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const NOW = Temporal.Instant.from('2026-03-02T09:00:00Z');

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
  await asTick(fresh.db, (trx) =>
    trx
      .insertInto('workspace')
      .values([{ id: 'TRIVER' }, { id: 'THARBOR' }])
      .execute(),
  );
});

afterAll(() => fresh.drop());

const entry = (workspaceId: string) => ({
  workspaceId,
  id: crypto.randomUUID(),
  at: NOW,
  actorId: 'UDANA',
  verb: 'promise',
  thing: 'pair',
  decision: 'allowed' as const,
});

test('a forgotten where shows nothing of another firm, neither to read nor to write', async () => {
  await asWorkspace(fresh.db, 'TRIVER', (trx) => recordAudit(trx, entry('TRIVER')));

  const seen = await asWorkspace(fresh.db, 'THARBOR', (trx) => trx.selectFrom('audit').selectAll().execute());
  expect(seen).toEqual([]);
  const workspaces = await asWorkspace(fresh.db, 'THARBOR', (trx) =>
    trx.selectFrom('workspace').select('id').execute(),
  );
  expect(workspaces).toEqual([{ id: 'THARBOR' }]);
  const renamed = await asWorkspace(fresh.db, 'THARBOR', (trx) =>
    trx.updateTable('workspace').set({ name: 'ours' }).execute(),
  );
  expect(renamed[0]?.numUpdatedRows).toBe(1n);
  await expect(asWorkspace(fresh.db, 'THARBOR', (trx) => recordAudit(trx, entry('TRIVER')))).rejects.toThrow(
    /row-level security/,
  );
});

test('a row of another firm cannot be moved into or out of a workspace', async () => {
  await expect(
    asWorkspace(fresh.db, 'TRIVER', (trx) => sql`update workspace set id = 'TELSE' where id = 'TRIVER'`.execute(trx)),
  ).rejects.toThrow(/row-level security/);
});

test('without a workspace nothing is seen at all, and no transaction leaves one behind', async () => {
  await asWorkspace(fresh.db, 'TRIVER', (trx) => trx.selectFrom('workspace').select('id').execute());
  expect(await fresh.db.selectFrom('workspace').selectAll().execute()).toEqual([]);
});

test('a transaction that may not act in its role touches nothing, and says why', async () => {
  const renaming = opensWith({ settings: { role: 'accord_nobody', 'accord.workspace': 'TRIVER' }, reads: false }, () =>
    fresh.db.transaction().execute((trx) => trx.updateTable('workspace').set({ name: 'theirs' }).execute()),
  );
  await expect(renaming).rejects.toThrow(/role "accord_nobody" does not exist/);
  const names = await asTick(fresh.db, (trx) => trx.selectFrom('workspace').select('name').execute());
  expect(names).not.toContainEqual({ name: 'theirs' });
  expect(await asWorkspace(fresh.db, 'TRIVER', async () => 'the connection is as good as before')).toBeTruthy();
});

test('what says that it only reads can change nothing, and its connection is as good as before', async () => {
  const { db, drop } = await freshDatabase({ poolSize: 1 });
  await asWorkspace(db, 'TRIVER', (trx) => trx.insertInto('workspace').values({ id: 'TRIVER' }).execute());
  const look = () =>
    asWorkspace(db, 'TRIVER', (trx) => trx.selectFrom('workspace').select('id').execute(), { reads: true });
  const change = (reads: boolean) =>
    asWorkspace(db, 'TRIVER', (trx) => trx.updateTable('workspace').set({ name: 'River' }).execute(), { reads });
  await expect(change(true)).rejects.toThrow(/read-only transaction/);
  const seen = await Promise.all([look(), change(false), look()]);
  expect(seen.map((rows) => rows.length)).toEqual([1, 1, 1]);
  // Nothing of one is left to the next: neither that it only read, nor as whom.
  expect(await db.selectFrom('workspace').selectAll().execute()).toEqual([]);
  await drop();
});

test.each(['', '*'])('%j is refused as a workspace, because it would not name one', async (id) => {
  await expect(asWorkspace(fresh.db, id, async () => 'reached')).rejects.toThrow(TypeError);
});

test('a listener that asks for every workspace still sees its own alone', async () => {
  const seen = await asWorkspace(fresh.db, 'TRIVER', async (trx) => {
    await sql`select set_config('accord.workspace', '*', true)`.execute(trx);
    return trx.selectFrom('workspace').select('id').execute();
  });
  expect(seen).toEqual([]);
});

test('the tick sees every workspace', async () => {
  const seen = await asTick(fresh.db, (trx) => trx.selectFrom('workspace').select('id').orderBy('id').execute());
  expect(seen).toEqual([{ id: 'THARBOR' }, { id: 'TRIVER' }]);
});

test.each(['listener', 'tick'])('what was audited can be changed or deleted by no %s', async (role) => {
  await asWorkspace(fresh.db, 'TRIVER', (trx) => recordAudit(trx, entry('TRIVER')));
  const work = role === 'tick' ? asTick : asTriver;
  await expect(work(fresh.db, (trx) => sql`update audit set verb = 'forged'`.execute(trx))).rejects.toThrow(
    /permission denied/,
  );
  await expect(work(fresh.db, (trx) => sql`delete from audit`.execute(trx))).rejects.toThrow(/permission denied/);
});

const asTriver: typeof asTick = (db, work, options) => asWorkspace(db, 'TRIVER', work, options);

test('the owner of the tables cannot change or delete what was audited either', async () => {
  await asWorkspace(fresh.db, 'TRIVER', (trx) => recordAudit(trx, entry('TRIVER')));
  for (const change of [sql`update audit set verb = 'forged'`, sql`delete from audit`]) {
    const forged = fresh.db.transaction().execute(async (trx) => {
      await sql`select set_config('accord.workspace', '*', true)`.execute(trx);
      await change.execute(trx);
    });
    await expect(forged).rejects.toThrow('audit is append-only');
  }
});

test('deleting a workspace takes everything of it, the audit included, and nothing of another', async () => {
  const other = await freshDatabase();
  try {
    await asTick(other.db, async (trx) => {
      await trx
        .insertInto('workspace')
        .values([{ id: 'TGONE' }, { id: 'TKEPT' }])
        .execute();
      await recordAudit(trx, entry('TGONE'));
      await recordAudit(trx, entry('TKEPT'));
      await firstTime(trx, 'TGONE', 'trigger', NOW);
      await trx.deleteFrom('workspace').where('id', '=', 'TGONE').execute();
    });
    const left = await asTick(other.db, async (trx) => [
      ...(await trx.selectFrom('audit').select('workspaceId').execute()),
      ...(await trx.selectFrom('doOnce').select('workspaceId').execute()),
    ]);
    expect(left).toEqual([{ workspaceId: 'TKEPT' }]);
  } finally {
    await other.drop();
  }
});

test('the same request is done once in a workspace, also when it comes twice at the same time', async () => {
  const both = [1, 2].map(() => asWorkspace(fresh.db, 'TRIVER', (trx) => firstTime(trx, 'TRIVER', 'trigger-1', NOW)));
  expect((await Promise.all(both)).sort()).toEqual([false, true]);
  expect(await asWorkspace(fresh.db, 'THARBOR', (trx) => firstTime(trx, 'THARBOR', 'trigger-1', NOW))).toBe(true);
});

test('a request whose work failed may be tried again', async () => {
  const failed = asWorkspace(fresh.db, 'TRIVER', async (trx) => {
    await firstTime(trx, 'TRIVER', 'trigger-2', NOW);
    throw new Error('the work failed');
  });
  await expect(failed).rejects.toThrow('the work failed');
  expect(await asWorkspace(fresh.db, 'TRIVER', (trx) => firstTime(trx, 'TRIVER', 'trigger-2', NOW))).toBe(true);
});

test('instants, days, wall times and counts come back as what they were', async () => {
  const { rows } = await sql`
    select ${NOW}::timestamptz as at, ${Temporal.PlainDate.from('2026-03-08')}::date as day,
           ${Temporal.PlainTime.from('09:30')}::time as wall_time, count(*) as how_many,
           array[date '2026-03-08', null] as days, array[timestamptz '2026-03-08 10:00+02'] as instants
    from generate_series(1, 3)`.execute(fresh.db);
  expect(JSON.parse(JSON.stringify(rows))).toEqual([
    {
      at: '2026-03-02T09:00:00Z',
      day: '2026-03-08',
      wallTime: '09:30:00',
      howMany: 3,
      days: ['2026-03-08', null],
      instants: ['2026-03-08T08:00:00Z'],
    },
  ]);
});

test('a count that a number cannot hold exactly is an error, not a rounded figure', async () => {
  await expect(sql`select 9007199254740993::int8`.execute(fresh.db)).rejects.toThrow(RangeError);
});

test('an error of the database does not repeat the row that failed', async () => {
  const failed = asTick(fresh.db, (trx) =>
    trx.insertInto('workspace').values({ id: 'TBAD', name: 'canary', digestWeekday: 9 }).execute(),
  );
  const error = await failed.catch((caught) => caught);
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain('canary');
});

test('the guard costs no index: what listeners and the tick compare by may be looked up before the guard is asked', async () => {
  const { rows } = await sql<{ operator: string }>`
    select oprname || ' ' || oprleft::regtype as operator
    from pg_operator join pg_proc on pg_proc.oid = oprcode
    where oprname in ('=', '<', '<=', '>', '>=') and oprleft = oprright and not proleakproof
      and oprleft in ('text'::regtype, 'uuid'::regtype, 'int4'::regtype, 'date'::regtype, 'timestamptz'::regtype)`.execute(
    fresh.db,
  );
  expect(rows).toEqual([]);

  const plan = await asTick(fresh.db, async (trx) => {
    await sql`select set_config('enable_seqscan', 'off', true)`.execute(trx);
    const due = trx
      .selectFrom('workspace')
      .selectAll()
      .where('digestDueAt', 'is not', null)
      .where('uninstalledAt', 'is', null)
      .where('digestDueAt', '<=', NOW);
    return due.explain('text');
  });
  expect(JSON.stringify(plan)).toContain('workspace_digest_due');
});
