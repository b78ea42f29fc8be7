import { type Kysely, sql } from 'kysely';

/** What follows from Slack's news of somebody is done after they are written down, in a transaction of its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table person add column news_due_at timestamptz`.execute(db);
  // The tick asks for the people of whom there is news.
  await sql`create index person_news_due on person (news_due_at) where news_due_at is not null`.execute(db);
}
