import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { DeliverySettings } from './compose.ts';
import { AT_MOST_SECONDS } from './spread.ts';

/** A message on its way: nobody else touches it while the lease holds. */
export type Claimed = {
  workspaceId: string;
  id: string;
  kind: string;
  about: Record<string, string>;
  address: string;
  /** What the sender sets out to post: facts at least as new as this revision. */
  wantedRevision: number;
  /** What the sender before it had set out to post. */
  claimedRevision: number;
  notBefore: Temporal.Instant;
  expiresAt: Temporal.Instant | null;
  leaseToken: string;
  inDoubt: boolean;
  attempts: number;
  channelId: string | null;
  ts: string | null;
  fileId: string | null;
  postedAt: Temporal.Instant | null;
  /** Where the address is reached, once it was opened. */
  conversationId: string | null;
  /** Why the last message to this address, or anywhere in this workspace, was refused for good. */
  stopped: string | null;
  scopes: string[];
};

/** Whether anything is due at all, and whether anything has to be swept, by indexes that hold nothing but what waits. */
export async function look(
  trx: Transaction<Database>,
  now: Temporal.Instant,
): Promise<{ isDue: boolean; isToSweep: boolean }> {
  const { rows } = await sql<{ isDue: boolean; isToSweep: boolean }>`
    select
      exists (select from outbox where state = 'queued' and not_before <= ${now}::timestamptz) as is_due,
      exists (select from outbox where state = 'sending' and lease_until <= clock_timestamp())
        or exists (select from outbox where state = 'queued' and expires_at <= ${now}::timestamptz) as is_to_sweep`.execute(
    trx,
  );
  return rows[0] ?? { isDue: false, isToSweep: false };
}

/**
 * Takes due messages on a lease: if we die before recording one, it comes back as in doubt. Each workspace gets its
 * turn, and what should be out first goes first; at each address one is on its way at a time, and none overtakes one that waits to be tried again.
 * What is asked about each row is a subquery of its own: the outbox fills and empties too fast for its statistics, and a
 * join planned on those would read an address's whole queue. The `coalesce` around two of them only hides them from the
 * planner, which would take them to hold for next to no row, and read and sort all that is due. Planned anew each time: a
 * plan that was kept from an empty outbox takes a hundred times as long on a full one.
 */
export async function claimDue(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
  leaseToken: string,
  { workspaceMs, leaseMs }: DeliverySettings,
): Promise<Claimed[]> {
  const each = workspaceMs > 0 ? Math.max(1, Math.floor(1000 / workspaceMs)) : atMost;
  const { rows } = await sql<Claimed>`
    with recursive waiting (workspace_id) as (${workspacesWaiting(now)}), free as materialized (
      select p.workspace_id from waiting w
      join workspace_pace p on p.workspace_id = w.workspace_id
      join workspace s on s.id = w.workspace_id
      where p.next_send_at <= clock_timestamp() and s.token is not null
      order by p.next_send_at limit ${atMost}
      for update of p skip locked
    ), due as materialized (
      select d.workspace_id, d.id, row_number() over (partition by d.workspace_id order by d.send_by, d.seq) as turn
      from free f cross join lateral (
        select o.workspace_id, o.id, o.send_by, o.seq from outbox o
        where o.workspace_id = f.workspace_id and o.state = 'queued' and o.not_before <= ${now}::timestamptz
          and o.send_by <= ${now.add({ seconds: AT_MOST_SECONDS })}::timestamptz
          and (o.retry_at is null or o.retry_at <= clock_timestamp())
          and coalesce(o.id = (select e.id from outbox e
            where e.workspace_id = o.workspace_id and e.address = o.address and e.state = 'queued'
            order by e.not_before, e.seq limit 1), false)
          and (select c.next_send_at from conversation c
            where c.workspace_id = o.workspace_id and c.address = o.address) <= clock_timestamp()
          and coalesce((select e.id from outbox e
            where e.workspace_id = o.workspace_id and e.address = o.address and e.state = 'sending') is null, false)
        order by o.send_by, o.seq limit ${Math.min(each, atMost)}
        for update of o skip locked
      ) d
    ), taken as (
      update outbox o set
        state = 'sending',
        claimed_revision = case when o.in_doubt then o.claimed_revision else o.wanted_revision end,
        lease_token = ${leaseToken},
        lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from (select workspace_id, id from due order by turn limit ${atMost}) t
      where o.workspace_id = t.workspace_id and o.id = t.id
      returning o.*
    ), paced as (
      update workspace_pace p
      set next_send_at = clock_timestamp() + t.messages * ${workspaceMs} * interval '1 millisecond'
      from (select workspace_id, count(*) as messages from taken group by 1) t
      where p.workspace_id = t.workspace_id
    )
    select t.workspace_id, t.id, t.kind, t.about, t.address, t.wanted_revision, t.claimed_revision, t.not_before,
      t.expires_at, t.lease_token, t.in_doubt, t.attempts, t.channel_id, t.ts, t.file_id, t.posted_at,
      c.channel_id as conversation_id, coalesce(p.stopped, c.stopped) as stopped, p.scopes
    from taken t
    cross join lateral (select c.channel_id, c.stopped from conversation c
      where c.workspace_id = t.workspace_id and c.address = t.address limit 1) c
    cross join lateral (select p.stopped, s.scopes from workspace_pace p join workspace s on s.id = p.workspace_id
      where p.workspace_id = t.workspace_id limit 1) p
    order by t.send_by, t.seq`.execute(trx);
  return rows;
}

/** Puts in order what no sender looks after any more. */
export async function sweep(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  settings: DeliverySettings,
): Promise<void> {
  await takeBackExpiredLeases(trx, settings);
  await dropExpired(trx, now);
}

/** What outlived its use is not posted. What may have been posted already is looked for first. */
async function dropExpired(trx: Transaction<Database>, now: Temporal.Instant): Promise<void> {
  await sql`
    update outbox set state = 'dropped', reason = 'expired'
    where state = 'queued' and expires_at <= ${now}::timestamptz and posted_at is null and not in_doubt`.execute(trx);
}

/** The sender died, or lost its way: whether Slack took the message is in doubt, and looked up after the settle time. */
async function takeBackExpiredLeases(trx: Transaction<Database>, { settleMs }: DeliverySettings): Promise<void> {
  await sql`
    update outbox set
      state = 'queued',
      in_doubt = ts is null,
      retry_at = clock_timestamp() + ${settleMs} * interval '1 millisecond',
      lease_token = null,
      lease_until = null
    where state = 'sending' and lease_until <= clock_timestamp()`.execute(trx);
}

/**
 * Milliseconds until a message that is due may be claimed: its retry, its pace, or the end of somebody's lease. Never
 * too long; too short where a workspace's pace ends before that of its conversations.
 */
export async function waitForClaim(db: Kysely<Database>, now: Temporal.Instant): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    with recursive waiting (workspace_id) as (${workspacesWaiting(now)}), paced as materialized (
      select p.workspace_id, p.next_send_at from waiting w
      join workspace_pace p on p.workspace_id = w.workspace_id
      join workspace s on s.id = w.workspace_id
      where s.token is not null
    ), head (workspace_id, address, retry_at) as (
      select p.workspace_id, first.address, first.retry_at from paced p cross join lateral (
        select o.address, o.retry_at from outbox o
        where o.workspace_id = p.workspace_id and o.state = 'queued' and o.not_before <= ${now}::timestamptz
        order by o.address, o.not_before, o.seq limit 1) first
      where p.next_send_at <= clock_timestamp()
      union all
      select h.workspace_id, next.address, next.retry_at from head h cross join lateral (
        select o.address, o.retry_at from outbox o
        where o.workspace_id = h.workspace_id and o.state = 'queued' and o.not_before <= ${now}::timestamptz
          and o.address > h.address
        order by o.address, o.not_before, o.seq limit 1) next
    )
    select ceil(extract(epoch from min(at) - clock_timestamp()) * 1000)::float8 as ms from (
      select p.next_send_at as at from paced p where p.next_send_at > clock_timestamp()
      union all
      select coalesce(
        (select e.lease_until from outbox e
          where e.workspace_id = h.workspace_id and e.address = h.address and e.state = 'sending'),
        greatest(h.retry_at, (select c.next_send_at from conversation c
          where c.workspace_id = h.workspace_id and c.address = h.address)))
      from head h
      union all
      select lease_until from outbox where state = 'sending'
    ) waiting`.execute(db);
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(0, ms);
}

/** The workspaces in which something is due, one index entry each. */
const workspacesWaiting = (now: Temporal.Instant) => sql`
  (select workspace_id from outbox where state = 'queued' and not_before <= ${now}::timestamptz
    order by workspace_id limit 1)
  union all
  select (select o.workspace_id from outbox o
    where o.state = 'queued' and o.not_before <= ${now}::timestamptz and o.workspace_id > w.workspace_id
    order by o.workspace_id limit 1)
  from waiting w where w.workspace_id is not null`;

/** A claim whose commit got lost: nothing of it was sent, so that nothing of it is in doubt. */
export async function giveBack(trx: Transaction<Database>, leaseToken: string): Promise<void> {
  await sql`
    update outbox set state = 'queued', lease_token = null, lease_until = null
    where state = 'sending' and lease_token = ${leaseToken}`.execute(trx);
}
