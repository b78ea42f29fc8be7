import { type Kysely, sql, type Transaction } from 'kysely';
import { asTick, startDeadline } from '../../src/db/as-workspace.ts';
import type { Database } from '../../src/db/schema.ts';

export type Filling = {
  /** Each with a meeting ahead, a cadence, and a promise on either side. */
  pairs: number;
  pairsAWorkspace: number;
  /** Nothing is due before this; the first thing is due an hour after it. */
  now: Temporal.Instant;
};

export const workspaceOf = (n: number): string => `T${String(n).padStart(6, '0')}`;

/** A firm, or many, in the middle of their year: rows as the product writes them, made by the server in bulk. */
export async function fill(db: Kysely<Database>, { pairs, pairsAWorkspace, now }: Filling): Promise<void> {
  const at = sql`${now.toString()}::timestamptz`;
  const workspace = sql`'T' || lpad(((n - 1) / ${sql.lit(pairsAWorkspace)})::text, 6, '0')`;
  const leader = sql`'L' || lpad(((n - 1) / 10)::text, 8, '0')`;
  const partner = sql`'P' || lpad(n::text, 8, '0')`;
  const id = (kind: string) => sql`(lpad(to_hex(n), 8, '0') || ${sql.lit(`-${kind}-7000-8000-000000000000`)})::uuid`;
  const all = sql`from generate_series(1, ${sql.lit(pairs)}) n`;
  const bytes = sql`decode(repeat('ab', 60), 'hex')`;
  const spread = sql`n % 1000 * interval '10 minutes'`;

  await asOwnerOfAll(db, async (trx) => {
    await sql`insert into workspace (id, token, check_due_at)
      select distinct ${workspace}, '\\x00'::bytea, ${at} + interval '1 day' ${all}`.execute(trx);
    const person = sql`zone, locale, kind, active, checked_at, privacy_told_at, bundle_due_at`;
    const facts = sql`'America/New_York', 'en-US', 'member', true, ${at}, ${at}, ${at} + interval '1 hour' + ${spread}`;
    await sql`insert into person (workspace_id, id, name, handle, ${person})
      select ${workspace}, ${partner}, 'Partner ' || n, 'p' || n, ${facts} ${all}`.execute(trx);
    await sql`insert into person (workspace_id, id, name, handle, ${person})
      select distinct on (1, 2) ${workspace}, ${leader}, 'Leader', 'l', ${facts} ${all}`.execute(trx);
    await sql`insert into pair (workspace_id, id, leader_id, partner_id, kind, state, created_at, created_by, agreed_at,
        plan_due_at, review_due_at)
      select ${workspace}, ${id('0001')}, ${leader}, ${partner}, 'contractor', 'active', ${at}, ${leader}, ${at},
        ${at} + interval '2 days' + ${spread}, ${at} + interval '91 days' ${all}`.execute(trx);
    await sql`insert into proposal (workspace_id, id, pair_id, by_id, to_id, at, every, interval, anchor, wall_time, zone,
        minutes, purpose, state, answered_by, answered_at)
      select ${workspace}, ${id('0002')}, ${id('0001')}, ${leader}, ${partner}, ${at}, 'weeks', 2,
        (${at} + interval '2 days')::date, '09:00', 'America/New_York', 45, ${bytes}, 'accepted', ${partner}, ${at}
      ${all}`.execute(trx);
    await sql`insert into meeting (workspace_id, id, pair_id, proposal_id, occurrence_on, starts_at, minutes, state,
        created_at, booked_at, due_step, due_at)
      select ${workspace}, ${id('0003')}, ${id('0001')}, ${id('0002')}, (${at} + interval '2 days')::date,
        ${at} + interval '25 hours' + ${spread}, 45, 'planned', ${at}, ${at}, 'prep', ${at} + interval '1 hour' + ${spread}
      ${all}`.execute(trx);
    for (const [side, owner, kind] of [
      ['partner', partner, '0004'],
      ['firm', leader, '0005'],
    ] as const) {
      await sql`insert into commitment (workspace_id, id, pair_id, side, owner_id, written_by, text, due_on, priority,
          state, falls_due_at, created_at, changed_at)
        select ${workspace}, ${id(kind)}, ${id('0001')}, ${side}, ${owner}, ${owner}, ${bytes},
          (${at} + interval '5 days')::date, 'now', 'open', ${at} + interval '6 days' + ${spread}, ${at}, ${at}
        ${all}`.execute(trx);
      await sql`insert into commitment_event (workspace_id, id, commitment_id, version, at, by_id, verb, before, after)
        select ${workspace}, ${id(kind)}, ${id(kind)}, 1, ${at}, ${owner}, 'promised', '{}', '{"state": "open"}'
        ${all}`.execute(trx);
    }
  });
  for (const table of TABLES) await sql`vacuum analyze ${sql.table(table)}`.execute(db);
}

export const TABLES = [
  'workspace',
  'person',
  'pair',
  'proposal',
  'meeting',
  'commitment',
  'commitment_event',
  'outbox',
  'conversation',
] as const;

/** A million pairs take a while. */
const LONG_MS = 3_600_000;

/** Foreign keys are looked at once, when everything is there: one row at a time they take longer than all the rest. */
async function asOwnerOfAll(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<void>): Promise<void> {
  const { rows } = await sql<{ table: string; name: string; definition: string }>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`.execute(db);
  for (const { table, name } of rows)
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(db);
  await asTick(db, work, { deadline: startDeadline(LONG_MS) });
  for (const { table, name, definition } of rows)
    await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)} not valid`.execute(
      db,
    );
}
