import { CamelCasePlugin, Kysely } from 'kysely';
import pg, { type Pool, type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { AccordDialect } from './driver.ts';
import { keepsPrepared } from './prepared.ts';
import type { Database } from './schema.ts';
import { decrypt, isEncrypted, type SealKeys } from './sealed.ts';
import './temporal.ts';

export type OpenDatabase = {
  /** A URL, or what `pg` takes; the embedded server gives the latter. */
  connection: string | PoolConfig;
  seal: SealKeys;
  log: Logger;
  poolSize?: number;
};

/**
 * With the server's default a table of a few hundred rows is read whole rather than by its index; a connection keeps such a
 * plan for a foreign key while the table grows to ten thousand, and each row that points there then reads them all.
 */
const SESSION = '-c timezone=UTC -c datestyle=ISO -c random_page_cost=1.1';

/** A pool of connections as Kysely sees it: instants and days as Temporal, sealed columns as text. `destroy()` closes it. */
export function openDatabase({ connection, seal, log, poolSize = 10 }: OpenDatabase): Kysely<Database> {
  const pool = new pg.Pool({
    application_name: 'accord',
    max: poolSize,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    pipeline: true, // A transaction's first statement goes with its BEGIN.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: SESSION,
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    types: { getTypeParser: parserFor(seal) },
  });
  // Without listeners a broken connection would end the process: `pg` has none on those in use, nor on its pool. The
  // statement that was under way fails by itself, and the pool replaces the connection.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      // A pool that is closing lets go of its connections before they are closed.
      if (!pool.ending) log.warn({ err: error }, 'a database connection was lost');
    });
    keepsPrepared(client);
  });
  const db = new Kysely<Database>({
    dialect: new AccordDialect(pool, seal),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  pools.set(db, pool);
  return db;
}

const pools = new WeakMap<Kysely<Database>, Pool>();

/** The connections of a database that `openDatabase` opened, and how many wait for one. */
export function poolUse(db: Kysely<Database>): { inUse: number; idle: number; waiting: number } {
  const { totalCount = 0, idleCount = 0, waitingCount = 0 } = pools.get(db) ?? {};
  return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

type Parser = (text: string) => unknown;

const TEXT_ARRAY: number = 1009;

/** By type OID (PostgreSQL's pg_type.dat). Per pool, so that nobody else's `pg` in this process is changed. */
function parserFor(seal: SealKeys): typeof pg.types.getTypeParser {
  const bytes: Parser = pg.types.getTypeParser(pg.types.builtins.BYTEA);
  const instant: Parser = (text) => Temporal.Instant.from(text);
  const day: Parser = (text) => Temporal.PlainDate.from(text);
  const time: Parser = (text) => Temporal.PlainTime.from(text);
  const parsers = new Map<number, Parser>([
    [17, (text) => opened(bytes(text), seal)],
    [20, safeInteger],
    [1016, arrayOf(safeInteger)],
    [1082, day],
    [1182, arrayOf(day)],
    [1083, time],
    [1183, arrayOf(time)],
    [1184, instant],
    [1185, arrayOf(instant)],
  ]);
  return (oid, format) => (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format);
}

function opened(value: unknown, seal: SealKeys): unknown {
  return Buffer.isBuffer(value) && isEncrypted(value) ? decrypt(value, seal) : value;
}

/** Counts fit; a sum that does not is an error rather than a rounded figure. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a JavaScript number exactly`);
  return value;
}

function arrayOf(parse: Parser): Parser {
  const split: (text: string) => (string | null)[] = pg.types.getTypeParser(TEXT_ARRAY, 'text');
  return (text) => split(text).map((item) => (item === null ? null : parse(item)));
}
