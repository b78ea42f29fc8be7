import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database, WorkspaceTable } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';

export type Workspace = Selectable<WorkspaceTable>;

export function findWorkspace(db: Kysely<Database>, id: string): Promise<Workspace | undefined> {
  return db.selectFrom('workspace').selectAll().where('id', '=', id).executeTakeFirst();
}

export type Installation = Pick<
  Insertable<WorkspaceTable>,
  'id' | 'name' | 'enterpriseId' | 'botUserId' | 'botId' | 'scopes'
> & { token: string };

/** Writes an installation, new or again; what the firm set before an uninstall stays set. */
export async function recordInstallation(
  trx: Transaction<Database>,
  installation: Installation,
  now: Temporal.Instant,
): Promise<void> {
  const { id, token, ...rest } = installation;
  const row = { ...rest, token: seal(token), uninstalledAt: null, checkedAt: now };
  await trx
    .insertInto('workspace')
    .values({ id, ...row, installedAt: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}
