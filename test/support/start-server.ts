import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { type EmbeddedDatabase, openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { SERVER_VARIABLE, testSeal } from './database.ts';
import { openSpareList, TEMPLATE } from './spare-databases.ts';

declare global {
  var testServer: { database: EmbeddedDatabase; dataFolder: string } | undefined;
}

/** One server for the whole run, and a migrated database in it that every test clones. Nothing here has to survive a crash. */
export default async function startServer(): Promise<void> {
  const log = pino({ level: 'warn' });
  const dataFolder = await mkdtemp(join(tmpdir(), 'accord-test-'));
  await chmod(dataFolder, 0o711); // So that the server's account gets in where the tests run as root.
  const settings = {
    ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 },
    // Its workers are superusers: a database in which one is just at work cannot be dropped by anybody else.
    autovacuum: 'off',
  };
  try {
    const database = await openEmbedded({ dataFolder, log, settings });
    globalThis.testServer = { database, dataFolder };
    process.env[SERVER_VARIABLE] = JSON.stringify(database.connection);
    await makeTemplate(database);
  } catch (error) {
    await globalThis.testServer?.database.close();
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

async function makeTemplate({ connection }: EmbeddedDatabase): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  const db = openDatabase({
    connection: { ...connection, database: TEMPLATE },
    seal: testSeal,
    log: pino({ level: 'silent' }),
  });
  await migrate(db, pino({ level: 'silent' }));
  await db.destroy();
  await openSpareList(connection);
  // Nobody can clone a database while somebody is connected to it.
  await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
  await client.end();
}
