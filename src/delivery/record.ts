import { sql, type Transaction } from 'kysely';
import { PREPARED } from '../db/prepared.ts';
import type { Database } from '../db/schema.ts';
import type { Claimed } from './claim.ts';
import type { DeliverySettings } from './compose.ts';

/*
 * Each of these speaks only while the lease holds: a sender that was thought dead changes nothing any more. A message
 * whose facts changed while it was on its way is queued again rather than closed.
 */

const mine = (row: Claimed) => sql`
  workspace_id = ${row.workspaceId} and id = ${row.id} and state = 'sending' and lease_token = ${row.leaseToken}`;

const released = sql`lease_token = null, lease_until = null`;
const later = (ms: number) => sql`clock_timestamp() + ${ms} * interval '1 millisecond'`;

export type Posted = {
  channelId: string;
  /** Absent for a shared file. */
  ts?: string;
  /** The revision whose facts are shown now. */
  revision: number;
  at: Temporal.Instant;
};

/** Several at once, in one statement: what Slack shows now, and from when on its conversations may be posted to again. */
export async function recordPosted(
  trx: Transaction<Database>,
  posted: { row: Claimed; posted: Posted }[],
  { channelMs }: DeliverySettings,
): Promise<void> {
  const shown = posted.map(({ row, posted: { channelId, ts, revision, at } }) => ({
    workspace_id: row.workspaceId,
    id: row.id,
    address: row.address,
    lease_token: row.leaseToken,
    was_stopped: row.stopped !== null,
    channel_id: channelId,
    ts: ts ?? null,
    revision,
    at: at.toString(),
  }));
  const table = sql`jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as shown (
    workspace_id text, id uuid, address text, lease_token uuid, was_stopped boolean, channel_id text, ts text,
    revision int, at timestamptz)`;
  await sql`${PREPARED}
    update outbox o set
      state = case when o.wanted_revision > shown.revision then 'queued' else 'posted' end,
      posted_revision = shown.revision,
      channel_id = shown.channel_id,
      ts = shown.ts,
      file_id = null,
      posted_at = coalesce(o.posted_at, shown.at),
      in_doubt = false, attempts = 0, retry_at = null, reason = null, ${released}
    from ${table}
    where o.workspace_id = shown.workspace_id and o.id = shown.id
      and o.state = 'sending' and o.lease_token = shown.lease_token`.execute(trx);
  const wereStopped = shown.filter((one) => one.was_stopped);
  // Counted from the end of one call to the start of the next, so that no slow call brings two messages closer.
  if (channelMs > 0 || wereStopped.length > 0)
    await sql`
      update conversation c set next_send_at = greatest(c.next_send_at, ${later(channelMs)}), stopped = null
      from ${table}
      where c.workspace_id = shown.workspace_id and c.address = shown.address`.execute(trx);
  if (wereStopped.length > 0)
    await sql`
      update workspace_pace set stopped = null
      where workspace_id = any(${wereStopped.map((one) => one.workspace_id)}::text[])`.execute(trx);
}

/** Nothing to say any more. What was posted before stays posted. */
export async function recordNothingToSay(trx: Transaction<Database>, row: Claimed, reason: string): Promise<void> {
  await sql`
    update outbox set
      state = case
        when wanted_revision > ${row.wantedRevision} then 'queued'
        when posted_at is null then 'dropped'
        else 'posted' end,
      posted_revision = case when posted_at is null then posted_revision else ${row.wantedRevision} end,
      in_doubt = false, attempts = 0, retry_at = null, reason = ${reason}, ${released}
    where ${mine(row)}`.execute(trx);
}

/** The message that stood there was taken away: nothing is left to update. */
export async function recordGone(trx: Transaction<Database>, row: Claimed, reason: string): Promise<void> {
  await sql`
    update outbox set state = 'dropped', ts = null, posted_at = null, attempts = 0, reason = ${reason}, ${released}
    where ${mine(row)}`.execute(trx);
}

/** Waits for a person. False when somebody else has taken it meanwhile. */
export async function recordHeld(
  trx: Transaction<Database>,
  row: Claimed,
  { reason, inDoubt }: { reason: string; inDoubt: boolean },
): Promise<boolean> {
  const { rows } = await sql`
    update outbox set state = 'held', reason = ${reason}, in_doubt = ${inDoubt}, ${released}
    where ${mine(row)} returning id`.execute(trx);
  return rows.length > 0;
}

/** Nobody sends it before `ms` are over; nothing behind it at its address overtakes it. */
export async function recordLater(
  trx: Transaction<Database>,
  row: Claimed,
  wait: { ms: number; inDoubt: boolean; reason: string; counts: boolean },
): Promise<void> {
  await sql`
    update outbox set
      state = 'queued',
      in_doubt = ${wait.inDoubt},
      attempts = attempts + ${wait.counts ? 1 : 0},
      retry_at = ${later(wait.ms)},
      reason = ${wait.reason},
      ${released}
    where ${mine(row)}`.execute(trx);
}

/** Slack asked to be left alone: nobody, in no process, calls this conversation or workspace before. */
export async function leaveAlone(
  trx: Transaction<Database>,
  row: Claimed,
  what: 'conversation' | 'workspace',
  ms: number,
): Promise<void> {
  if (what === 'conversation')
    await sql`update conversation set next_send_at = greatest(next_send_at, ${later(ms)})
      where workspace_id = ${row.workspaceId} and address = ${row.address}`.execute(trx);
  else
    await sql`update workspace_pace set next_send_at = greatest(next_send_at, ${later(ms)})
      where workspace_id = ${row.workspaceId}`.execute(trx);
}

/**
 * A target refused for good: what waits for it is held with the reason. True when this is news, so that it is said once.
 */
export async function stop(
  trx: Transaction<Database>,
  row: Claimed,
  what: 'conversation' | 'workspace',
  reason: string,
): Promise<boolean> {
  const here = what === 'conversation' ? sql`and address = ${row.address}` : sql``;
  await sql`
    update outbox set state = 'held', reason = ${reason}
    where workspace_id = ${row.workspaceId} ${here} and state = 'queued' and not in_doubt`.execute(trx);
  const table = what === 'conversation' ? sql`conversation` : sql`workspace_pace`;
  const { rows } = await sql`
    update ${table} set stopped = ${reason}
    where workspace_id = ${row.workspaceId} ${here} and stopped is distinct from ${reason}
    returning workspace_id`.execute(trx);
  return rows.length > 0;
}

/** Forgets where an address was reached, since nothing is there any more: it is opened again. */
export async function forgetConversation(trx: Transaction<Database>, row: Claimed): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ channelId: null })
    .where('workspaceId', '=', row.workspaceId)
    .where('address', '=', row.address)
    .execute();
}

export async function recordConversation(trx: Transaction<Database>, row: Claimed, channelId: string): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ channelId })
    .where('workspaceId', '=', row.workspaceId)
    .where('address', '=', row.address)
    .execute();
}

/** Noted before the file is shared, so that a lost answer can be looked up. False when the lease is gone. */
export async function recordFile(trx: Transaction<Database>, row: Claimed, fileId: string): Promise<boolean> {
  const { rows } = await sql`update outbox set file_id = ${fileId} where ${mine(row)} returning id`.execute(trx);
  return rows.length > 0;
}

/** What fails in here is undone by itself and leaves the rest of the transaction alone. */
export async function apart(trx: Transaction<Database>, work: () => Promise<void>): Promise<void> {
  await sql`savepoint apart`.execute(trx);
  try {
    await work();
    await sql`release savepoint apart`.execute(trx);
  } catch (error) {
    await sql`rollback to savepoint apart`.execute(trx);
    throw error;
  }
}
