import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
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

/** Whether anything but their name is stored of somebody. Whoever was ever asked for something was sent a message. */
export async function isOnRecord(db: Kysely<Database>, { workspaceId, id }: Key): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from pair where workspace_id = ${workspaceId} and leader_id = ${id})
      or exists (select from pair where workspace_id = ${workspaceId} and partner_id = ${id})
      or exists (select from commitment where workspace_id = ${workspaceId} and owner_id = ${id})
      or exists (select from conversation where workspace_id = ${workspaceId} and ${id} = any (string_to_array(address, '+')))
      as is`.execute(db);
  return rows[0]?.is ?? false;
}

/**
 * Takes away what somebody wrote. What is their own alone goes; where the other side's record or a figure needs the row,
 * it stays without its words. A recap that the other side confirmed is the words of both, and stays.
 */
export async function removeWords(trx: Trx, { workspaceId, id }: Key): Promise<Removed> {
  const answers = await sql`
    delete from prep_answer where workspace_id = ${workspaceId} and person_id = ${id}`.execute(trx);
  const agendaItems = await sql`
    delete from agenda_item where workspace_id = ${workspaceId} and by_id = ${id}`.execute(trx);
  const purposes = await sql`
    update proposal set purpose = ${seal(REMOVED)} where workspace_id = ${workspaceId} and by_id = ${id}`.execute(trx);
  const skips = await sql`
    update meeting set skip_reason = null
    where workspace_id = ${workspaceId} and skipped_by = ${id} and skip_reason is not null`.execute(trx);
  const recaps = await sql`
    update recap set outcome = ${seal(REMOVED)}, decisions = ${seal(REMOVED)}
    where workspace_id = ${workspaceId} and written_by = ${id} and state <> 'confirmed'`.execute(trx);
  const reasons = await sql`
    update commitment_event set reason = null
    where workspace_id = ${workspaceId} and by_id = ${id} and reason is not null`.execute(trx);
  const promises = await removePromises(trx, { workspaceId, id });
  return {
    answers: countOf(answers),
    agendaItems: countOf(agendaItems),
    purposes: countOf(purposes),
    reasons: countOf(skips) + countOf(reasons),
    promises,
    recaps: countOf(recaps),
  };
}

/** Their own promises and what they asked for in vain. What others promised them is the others' to keep. */
async function removePromises(trx: Trx, { workspaceId, id }: Key): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update commitment set text = ${seal(REMOVED)}, digest_line = null, permalink = null
    where workspace_id = ${workspaceId} and (
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

/** Every column that holds somebody's id, but the audit's. */
const NAMED: Record<string, string[]> = {
  pair: ['leader_id', 'partner_id', 'created_by'],
  hand_over: ['from_id', 'to_id'],
  proposal: ['by_id', 'to_id', 'answered_by'],
  meeting: ['moved_by', 'skipped_by'],
  commitment: ['owner_id', 'written_by', 'asked_by', 'asked_owner_id'],
  commitment_event: ['by_id'],
  recap: ['written_by', 'confirmed_by'],
};

/**
 * Puts somebody without a name in the place of somebody, who is known here no longer: no zone, no hours, no messages. Who
 * comes back is somebody new.
 */
export async function removeName(trx: Trx, person: Person, instead: string, now: Temporal.Instant): Promise<void> {
  const { workspaceId, id } = person;
  await sql`
    insert into person (workspace_id, id, name, handle, zone, locale, kind, active, checked_at)
    select id, ${instead}, ${SOMEBODY_WHO_LEFT}, 'somebody', zone, 'en-US', 'member', false, ${now}
    from workspace where id = ${workspaceId}`.execute(trx);
  await sql`
    delete from conversation
    where workspace_id = ${workspaceId} and ${id} = any (string_to_array(address, '+'))`.execute(trx);
  await sql`
    update outbox set key = replace(key, ${id}, ${instead}),
      about = replace(about::text, ${id}, ${instead})::jsonb
    where workspace_id = ${workspaceId} and (strpos(about::text, ${id}) > 0 or strpos(key, ${id}) > 0)`.execute(trx);
  await sql`
    update commitment_event set before = replace(before::text, ${`"${id}"`}, ${`"${instead}"`})::jsonb,
      after = replace(after::text, ${`"${id}"`}, ${`"${instead}"`})::jsonb
    where workspace_id = ${workspaceId}
      and (strpos(before::text, ${`"${id}"`}) > 0 or strpos(after::text, ${`"${id}"`}) > 0)`.execute(trx);
  for (const [table, columns] of Object.entries(NAMED))
    for (const column of columns)
      await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${instead}
        where workspace_id = ${workspaceId} and ${sql.ref(column)} = ${id}`.execute(trx);
  await sql`
    update workspace set owner_id = nullif(owner_id, ${id}),
      digest_configured_by = case when digest_configured_by = ${id} then ${instead} else digest_configured_by end
    where id = ${workspaceId}`.execute(trx);
  await removePerson(trx, person);
}

export async function removePerson(trx: Trx, { workspaceId, id }: Key): Promise<void> {
  await trx.deleteFrom('person').where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

const countOf = ({ numAffectedRows }: { numAffectedRows?: bigint }): number => Number(numAffectedRows ?? 0n);
