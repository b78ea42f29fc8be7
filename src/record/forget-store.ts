import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { lockCommitments } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { addressOf } from '../delivery/address.ts';
import { lockPairs } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';

/** What stands where somebody's words were. */
export const REMOVED = '(removed)';
export const SOMEBODY_WHO_LEFT = 'Somebody who left';

/** How much of each was removed. */
export type Removed = {
  answers: number;
  agendaItems: number;
  purposes: number;
  reasons: number;
  promises: number;
  recaps: number;
};

type Trx = Transaction<Database>;
type Key = Pick<Person, 'workspaceId' | 'id'>;

/**
 * Whether anything but their name is stored of somebody. Whoever was ever asked for something was sent a message; a
 * conversation of several is a pair's.
 */
export async function isOnRecord(db: Kysely<Database>, { workspaceId, id }: Key): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from pair where workspace_id = ${workspaceId} and leader_id = ${id})
      or exists (select from pair where workspace_id = ${workspaceId} and partner_id = ${id})
      or exists (select from hand_over where workspace_id = ${workspaceId} and from_id = ${id})
      or exists (select from commitment where workspace_id = ${workspaceId} and owner_id = ${id})
      or exists (select from conversation where workspace_id = ${workspaceId} and address = ${id})
      as is`.execute(db);
  return rows[0]?.is ?? false;
}

/** Where somebody's words and id can stand: their pairs, now and before, and the promises there and of theirs elsewhere. */
export type Reach = {
  pairs: string[];
  commitments: string[];
  /** With whom those pairs are or were. */
  others: string[];
};

export async function findReach(db: Kysely<Database>, { workspaceId, id }: Key): Promise<Reach> {
  const pairs = await sql<{ id: string; people: string[] }>`
    select id, array[leader_id, partner_id] as people from pair
    where workspace_id = ${workspaceId} and id in (
      select id from pair where workspace_id = ${workspaceId} and leader_id = ${id}
      union select id from pair where workspace_id = ${workspaceId} and partner_id = ${id}
      union select pair_id from hand_over where workspace_id = ${workspaceId} and from_id = ${id})`.execute(db);
  const found = pairs.rows.map((row) => row.id);
  const commitments = await sql<{ id: string }>`
    select id from commitment where workspace_id = ${workspaceId} and pair_id = any (${found}::uuid[])
    union select id from commitment where workspace_id = ${workspaceId} and owner_id = ${id}
    union select id from commitment
      where workspace_id = ${workspaceId} and asked_owner_id is not null and asked_owner_id = ${id}`.execute(db);
  const before = await sql<{ people: string[] }>`
    select array[from_id, to_id] as people from hand_over
    where workspace_id = ${workspaceId} and pair_id = any (${found}::uuid[])`.execute(db);
  const everybody = [...pairs.rows, ...before.rows].flatMap(({ people }) => people);
  const others = new Set(everybody).difference(new Set([id]));
  return { pairs: found, commitments: commitments.rows.map((row) => row.id), others: [...others] };
}

/** Locks all of it that names them, or is theirs: what will be changed there is changed in many statements. */
export async function lockReach(
  trx: Trx,
  { workspaceId, id }: Key,
  { pairs, commitments }: Pick<Reach, 'pairs' | 'commitments'>,
): Promise<void> {
  await lockPairs(trx, workspaceId, pairs);
  await sql`
    select id from meeting
    where workspace_id = ${workspaceId} and pair_id = any (${pairs}::uuid[]) and ${id} in (moved_by, skipped_by)
    order by id for update`.execute(trx);
  const theirs = await sql<{ id: string }>`
    select id from commitment where workspace_id = ${workspaceId} and id = any (${commitments}::uuid[])
      and ${id} in (owner_id, written_by, asked_by, asked_owner_id)`.execute(trx);
  await lockCommitments(
    trx,
    workspaceId,
    theirs.rows.map((row) => row.id),
  );
}

/**
 * Takes away what somebody wrote, of which all is locked. What is their own alone goes; where the other side's record or a
 * figure needs the row, it stays without its words. A recap that the other side confirmed is the words of both, and stays.
 */
export async function removeWords(trx: Trx, { workspaceId, id }: Key, reach: Reach): Promise<Removed> {
  const inPairs = inPairsOf(reach);
  const inMeetings = inMeetingsOf(workspaceId, reach);
  const answers = await sql`
    delete from prep_answer where workspace_id = ${workspaceId} and ${inMeetings} and person_id = ${id}`.execute(trx);
  const agendaItems = await sql`
    delete from agenda_item where workspace_id = ${workspaceId} and by_id = ${id}`.execute(trx);
  const purposes = await sql`
    update proposal set purpose = ${seal(REMOVED)}
    where workspace_id = ${workspaceId} and ${inPairs} and by_id = ${id}`.execute(trx);
  const skips = await sql`
    update meeting set skip_reason = null
    where workspace_id = ${workspaceId} and ${inPairs} and skipped_by = ${id} and skip_reason is not null`.execute(trx);
  const recaps = await sql`
    update recap set outcome = ${seal(REMOVED)}, decisions = ${seal(REMOVED)}
    where workspace_id = ${workspaceId} and ${inMeetings} and written_by = ${id} and state <> 'confirmed'`.execute(trx);
  const reasons = await sql`
    update commitment_event set reason = null
    where workspace_id = ${workspaceId} and ${ofCommitments(reach)} and by_id = ${id} and reason is not null`.execute(
    trx,
  );
  const promises = await removePromises(trx, { workspaceId, id }, reach);
  return {
    answers: countOf(answers),
    agendaItems: countOf(agendaItems),
    purposes: countOf(purposes),
    reasons: countOf(skips) + countOf(reasons),
    promises,
    recaps: countOf(recaps),
  };
}

const inPairsOf = ({ pairs }: Reach) => sql`pair_id = any (${pairs}::uuid[])`;
const ofCommitments = ({ commitments }: Reach) => sql`commitment_id = any (${commitments}::uuid[])`;
const inMeetingsOf = (workspaceId: string, reach: Reach) => sql`meeting_id in (
  select m.id from meeting m where m.workspace_id = ${workspaceId} and m.pair_id = any (${reach.pairs}::uuid[]))`;

/** Their own promises and what they asked for in vain. What others promised them is the others' to keep. */
async function removePromises(trx: Trx, { workspaceId, id }: Key, { commitments }: Reach): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update commitment set text = ${seal(REMOVED)}, digest_line = null, permalink = null
    where workspace_id = ${workspaceId} and id = any (${commitments}::uuid[]) and (
      (owner_id = ${id} and (written_by = ${id} or state not in ('asked', 'declined', 'lapsed')))
      or (asked_by = ${id} and state in ('asked', 'declined', 'lapsed')))
    returning id`.execute(trx);
  const ids = rows.map((row) => row.id);
  await sql`
    update commitment_event set before = ${withoutLine('before')}, after = ${withoutLine('after')}
    where workspace_id = ${workspaceId} and commitment_id = any (${ids}::uuid[])
      and (before ->> 'digestLine' is not null or after ->> 'digestLine' is not null)`.execute(trx);
  return ids.length;
}

/** The line for the channel is their words too; the row stays the sum of its events. */
const withoutLine = (column: 'before' | 'after') => {
  const facts = sql.ref(column);
  return sql`case when ${facts} ? 'digestLine' then jsonb_set(${facts}, '{digestLine}', 'null') else ${facts} end`;
};

/**
 * Puts somebody without a name in the place of somebody, who is known here no longer: no zone, no hours, no messages. Who
 * comes back is somebody new. What was said to others about their things is combed afterwards.
 */
export async function removeName(
  trx: Trx,
  person: Person,
  reach: Reach,
  instead: string,
  now: Temporal.Instant,
): Promise<void> {
  const { workspaceId, id } = person;
  await sql`
    insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at)
    select id, ${instead}, ${SOMEBODY_WHO_LEFT}, 'somebody', zone, 'en-US', 'member', false, ${now}
    from workspace where id = ${workspaceId}`.execute(trx);
  const addresses = reach.others.map((other) => addressOf({ people: [id, other] }));
  await sql`
    delete from conversation
    where workspace_id = ${workspaceId} and address = any (${[id, ...addresses]}::text[])`.execute(trx);

  const swap = { id, instead };
  const inPairs = inPairsOf(reach);
  const ofThese = sql`id = any (${reach.commitments}::uuid[])`;
  const named: [string, string[], RawBuilder<unknown>][] = [
    ['pair', ['leader_id', 'partner_id', 'created_by'], sql`id = any (${reach.pairs}::uuid[])`],
    ['proposal', ['by_id', 'to_id', 'answered_by'], inPairs],
    ['meeting', ['moved_by', 'skipped_by'], inPairs],
    ['recap', ['written_by', 'confirmed_by'], inMeetingsOf(workspaceId, reach)],
    ['commitment', ['owner_id', 'written_by', 'asked_by', 'asked_owner_id'], ofThese],
    ['hand_over', ['from_id'], sql`from_id = ${id}`],
    ['hand_over', ['to_id'], sql`to_id = ${id}`],
  ];
  for (const [table, columns, where] of named) await swapIn(trx, workspaceId, table, columns, where, swap);
  await swapInEvents(trx, workspaceId, ofCommitments(reach), swap);
  await swapInOutbox(trx, workspaceId, sql`address = any (${reach.others}::text[])`, swap);
  await sql`
    update workspace set owner_id = nullif(owner_id, ${id}),
      digest_configured_by = case when digest_configured_by = ${id} then ${instead} else digest_configured_by end
    where id = ${workspaceId}`.execute(trx);
  await removePerson(trx, person);
}

export type Swap = { id: string; instead: string };

async function swapIn(
  trx: Trx,
  workspaceId: string,
  table: string,
  columns: string[],
  where: RawBuilder<unknown>,
  { id, instead }: Swap,
): Promise<void> {
  const swapped = columns.map((name) => {
    const column = sql.ref(name);
    return sql`${column} = case when ${column} = ${id} then ${instead} else ${column} end`;
  });
  await sql`
    update ${sql.table(table)} set ${sql.join(swapped)}
    where workspace_id = ${workspaceId} and ${where} and ${id} in (${sql.join(columns.map((name) => sql.ref(name)))})`.execute(
    trx,
  );
}

/** In the facts before and after, and as whoever did it; with their reason. */
export async function swapInEvents(
  trx: Trx,
  workspaceId: string,
  where: RawBuilder<unknown>,
  { id, instead }: Swap,
): Promise<void> {
  const [from, to] = [`"${id}"`, `"${instead}"`];
  await sql`
    update commitment_event set before = replace(before::text, ${from}, ${to})::jsonb,
      after = replace(after::text, ${from}, ${to})::jsonb,
      reason = case when by_id = ${id} then null else reason end,
      by_id = case when by_id = ${id} then ${instead} else by_id end
    where workspace_id = ${workspaceId} and ${where}
      and (by_id = ${id} or strpos(before::text, ${from}) > 0 or strpos(after::text, ${from}) > 0)`.execute(trx);
}

export async function swapInOutbox(
  trx: Trx,
  workspaceId: string,
  where: RawBuilder<unknown>,
  { id, instead }: Swap,
): Promise<void> {
  await sql`
    update outbox set key = replace(key, ${id}, ${instead}), about = replace(about::text, ${id}, ${instead})::jsonb
    where workspace_id = ${workspaceId} and ${where}
      and (strpos(about::text, ${id}) > 0 or strpos(key, ${id}) > 0)`.execute(trx);
}

export async function removePerson(trx: Trx, { workspaceId, id }: Key): Promise<void> {
  await trx.deleteFrom('person').where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

const countOf = ({ numAffectedRows }: { numAffectedRows?: bigint }): number => Number(numAffectedRows ?? 0n);
