import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Home asks which changes of a promise wait for the other side's agreement.
  await sql`
    create index commitment_wanted on commitment (workspace_id, pair_id)
    where state = 'open' and (wanted_due_on is not null or wants_withdrawal)`.execute(db);
}
