import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import type { StoredEvent } from './change.ts';
import type { CommitmentEvent, EventVerb, Recorded } from './facts.ts';

export type StoredEventOf = StoredEvent & { commitmentId: string };

/** The events of these commitments since then, oldest first. */
export async function findEventsSince(
  db: Kysely<Database>,
  workspaceId: string,
  commitmentIds: readonly string[],
  since: Temporal.Instant,
): Promise<StoredEventOf[]> {
  if (commitmentIds.length === 0) return [];
  const found = await db
    .selectFrom('commitmentEvent')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('commitmentId', 'in', commitmentIds)
    .where('at', '>', since)
    .orderBy('commitmentId')
    .orderBy('version')
    .execute();
  return found.map((event) => ({ ...storedEvent(event), commitmentId: event.commitmentId }));
}

/** All of a commitment's events, newest first. */
export async function findHistory(db: Kysely<Database>, workspaceId: string, id: string): Promise<StoredEvent[]> {
  const found = await db
    .selectFrom('commitmentEvent')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('commitmentId', '=', id)
    .orderBy('version', 'desc')
    .execute();
  return found.map(storedEvent);
}

type EventRow = {
  id: string;
  verb: string;
  at: Temporal.Instant;
  byId: string | null;
  before: Recorded;
  after: Recorded;
  reason: string | null;
};

const storedEvent = ({ id, verb, at, byId, before, after, reason }: EventRow): StoredEvent => ({
  id,
  verb: verb as EventVerb,
  at,
  by: byId,
  before,
  after,
  ...(reason !== null && { reason }),
});

/** Which commitment an event belongs to. */
export async function findByEvent(
  db: Kysely<Database>,
  workspaceId: string,
  eventId: string,
): Promise<string | undefined> {
  const event = await db
    .selectFrom('commitmentEvent')
    .select('commitmentId')
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', eventId)
    .executeTakeFirst();
  return event?.commitmentId;
}

/** Appends to a commitment's history, from this version on. */
export async function insertEvents(
  trx: Transaction<Database>,
  workspaceId: string,
  commitmentId: string,
  firstVersion: number,
  events: (CommitmentEvent & { id: string })[],
): Promise<void> {
  if (events.length === 0) return;
  await trx
    .insertInto('commitmentEvent')
    .values(
      events.map(({ id, verb, at, by, before, after, reason }, place) => ({
        workspaceId,
        id,
        commitmentId,
        version: firstVersion + place,
        at,
        byId: by,
        verb,
        before: JSON.stringify(before),
        after: JSON.stringify(after),
        reason: reason === undefined ? null : seal(reason),
      })),
    )
    .execute();
}
