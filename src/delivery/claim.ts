import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { DeliverySettings } from './compose.ts';

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

/** Whether anything is due at all, by one index that holds nothing but what waits. */
export async function isAnythingDue(db: Kysely<Database>, now: Temporal.Instant): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select from outbox where state = 'queued' and not_before <= ${now}::timestamptz)
      or exists (select from outbox where state = 'sending' and lease_until <= clock_timestamp()) as due`.execute(db);
  return rows[0]?.due ?? false;
}

/**
 * Takes due messages on a lease: if we die before recording one, it comes back as in doubt. Each workspace gets its
 * turn, oldest message first; at each address one is on its way at a time, and none overtakes one that waits to be tried again.
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
    with recursive waiting (workspace_id) as (
      (select workspace_id from outbox where state = 'queued' and not_before <= ${now}::timestamptz
        order by workspace_id limit 1)
      union all
      select (select o.workspace_id from outbox o
        where o.state = 'queued' and o.not_before <= ${now}::timestamptz and o.workspace_id > w.workspace_id
        order by o.workspace_id limit 1)
      from waiting w where w.workspace_id is not null
    ), free as materialized (
      select p.workspace_id from waiting w
      join workspace_pace p on p.workspace_id = w.workspace_id
      join workspace s on s.id = w.workspace_id
      where p.next_send_at <= clock_timestamp() and s.token is not null
      order by p.next_send_at limit ${atMost}
      for update of p skip locked
    ), due as materialized (
      select d.workspace_id, d.id, row_number() over (partition by d.workspace_id order by d.not_before, d.seq) as turn
      from free f cross join lateral (
        select o.workspace_id, o.id, o.not_before, o.seq from outbox o
        join conversation c on c.workspace_id = o.workspace_id and c.address = o.address
        where o.workspace_id = f.workspace_id and o.state = 'queued' and o.not_before <= ${now}::timestamptz
          and (o.retry_at is null or o.retry_at <= clock_timestamp())
          and c.next_send_at <= clock_timestamp()
          and not exists (select from outbox e
            where e.workspace_id = o.workspace_id and e.address = o.address and e.state = 'queued'
              and (e.not_before, e.seq) < (o.not_before, o.seq))
          and not exists (select from outbox e
            where e.workspace_id = o.workspace_id and e.address = o.address and e.state = 'sending')
        order by o.not_before, o.seq limit ${Math.min(each, atMost)}
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
      c.channel_id as conversation_id, coalesce(p.stopped, c.stopped) as stopped, s.scopes
    from taken t
    join workspace_pace p on p.workspace_id = t.workspace_id
    join conversation c on c.workspace_id = t.workspace_id and c.address = t.address
    join workspace s on s.id = t.workspace_id
    order by t.not_before, t.seq`.execute(trx);
  return rows;
}

/** What outlived its use is not posted. What may have been posted already is looked for first. */
export async function dropExpired(trx: Transaction<Database>, now: Temporal.Instant): Promise<void> {
  await sql`
    update outbox set state = 'dropped', reason = 'expired'
    where state = 'queued' and expires_at <= ${now}::timestamptz and posted_at is null and not in_doubt`.execute(trx);
}

/** The sender died, or lost its way: whether Slack took the message is in doubt, and looked up after the settle time. */
export async function takeBackExpiredLeases(trx: Transaction<Database>, { settleMs }: DeliverySettings): Promise<void> {
  await sql`
    update outbox set
      state = 'queued',
      in_doubt = ts is null,
      retry_at = clock_timestamp() + ${settleMs} * interval '1 millisecond',
      lease_token = null,
      lease_until = null
    where state = 'sending' and lease_until <= clock_timestamp()`.execute(trx);
}

/** Milliseconds until a message that is due may be claimed: its retry, its pace, or the end of somebody's lease. */
export async function waitForClaim(db: Kysely<Database>, now: Temporal.Instant): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select ceil(extract(epoch from min(at) - clock_timestamp()) * 1000)::float8 as ms from (
      select coalesce(
        (select e.lease_until from outbox e
          where e.workspace_id = o.workspace_id and e.address = o.address and e.state = 'sending'),
        greatest(o.retry_at, c.next_send_at, p.next_send_at)) as at
      from (
        select distinct on (workspace_id, address) workspace_id, address, retry_at from outbox
        where state = 'queued' and not_before <= ${now}::timestamptz
        order by workspace_id, address, not_before, seq
      ) o
      join workspace s on s.id = o.workspace_id and s.token is not null
      join conversation c on c.workspace_id = o.workspace_id and c.address = o.address
      join workspace_pace p on p.workspace_id = o.workspace_id
      union all
      select lease_until from outbox where state = 'sending'
    ) waiting`.execute(db);
  const ms = rows[0]?.ms;
  return ms === null || ms === undefined ? undefined : Math.max(0, ms);
}

/** A claim whose commit got lost: nothing of it was sent, so that nothing of it is in doubt. */
export async function giveBack(trx: Transaction<Database>, leaseToken: string): Promise<void> {
  await sql`
    update outbox set state = 'queued', lease_token = null, lease_until = null
    where state = 'sending' and lease_token = ${leaseToken}`.execute(trx);
}
