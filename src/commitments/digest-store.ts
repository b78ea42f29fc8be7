import { type Kysely, sql, type Transaction } from 'kysely';
import { lastly } from '../db/lastly.ts';
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

type Named = Pick<Commitment, 'workspaceId' | 'createdAt' | 'dueOn' | 'moves'>;

/**
 * The channel reads something else of an item from now on: the latest digest is brought up to date if it may name it. One
 * that was moved may stand there under its earlier day.
 */
export function digestChanged(trx: Transaction<Database>, item: Named, now: Temporal.Instant): void {
  editAtTheEnd(trx, [{ ...item, now }]);
}

const editAtTheEnd = lastly<Named & { now: Temporal.Instant }>('workspace', async (trx, items) => {
  const nearSince = items.map(({ dueOn, moves }) =>
    moves === 0 ? dueOn.subtract({ days: THE_WEEK_AHEAD - 1 }) : null,
  );
  const changed = sql`unnest(${items.map(({ workspaceId }) => workspaceId)}::text[],
    ${items.map(({ createdAt }) => String(createdAt))}::timestamptz[],
    ${nearSince.map((day) => day && String(day))}::date[], ${items.map(({ now }) => String(now))}::timestamptz[])`;
  await sql`
    with stale as (
      select w.id, max(c.now) as at from workspace w
      join ${changed} as c (workspace_id, created_at, near_since, now) on c.workspace_id = w.id
      where w.digest_last_at >= c.created_at and (c.near_since is null or w.digest_last_on >= c.near_since)
      group by w.id
    ), locked as (
      select w.id, s.at from workspace w join stale s on s.id = w.id order by w.id for no key update of w
    )
    update workspace w set digest_stale_at = locked.at from locked where w.id = locked.id`.execute(trx);
});

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
