import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table workspace
      add column check_due_at timestamptz,
      add column purge_due_at timestamptz,
      add check (check_due_at is null or token is not null),
      add check (purge_due_at is null or uninstalled_at is not null)`.execute(db);

  // The tick asks which workspaces' token and people are to be looked at again.
  await sql`create index workspace_check_due on workspace (check_due_at) where check_due_at is not null`.execute(db);
  // The tick asks which uninstalled workspaces are to be deleted with all that belongs to them.
  await sql`create index workspace_purge_due on workspace (purge_due_at) where purge_due_at is not null`.execute(db);
}
