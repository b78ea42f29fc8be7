// The database that Accord brings, empty and migrated, fsync on, in a folder of its own: what all benches measure on.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { PoolConfig } from 'pg';
import { pino } from 'pino';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import type { Database } from '../src/db/schema.ts';
import { sealKeysFrom } from '../src/db/sealed.ts';
import type { Deps } from '../src/deps.ts';

export const SEAL_KEY = Buffer.alloc(32, 'bench').toString('base64');
export const log = pino({ level: 'silent' });

export async function openBenchDatabase() {
  const folder = await mkdtemp(path.join(tmpdir(), 'accord-bench-'));
  // Run as root the server's own account has to get in; else its files would be kept elsewhere, and stay there.
  await chmod(folder, 0o711);
  // A checkpoint in the middle of one run and not of another would be measured as a difference.
  const settings = { max_wal_size: '4GB' };
  const postgres = await openEmbedded({ dataFolder: path.join(folder, 'data'), log, settings });
  const opened: Kysely<Database>[] = [];
  const open = async (connection: PoolConfig): Promise<Kysely<Database>> => {
    const db = openDatabase({ connection, seal: sealKeysFrom(SEAL_KEY), log });
    opened.push(db);
    await migrate(db, log);
    return db;
  };
  const db = await open(postgres.connection);
  return {
    db,
    /** One more on the same server. */
    async another(): Promise<Kysely<Database>> {
      await sql`create database another`.execute(db);
      return open({ ...postgres.connection, database: 'another' });
    },
    connection: postgres.connection,
    url: postgres.url,
    async close() {
      for (const one of opened) await one.destroy();
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What due work needs where nobody is asked and the clock stands. */
export const quietDeps = (db: Deps['db'], now: Temporal.Instant): Deps => ({
  db,
  slack: () => Promise.reject(new Error('Nothing is sent here')),
  clock: () => now,
  log,
  wake: () => {},
  newId: () => crypto.randomUUID(),
});
