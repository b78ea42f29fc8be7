import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Commitment } from './store.ts';

/** Whether the digest covers pairs of this kind. */
export async function isCovered(
  db: Kysely<Database>,
  workspaceId: string,
  kind: 'contractor' | 'report',
): Promise<boolean> {
  if (kind === 'contractor') return true;
  const { digestCoversReports } = await db
    .selectFrom('workspace')
    .select('digestCoversReports')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return digestCoversReports;
}

const THE_WEEK_AHEAD = 7;

/**
 * The channel reads something else of an item from now on: the latest digest is brought up to date if it may name it. One
 * that was moved may stand there under its earlier day.
 */
export async function digestChanged(
  trx: Transaction<Database>,
  { workspaceId, createdAt, dueOn, moves }: Pick<Commitment, 'workspaceId' | 'createdAt' | 'dueOn' | 'moves'>,
  now: Temporal.Instant,
): Promise<void> {
  const nearSince = dueOn.subtract({ days: THE_WEEK_AHEAD - 1 });
  await trx
    .updateTable('workspace')
    .set({ digestStaleAt: now })
    .where('id', '=', workspaceId)
    .where('digestLastAt', '>=', createdAt)
    .$if(moves === 0, (near) => near.where('digestLastOn', '>=', nearSince))
    .execute();
}

/** Whatever the latest digest names, it is brought up to date. */
export async function markDigestStale(
  trx: Transaction<Database>,
  workspaceId: string,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('workspace')
    .set({ digestStaleAt: now })
    .where('id', '=', workspaceId)
    .where('digestLastOn', 'is not', null)
    .execute();
}
