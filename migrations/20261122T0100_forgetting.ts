import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table forgetting (
      workspace_id text not null references workspace (id) on delete cascade,
      id uuid not null,
      person_id text not null,
      step text not null check (step in ('leaving', 'telling', 'combing')),
      ended int not null,
      asked_at timestamptz not null,
      due_at timestamptz not null,
      instead text,
      forgotten_at timestamptz,
      combing text check (combing in ('outbox', 'commitment_event')),
      combed_to uuid,
      primary key (workspace_id, id),
      check ((step = 'combing') = (instead is not null)),
      check ((step = 'combing') = (forgotten_at is not null)),
      check ((step = 'combing') = (combing is not null))
    )`.execute(db);
  // Whoever asks twice is forgotten once; whoever came back meanwhile is somebody new.
  await sql`create unique index forgetting_once on forgetting (workspace_id, person_id) where step <> 'combing'`.execute(
    db,
  );
  // The tick asks for the next one.
  await sql`create index forgetting_due on forgetting (due_at) where due_at is not null`.execute(db);
  await sql`select accord_protect('forgetting')`.execute(db);

  // Somebody is forgotten: their part in what changed hands, their agenda items, and what was sent to them.
  await sql`create index hand_over_from on hand_over (workspace_id, from_id)`.execute(db);
  await sql`create index hand_over_to on hand_over (workspace_id, to_id)`.execute(db);
  await sql`create index agenda_item_by_author on agenda_item (workspace_id, by_id)`.execute(db);
  // A conversation goes with what was sent there.
  await sql`create index outbox_sent_to on outbox (workspace_id, address)`.execute(db);
}
