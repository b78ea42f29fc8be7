import type { Kysely, Selectable, Transaction } from 'kysely';
import type { EventVerb } from '../commitments/facts.ts';
import type { Database, WorkspaceTable } from '../db/schema.ts';
import { dayIn } from '../ground/zoned.ts';
import { type DigestItem, nextDigest, type WeeklyTime } from './rules.ts';

export type DigestSettings = Pick<
  Selectable<WorkspaceTable>,
  | 'id'
  | 'zone'
  | 'contractorWord'
  | 'reportWord'
  | 'digestChannelId'
  | 'digestWeekday'
  | 'digestAt'
  | 'digestCoversReports'
  | 'digestConfiguredBy'
  | 'digestDueAt'
  | 'digestLastOn'
  | 'uninstalledAt'
>;

const settings = [
  'id',
  'zone',
  'contractorWord',
  'reportWord',
  'digestChannelId',
  'digestWeekday',
  'digestAt',
  'digestCoversReports',
  'digestConfiguredBy',
  'digestDueAt',
  'digestLastOn',
  'uninstalledAt',
] as const;

export function findDigestSettings(db: Kysely<Database>, workspaceId: string): Promise<DigestSettings> {
  return db.selectFrom('workspace').select(settings).where('id', '=', workspaceId).executeTakeFirstOrThrow();
}

/** Where and when it is posted; undefined while nobody has set it up. */
export function weeklyTime({
  digestChannelId,
  digestWeekday,
  digestAt,
  zone,
}: DigestSettings): (WeeklyTime & { channelId: string }) | undefined {
  if (digestChannelId === null || digestWeekday === null || digestAt === null) return undefined;
  return { channelId: digestChannelId, weekday: digestWeekday, at: digestAt, zone };
}

export type DigestChoice = {
  channelId: string;
  weekday: number;
  at: Temporal.PlainTime;
  coversReports: boolean;
};

/** Sets the digest up, or ends it. Whoever did is named under each digest; the first one comes at the next such hour. */
export async function configureDigest(
  trx: Transaction<Database>,
  workspaceId: string,
  choice: DigestChoice | undefined,
  byId: string,
  now: Temporal.Instant,
): Promise<void> {
  const { zone } = await trx
    .selectFrom('workspace')
    .select('zone')
    .where('id', '=', workspaceId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('workspace')
    .set({
      digestChannelId: choice?.channelId ?? null,
      digestWeekday: choice?.weekday ?? null,
      digestAt: choice?.at ?? null,
      digestCoversReports: choice?.coversReports ?? false,
      digestConfiguredBy: byId,
      digestDueAt: choice ? nextDigest({ ...choice, zone }, now) : null,
    })
    .where('id', '=', workspaceId)
    .execute();
}

/** Takes the workspaces whose digest is due, longest waiting first; what comes of none of them is due again at `again`. */
export async function claimDigests(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  again: Temporal.Instant,
  atMost: number,
): Promise<DigestSettings[]> {
  const due = await trx
    .selectFrom('workspace')
    .select(settings)
    .where('digestDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('digestDueAt', '<=', now)
    .orderBy('digestDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id } of due) await setDigestDue(trx, id, again);
  return due;
}

/** The same of those whose latest digest names what it should not any more. */
export async function claimStaleDigests(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  again: Temporal.Instant,
  atMost: number,
): Promise<DigestSettings[]> {
  const stale = await trx
    .selectFrom('workspace')
    .select(settings)
    .where('digestStaleAt', 'is not', null) // the partial index's predicate, word for word
    .where('digestStaleAt', '<=', now)
    .orderBy('digestStaleAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
  for (const { id } of stale)
    await trx.updateTable('workspace').set({ digestStaleAt: again }).where('id', '=', id).execute();
  return stale;
}

/** It is up to date, unless something has changed since it was claimed until `again`. */
export async function setUpToDate(
  trx: Transaction<Database>,
  workspaceId: string,
  again: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('workspace')
    .set({ digestStaleAt: null })
    .where('id', '=', workspaceId)
    .where('digestStaleAt', '=', again)
    .execute();
}

/** The words of this day's digest are made now. */
export async function setLastDigest(
  trx: Transaction<Database>,
  workspaceId: string,
  on: Temporal.PlainDate,
  at: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('workspace')
    .set({ digestLastOn: on, digestLastAt: at })
    .where('id', '=', workspaceId)
    .execute();
}

/** Null stops it until somebody saves its settings again. */
export async function setDigestDue(
  trx: Transaction<Database>,
  workspaceId: string,
  at: Temporal.Instant | null,
): Promise<void> {
  await trx.updateTable('workspace').set({ digestDueAt: at }).where('id', '=', workspaceId).execute();
}

type Kind = 'contractor' | 'report';
export const coveredKinds = ({ digestCoversReports }: Pick<DigestSettings, 'digestCoversReports'>): Kind[] =>
  digestCoversReports ? ['contractor', 'report'] : ['contractor'];

/** What shows its line to whoever does it, without having asked them for the words. */
const SHOWN_BY: EventVerb[] = ['promised', 'accepted', 'put in digest'];

/** What the firm has open with pairs of these kinds, due by then, as the channel may see it: no text, no partner. */
export async function findDigestItems(
  db: Kysely<Database>,
  workspaceId: string,
  kinds: readonly Kind[],
  dueBy: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<DigestItem[]> {
  const rows = await db
    .selectFrom('commitment')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .select(['commitment.digestLine as line', 'owner.name as ownerName', 'owner.zone as ownerZone', 'commitment.dueOn'])
    .select((eb) =>
      eb.fn
        .coalesce(
          eb
            .selectFrom('commitmentEvent as shown')
            .whereRef('shown.workspaceId', '=', 'commitment.workspaceId')
            .whereRef('shown.commitmentId', '=', 'commitment.id')
            .where('shown.verb', 'in', SHOWN_BY)
            .select((shown) => shown.fn.max('shown.at').as('at')),
          'commitment.createdAt',
        )
        .as('shownAt'),
    )
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.side', '=', 'firm') // the partial index's predicate
    .where('commitment.state', '=', 'open')
    .where('commitment.dueOn', '<=', dueBy)
    .where('pair.kind', 'in', kinds)
    .orderBy('commitment.dueOn')
    .execute();
  return rows.map(({ ownerZone, ...row }) => ({ ...row, ownerToday: dayIn(ownerZone, now) }));
}
