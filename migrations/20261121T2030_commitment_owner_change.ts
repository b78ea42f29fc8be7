import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The bundle tells a colleague what changed of what they own for others.
  await sql`create index commitment_by_owner_change on commitment (workspace_id, owner_id, changed_at)`.execute(db);
}
