import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';

/** A message that waits for a person. No words: those are made when it is sent. */
export type Held = {
  workspaceId: string;
  id: string;
  kind: string;
  key: string;
  address: string;
  reason: string;
  inDoubt: boolean;
  createdAt: Temporal.Instant;
};

export async function listHeld(trx: Transaction<Database>, workspaceId?: string): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select workspace_id, id, kind, key, address, reason, in_doubt, created_at from outbox
    where state = 'held' ${workspaceId === undefined ? sql`` : sql`and workspace_id = ${workspaceId}`}
    order by workspace_id, seq`.execute(trx);
  return rows;
}

/** Which held messages; all of the workspace when nothing is named. */
export type Which = { workspaceId: string; ids?: string[]; reason?: string };

/**
 * Lets held messages go out again, worded anew. Somebody has looked: what was in doubt is sent without asking once more.
 * Also what to call when a workspace was installed again or a conversation reopened. Returns how many.
 */
export async function release(trx: Transaction<Database>, which: Which): Promise<number> {
  const { rows } = await sql`
    update outbox set state = 'queued', in_doubt = false, attempts = 0, retry_at = null, reason = null
    where ${held(which)} returning id`.execute(trx);
  return rows.length;
}

/** Gives held messages up for good, unless they are enqueued once more. Returns how many. */
export async function discard(trx: Transaction<Database>, which: Which): Promise<number> {
  const { rows } = await sql`
    update outbox set state = 'dropped', in_doubt = false, reason = 'discarded'
    where ${held(which)} returning id`.execute(trx);
  return rows.length;
}

/** Whether anything of a workspace waits for a person, or anything to this address. */
export async function isStillHeld(trx: Transaction<Database>, workspaceId: string, address?: string): Promise<boolean> {
  const there = address === undefined ? sql`` : sql`and address = ${address}`;
  const { rows } = await sql`
    select from outbox where state = 'held' and workspace_id = ${workspaceId} ${there} limit 1`.execute(trx);
  return rows.length > 0;
}

/** Whether Slack refused for good to post there, and took nothing since. */
export async function isStillStopped(
  trx: Transaction<Database>,
  workspaceId: string,
  address: string,
): Promise<boolean> {
  const { rows } = await sql`
    select from conversation where workspace_id = ${workspaceId} and address = ${address} and stopped is not null`.execute(
    trx,
  );
  return rows.length > 0;
}

const held = ({ workspaceId, ids, reason }: Which) => sql`
  state = 'held' and workspace_id = ${workspaceId}
  ${ids === undefined ? sql`` : sql`and id = any(${ids}::uuid[])`}
  ${reason === undefined ? sql`` : sql`and reason = ${reason}`}`;
