import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Person } from '../people/store.ts';

/** A Home that could not be drawn is drawn again after this long. */
const AGAIN_AFTER = { minutes: 1 };

/** Whose Home is to be drawn, and the mark by which it was taken. */
export type Taken = Pick<Person, 'workspaceId' | 'id'> & { takenAt: Temporal.Instant };

/**
 * Marks the Homes that changes were written down for, longest waiting first, and drops those changes; returns how many
 * people it looked at, or 0 when all of them have to wait. A Home that is being drawn meanwhile is marked anew, so that it
 * is drawn once more; where Slack asked to be left alone, for afterwards: a moment later, so as not to be taken for the
 * mark of whoever draws it. Whose row somebody else holds waits, and nobody waits for it.
 */
export async function markChanged(trx: Transaction<Database>, now: Temporal.Instant, atMost: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with changed as materialized (
      select workspace_id, person_id from home_change where at <= ${now}::timestamptz
      group by workspace_id, person_id order by min(at) limit ${atMost}
    ), locked as materialized (
      select p.workspace_id, p.id from person p
      where (p.workspace_id, p.id) in (select workspace_id, person_id from changed)
      for no key update skip locked
    ), done as (
      select workspace_id, id from locked
      union all
      select c.workspace_id, c.person_id from changed c
      where not exists (select from person p where p.workspace_id = c.workspace_id and p.id = c.person_id)
    ), dropped as (
      delete from home_change h where h.at <= ${now}::timestamptz
        and (h.workspace_id, h.person_id) in (select workspace_id, id from done)
    ), stale as (
      select l.workspace_id, l.id, greatest(${now}::timestamptz, w.homes_from + interval '1 ms') as at
      from locked l join workspace w on w.id = l.workspace_id
    ), marked as (
      update person p set home_stale_at = s.at from stale s
      where p.workspace_id = s.workspace_id and p.id = s.id and p.home_stale_at is distinct from s.at
    )
    select case when exists (select from done) then count(*)::int else 0 end as count from changed`.execute(trx);
  return rows[0]?.count ?? 0;
}

/**
 * Takes the Homes that show something old, longest waiting first. Whoever takes one and dies leaves it to be taken again;
 * a change meanwhile marks it anew. Nobody's Home is taken who has nothing here and never opened it, or who left; where
 * Slack asked to be left alone, it is put off until then.
 */
export async function claimStale(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
): Promise<{ taken: Taken[]; count: number }> {
  const takenAt = now.add(AGAIN_AFTER);
  const { rows } = await sql<{ workspaceId: string; id: string; takes: boolean }>`
    with stale as materialized (
      select p.workspace_id, p.id from person p
      where p.home_stale_at is not null and p.home_stale_at <= ${now}::timestamptz
      order by p.home_stale_at limit ${atMost}
      for update skip locked
    ), wanted as (
      select s.workspace_id, s.id,
        p.active and w.token is not null and (p.home_hash is not null
          or exists (select from pair where pair.workspace_id = p.workspace_id and pair.leader_id = p.id)
          or exists (select from pair where pair.workspace_id = p.workspace_id and pair.partner_id = p.id)
          or exists (select from commitment c where c.workspace_id = p.workspace_id and c.owner_id = p.id
            and c.state in ('asked', 'open'))
          or exists (select from commitment c where c.workspace_id = p.workspace_id and c.asked_owner_id = p.id)) as wanted,
        case when w.homes_from > ${now}::timestamptz then w.homes_from + interval '1 ms' end as put_off_to
      from stale s
      join person p on p.workspace_id = s.workspace_id and p.id = s.id
      join workspace w on w.id = s.workspace_id
    )
    update person p set home_stale_at = case when t.wanted then coalesce(t.put_off_to, ${takenAt}::timestamptz) end
    from wanted t where p.workspace_id = t.workspace_id and p.id = t.id
    returning p.workspace_id, p.id, t.wanted and t.put_off_to is null as takes`.execute(trx);
  const taken = rows.filter(({ takes }) => takes).map(({ workspaceId, id }) => ({ workspaceId, id, takenAt }));
  return { taken, count: rows.length };
}

/** Takes one Home, stale or not: somebody is looking at it. */
export async function takeHome(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Person, 'workspaceId' | 'id'>,
  now: Temporal.Instant,
): Promise<Taken> {
  const takenAt = now.add(AGAIN_AFTER);
  await trx
    .updateTable('person')
    .set({ homeStaleAt: takenAt })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
  return { workspaceId, id, takenAt };
}

/** It is drawn, and what was marked since then stays marked. Without a hash it is given up until the next change. */
export async function recordDrawn(
  trx: Transaction<Database>,
  { workspaceId, id, takenAt }: Taken,
  hash: string | undefined,
): Promise<void> {
  await trx
    .updateTable('person')
    .set((eb) => ({
      homeStaleAt: eb
        .case()
        .when('homeStaleAt', '=', takenAt)
        .then(eb.val<Temporal.Instant | null>(null))
        .else(eb.ref('homeStaleAt'))
        .end(),
      ...(hash !== undefined && { homeHash: hash }),
    }))
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** Slack takes no Home of this workspace before that. */
export async function leaveHomesAlone(
  trx: Transaction<Database>,
  workspaceId: string,
  until: Temporal.Instant,
): Promise<void> {
  await trx
    .updateTable('workspace')
    .set((eb) => ({ homesFrom: eb.fn<Temporal.Instant>('greatest', ['homesFrom', eb.val(until)]) }))
    .where('id', '=', workspaceId)
    .execute();
}
