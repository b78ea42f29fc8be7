import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { DatabaseInUse, findRunning, openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import type { Database } from './schema.ts';
import { sealKeysIn } from './seal-file.ts';
import { sealKeysFrom } from './sealed.ts';

export type DataStore = { db: Kysely<Database>; close: () => Promise<void> };
export type StoreSettings = { DATABASE_URL?: string; ACCORD_DATA: string; ACCORD_SEAL_KEY?: string };

/** As `openStore`; where the bot is running on the data folder, its database, which goes on when this is closed. */
export async function openStoreBeside(settings: StoreSettings, log: Logger): Promise<DataStore> {
  try {
    return await openStore(settings, log);
  } catch (error) {
    if (!(error instanceof DatabaseInUse)) throw error;
    const connection = await findRunning(settings.ACCORD_DATA);
    if (!connection) throw error;
    const db = openDatabase({ connection, seal: await sealFor(settings), log });
    return { db, close: () => db.destroy() };
  }
}

const sealFor = (settings: StoreSettings) =>
  settings.ACCORD_SEAL_KEY ? sealKeysFrom(settings.ACCORD_SEAL_KEY) : sealKeysIn(settings.ACCORD_DATA);

/** The database that the settings name, or one of our own in the data folder, brought up to date. */
export async function openStore(settings: StoreSettings, log: Logger): Promise<DataStore> {
  // Before the cluster is made: a cluster without its key is refused.
  const seal = await sealFor(settings);
  const embedded = settings.DATABASE_URL ? undefined : await openEmbedded({ dataFolder: settings.ACCORD_DATA, log });
  const db = openDatabase({ connection: embedded?.connection ?? settings.DATABASE_URL ?? '', seal, log });
  const close = async () => {
    await db.destroy();
    await embedded?.close();
  };
  try {
    await migrate(db, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, close };
}
