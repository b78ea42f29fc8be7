import { setTimeout as pause } from 'node:timers/promises';
import pg, { type PoolConfig } from 'pg';
import type { Logger } from 'pino';
import { findBinaries } from './embedded/binaries.ts';
import { ensureCluster, isRunning, readPostmaster, removeStalePid } from './embedded/cluster.ts';
import { isErrno } from './embedded/errno.ts';
import type { ServerSettings } from './embedded/guard.ts';
import { DatabaseInUse, refuseOwned } from './embedded/ownership.ts';
import { findCluster, makeSocketFolder, type Place, preparePlace, removeSocketFolder } from './embedded/place.ts';
import { asSuperuser, PORT, Server } from './embedded/server.ts';

export { DatabaseInUse } from './embedded/ownership.ts';

export type EmbeddedDatabase = {
  /** For `openDatabase` and for `pg`. */
  connection: PoolConfig;
  /** The same for another process's DATABASE_URL. */
  url: string;
  socketFolder: string;
  /** Where the tables are: below the data folder, unless no unprivileged user can reach that. */
  cluster: string;
  /** Stops the server; close the pools first. */
  close: () => Promise<void>;
};

export type OpenEmbedded = {
  dataFolder: string;
  log: Logger;
  /** PostgreSQL's own settings, over ours; tests of other things turn fsync off. */
  settings?: ServerSettings;
};

/** How long a server that a killed process left may take to stop. */
const PATIENCE_MS = 60_000;
/** A server without an owner for so long has lost it for good: one that starts, or takes its lock again, is faster. */
const ABANDONED_MS = 1_000;
/** How long the server may take to notice that its owner was killed. */
const LETS_GO_MS = 2_000;
const POLL_MS = 20;
const ATTEMPTS = 3;

/**
 * PostgreSQL of our own in the data folder. It lives exactly as long as this process: a normal end stops it, and so does
 * a kill. What a killed process left is stopped and recovered; a second process on the same folder is refused with
 * `DatabaseInUse`.
 */
export async function openEmbedded({ dataFolder, log, settings = {} }: OpenEmbedded): Promise<EmbeddedDatabase> {
  if (process.platform === 'win32') {
    throw new Error('Accord brings no PostgreSQL for Windows. Set DATABASE_URL to a PostgreSQL server of yours.');
  }
  const place = await preparePlace(dataFolder, log);
  const binaries = await findBinaries(place);
  await ensureCluster(place, binaries, settings.fsync !== 'off');

  for (let attempt = 1; ; attempt++) {
    await stopAbandoned(place, dataFolder);
    const socketFolder = await makeSocketFolder(place);
    const server = new Server({ place, binaries, socketFolder, dataFolder, settings, log });
    try {
      await server.start();
      await makeProductDatabase(socketFolder);
      return { ...addressOf(socketFolder), cluster: place.cluster, close: () => server.close() };
    } catch (error) {
      await server.close();
      // Somebody who started at the same moment may have taken ours for abandoned: look again who owns it.
      if (error instanceof DatabaseInUse || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Where the server answers that another process runs on this data folder: for a look beside it, not to own it. */
export async function findRunning(dataFolder: string): Promise<PoolConfig | undefined> {
  const cluster = await findCluster(dataFolder);
  const postmaster = cluster ? await readPostmaster({ cluster }) : undefined;
  return postmaster?.socketFolder ? addressOf(postmaster.socketFolder).connection : undefined;
}

/** The product's login role and database. It is no superuser, so that row-level security holds for it. */
const PRODUCT = 'accord';

function addressOf(socketFolder: string): Pick<EmbeddedDatabase, 'connection' | 'url' | 'socketFolder'> {
  const url = `postgresql://${PRODUCT}@/${PRODUCT}?host=${encodeURIComponent(socketFolder)}`;
  return { connection: { host: socketFolder, port: PORT, user: PRODUCT, database: PRODUCT }, url, socketFolder };
}

async function makeProductDatabase(socketFolder: string): Promise<void> {
  const client = new pg.Client(asSuperuser(socketFolder));
  await client.connect();
  try {
    const roles = await client.query('select from pg_roles where rolname = $1', [PRODUCT]);
    if (roles.rowCount === 0) await client.query(`create role ${PRODUCT} login createrole createdb`);
    const databases = await client.query('select from pg_database where datname = $1', [PRODUCT]);
    if (databases.rowCount === 0) await client.query(`create database ${PRODUCT} owner ${PRODUCT}`);
  } finally {
    await client.end();
  }
}

/** Makes sure that no server runs on the cluster; where one has an owner, throws `DatabaseInUse`. */
async function stopAbandoned(place: Place, dataFolder: string): Promise<void> {
  const begun = performance.now();
  const until = begun + PATIENCE_MS;
  let ownerlessSince: number | undefined;
  while (performance.now() < until) {
    const postmaster = await readPostmaster(place);
    if (!postmaster) return;
    // Asked before its number is looked at: seen from another container, its process may seem not to exist.
    const answers = await answersOwnerless(postmaster.socketFolder, dataFolder).catch((error) => {
      if (performance.now() - begun > LETS_GO_MS || !isGone(error)) throw error;
      return false;
    });
    const running = await isRunning(place, postmaster);
    if (!running && !answers) {
      await removeStalePid(place);
      if (postmaster.socketFolder) await removeSocketFolder(postmaster.socketFolder);
      return;
    }
    ownerlessSince = answers ? (ownerlessSince ?? performance.now()) : undefined;
    if (running && ownerlessSince !== undefined && performance.now() - ownerlessSince > ABANDONED_MS) {
      process.kill(postmaster.pid, 'SIGINT');
    }
    await pause(POLL_MS);
  }
  throw new Error(`The database server that was left in ${place.cluster} does not stop. End it, then start again.`);
}

/** Killed a moment ago, perhaps, and the server has not noticed yet. From another container it may only seem so. */
function isGone(error: unknown): boolean {
  if (!(error instanceof DatabaseInUse)) return false;
  try {
    return !process.kill(Number(error.owner), 0);
  } catch (signalled) {
    return isErrno(signalled, 'ESRCH');
  }
}

/** True when a server answers and nobody owns it, false when none answers. */
async function answersOwnerless(socketFolder: string | undefined, dataFolder: string): Promise<boolean> {
  if (!socketFolder) return false;
  try {
    await refuseOwned(asSuperuser(socketFolder), dataFolder);
    return true;
  } catch (error) {
    if (error instanceof DatabaseInUse) throw error;
    return false;
  }
}
