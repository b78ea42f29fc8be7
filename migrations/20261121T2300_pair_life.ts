import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // A pair that has just ended is planned once more: what was planned goes.
  await sql`
    alter table pair
      drop constraint pair_check2,
      add constraint pair_planned check (plan_due_at is null or state in ('active', 'ended')),
      add column paused_at timestamptz,
      add constraint pair_paused check (paused_at is null or state = 'active')`.execute(db);

  await sql`
    create table hand_over (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      pair_id uuid not null,
      from_id text not null,
      to_id text not null,
      at timestamptz not null,
      state text not null check (state in ('open', 'taken', 'refused', 'withdrawn')),
      answered_at timestamptz,
      primary key (workspace_id, id),
      foreign key (workspace_id, pair_id) references pair (workspace_id, id) on delete cascade,
      check ((state = 'open') = (answered_at is null)),
      check (from_id <> to_id)
    )`.execute(db);

  // A pair is offered to one person at a time.
  await sql`create unique index hand_over_one_open on hand_over (workspace_id, pair_id) where state = 'open'`.execute(
    db,
  );
  // Whether somebody has led a pair before.
  await sql`create index hand_over_by_pair on hand_over (workspace_id, pair_id, from_id)`.execute(db);

  await sql`select accord_protect('hand_over')`.execute(db);
}
