import { type Kysely, sql } from 'kysely';

/**
 * Whose Home shows something old is written beside the person and not on their row: two who write to the same leader at
 * the same moment would wait for each other there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table home_change (
      workspace_id text not null references workspace (id) on delete cascade,
      id bigint generated always as identity,
      person_id text not null,
      at timestamptz not null,
      primary key (workspace_id, id)
    )`.execute(db);
  // The tick asks for the changes that are not marked on their Homes yet.
  await sql`create index home_change_at on home_change (at)`.execute(db);
  await sql`select accord_protect('home_change')`.execute(db);
}
