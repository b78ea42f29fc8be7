import { type Kysely, sql, type Transaction } from 'kysely';
import { asTick, type Deadline } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';

/** A tick a minute: what waits for longer waits for Slack's pace, or for a mistake. */
const BEHIND_AFTER = { minutes: 1 };

export type Behind = {
  /** Workspaces with a message that is due for more than a minute. */
  workspaces: number;
  /** How many such messages there are. */
  due: number;
  /** Since when the oldest of them is due; 0 when there is none. */
  oldestSeconds: number;
};

/** How far delivery is behind, over all workspaces. Its cost follows what is due, by an index of nothing but what waits. */
export function deliveryBehind(
  db: Kysely<Database>,
  now: Temporal.Instant,
  { deadline }: { deadline?: Deadline } = {},
): Promise<Behind> {
  return asTick(db, (trx) => findBehind(trx, now), { deadline });
}

export async function findBehind(trx: Transaction<Database>, now: Temporal.Instant): Promise<Behind> {
  const { rows } = await sql<{ workspaces: number; due: number; oldest: Temporal.Instant | null }>`
    with behind as materialized (
      select workspace_id, not_before from outbox
      where state = 'queued' and not_before <= ${now.subtract(BEHIND_AFTER)}::timestamptz
    )
    select count(distinct b.workspace_id)::int as workspaces, count(*)::int as due, min(b.not_before) as oldest
    from behind b join workspace w on w.id = b.workspace_id
    where w.token is not null`.execute(trx);
  const { workspaces = 0, due = 0, oldest } = rows[0] ?? {};
  return { workspaces, due, oldestSeconds: oldest ? now.since(oldest).total('seconds') : 0 };
}

/** Messages of one kind: `due`, on their way (`sending`), or `held` for a person. */
export type Depth = {
  kind: string;
  state: 'due' | 'sending' | 'held';
  messages: number;
  inDoubt: number;
  /** How long the oldest is due; negative for one that was held before its time. */
  oldestSeconds: number;
};

/** What is in the outbox, due and not over. Reads nothing else: neither what was posted nor what waits for its time. */
export async function findDepth(trx: Transaction<Database>, now: Temporal.Instant): Promise<Depth[]> {
  const part = (state: Depth['state'], where: ReturnType<typeof sql>) => sql`
    select kind, ${state}::text as state, count(*)::int as messages, (count(*) filter (where in_doubt))::int as in_doubt,
      min(not_before) as oldest
    from outbox where ${where} group by kind`;
  const { rows } = await sql<Omit<Depth, 'oldestSeconds'> & { oldest: Temporal.Instant }>`
    ${part('due', sql`state = 'queued' and not_before <= ${now}::timestamptz`)} union all
    ${part('sending', sql`state = 'sending'`)} union all
    ${part('held', sql`state = 'held'`)}`.execute(trx);
  return rows.map(({ oldest, ...depth }) => ({ ...depth, oldestSeconds: now.since(oldest).total('seconds') }));
}
