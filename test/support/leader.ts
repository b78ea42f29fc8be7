import { type Kysely, sql, type Transaction } from 'kysely';
import { asTick, startDeadline } from '../../src/db/as-workspace.ts';
import type { Database } from '../../src/db/schema.ts';
import { seal } from '../../src/db/sealed.ts';

export const PAIRS = 40;
/** Open or asked in each pair; twice as many were kept before. */
export const EACH = 50;
export const pairOf = (n: number) => `0190c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const partnerOf = (n: number) => `U0P${String(n).padStart(7, '0')}`;
export const partnerName = (n: number) => `Partner ${String(n).padStart(2, '0')}`;
export const promiseOf = (n: number, place: number) =>
  `listing presentation ${place} of pair ${n}, with the photographs and the draft of the brochure`;

export type Founding = { firm: string; leader: string; now: Temporal.Instant };

/**
 * A leader of forty pairs in a firm that is there already. Each pair has a meeting next week and fifty that were held;
 * what is open is due from two weeks ago to two weeks ahead.
 */
export async function foundLeader(db: Kysely<Database>, founding: Founding): Promise<void> {
  const { firm, leader, now } = founding;
  await asTick(
    db,
    async (trx) => {
      const names: [string, string][] = [[leader, 'Dana']];
      for (let n = 1; n <= PAIRS; n++) names.push([partnerOf(n), partnerName(n)]);
      for (const [id, name] of names)
        await sql`insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at)
          values (${firm}, ${id}, ${name}, ${name}, 'America/New_York', 'en-US', 'member', true, ${now})
          on conflict do nothing`.execute(trx);
      for (let n = 1; n <= PAIRS; n++) await foundPair(trx, n, founding);
      await sql`insert into commitment_event (workspace_id, id, commitment_id, version, at, by_id, verb, before, after)
        select c.workspace_id, c.id, c.id, 1, c.created_at, c.owner_id, 'promised', '{}', '{}' from commitment c
        join pair p on p.workspace_id = c.workspace_id and p.id = c.pair_id
        where p.workspace_id = ${firm} and p.leader_id = ${leader}`.execute(trx);
    },
    { deadline: startDeadline(600_000) },
  );
  for (const table of ['person', 'pair', 'meeting', 'commitment', 'commitment_event'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

async function foundPair(trx: Transaction<Database>, n: number, founding: Founding): Promise<void> {
  const { firm, leader, now } = founding;
  await sql`insert into pair (workspace_id, id, leader_id, partner_id, kind, state, created_at, created_by, agreed_at)
    values (${firm}, ${pairOf(n)}, ${leader}, ${partnerOf(n)}, 'contractor', 'active', ${now}, ${leader}, ${now})`.execute(
    trx,
  );
  await sql`insert into proposal (workspace_id, id, pair_id, by_id, to_id, at, every, interval, anchor, wall_time, zone,
      minutes, purpose, state, answered_by, answered_at)
    values (${firm}, ${pairOf(n)}, ${pairOf(n)}, ${leader}, ${partnerOf(n)}, ${now}, 'weeks', 2, '2027-03-08', '09:00',
      'America/New_York', 45, ${seal('support')}, 'accepted', ${partnerOf(n)}, ${now})`.execute(trx);
  await sql`insert into meeting (workspace_id, id, pair_id, proposal_id, starts_at, minutes, state, created_at, booked_at, ended_at)
    select ${firm}, gen_random_uuid(), ${pairOf(n)}, ${pairOf(n)}, ${now}::timestamptz + (7 - 14 * w) * interval '1 day', 45,
      case when w = 0 then 'planned' else 'held' end, ${now}, ${now}, case when w > 0 then ${now}::timestamptz end
    from generate_series(0, 50) w`.execute(trx);
  await trx
    .insertInto('commitment')
    .values(Array.from({ length: 3 * EACH }, (_, place) => promise(n, place, founding)))
    .execute();
}

function promise(n: number, place: number, { firm, leader, now }: Founding) {
  const isFirms = place % 2 === 0;
  const ownerId = isFirms ? leader : partnerOf(n);
  const isKept = place >= EACH;
  const isAsked = !isKept && place % 10 === 3;
  const today = now.toZonedDateTimeISO('UTC').toPlainDate();
  const dueOn = today.add({ days: isKept ? -20 - place : isAsked ? 20 : (place % 29) - 14 });
  const keptAt = isKept ? dueOn.toZonedDateTime('UTC').toInstant() : null;
  return {
    workspaceId: firm,
    id: `0190${String(n).padStart(4, '0')}-0000-7000-8000-${String(place).padStart(12, '0')}`,
    pairId: pairOf(n),
    side: isFirms ? ('firm' as const) : ('partner' as const),
    ownerId,
    writtenBy: ownerId,
    askedBy: isAsked ? leader : null,
    text: seal(promiseOf(n, place)),
    dueOn,
    priority: 'now' as const,
    state: isKept ? ('kept' as const) : isAsked ? ('asked' as const) : ('open' as const),
    keptOn: isKept ? dueOn : null,
    keptAt,
    createdAt: now,
    changedAt: keptAt ?? now,
  };
}
