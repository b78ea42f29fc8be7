import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { dueDayEnds } from '../people/rules.ts';
import { insertEvents } from './event-store.ts';
import { type CommitmentEvent, type Facts, factsOf } from './facts.ts';
import type { Commitment } from './store.ts';

export type NewCommitment = Pick<
  Commitment,
  'workspaceId' | 'id' | 'pairId' | 'writtenBy' | 'text' | 'recapId' | 'permalink'
>;

/** Writes a commitment with its first event. */
export async function insertCommitment(
  trx: Transaction<Database>,
  { text, ...one }: NewCommitment,
  facts: Facts,
  event: CommitmentEvent & { id: string },
  ownerZone: string,
): Promise<void> {
  const row = {
    ...one,
    ...columnsOf(facts),
    side: facts.side,
    askedBy: facts.askedBy,
    text: seal(text),
    fallsDueAt: dueDayEnds(facts.dueOn, ownerZone),
    createdAt: event.at,
    changedAt: event.at,
  };
  await trx.insertInto('commitment').values(row).execute();
  await insertEvents(trx, one.workspaceId, one.id, 1, [event]);
}

/** Writes the new facts with the events that led to them. Needs the row locked, or at least the version that it had. */
export async function updateCommitment(
  trx: Transaction<Database>,
  one: Pick<Commitment, 'workspaceId' | 'id' | 'version'>,
  facts: Facts,
  events: (CommitmentEvent & { id: string })[],
  fallsDueAt: Temporal.Instant | null,
): Promise<void> {
  const last = events.at(-1);
  await trx
    .updateTable('commitment')
    .set({
      ...columnsOf(facts),
      fallsDueAt,
      version: one.version + events.length,
      ...(last && { changedAt: last.at }),
    })
    .where('workspaceId', '=', one.workspaceId)
    .where('id', '=', one.id)
    .where('version', '=', one.version)
    .executeTakeFirstOrThrow();
  await insertEvents(trx, one.workspaceId, one.id, one.version + 1, events);
}

const columnsOf = (facts: Facts) => {
  const { side: _side, askedBy: _askedBy, ...changing } = factsOf(facts);
  return changing;
};

/** As if it had never been written: its events go with it. */
export async function deleteCommitment(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Commitment, 'workspaceId' | 'id'>,
): Promise<void> {
  await trx.deleteFrom('commitment').where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

export async function setFallsDueAt(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Commitment, 'workspaceId' | 'id'>,
  fallsDueAt: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('commitment')
    .set({ fallsDueAt })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Their owner lives elsewhere now: the days that are not over yet end at midnight there. Needs `lockAllOf`. */
export async function rescheduleFallsDue(
  trx: Transaction<Database>,
  { workspaceId, id: ownerId, zone }: { workspaceId: string; id: string; zone: string },
): Promise<void> {
  const open = await trx
    .selectFrom('commitment')
    .select('dueOn')
    .distinct()
    .where('workspaceId', '=', workspaceId)
    .where('ownerId', '=', ownerId)
    .where('state', 'in', ['asked', 'open']) // the partial index's predicate, word for word
    .where('fallsDueAt', 'is not', null)
    .execute();
  for (const { dueOn } of open)
    await trx
      .updateTable('commitment')
      .set({ fallsDueAt: dueDayEnds(dueOn, zone) })
      .where('workspaceId', '=', workspaceId)
      .where('ownerId', '=', ownerId)
      .where('state', 'in', ['asked', 'open'])
      .where('dueOn', '=', dueOn)
      .where('fallsDueAt', 'is not', null)
      .execute();
}
