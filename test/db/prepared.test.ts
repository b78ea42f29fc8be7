import { expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { PREPARED } from '../../src/db/prepared.ts';
import type { Database } from '../../src/db/schema.ts';
import { findWaiting } from '../../src/tick.ts';
import { freshDatabase } from '../support/database.ts';

/** What this connection has prepared, and how often it ran. */
const prepared = async (db: Kysely<Database>) =>
  (
    await sql<{ statement: string; runs: number }>`
      select statement, (generic_plans + custom_plans)::int as runs from pg_prepared_statements`.execute(db)
  ).rows;

test('what is marked is prepared once on a connection, whatever its values, and nothing else is', async () => {
  const { db, drop } = await freshDatabase({ poolSize: 1 });
  for (const word of ['one', 'two'])
    expect((await sql`${PREPARED} select ${word}::text as word`.execute(db)).rows).toEqual([{ word }]);
  expect(await prepared(db)).toEqual([{ statement: '/* prepared */ select $1::text as word', runs: 2 }]);
  await drop();
});

test('a table that gets another column while a statement is prepared is read again after one refusal', async () => {
  const { db, drop } = await freshDatabase({ poolSize: 1 });
  const read = () => sql`${PREPARED} select * from changing`.execute(db);
  await sql`create table changing (one int)`.execute(db);
  await read();
  await sql`alter table changing add column two int`.execute(db);
  await expect(read()).rejects.toThrow(/cached plan/);
  await sql`insert into changing values (1, 2)`.execute(db);
  expect((await read()).rows).toEqual([{ one: 1, two: 2 }]);
  await drop();
});

test('the probe of an empty tick is prepared', async () => {
  const { db, drop } = await freshDatabase({ poolSize: 1 });
  await asTick(db, findWaiting);
  await asTick(db, findWaiting);
  expect(await prepared(db)).toEqual([{ statement: expect.stringContaining('home_stale_at'), runs: 2 }]);
  await drop();
});
