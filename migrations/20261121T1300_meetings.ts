import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table meeting (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      pair_id uuid not null,
      proposal_id uuid not null,
      occurrence_on date,
      starts_at timestamptz not null,
      minutes int not null check (minutes between 5 and 240),
      state text not null check (state in ('planned', 'held', 'skipped', 'unrecorded', 'replaced')),
      created_at timestamptz not null,
      booked_at timestamptz not null,
      steps_done text[] not null default '{}',
      due_step text,
      due_at timestamptz,
      moved_times int not null default 0,
      counted_moves int not null default 0,
      moved_by text,
      skipped_by text,
      skip_reason bytea,
      ended_at timestamptz,
      version int not null default 1,
      primary key (workspace_id, id),
      foreign key (workspace_id, pair_id) references pair (workspace_id, id) on delete cascade,
      foreign key (workspace_id, proposal_id) references proposal (workspace_id, id) on delete cascade,
      check ((due_step is null) = (due_at is null)),
      check ((state = 'planned') = (ended_at is null)),
      check (state = 'planned' or due_at is null)
    )`.execute(db);

  // An occurrence of a cadence is planned once, however often it is looked for.
  await sql`
    create unique index meeting_occurrence on meeting (workspace_id, pair_id, proposal_id, occurrence_on)
    where occurrence_on is not null`.execute(db);
  // The tick asks which meetings have a step to take.
  await sql`create index meeting_due on meeting (due_at) where due_at is not null`.execute(db);
  // A pair's next and last meetings.
  await sql`create index meeting_by_pair on meeting (workspace_id, pair_id, starts_at)`.execute(db);

  await sql`
    create table prep_answer (
      workspace_id text not null references workspace (id) on delete cascade,
      meeting_id uuid not null,
      person_id text not null,
      question text not null,
      answer bytea not null,
      updated_at timestamptz not null,
      primary key (workspace_id, meeting_id, person_id, question),
      foreign key (workspace_id, meeting_id) references meeting (workspace_id, id) on delete cascade
    )`.execute(db);

  await sql`
    create table agenda_item (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      pair_id uuid not null,
      by_id text not null,
      text bytea not null,
      permalink text,
      created_at timestamptz not null,
      meeting_id uuid,
      removed_at timestamptz,
      primary key (workspace_id, id),
      foreign key (workspace_id, pair_id) references pair (workspace_id, id) on delete cascade
    )`.execute(db);

  // The brief and the card list what is still to be talked about.
  await sql`
    create index agenda_item_open on agenda_item (workspace_id, pair_id, created_at)
    where meeting_id is null and removed_at is null`.execute(db);

  await sql`select accord_protect('meeting'), accord_protect('prep_answer'), accord_protect('agenda_item')`.execute(db);
}
