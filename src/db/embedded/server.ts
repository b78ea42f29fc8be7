import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Binaries } from './binaries.ts';
import { type Guard, type ServerSettings, startServer } from './guard.ts';
import { claim, DatabaseInUse, type Ownership } from './ownership.ts';
import { type Place, removeSocketFolder } from './place.ts';

/** Part of the socket's name; nothing listens on it. */
export const PORT = 5432;
/** How long a server may take to recover from a crash. */
const PATIENCE_MS = 60_000;
const POLL_MS = 20;
const RETRY_MS = 250;

export const asSuperuser = (socketFolder: string): pg.ClientConfig => ({
  host: socketFolder,
  port: PORT,
  user: 'postgres',
  database: 'postgres',
  connectionTimeoutMillis: 5_000,
});

type Parts = {
  place: Place;
  binaries: Binaries;
  socketFolder: string;
  dataFolder: string;
  settings: ServerSettings;
  log: Logger;
};

/** A running server that is ours: kept running, and kept ours, until it is closed. */
export class Server {
  readonly #parts: Parts;
  #guard: Guard | undefined;
  #ownership: Ownership | undefined;
  #keeping: Promise<void> | undefined;
  #closing = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#run();
    this.#ownership = await this.#claim();
    this.#keeping = this.#keep();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#ownership?.release();
    await this.#keeping;
    await this.#guard?.stop();
    await removeSocketFolder(this.#parts.socketFolder);
  }

  async #run(): Promise<void> {
    const { place, binaries, socketFolder, settings } = this.#parts;
    const guard = await startServer(place, binaries, socketFolder, settings);
    this.#guard = guard;
    const until = performance.now() + PATIENCE_MS;
    while (!this.#closing && !(await answers(socketFolder))) {
      if (guard.hasExited())
        throw new Error(`PostgreSQL did not start in ${place.cluster}. ${await this.#lastWords()}`);
      if (performance.now() > until) throw new Error(`PostgreSQL in ${place.cluster} did not answer within a minute.`);
      await pause(POLL_MS);
    }
  }

  #claim(): Promise<Ownership> {
    return claim(asSuperuser(this.#parts.socketFolder), this.#parts.dataFolder);
  }

  /** A lost session takes the lock with it, and often tells of a lost server: both are taken up again. */
  async #keep(): Promise<void> {
    const { log, place } = this.#parts;
    while (!this.#closing) {
      await this.#ownership?.lost;
      if (this.#closing) return;
      this.#ownership = undefined;
      try {
        if (this.#guard?.hasExited()) {
          log.error({ cluster: place.cluster }, 'the database server ended by itself; starting it again');
          await this.#run();
        }
        this.#ownership = await this.#claim();
      } catch (error) {
        if (error instanceof DatabaseInUse) log.error({ err: error }, 'the data folder has another owner now');
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
    await this.#ownership?.release();
  }

  async #lastWords(): Promise<string> {
    const text = await readFile(join(this.#parts.place.folder, 'postgres.log'), 'utf8').catch(() => '');
    return text.trim().split('\n').slice(-3).join(' ');
  }
}

async function answers(socketFolder: string): Promise<boolean> {
  const client = new pg.Client(asSuperuser(socketFolder));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
