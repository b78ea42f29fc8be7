import { type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { Database, ForgettingTable } from '../db/schema.ts';
import type { Person } from '../people/store.ts';
import { swapInEvents, swapInOutbox } from './forget-store.ts';

type Trx = Transaction<Database>;
export type Forgetting = Selectable<ForgettingTable>;

/** What a process that died in the middle of it left undone is taken up again after this. */
const LEASE = { minutes: 5 };
/** Rows looked at in one transaction. */
const COMBED_AT_ONCE = 5_000;

/** Leaves it to the tick; somebody who asks again changes nothing. */
export async function beginForgetting(
  trx: Trx,
  { workspaceId, id: personId }: Person,
  { id, ended, now }: { id: string; ended: number; now: Temporal.Instant },
): Promise<void> {
  await trx
    .insertInto('forgetting')
    .values({ workspaceId, id, personId, step: 'leaving', ended, askedAt: now, dueAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whoever is forgotten now may still be named in what was said to others about their things. */
export async function beginCombing(
  trx: Trx,
  { workspaceId, id: personId }: Person,
  { id, instead, now }: { id: string; instead: string; now: Temporal.Instant },
): Promise<void> {
  const combing = { step: 'combing', instead, forgottenAt: now, combing: 'outbox', dueAt: now } as const;
  await trx
    .deleteFrom('forgetting')
    .where('workspaceId', '=', workspaceId)
    .where('personId', '=', personId)
    .where('step', '!=', 'combing')
    .execute();
  await trx
    .insertInto('forgetting')
    .values({ workspaceId, id, personId, ended: 0, askedAt: now, ...combing })
    .execute();
}

/** Takes the one that waits longest, for a while. */
export async function claimForgetting(trx: Trx, now: Temporal.Instant): Promise<Forgetting | undefined> {
  const row = await trx
    .selectFrom('forgetting')
    .selectAll()
    .where('dueAt', 'is not', null) // the partial index's predicate, word for word
    .where('dueAt', '<=', now)
    .orderBy('dueAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row) await updateForgetting(trx, row, { dueAt: now.add(LEASE) });
  return row;
}

export async function updateForgetting(
  trx: Trx,
  { workspaceId, id }: Pick<Forgetting, 'workspaceId' | 'id'>,
  change: Updateable<ForgettingTable>,
): Promise<void> {
  await trx.updateTable('forgetting').set(change).where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

export async function endForgetting(
  trx: Trx,
  { workspaceId, id }: Pick<Forgetting, 'workspaceId' | 'id'>,
): Promise<void> {
  await trx.deleteFrom('forgetting').where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

/**
 * Some rows further in a table, by their ids: no index knows who is named in a message. Only what is older than the
 * forgetting: whoever came back is somebody new. Returns how far it came; undefined at the end.
 */
export async function combSome(
  trx: Trx,
  { workspaceId, personId, combing, combedTo, instead, forgottenAt }: Forgetting,
): Promise<string | undefined> {
  if (!combing || !instead || !forgottenAt) throw new Error('There is nothing to comb');
  const after = combedTo === null ? sql`true` : sql`id > ${combedTo}`;
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(combing)} where workspace_id = ${workspaceId} and ${after}
    order by id offset ${COMBED_AT_ONCE - 1} limit 1`.execute(trx);
  const last = rows[0]?.id;
  const upTo = last === undefined ? sql`true` : sql`id <= ${last}`;
  const swap = { id: personId, instead };
  if (combing === 'outbox') {
    await swapInOutbox(trx, workspaceId, sql`${after} and ${upTo} and created_at <= ${forgottenAt}`, swap);
  } else {
    await swapInEvents(trx, workspaceId, sql`${after} and ${upTo} and at <= ${forgottenAt}`, swap);
  }
  return last;
}
