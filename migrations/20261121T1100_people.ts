import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table person (
      workspace_id text not null references workspace (id) on delete cascade,
      id text not null,
      name text not null,
      handle text not null,
      zone text not null,
      locale text not null,
      kind text not null check (kind in ('member', 'guest', 'bot', 'foreign')),
      active boolean not null,
      welcome_from time not null default '08:00',
      welcome_to time not null default '18:00',
      workdays int[] not null default '{1,2,3,4,5}' check (workdays <@ '{1,2,3,4,5,6,7}' and cardinality(workdays) > 0),
      level text not null default 'standard' check (level in ('quiet', 'standard', 'active')),
      snoozed_until timestamptz,
      prep_hours int not null default 24 check (prep_hours between 1 and 168),
      bundle_due_at timestamptz,
      bundled_on date,
      bundled_at timestamptz,
      home_stale_at timestamptz,
      home_hash text,
      privacy_told_at timestamptz,
      checked_at timestamptz not null,
      primary key (workspace_id, id),
      check (welcome_from < welcome_to)
    )`.execute(db);

  // The tick asks whose bundle is due.
  await sql`create index person_bundle_due on person (bundle_due_at) where bundle_due_at is not null`.execute(db);
  // The tick asks whose Home shows something that has changed.
  await sql`create index person_home_stale on person (home_stale_at) where home_stale_at is not null`.execute(db);
  // The daily reconciliation takes the ones not heard of for longest.
  await sql`create index person_checked on person (workspace_id, checked_at)`.execute(db);

  await sql`select accord_protect('person')`.execute(db);
}
