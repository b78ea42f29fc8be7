import { promises as fs } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Kysely } from 'kysely';
import { FileMigrationProvider, Migrator } from 'kysely/migration';
import type { Logger } from 'pino';
import type { Database } from './schema.ts';

const migrationFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Brings the database up to date. Several processes may start at once: one applies, the others wait and find nothing. */
export async function migrate(db: Kysely<Database>, log: Logger): Promise<void> {
  const { error, results } = await migrator(db).migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined) {
    throw new Error(`Migration ${failed?.migrationName ?? ''} failed; nothing was changed: ${messageOf(error)}`, {
      cause: error,
    });
  }
  for (const { migrationName } of results ?? []) log.info({ migration: migrationName }, 'migrated');
}

/** The names of the migrations that this database has not seen, in order. */
export async function pendingMigrations(db: Kysely<Database>): Promise<string[]> {
  const known = await migrator(db).getMigrations();
  return known.filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
}

function migrator(db: Kysely<Database>): Migrator {
  const load = (file: string) => import(pathToFileURL(file).href);
  return new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder, import: load }) });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
