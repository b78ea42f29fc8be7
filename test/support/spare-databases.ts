import { randomBytes } from 'node:crypto';
import pg, { type PoolConfig } from 'pg';

/** The migrated, empty database that all others start as. */
export const TEMPLATE = 'accord_template';

/** A database is a few hundred files, which take longer to make than most tests do. So an emptied one goes round. */
export async function takeDatabase(server: PoolConfig): Promise<string> {
  return onServer(server, async (client) => {
    const spare = await client.query(`
      delete from spare.database where name = (select name from spare.database limit 1 for update skip locked)
      returning name`);
    if (spare.rows[0]) return spare.rows[0].name;
    const name = `test_${randomBytes(6).toString('hex')}`;
    await client.query(`create database ${name} template ${TEMPLATE} owner ${server.user}`);
    return name;
  });
}

/** For the next test. A database whose tables were altered, or that has grown large, is dropped instead. */
export async function giveBackDatabase(server: PoolConfig, name: string): Promise<void> {
  const { rows } = await onServer(server, (client) => client.query('select shape from spare.template'));
  const isEmptied = await asSuperuser(server, name, (client) => emptied(client, rows[0]?.shape));
  await onServer(server, (client) =>
    isEmptied
      ? client.query('insert into spare.database (name) values ($1)', [name])
      : client.query(`drop database ${name} with (force)`),
  );
}

/** Where the server keeps which databases are free, and the shape that they must have. */
export async function openSpareList(server: PoolConfig): Promise<void> {
  const shape = await asSuperuser(server, TEMPLATE, shapeOf);
  await onServer(server, async (client) => {
    await client.query('create schema spare; create table spare.database (name text primary key)');
    await client.query('create table spare.template (shape text not null)');
    await client.query('insert into spare.template (shape) values ($1)', [shape]);
  });
}

async function emptied(client: pg.Client, shape: string): Promise<boolean> {
  const size = await client.query('select pg_database_size(current_database()) > $1 as is_large', [LARGE_BYTES]);
  if (size.rows[0].is_large || (await shapeOf(client)) !== shape) return false;
  await emptyTables(client);
  return true;
}

/** Ends whatever else is connected to this superuser's database, and leaves nothing in it but its migrations. */
export async function emptyTables(client: pg.Client): Promise<void> {
  await client.query(`
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  const { rows } = await client.query(`
    select format('%I', relname) as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely_migration%'
      and pg_relation_size(oid) > 0`);
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  // Neither foreign keys nor the guards of what may only grow have a say here.
  await client.query("set session_replication_role = 'replica'");
  await client.query(names.map((name) => `delete from ${name}`).join(';'));
  await client.query(`vacuum ${names.join(', ')}`);
}

const LARGE_BYTES = 40_000_000;

/** Whatever is altered in a database leaves a newer row in one of these, or one row less. */
async function shapeOf(client: pg.Client): Promise<string> {
  const catalogs = ['pg_class', 'pg_attribute', 'pg_constraint', 'pg_index', 'pg_trigger', 'pg_policy', 'pg_proc'];
  const all = catalogs.map((catalog) => `select count(*) as n, max(xmin::text::bigint) as newest from ${catalog}`);
  const { rows } = await client.query(`
    select sum(n) || ' ' || max(newest) || ' ' || (
      select count(*) from pg_db_role_setting
      where setdatabase = (select oid from pg_database where datname = current_database())
    ) as shape from (${all.join(' union all ')}) as catalogs`);
  return rows[0].shape;
}

const onServer = <T>(server: PoolConfig, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asSuperuser(server, server.database ?? 'postgres', work);

async function asSuperuser<T>(
  server: PoolConfig,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...server, database, user: 'postgres' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
