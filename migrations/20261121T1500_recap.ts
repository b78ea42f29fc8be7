import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recap (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      meeting_id uuid not null,
      version int not null,
      written_by text not null,
      written_at timestamptz not null,
      outcome bytea not null,
      decisions bytea not null,
      next_at timestamptz,
      state text not null check (state in ('posted', 'confirmed', 'replaced')),
      confirmed_by text,
      confirmed_at timestamptz,
      produced text check (produced in ('yes', 'partly', 'no')),
      talked_most text check (talked_most in ('leader', 'partner', 'even')),
      primary key (workspace_id, id),
      foreign key (workspace_id, meeting_id) references meeting (workspace_id, id) on delete cascade,
      check (confirmed_by is null or confirmed_by <> written_by),
      check ((state = 'confirmed') <= (confirmed_by is not null))
    )`.execute(db);

  await sql`create unique index recap_version on recap (workspace_id, meeting_id, version)`.execute(db);
  // Two recaps of one meeting at once: the second writer is shown the first.
  await sql`create unique index recap_current on recap (workspace_id, meeting_id) where state <> 'replaced'`.execute(
    db,
  );

  // What a correction or a mark on another's promise asks of its owner: done when they confirm this version.
  await sql`
    create table recap_ask (
      workspace_id text not null references workspace (id) on delete cascade,
      recap_id uuid not null,
      commitment_id uuid not null,
      wants text not null check (wants in ('kept', 'moved', 'dropped')),
      due_on date,
      primary key (workspace_id, recap_id, commitment_id),
      foreign key (workspace_id, recap_id) references recap (workspace_id, id) on delete cascade,
      foreign key (workspace_id, commitment_id) references commitment (workspace_id, id) on delete cascade,
      check ((wants = 'moved') = (due_on is not null))
    )`.execute(db);

  await sql`select accord_protect('recap'), accord_protect('recap_ask')`.execute(db);
}
