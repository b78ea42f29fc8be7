import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { asTick } from '../../src/db/as-workspace.ts';
import { openDatabase } from '../../src/db/open.ts';
import { sealKeysIn } from '../../src/db/seal-file.ts';
import { decrypt, encrypt, type SealKeys, seal, sealKeysFrom } from '../../src/db/sealed.ts';
import { type FreshDatabase, freshDatabase, testSeal } from '../support/database.ts';

const CANARY = 'Ana will call the lender 🏠 by Friday';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

afterAll(() => fresh.drop());

const tokenOf = async (id: string, db = fresh.db) =>
  (await asTick(db, (trx) => trx.selectFrom('workspace').select('token').where('id', '=', id).executeTakeFirst()))
    ?.token;

test('what was sealed comes back as it was written, however it went in', async () => {
  await asTick(fresh.db, async (trx) => {
    await trx
      .insertInto('workspace')
      .values({ id: 'TROW', token: seal(CANARY) })
      .execute();
    await trx
      .insertInto('workspace')
      .values([
        { id: 'TMANY1', token: seal(`${CANARY} 1`) },
        { id: 'TMANY2', token: null },
        { id: 'TMANY3', name: 'without a token' },
      ])
      .execute();
    await trx
      .insertInto('workspace')
      .values([{ id: 'TUPDATED' }, { id: 'TEXPRESSION' }, { id: 'TCONFLICT' }])
      .execute();
    await trx
      .updateTable('workspace')
      .set({ token: seal(CANARY) })
      .where('id', '=', 'TUPDATED')
      .execute();
    await trx
      .updateTable('workspace')
      .set((eb) => ({ token: seal(CANARY), version: eb('version', '+', 1) }))
      .where('id', '=', 'TEXPRESSION')
      .execute();
    await trx
      .insertInto('workspace')
      .values({ id: 'TCONFLICT', token: seal('not this one') })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ token: seal(CANARY) }))
      .execute();
    await sql`insert into workspace (id, token) values ('TRAW', ${seal(CANARY)})`.execute(trx);
  });

  for (const id of ['TROW', 'TUPDATED', 'TEXPRESSION', 'TCONFLICT', 'TRAW'])
    expect([id, await tokenOf(id)]).toEqual([id, CANARY]);
  expect(await tokenOf('TMANY1')).toBe(`${CANARY} 1`);
  expect(await tokenOf('TMANY2')).toBeNull();
  expect(await tokenOf('TMANY3')).toBeNull();
});

test('a conflict that takes over the inserted row, and a returning clause, keep the text', async () => {
  const [row] = await asTick(fresh.db, (trx) =>
    trx
      .insertInto('workspace')
      .values({ id: 'TEXCLUDED', token: seal(CANARY) })
      .onConflict((conflict) => conflict.column('id').doUpdateSet((eb) => ({ token: eb.ref('excluded.token') })))
      .returning('token')
      .execute(),
  );
  expect(row).toEqual({ token: CANARY });
});

test.each(['', 'x'.repeat(3_000), 'مرحبا', '🧑‍🤝‍🧑\u0000'])('any text can be sealed: %#', async (text) => {
  expect(decrypt(encrypt(text, testSeal), testSeal)).toBe(text);
});

test('whoever reads the tables without the key finds no word of it, nor that two texts are the same', async () => {
  await asTick(fresh.db, (trx) =>
    trx
      .insertInto('workspace')
      .values([
        { id: 'TSAME1', token: seal(CANARY) },
        { id: 'TSAME2', token: seal(CANARY) },
      ])
      .execute(),
  );
  const dump = new pg.Client(fresh.connection);
  await dump.connect();
  await dump.query(`select set_config('accord.workspace', '*', false)`);
  const { rows } = await dump.query<{ token: Buffer }>(`select token from workspace where id in ('TSAME1', 'TSAME2')`);
  await dump.end();
  expect(rows).toHaveLength(2);
  for (const { token } of rows) expect(token.toString('latin1')).not.toMatch(/Ana|lender|Friday/);
  expect(rows[0]?.token.equals(rows[1]?.token ?? Buffer.of())).toBe(false);
});

test('no log, template or JSON shows what is about to be sealed', () => {
  const sealed = seal(CANARY);
  for (const shown of [
    inspect({ sealed }, { showHidden: true }),
    JSON.stringify({ sealed }),
    `${sealed}`,
    String(sealed),
  ]) {
    expect(shown).not.toContain('Ana');
    expect(shown).toContain('[sealed]');
  }
});

test('a driver without the plugin writes nothing rather than clear text', async () => {
  const bare = new pg.Client(fresh.connection);
  await bare.connect();
  await expect(bare.query('select $1::bytea', [seal(CANARY)])).rejects.toThrow('unencrypted');
  await bare.end();
});

const keys = (fill: string): string => Buffer.alloc(32, fill).toString('base64');

async function reading<T>(as: SealKeys, read: (db: FreshDatabase['db']) => Promise<T>): Promise<T> {
  const db = openDatabase({ connection: fresh.connection, seal: as, log: pino({ level: 'silent' }) });
  try {
    return await read(db);
  } finally {
    await db.destroy();
  }
}

test('after a change of keys the older text stays readable and new text takes the new key', async () => {
  await asTick(fresh.db, (trx) =>
    trx
      .insertInto('workspace')
      .values({ id: 'TOLD', token: seal(CANARY) })
      .execute(),
  );
  const rotated = sealKeysFrom(`${keys('new')}, ${keys('test')}`);
  await reading(rotated, async (db) => {
    expect(await tokenOf('TOLD', db)).toBe(CANARY);
    await asTick(db, (trx) =>
      trx
        .insertInto('workspace')
        .values({ id: 'TNEW', token: seal(CANARY) })
        .execute(),
    );
  });
  expect(await reading(sealKeysFrom(keys('new')), (db) => tokenOf('TNEW', db))).toBe(CANARY);
});

test('without the right key reading fails with the name of the missing key, and the pool goes on', async () => {
  await asTick(fresh.db, (trx) =>
    trx
      .insertInto('workspace')
      .values({ id: 'TLOCKED', token: seal(CANARY) })
      .execute(),
  );
  await reading(sealKeysFrom(keys('other')), async (db) => {
    await expect(tokenOf('TLOCKED', db)).rejects.toThrow(`sealed with key ${testSeal.current.id}, which is not among`);
    expect(
      await asTick(db, (trx) => trx.selectFrom('workspace').select('id').where('id', '=', 'TLOCKED').execute()),
    ).toHaveLength(1);
  });
});

test.each([0, 5, 12, 25, 40])('text that was altered in the database (byte %i) is refused, not shown', (index) => {
  const stored = encrypt(CANARY, testSeal);
  stored.writeUInt8(stored.readUInt8(index) ^ 1, index);
  expect(() => decrypt(stored, testSeal)).toThrow(/altered in the database|not among the configured keys/);
});

test.each(['', 'short', `${keys('a')},`])('%j is refused as a key, with a hint how to make one', (encoded) => {
  expect(() => sealKeysFrom(encoded)).toThrow(/openssl rand -base64 32/);
});

test('the embedded key file is made once, for its owner alone, and is never replaced', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'accord-key-'));
  try {
    const [first, same] = await Promise.all([sealKeysIn(join(folder, 'data')), sealKeysIn(join(folder, 'data'))]);
    expect(first.current.id).toBe(same.current.id);
    const file = join(folder, 'data', 'seal.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(sealKeysFrom(await readFile(file, 'utf8')).current.id).toBe(first.current.id);
    expect((await sealKeysIn(join(folder, 'data'))).current.id).toBe(first.current.id);
  } finally {
    await rm(folder, { recursive: true });
  }
});
