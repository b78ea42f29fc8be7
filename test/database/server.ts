import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { asSuperuser } from '../../src/db/embedded/server.ts';
import { type EmbeddedDatabase, openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open.ts';
import { type FreshDatabase, testSeal } from '../support/database.ts';
import { emptyTables } from '../support/spare-databases.ts';

/** A PostgreSQL of a test's own, kept as the product keeps it, that may be hurt. */
export type OwnServer = {
  /** Empty; `drop` empties it again for the next test. */
  database: FreshDatabase;
  /** Another pool on it, which whoever opened it closes. */
  connect(): FreshDatabase['db'];
  /** Ends the server in an orderly way, as an upgrade does; its keeper starts it again. */
  restart(): Promise<void>;
  /** Kills one of its processes outright: the server drops every connection and recovers. */
  killBackend(): Promise<void>;
  /** No file of the database may grow beyond so many bytes, as on a full disk; 'unlimited' mends it. */
  limitFiles(bytes: number | 'unlimited'): Promise<void>;
  asSuperuser(statement: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
};

const log = pino({ level: 'silent' });

export async function ownServer(): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'accord-hurt-'));
  await chmod(folder, 0o711);
  const embedded = await openEmbedded({ dataFolder: join(folder, 'data'), log });
  const { connection, url } = embedded;
  const connect = () => openDatabase({ connection, seal: testSeal, log, poolSize: 4 });
  const db = connect();
  await migrate(db, log);
  return {
    database: {
      db,
      connection,
      url,
      drop: () => withClient(embedded, emptyTables),
    },
    connect,
    restart: async () => {
      process.kill(await postmasterOf(embedded), 'SIGINT');
    },
    async killBackend() {
      const { rows } = await withClient(embedded, (client) =>
        client.query(`select pid from pg_stat_activity where application_name like 'bot%' limit 1`),
      );
      process.kill(rows[0]?.pid ?? (await postmasterOf(embedded)), 'SIGKILL');
    },
    async limitFiles(bytes) {
      const { rows } = await withClient(embedded, (client) => client.query('select pid from pg_stat_activity'));
      for (const pid of [await postmasterOf(embedded), ...rows.map((row) => row.pid)]) await limit(pid, bytes);
    },
    asSuperuser: (statement) => withClient(embedded, (client) => client.query(statement)),
    async close() {
      await db.destroy();
      await embedded.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const postmasterOf = async ({ cluster }: EmbeddedDatabase): Promise<number> =>
  Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);

/** The soft limit alone, so that it can be lifted; as the account that the process belongs to. */
async function limit(pid: number, bytes: number | 'unlimited'): Promise<void> {
  const owner = await stat(`/proc/${pid}`).catch(() => undefined);
  if (owner)
    await promisify(execFile)('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:`], { uid: owner.uid, gid: owner.gid });
}

async function withClient<T>({ socketFolder }: EmbeddedDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...asSuperuser(socketFolder), database: 'accord' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
