import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Of which day the latest digest is, when its words were last made, and since when it names what it should not.
  await sql`
    alter table workspace
      add column digest_last_on date,
      add column digest_last_at timestamptz,
      add column digest_stale_at timestamptz,
      add constraint workspace_digest_last check ((digest_last_on is null) = (digest_last_at is null))`.execute(db);

  // The tick asks which workspaces' digest has to be edited.
  await sql`
    create index workspace_digest_stale on workspace (digest_stale_at)
    where digest_stale_at is not null`.execute(db);
}
