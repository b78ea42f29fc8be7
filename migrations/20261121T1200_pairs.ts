import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pair (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      leader_id text not null,
      partner_id text not null,
      kind text not null check (kind in ('contractor', 'report')),
      complexity text check (complexity in ('solo-top-producer', 'new-team-leader', 'firm-leads')),
      state text not null check (state in ('proposed', 'active', 'declined', 'ended')),
      created_at timestamptz not null,
      created_by text not null,
      agreed_at timestamptz,
      ended_at timestamptz,
      plan_due_at timestamptz,
      review_due_at timestamptz,
      version int not null default 1,
      primary key (workspace_id, id),
      foreign key (workspace_id, leader_id) references person (workspace_id, id),
      foreign key (workspace_id, partner_id) references person (workspace_id, id),
      check (leader_id <> partner_id),
      check ((state = 'active') <= (agreed_at is not null)),
      check (plan_due_at is null or state = 'active')
    )`.execute(db);

  // One pair for the same two people, whoever leads it; also finds "my pairs" from either end.
  await sql`
    create unique index pair_one_each on pair (workspace_id, least(leader_id, partner_id), greatest(leader_id, partner_id))
    where state in ('proposed', 'active')`.execute(db);
  await sql`create index pair_by_leader on pair (workspace_id, leader_id)`.execute(db);
  await sql`create index pair_by_partner on pair (workspace_id, partner_id)`.execute(db);
  // The tick asks which agreed pairs have no meeting planned.
  await sql`create index pair_plan_due on pair (plan_due_at) where plan_due_at is not null`.execute(db);
  // The tick asks who has to be asked whether the rhythm still fits.
  await sql`create index pair_review_due on pair (review_due_at) where review_due_at is not null`.execute(db);

  await sql`
    create table proposal (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      pair_id uuid not null,
      by_id text not null,
      to_id text not null,
      at timestamptz not null,
      every text not null check (every in ('weeks', 'months', 'quarters')),
      "interval" int not null check ("interval" between 1 and 12),
      monthly_by text check (monthly_by in ('day', 'weekday')),
      anchor date not null,
      wall_time time not null,
      zone text not null,
      minutes int not null check (minutes between 15 and 180),
      purpose bytea not null,
      state text not null check (state in ('open', 'accepted', 'countered', 'declined', 'withdrawn', 'replaced')),
      answered_by text,
      answered_at timestamptz,
      primary key (workspace_id, id),
      foreign key (workspace_id, pair_id) references pair (workspace_id, id) on delete cascade,
      check ((every = 'weeks') = (monthly_by is null)),
      check ((state = 'open') = (answered_at is null)),
      check (by_id <> to_id)
    )`.execute(db);

  // A pair negotiates one proposal at a time, and keeps one cadence.
  await sql`create unique index proposal_one_open on proposal (workspace_id, pair_id) where state = 'open'`.execute(db);
  await sql`create unique index proposal_one_agreed on proposal (workspace_id, pair_id) where state = 'accepted'`.execute(
    db,
  );
  await sql`create index proposal_by_pair on proposal (workspace_id, pair_id, at)`.execute(db);

  await sql`select accord_protect('pair'), accord_protect('proposal')`.execute(db);
}
