import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table commitment (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      pair_id uuid not null,
      side text not null check (side in ('partner', 'firm')),
      owner_id text not null,
      written_by text not null,
      asked_by text,
      asked_owner_id text,
      text bytea not null,
      due_on date not null,
      priority text not null check (priority in ('now', 'later')),
      state text not null check (state in ('asked', 'open', 'kept', 'missed', 'withdrawn', 'declined', 'lapsed')),
      falls_due_at timestamptz,
      first_unkept_on date,
      kept_on date,
      kept_at timestamptz,
      moves int not null default 0 check (moves >= 0),
      wanted_due_on date,
      wants_withdrawal boolean not null default false,
      slips int not null default 0 check (slips >= 0),
      recap_id uuid,
      permalink text,
      digest_line text,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      version int not null default 1,
      primary key (workspace_id, id),
      foreign key (workspace_id, pair_id) references pair (workspace_id, id) on delete cascade,
      check ((state = 'kept') = (kept_on is not null)),
      check ((state = 'kept') = (kept_at is not null)),
      check (state not in ('asked', 'declined', 'lapsed') or (asked_by is not null and first_unkept_on is null)),
      check (state <> 'missed' or first_unkept_on is not null),
      check (asked_owner_id is null or (side = 'firm' and state = 'open')),
      check (digest_line is null or side = 'firm'),
      check (wanted_due_on is null or (state = 'open' and first_unkept_on is null and not wants_withdrawal)),
      check (not wants_withdrawal or (state = 'open' and first_unkept_on is null)),
      check (falls_due_at is null or state in ('asked', 'open'))
    )`.execute(db);

  // The two columns of a pair: in the brief, the card, the ledger and Home.
  await sql`create index commitment_by_pair on commitment (workspace_id, pair_id, state, due_on)`.execute(db);
  // A person's bundle and Home ask for what they owe or have to answer, by due day.
  await sql`
    create index commitment_by_owner on commitment (workspace_id, owner_id, due_on)
    where state in ('asked', 'open')`.execute(db);
  // The bundle tells what changed in a pair since the last one; an identical line within two minutes is found.
  await sql`create index commitment_by_change on commitment (workspace_id, pair_id, changed_at)`.execute(db);
  // Home and the bundle ask for what waits on somebody's answer.
  await sql`
    create index commitment_asked_owner on commitment (workspace_id, asked_owner_id) where asked_owner_id is not null`.execute(
    db,
  );
  // The tick asks what falls due or lapses.
  await sql`create index commitment_falls_due on commitment (falls_due_at) where falls_due_at is not null`.execute(db);
  // Confirming a recap opens the rows that it wrote.
  await sql`create index commitment_by_recap on commitment (workspace_id, recap_id) where recap_id is not null`.execute(
    db,
  );
  // The digest takes the firm's side of a workspace.
  await sql`create index commitment_firm_side on commitment (workspace_id, due_on) where side = 'firm'`.execute(db);

  await sql`
    create table commitment_event (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      commitment_id uuid not null,
      version int not null,
      at timestamptz not null,
      by_id text,
      verb text not null,
      before jsonb not null,
      after jsonb not null,
      reason bytea,
      primary key (workspace_id, id),
      foreign key (workspace_id, commitment_id) references commitment (workspace_id, id) on delete cascade
    )`.execute(db);

  // Two people acting on the same version: the second one's event cannot be written.
  await sql`
    create unique index commitment_event_version on commitment_event (workspace_id, commitment_id, version)`.execute(
    db,
  );

  await sql`select accord_protect('commitment'), accord_protect('commitment_event')`.execute(db);
}
