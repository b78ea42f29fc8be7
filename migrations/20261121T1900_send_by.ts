import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table outbox add column send_by timestamptz`.execute(db);
  await sql`update outbox set send_by = not_before`.execute(db);
  await sql`alter table outbox alter column send_by set not null`.execute(db);

  // The claim takes each workspace's due messages, the one with the least time first.
  await sql`drop index outbox_by_workspace`.execute(db);
  await sql`
    create index outbox_by_deadline on outbox (workspace_id, send_by, seq, not_before)
    where state = 'queued'`.execute(db);
  // The same columns as outbox_posted_at.
  await sql`drop index outbox_shown`.execute(db);
}
