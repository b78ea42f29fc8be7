import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Slack asked to be left alone with this workspace's Homes until then.
  await sql`alter table workspace add column homes_from timestamptz`.execute(db);
}
