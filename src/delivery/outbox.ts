import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { addressOf, type To } from './address.ts';
import { sendBy } from './spread.ts';

/** What has to be said about what, to whom. `about` holds ids only: the words are made when it is sent. */
export type Enqueued = {
  workspaceId: string;
  id: string;
  kind: string;
  /** Names the thing that is said; one key has one addressee for good. */
  key: string;
  about: Record<string, string>;
  to: To;
  notBefore: Temporal.Instant;
  /** Never posted from then on; an update of what was posted is not affected. */
  expiresAt?: Temporal.Instant;
  now: Temporal.Instant;
};

/**
 * Says it with the transaction's commit: once, however often the same key is enqueued. A key that waits takes the newer
 * times; one that was posted is updated in place; one that was dropped, or held for any reason but doubt, is tried again.
 */
export async function enqueue(trx: Transaction<Database>, message: Enqueued): Promise<void> {
  await enqueueAll(trx, [message]);
}

/**
 * As `enqueue`, in one statement. Of several messages with one key the last counts. Whether a conversation is there is a
 * subquery for each message: as a join it would read all conversations, since nobody knows how few messages there are.
 */
export async function enqueueAll(trx: Transaction<Database>, messages: Enqueued[]): Promise<void> {
  const rows = lastOfEachKey(messages).map((message, place) => ({
    place,
    workspace_id: message.workspaceId,
    id: message.id,
    kind: message.kind,
    key: message.key,
    about: message.about,
    address: addressOf(message.to),
    channel: 'channel' in message.to ? message.to.channel : null,
    not_before: message.notBefore.toString(),
    send_by: sendBy(message.notBefore, message.expiresAt).toString(),
    expires_at: message.expiresAt?.toString() ?? null,
    created_at: message.now.toString(),
  }));
  if (rows.length === 0) return;

  const kept = await sql<{ key: string; address: string }>`
    with message as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m (
        place int, workspace_id text, id uuid, kind text, key text, about jsonb, address text, channel text,
        not_before timestamptz, send_by timestamptz, expires_at timestamptz, created_at timestamptz)
    ), conversations as (
      insert into conversation (workspace_id, address, channel_id)
      select distinct workspace_id, address, channel from message m where (
        select c.address from conversation c where c.workspace_id = m.workspace_id and c.address = m.address) is null
      order by 1, 2
      on conflict do nothing
    ), paces as (
      insert into workspace_pace (workspace_id)
      select distinct workspace_id from message m where (
        select p.workspace_id from workspace_pace p where p.workspace_id = m.workspace_id) is null
      order by 1
      on conflict do nothing
    )
    insert into outbox (workspace_id, id, kind, key, about, address, state, not_before, send_by, expires_at, created_at)
    select workspace_id, id, kind, key, about, address, 'queued', not_before, send_by, expires_at, created_at
    from message order by place
    on conflict (workspace_id, key) do update set
      wanted_revision = outbox.wanted_revision + 1,
      about = excluded.about,
      expires_at = excluded.expires_at,
      not_before = case when ${mayStand} then outbox.not_before else excluded.not_before end,
      send_by = case
        when ${mayStand} then outbox.send_by
        when outbox.ts is not null then excluded.not_before
        else excluded.send_by end,
      state = case when ${isOver} then 'queued' else outbox.state end,
      attempts = case when ${isOver} then 0 else outbox.attempts end,
      retry_at = case when ${isOver} then null else outbox.retry_at end,
      reason = case when ${isOver} then null else outbox.reason end
    returning key, address`.execute(trx);

  const wanted = new Map(rows.map((row) => [row.key, row.address]));
  const elsewhere = kept.rows.find((row) => wanted.get(row.key) !== row.address);
  if (elsewhere) throw new Error(`The key ${elsewhere.key} belongs to another addressee`);
}

/** Nothing of it waits or is on its way, and nobody has to look at it first. */
const isOver = sql`(outbox.state in ('posted', 'dropped') or (outbox.state = 'held' and not outbox.in_doubt))`;

/** It is looked for from its time on. */
const mayStand = sql`(outbox.state = 'sending' or outbox.in_doubt)`;

/** In the order in which they were enqueued. */
function lastOfEachKey(messages: Enqueued[]): Enqueued[] {
  const last = new Map(messages.map((message) => [`${message.workspaceId} ${message.key}`, message]));
  return messages.filter((message) => last.get(`${message.workspaceId} ${message.key}`) === message);
}

/** Whether this is still to be said. */
export async function isOnItsWay(trx: Transaction<Database>, workspaceId: string, key: string): Promise<boolean> {
  const found = trx.selectFrom('outbox').select('state').where('workspaceId', '=', workspaceId).where('key', '=', key);
  const state = (await found.executeTakeFirst())?.state;
  return state === 'queued' || state === 'sending';
}

/**
 * A fact changed: what was said about it is updated in place. Posts nothing new, so that it can be called for every
 * message that may exist. One that still waits is worded when it is sent: its row is touched only so that nobody claims
 * it, and words it from the old facts, before this transaction has committed the new ones.
 */
export function refreshPosted(
  trx: Transaction<Database>,
  workspaceId: string,
  keys: string[],
  now: Temporal.Instant,
): Promise<void> {
  return refreshAllPosted(
    trx,
    keys.map((key) => ({ workspaceId, key })),
    now,
  );
}

/** As `refreshPosted`, for messages of any workspaces in one statement. */
export async function refreshAllPosted(
  trx: Transaction<Database>,
  messages: { workspaceId: string; key: string }[],
  now: Temporal.Instant,
): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    update outbox o set
      wanted_revision = wanted_revision + 1,
      state = case when state = 'posted' then 'queued' else state end,
      not_before = case when state = 'posted' then ${now}::timestamptz else not_before end,
      send_by = case when state = 'posted' then ${now}::timestamptz else send_by end
    from (select distinct * from unnest(
      ${messages.map(({ workspaceId }) => workspaceId)}::text[], ${messages.map(({ key }) => key)}::text[]
    ) as m (workspace_id, key) order by 1, 2) m
    where o.workspace_id = m.workspace_id and o.key = m.key
      and ((o.state = 'posted' and o.ts is not null) or o.state in ('sending', 'queued'))`.execute(trx);
}

/** As `refreshPosted`, for the message that somebody clicked in: it shows what has become of it. */
export async function refreshPostedAt(
  trx: Transaction<Database>,
  workspaceId: string,
  { channelId, ts }: { channelId: string; ts: string },
  now: Temporal.Instant,
): Promise<void> {
  const posted = await trx
    .selectFrom('outbox')
    .select('key')
    .where('workspaceId', '=', workspaceId)
    .where('channelId', '=', channelId)
    .where('ts', '=', ts)
    .execute();
  await refreshPosted(
    trx,
    workspaceId,
    posted.map(({ key }) => key),
    now,
  );
}

/** What a message was about that was given up before anybody saw it; undefined when it was posted, or may still be. */
export async function findUnsaid(
  trx: Transaction<Database>,
  workspaceId: string,
  key: string,
): Promise<Record<string, string> | undefined> {
  const message = await trx
    .selectFrom('outbox')
    .select('about')
    .where('workspaceId', '=', workspaceId)
    .where('key', '=', key)
    .where('state', '=', 'dropped')
    .where('postedAt', 'is', null)
    .executeTakeFirst();
  return message?.about;
}

/**
 * SQL for when delivery has something to do, on the product's clock. While anything is on its way that is always: whoever
 * sends it may have died.
 */
export const deliveryDueAt = sql<Temporal.Instant | null>`
  case when exists (select from outbox where state = 'sending') then timestamptz 'epoch' else least(
    (select min(not_before) from outbox where state = 'queued'),
    (select min(expires_at) from outbox where state = 'queued')) end`;

/** When the next message falls due on the product's clock; what is due already waits for another clock. */
export async function nextDelivery(
  trx: Transaction<Database>,
  now: Temporal.Instant,
): Promise<Temporal.Instant | undefined> {
  const next = await trx
    .selectFrom('outbox')
    .innerJoin('workspace', 'workspace.id', 'outbox.workspaceId')
    .select('outbox.notBefore')
    .where(sql<boolean>`outbox.state = 'queued'`) // the partial index's predicate, word for word
    .where('outbox.notBefore', '>', now)
    .where('workspace.token', 'is not', null)
    .orderBy('outbox.notBefore')
    .limit(1)
    .executeTakeFirst();
  return next?.notBefore;
}
