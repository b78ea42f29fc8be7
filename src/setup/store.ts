import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import { PREPARED } from '../db/prepared.ts';
import type { Database, WorkspaceTable } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { isBefore } from '../ground/zoned.ts';
import type { PersonKey } from '../people/store.ts';

export type Workspace = Selectable<WorkspaceTable>;

/** The token and the people are looked at again after this long. */
const CHECKED_EVERY = { hours: 24 };
/** What could not be looked at is tried again after this long, and so is what only took more than one go. */
const CHECKED_AGAIN_AFTER = { minutes: 10 };
/** What follows from news of somebody is tried again after this long. */
const FOLLOWED_AGAIN_AFTER = { minutes: 1 };
/** Everything of an uninstalled workspace is deleted after this many days. */
export const KEPT_DAYS = 30;

export function findWorkspace(db: Kysely<Database>, id: string): Promise<Workspace | undefined> {
  return db.selectFrom('workspace').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findWorkspaceOrThrow(db: Kysely<Database>, id: string): Promise<Workspace> {
  return db.selectFrom('workspace').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** What every request needs of its workspace. */
export type Installed = Pick<Workspace, 'id' | 'token' | 'uninstalledAt' | 'botId' | 'botUserId'>;

export function findInstallation(db: Kysely<Database>, id: string): Promise<Installed | undefined> {
  return db
    .selectFrom('workspace')
    .modifyFront(PREPARED)
    .select(['id', 'token', 'uninstalledAt', 'botId', 'botUserId'])
    .where('id', '=', id)
    .executeTakeFirst();
}

export type Installation = Pick<
  Insertable<WorkspaceTable>,
  'id' | 'name' | 'enterpriseId' | 'botUserId' | 'botId' | 'scopes'
> & { token: string };

/** Writes an installation, new or again; what the firm set before an uninstall stays set. */
export async function recordInstallation(
  trx: Transaction<Database>,
  installation: Installation,
  now: Temporal.Instant,
): Promise<void> {
  const { id, token, ...rest } = installation;
  const row = {
    ...rest,
    token: seal(token),
    uninstalledAt: null,
    purgeDueAt: null,
    checkedAt: now,
    checkDueAt: now.add(CHECKED_EVERY),
  };
  await trx
    .insertInto('workspace')
    .values({ id, ...row, installedAt: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/**
 * The token goes at once, and with it the queue stands still; everything else is deleted when its days are over. News
 * from before the token was last seen to work is late: then the token is only looked at again.
 */
export async function recordUninstalled(
  trx: Transaction<Database>,
  workspaceId: string,
  { happenedAt, now }: { happenedAt: Temporal.Instant; now: Temporal.Instant },
): Promise<void> {
  const workspace = await trx
    .selectFrom('workspace')
    .select(['uninstalledAt', 'checkedAt'])
    .where('id', '=', workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!workspace || workspace.uninstalledAt) return;
  const isLate = workspace.checkedAt !== null && isBefore(happenedAt, wholeSecond(workspace.checkedAt));
  await update(
    trx,
    workspaceId,
    isLate
      ? { checkDueAt: now }
      : {
          token: null,
          uninstalledAt: now,
          checkDueAt: null,
          purgeDueAt: now.add({ hours: KEPT_DAYS * 24 }),
        },
  );
}

/** Slack tells when something happened to the second. */
const wholeSecond = (at: Temporal.Instant): Temporal.Instant =>
  at.round({ smallestUnit: 'second', roundingMode: 'floor' });

async function update(trx: Transaction<Database>, id: string, change: Updateable<WorkspaceTable>): Promise<void> {
  await trx.updateTable('workspace').set(change).where('id', '=', id).execute();
}

/** Takes the workspaces to look at, longest waiting first; what comes of none of them is tried again soon. */
export async function claimChecks(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
): Promise<string[]> {
  const due = await trx
    .selectFrom('workspace')
    .select('id')
    .where('checkDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('checkDueAt', '<=', now)
    .orderBy('checkDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id } of due) await update(trx, id, { checkDueAt: now.add(CHECKED_AGAIN_AFTER) });
  return due.map(({ id }) => id);
}

/** Has the workspace looked at by the next tick. */
export async function checkSoon(trx: Transaction<Database>, workspaceId: string, now: Temporal.Instant): Promise<void> {
  await trx
    .updateTable('workspace')
    .set({ checkDueAt: now })
    .where('id', '=', workspaceId)
    .where('token', 'is not', null)
    .execute();
}

/**
 * The token works, with these scopes. `isComplete`: everybody has been looked at too. `now` is when it was claimed; asked
 * for anew since then, it is looked at once more.
 */
export async function recordChecked(
  trx: Transaction<Database>,
  workspaceId: string,
  { scopes, isComplete, now }: { scopes: string[] | undefined; isComplete: boolean; now: Temporal.Instant },
): Promise<void> {
  await trx
    .updateTable('workspace')
    .set({
      checkedAt: now,
      checkDueAt: now.add(isComplete ? CHECKED_EVERY : CHECKED_AGAIN_AFTER),
      ...(scopes && { scopes }),
    })
    .where('id', '=', workspaceId)
    .where('token', 'is not', null)
    .where('checkDueAt', '=', now.add(CHECKED_AGAIN_AFTER))
    .execute();
}

/** People of this workspace's live pairs, and owners of what is promised, whom Slack was not asked about since then. */
export async function findUnheardOf(
  db: Kysely<Database>,
  workspaceId: string,
  since: Temporal.Instant,
  atMost: number,
): Promise<string[]> {
  const people = await db
    .selectFrom('person')
    .select('person.id')
    .where('person.workspaceId', '=', workspaceId)
    .where('person.checkedAt', '<', since)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('pair')
            .select('pair.id')
            .whereRef('pair.workspaceId', '=', 'person.workspaceId')
            .where('pair.state', 'in', ['proposed', 'active'])
            .where((one) =>
              one.or([
                one('pair.leaderId', '=', one.ref('person.id')),
                one('pair.partnerId', '=', one.ref('person.id')),
              ]),
            ),
        ),
        eb.exists(
          eb
            .selectFrom('commitment')
            .select('commitment.id')
            .whereRef('commitment.workspaceId', '=', 'person.workspaceId')
            .whereRef('commitment.ownerId', '=', 'person.id')
            .where('commitment.state', 'in', ['asked', 'open']),
        ),
      ]),
    )
    .orderBy('person.checkedAt')
    .limit(atMost)
    .execute();
  return people.map(({ id }) => id);
}

/** Of whom there is news, and the mark by which it was taken. */
export type News = PersonKey & { takenAt: Temporal.Instant };

/** Takes the people of whom there is news, longest waiting first; what comes of none of them is tried again soon. */
export async function claimNews(trx: Transaction<Database>, now: Temporal.Instant, atMost: number): Promise<News[]> {
  const takenAt = now.add(FOLLOWED_AGAIN_AFTER);
  const news = await trx
    .selectFrom('person')
    .select(['workspaceId', 'id'])
    .where('newsDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('newsDueAt', '<=', now)
    .orderBy('newsDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { workspaceId, id } of news) await setNewsDue(trx, { workspaceId, id }, takenAt).execute();
  return news.map((one) => ({ ...one, takenAt }));
}

/** What follows is done; news that came since then is still to be followed. */
export async function recordFollowed(trx: Transaction<Database>, { takenAt, ...person }: News): Promise<void> {
  await setNewsDue(trx, person, null).where('newsDueAt', '=', takenAt).execute();
}

const setNewsDue = (trx: Transaction<Database>, { workspaceId, id }: PersonKey, newsDueAt: Temporal.Instant | null) =>
  trx.updateTable('person').set({ newsDueAt }).where('workspaceId', '=', workspaceId).where('id', '=', id);

/** Deletes what is kept no longer, with everything that belongs to it. */
export async function deletePurgeable(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
): Promise<number> {
  const due = await trx
    .selectFrom('workspace')
    .select('id')
    .where('purgeDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('purgeDueAt', '<=', now)
    .orderBy('purgeDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id } of due) await trx.deleteFrom('workspace').where('id', '=', id).execute();
  return due.length;
}

/** What the firm's part of the settings says. */
export type FirmSettings = Pick<Workspace, 'zone' | 'ownerId' | 'contractorWord' | 'reportWord'>;

/** False when somebody else has changed it since this version. */
export async function updateFirm(
  trx: Transaction<Database>,
  workspaceId: string,
  version: number,
  firm: FirmSettings,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('workspace')
    .set((eb) => ({ ...firm, version: eb('version', '+', 1) }))
    .where('id', '=', workspaceId)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The zones in which people of this workspace live. */
export async function findZones(db: Kysely<Database>, workspaceId: string): Promise<string[]> {
  const zones = await db
    .selectFrom('person')
    .select('zone')
    .distinct()
    .where('workspaceId', '=', workspaceId)
    .where('kind', 'in', ['member', 'guest'])
    .orderBy('zone')
    .limit(90)
    .execute();
  return zones.map(({ zone }) => zone);
}
