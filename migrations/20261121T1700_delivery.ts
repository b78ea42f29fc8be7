import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table conversation (
      workspace_id text not null references workspace (id) on delete cascade,
      address text not null,
      channel_id text,
      next_send_at timestamptz not null default 'epoch',
      stopped text,
      primary key (workspace_id, address)
    )`.execute(db);

  await sql`
    create table workspace_pace (
      workspace_id text primary key references workspace (id) on delete cascade,
      next_send_at timestamptz not null default 'epoch',
      stopped text
    )`.execute(db);

  await sql`
    create table outbox (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      seq bigint generated always as identity,
      kind text not null,
      key text not null,
      about jsonb not null,
      address text not null,
      state text not null check (state in ('queued', 'sending', 'posted', 'dropped', 'held')),
      wanted_revision int not null default 1,
      claimed_revision int not null default 0,
      posted_revision int not null default 0,
      not_before timestamptz not null,
      expires_at timestamptz,
      retry_at timestamptz,
      lease_token uuid,
      lease_until timestamptz,
      in_doubt boolean not null default false,
      attempts int not null default 0,
      channel_id text,
      ts text,
      file_id text,
      reason text,
      created_at timestamptz not null,
      posted_at timestamptz,
      primary key (workspace_id, id),
      foreign key (workspace_id, address) references conversation (workspace_id, address) on delete cascade,
      check ((state = 'sending') = (lease_token is not null)),
      check ((state = 'sending') = (lease_until is not null)),
      check (state not in ('dropped', 'held') or reason is not null)
    )`.execute(db);

  // A thing is said once, however often it is enqueued.
  await sql`create unique index outbox_key on outbox (workspace_id, key)`.execute(db);
  // One address never has two messages on their way; the lease sweep finds the ones whose sender died.
  await sql`create unique index outbox_in_flight on outbox (workspace_id, address) where state = 'sending'`.execute(db);
  // The empty claim, and the next instant at which something falls due.
  await sql`create index outbox_due on outbox (not_before) where state = 'queued'`.execute(db);
  // The claim takes each workspace's due messages oldest first.
  await sql`
    create index outbox_by_workspace on outbox (workspace_id, not_before, seq) where state = 'queued'`.execute(db);
  // The claim asks whether an earlier message to the same address still waits.
  await sql`
    create index outbox_by_address on outbox (workspace_id, address, not_before, seq)
    where state = 'queued'`.execute(db);
  // What has outlived its use is dropped before it is claimed.
  await sql`create index outbox_expiry on outbox (expires_at) where state = 'queued'`.execute(db);
  // A click in a message finds which one it was.
  await sql`create index outbox_posted_at on outbox (workspace_id, channel_id, ts) where ts is not null`.execute(db);
  // A click names the message that it was made in.
  await sql`create index outbox_shown on outbox (workspace_id, channel_id, ts) where ts is not null`.execute(db);
  // What waits for a person is listed.
  await sql`create index outbox_held on outbox (workspace_id, seq) where state = 'held'`.execute(db);

  await sql`select accord_protect('conversation'), accord_protect('workspace_pace'), accord_protect('outbox')`.execute(
    db,
  );
}
