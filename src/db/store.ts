import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import type { Database } from './schema.ts';
import { sealKeysIn } from './seal-file.ts';
import { sealKeysFrom } from './sealed.ts';

export type DataStore = { db: Kysely<Database>; close: () => Promise<void> };
export type StoreSettings = { DATABASE_URL?: string; ACCORD_DATA: string; ACCORD_SEAL_KEY?: string };

/** The database that the settings name, or one of our own in the data folder, brought up to date. */
export async function openStore(settings: StoreSettings, log: Logger): Promise<DataStore> {
  // Before the cluster is made: a cluster without its key is refused.
  const seal = settings.ACCORD_SEAL_KEY
    ? sealKeysFrom(settings.ACCORD_SEAL_KEY)
    : await sealKeysIn(settings.ACCORD_DATA);
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
