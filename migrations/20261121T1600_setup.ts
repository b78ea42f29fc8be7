import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Belongs to no workspace yet, so no row-level security; it holds digests of single-use states and nothing else.
  await sql`
    create table install_state (
      digest text primary key,
      created_at timestamptz not null,
      expires_at timestamptz not null
    )`.execute(db);
  // Expired ones are swept.
  await sql`create index install_state_expires on install_state (expires_at)`.execute(db);
}
