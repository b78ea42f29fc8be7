import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { claimStale, leaveHomesAlone, markChanged, recordDrawn, type Taken } from '../../src/home/store.ts';
import { markHomeStale } from '../../src/people/store.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

const FIRM = 'TRIVER';
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');
let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

/** One whose Home was opened before. */
beforeEach(() =>
  asTick(fresh.db, async (trx) => {
    await trx.deleteFrom('workspace').execute();
    await sql`insert into workspace (id, token) values (${FIRM}, '\\x00')`.execute(trx);
    await sql`insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at, home_hash)
      values (${FIRM}, 'UDANA', 'Dana', 'dana', 'UTC', 'en-US', 'member', true, ${NOW}, 'h1')`.execute(trx);
  }),
);

const changes = (at = NOW) => asWorkspace(fresh.db, FIRM, (trx) => markHomeStale(trx, FIRM, ['UDANA'], at));
const takes = (at = NOW): Promise<Taken[]> =>
  asTick(fresh.db, async (trx) => {
    await markChanged(trx, at, 500);
    return (await claimStale(trx, at, 20)).taken;
  });
const draws = (taken: Taken) => asWorkspace(fresh.db, FIRM, (trx) => recordDrawn(trx, taken, 'h2'));

test('two who change what one Home shows do not wait for each other, and it is drawn once', async () => {
  await asWorkspace(fresh.db, FIRM, async (trx) => {
    await markHomeStale(trx, FIRM, ['UDANA'], NOW);
    await changes();
    // What is not saved yet is not drawn.
    expect(await takes()).toHaveLength(1);
  });
  const [taken, ...others] = await takes();
  expect(others).toEqual([]);
  if (!taken) throw new Error('Nothing was taken');
  await draws(taken);
  expect(await takes(NOW.add({ hours: 1 }))).toEqual([]);
});

test('what changes while a Home is being drawn has it drawn once more', async () => {
  await changes();
  const [taken] = await takes();
  if (!taken) throw new Error('Nothing was taken');
  const soon = NOW.add({ milliseconds: 1 });
  await changes(soon);
  const again = await takes(soon);
  expect(again).toHaveLength(1);
  // The first one comes to its end, and whoever draws anew dies: that it is stale is still known.
  await draws(taken);
  const later = soon.add({ minutes: 1 });
  const atLast = await takes(later);
  expect(atLast).toHaveLength(1);
  for (const one of atLast) await draws(one);
  expect(await takes(later.add({ hours: 1 }))).toEqual([]);
});

test('a change waits until Slack takes Homes of this workspace again, also when one is being drawn until the same instant', async () => {
  await changes();
  const [taken] = await takes();
  if (!taken) throw new Error('Nothing was taken');
  await asTick(fresh.db, (trx) => leaveHomesAlone(trx, FIRM, taken.takenAt));
  await changes();
  expect(await takes()).toEqual([]);
  await draws(taken);
  expect(await takes(taken.takenAt)).toEqual([]);
  expect(await takes(taken.takenAt.add({ seconds: 1 }))).toHaveLength(1);
});

test('somebody whose row is held, with however many changes, keeps nobody else’s Home waiting', async () => {
  await asTick(fresh.db, (trx) =>
    sql`insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at, home_hash)
      values (${FIRM}, 'UANA', 'Ana', 'ana', 'UTC', 'en-US', 'member', true, ${NOW}, 'h1')`.execute(trx),
  );
  for (let n = 0; n < 3; n++) await changes(NOW.subtract({ seconds: n }));
  await asWorkspace(fresh.db, FIRM, (trx) => markHomeStale(trx, FIRM, ['UANA', 'UNOBODY'], NOW));
  await asTick(fresh.db, async (trx) => {
    await sql`select from person where id = 'UDANA' for update`.execute(trx);
    expect((await takes()).map(({ id }) => id)).toEqual(['UANA']);
  });
  expect((await takes()).map(({ id }) => id)).toEqual(['UDANA']);
  expect(await asTick(fresh.db, (trx) => trx.selectFrom('homeChange').selectAll().execute())).toEqual([]);
});
