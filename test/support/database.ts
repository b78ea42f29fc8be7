import type { Kysely } from 'kysely';
import type { PoolConfig } from 'pg';
import { pino } from 'pino';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { sealKeysFrom } from '../../src/db/sealed.ts';
import { giveBackDatabase, takeDatabase } from './spare-databases.ts';

/** How the server that `start-server` opened is handed to the tests' processes. */
export const SERVER_VARIABLE = 'ACCORD_TEST_SERVER';
export const testSeal = sealKeysFrom(Buffer.alloc(32, 'test').toString('base64'));

export type FreshDatabase = {
  db: Kysely<Database>;
  /** For another pool or `pg` client on the same database. */
  connection: PoolConfig;
  /** The same for a process that reads DATABASE_URL. */
  url: string;
  drop: () => Promise<void>;
};

/** A migrated, empty database of your own, on a real server. */
export async function freshDatabase({ poolSize = 5 }: { poolSize?: number } = {}): Promise<FreshDatabase> {
  const name = await takeDatabase(serverConnection());
  const connection = { ...serverConnection(), database: name };
  const db = openDatabase({ connection, seal: testSeal, log: pino({ level: 'silent' }), poolSize });
  const drop = async () => {
    await db.destroy();
    await giveBackDatabase(serverConnection(), name);
  };
  return { db, connection, url: urlOf(connection), drop };
}

/** The test server with its default database, which belongs to nobody's test. */
export function serverConnection(): PoolConfig {
  const handed = process.env[SERVER_VARIABLE];
  if (!handed) throw new Error('The test server is not running: jest starts it in its global setup.');
  return JSON.parse(handed);
}

const urlOf = ({ host, user, database }: PoolConfig): string =>
  `postgresql://${user}@/${database}?host=${encodeURIComponent(host ?? '')}`;
