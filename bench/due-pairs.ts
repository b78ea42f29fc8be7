// Pairs with a meeting ahead, for some of which the opening question is due; and everything put back as it was.
import { type Kysely, sql, type Transaction } from 'kysely';
import { asTick, startDeadline } from '../src/db/as-workspace.ts';
import type { Database } from '../src/db/schema.ts';
import type { DueWork } from '../src/deps.ts';
import { due } from '../src/meetings/due.ts';

export const steps: DueWork = due.find(({ subject }) => subject === 'meeting steps') ?? meetingsHaveNoSteps();

function meetingsHaveNoSteps(): never {
  throw new Error('The meetings have no steps any more');
}

/** However long it takes. */
export const inPeace = <T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  asTick(db, work, { deadline: startDeadline(3_600_000) });

/** What earlier work did is undone, and one in so many pairs is due again, spread over all workspaces. */
export async function makeDue(db: Kysely<Database>, now: Temporal.Instant, oneIn: number): Promise<void> {
  await inPeace(db, async (trx) => {
    await sql`delete from outbox`.execute(trx);
    await sql`delete from conversation`.execute(trx);
    await sql`delete from workspace_pace`.execute(trx);
    await sql`delete from home_change`.execute(trx);
    // By the number in the id that `fill` gives a meeting; each comes out of the same rows every time.
    await sql`update meeting set steps_done = '{}', due_step = 'prep', due_at = ${now},
        starts_at = ${now}::timestamptz + interval '23 hours'
      where ('x' || substr(id::text, 1, 8))::bit(32)::int % ${sql.lit(oneIn)} = 0`.execute(trx);
  });
  for (const table of ['meeting', 'home_change', 'outbox', 'conversation', 'workspace_pace'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}
