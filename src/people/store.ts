import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { lastly } from '../db/lastly.ts';
import { PREPARED } from '../db/prepared.ts';
import type { Database, PersonTable } from '../db/schema.ts';
import { isBefore } from '../ground/zoned.ts';
import { nextBundleAt } from './rules.ts';

export type Person = Selectable<PersonTable>;
/** What Slack tells about a person; everything else on the row is theirs to set. */
export type SeenPerson = Pick<
  Insertable<PersonTable>,
  'workspaceId' | 'id' | 'name' | 'handle' | 'zone' | 'locale' | 'kind' | 'active' | 'checkedAt'
>;

export function findPeople(db: Kysely<Database>, workspaceId: string, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('person')
    .modifyFront(PREPARED)
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .execute();
}

export function findPerson(db: Kysely<Database>, workspaceId: string, id: string): Promise<Person | undefined> {
  return db
    .selectFrom('person')
    .modifyFront(PREPARED)
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export function findPersonOrThrow(db: Kysely<Database>, workspaceId: string, id: string): Promise<Person> {
  return db
    .selectFrom('person')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** The owner of the firm, where the settings name one. */
export function findFirmOwner(db: Kysely<Database>, workspaceId: string): Promise<Person | undefined> {
  return db
    .selectFrom('workspace')
    .innerJoin('person', (join) =>
      join.onRef('person.workspaceId', '=', 'workspace.id').onRef('person.id', '=', 'workspace.ownerId'),
    )
    .selectAll('person')
    .where('workspace.id', '=', workspaceId)
    .executeTakeFirst();
}

export type PersonKey = Pick<Person, 'workspaceId' | 'id'>;

/** These people, of any workspaces, by `workspace person`. */
export async function findEverybody(
  trx: Transaction<Database>,
  keys: readonly PersonKey[],
): Promise<Map<string, Person>> {
  const found = await trx.selectFrom('person').selectAll().where(isAmong(keys)).execute();
  return new Map(found.map((person) => [`${person.workspaceId} ${person.id}`, person]));
}

/** Any number of people of any workspaces, by the primary key. */
const isAmong = (keys: readonly PersonKey[]) =>
  sql<boolean>`(person.workspace_id, person.id) in (select * from ${listed(keys)})`;

const listed = (keys: readonly PersonKey[]) =>
  sql`unnest(${keys.map(({ workspaceId }) => workspaceId)}::text[], ${keys.map(({ id }) => id)}::text[])`;

/**
 * Writes down what Slack says about people, the newer word over the older, and leaves alone what they chose for themselves.
 * Where it is news, the next tick does what follows.
 */
export async function recordPeople(trx: Transaction<Database>, people: readonly SeenPerson[]): Promise<void> {
  if (people.length === 0) return;
  await trx
    .insertInto('person')
    .values(people.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'id'])
        .doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          handle: eb.ref('excluded.handle'),
          zone: eb.ref('excluded.zone'),
          locale: eb.ref('excluded.locale'),
          kind: eb.ref('excluded.kind'),
          active: eb.ref('excluded.active'),
          checkedAt: eb.ref('excluded.checkedAt'),
          newsDueAt: sql<Temporal.Instant | null>`case when ${isNews} then excluded.checked_at else person.news_due_at end`,
        }))
        .where('person.checkedAt', '<=', (eb) => eb.ref('excluded.checkedAt')),
    )
    .execute();
}

const isNews = sql`(person.name, person.handle, person.zone, person.locale, person.kind, person.active) is distinct from
  (excluded.name, excluded.handle, excluded.zone, excluded.locale, excluded.kind, excluded.active)`;

/** Slack knows them no longer: nothing is sent to them. */
export async function recordLeft(
  trx: Transaction<Database>,
  { workspaceId, id }: PersonKey,
  now: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('person')
    .set({
      active: false,
      checkedAt: now,
      newsDueAt: sql<Temporal.Instant | null>`case when active then ${now}::timestamptz else news_due_at end`,
    })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** When and how much somebody wants to hear. */
export type Preferences = Pick<
  Person,
  'welcomeFrom' | 'welcomeTo' | 'workdays' | 'level' | 'prepHours' | 'snoozedUntil'
>;

/** Keeps what somebody chose for themselves; a bundle that waits is looked at in the new hours. */
export async function updatePreferences(
  trx: Transaction<Database>,
  person: Person,
  chosen: Preferences,
  now: Temporal.Instant,
): Promise<void> {
  const changed = { ...person, ...chosen };
  await trx
    .updateTable('person')
    .set({ ...chosen, ...(person.bundleDueAt && { bundleDueAt: nextBundleAt(changed, now) }) })
    .where('workspaceId', '=', person.workspaceId)
    .where('id', '=', person.id)
    .execute();
}

/** Has these people's Home published again by the next tick. Whoever writes waits for nobody: no row of theirs is locked. */
export const markHomeStale = (
  trx: Transaction<Database>,
  workspaceId: string,
  personIds: readonly string[],
  now: Temporal.Instant,
): Promise<void> =>
  markAllHomesStale(
    trx,
    personIds.map((id) => ({ workspaceId, id })),
    now,
  );

/** As `markHomeStale`, for people of any workspaces. */
export async function markAllHomesStale(
  trx: Transaction<Database>,
  keys: readonly PersonKey[],
  now: Temporal.Instant,
): Promise<void> {
  if (keys.length === 0) return;
  await sql`insert into home_change (workspace_id, person_id, at)
    select distinct *, ${now}::timestamptz from ${listed(keys)}`.execute(trx);
}

/**
 * Has the next bundle of these people look at what concerns them: something changed that it may have to say. Their rows
 * are locked at the transaction's end, by id.
 */
export function scheduleBundle(trx: Transaction<Database>, people: readonly Person[], now: Temporal.Instant): void {
  const bundles = people.map((person) => ({ person, at: nextBundleAt(person, now), now }));
  // One that is due now may be being made at this moment, from what stood there before.
  const waits = ({ bundleDueAt }: Person, at: Temporal.Instant) =>
    bundleDueAt !== null && isBefore(now, bundleDueAt) && !isBefore(at, bundleDueAt);
  const wanted = bundles.filter(({ person, at }) => !waits(person, at));
  if (wanted.length > 0) scheduleAtTheEnd(trx, wanted);
}

type Bundle = { person: PersonKey; at: Temporal.Instant; now: Temporal.Instant };

const scheduleAtTheEnd = lastly<Bundle>('people', async (trx, bundles) => {
  const wanted = sql`unnest(${bundles.map(({ person }) => person.workspaceId)}::text[],
    ${bundles.map(({ person }) => person.id)}::text[], ${bundles.map(({ at }) => String(at))}::timestamptz[],
    ${bundles.map(({ now }) => String(now))}::timestamptz[])`;
  await sql`
    with wanted as (
      select workspace_id, id, min(at) as at, max(now) as now from ${wanted} as w (workspace_id, id, at, now) group by 1, 2
    ), locked as (
      select p.workspace_id, p.id, w.at from person p join wanted w on w.workspace_id = p.workspace_id and w.id = p.id
      where p.bundle_due_at is null or p.bundle_due_at > w.at or p.bundle_due_at <= w.now
      order by p.workspace_id, p.id for no key update of p
    )
    update person p set bundle_due_at = least(p.bundle_due_at, locked.at) from locked
    where p.workspace_id = locked.workspace_id and p.id = locked.id`.execute(trx);
});

/** Who can read what they answer is said to a person once. Locks their rows by id: call it last. */
export async function markAllPrivacyTold(
  trx: Transaction<Database>,
  keys: readonly PersonKey[],
  now: Temporal.Instant,
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    with locked as (
      select workspace_id, id from person where ${isAmong(keys)} order by workspace_id, id for no key update
    )
    update person p set privacy_told_at = ${now}::timestamptz from locked
    where p.workspace_id = locked.workspace_id and p.id = locked.id`.execute(trx);
}
