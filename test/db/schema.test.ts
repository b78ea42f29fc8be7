import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pino } from 'pino';
import { migrate, pendingMigrations } from '../../src/db/migrate.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

afterAll(() => fresh.drop());

type Column = { type: string; nullable: boolean; hasDefault: boolean };
type Tables = Record<string, Record<string, Column>>;

test('the tables in the code are the tables in the database, column by column', async () => {
  expect(await declared()).toEqual(await catalogued());
});

/** `src/db/schema.ts` read as text, because its types are gone when the program runs. */
async function declared(): Promise<Tables> {
  const source = await readFile(new URL('../../src/db/schema.ts', import.meta.url), 'utf8');
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const interfaces = new Map(
    [...code.matchAll(/interface (\w+) \{([\s\S]*?)\n\}/g)].map(([, name = '', body = '']) => [name, fields(body)]),
  );
  const tables = interfaces.get('Database') ?? [];
  return Object.fromEntries(
    tables.map(([table, name]) => [
      snakeCase(table),
      Object.fromEntries((interfaces.get(name) ?? []).map(([column, type]) => [snakeCase(column), columnOf(type)])),
    ]),
  );
}

const fields = (body: string): [string, string][] =>
  [...body.matchAll(/^ {2}(\w+): ([\s\S]*?);$/gm)].map(([, name = '', type = '']) => [
    name,
    type.replaceAll(/\s+/g, ' '),
  ]);

function columnOf(type: string): Column {
  const generated = /^Generated(?:Always)?<(.*)>$/.exec(type);
  if (generated) return { ...columnOf(generated[1] ?? ''), hasDefault: true };
  const fixed = /^Fixed<(.*)>$/.exec(type);
  if (fixed) return columnOf(fixed[1] ?? '');
  if (/^ColumnType<string \| null, Sealed/.test(type)) return { type: 'sealed', nullable: true, hasDefault: false };
  const stored = type.replace(/ \| null$/, '');
  return { type: coarseType(stored), nullable: stored !== type, hasDefault: false };
}

function coarseType(type: string): string {
  if (type.startsWith('JSONColumnType<')) return 'json';
  if (type.startsWith("'")) return 'text';
  const known: Record<string, string> = {
    string: 'text',
    number: 'number',
    boolean: 'boolean',
    Instant: 'instant',
    Day: 'day',
    WallTime: 'time',
    SealedText: 'sealed',
    FixedSealed: 'sealed',
    'string[]': 'text[]',
    'number[]': 'number[]',
  };
  return known[type] ?? type;
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function catalogued(): Promise<Tables> {
  const { rows } = await sql<{ tableName: string; name: string; type: string; nullable: boolean; hasDefault: boolean }>`
    select c.relname as table_name, a.attname as name, format_type(a.atttypid, null) as type,
           not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' as has_default
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
      and a.attnum > 0 and not a.attisdropped`.execute(fresh.db);
  const tables: Tables = {};
  for (const { tableName, name, type, nullable, hasDefault } of rows) {
    tables[tableName] = { ...tables[tableName], [name]: { type: coarseCatalogType(type), nullable, hasDefault } };
  }
  return tables;
}

function coarseCatalogType(type: string): string {
  const known: Record<string, string> = {
    text: 'text',
    uuid: 'text',
    integer: 'number',
    bigint: 'number',
    boolean: 'boolean',
    'timestamp with time zone': 'instant',
    date: 'day',
    'time without time zone': 'time',
    bytea: 'sealed',
    jsonb: 'json',
    'text[]': 'text[]',
    'integer[]': 'number[]',
  };
  return known[type] ?? type;
}

/** Holds digests of single-use states, and belongs to no workspace yet. */
const WITHOUT_WORKSPACE = ['install_state'];

test('every table carries the workspace, leads its key with it, and is guarded against a forgotten where', async () => {
  const { rows } = await sql<{ name: string; guarded: boolean; key: string; policies: string[] }>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
           (select a.attname from pg_constraint p join pg_attribute a on a.attrelid = c.oid and a.attnum = p.conkey[1]
            where p.conrelid = c.oid and p.contype = 'p') as key,
           array(select polname::text from pg_policy where polrelid = c.oid order by polname) as policies
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'`.execute(
    fresh.db,
  );
  const unguarded = rows.filter(
    ({ name, guarded, key, policies }) =>
      !guarded || key !== (name === 'workspace' ? 'id' : 'workspace_id') || policies.join() !== 'listener,owner,tick',
  );
  expect(unguarded.map(({ name }) => name)).toEqual(WITHOUT_WORKSPACE);
});

test('a migrated database waits for no migration, and migrating again changes nothing', async () => {
  expect(await pendingMigrations(fresh.db)).toEqual([]);
  await migrate(fresh.db, pino({ level: 'silent' }));
  expect(await pendingMigrations(fresh.db)).toEqual([]);
});
