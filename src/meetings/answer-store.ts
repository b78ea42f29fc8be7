import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import type { Meeting } from './store.ts';

/** What somebody answered before a meeting, by question. */
export async function findAnswers(
  db: Kysely<Database>,
  workspaceId: string,
  meetingId: string,
  personId: string,
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('prepAnswer')
    .select(['question', 'answer'])
    .where('workspaceId', '=', workspaceId)
    .where('meetingId', '=', meetingId)
    .where('personId', '=', personId)
    .execute();
  return new Map(rows.map(({ question, answer }) => [question, answer]));
}

/** Keeps these answers; an empty one takes back what was answered. */
export async function saveAnswers(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Meeting, 'workspaceId' | 'id'>,
  personId: string,
  answers: Record<string, string>,
  now: Temporal.Instant,
): Promise<void> {
  const given = Object.entries(answers);
  const emptied = given.filter(([, answer]) => answer === '').map(([question]) => question);
  if (emptied.length > 0)
    await trx
      .deleteFrom('prepAnswer')
      .where('workspaceId', '=', workspaceId)
      .where('meetingId', '=', id)
      .where('personId', '=', personId)
      .where('question', 'in', emptied)
      .execute();
  const kept = given.filter(([, answer]) => answer !== '');
  if (kept.length === 0) return;
  await trx
    .insertInto('prepAnswer')
    .values(
      kept.map(([question, answer]) => ({
        workspaceId,
        meetingId: id,
        personId,
        question,
        answer: seal(answer),
        updatedAt: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'meetingId', 'personId', 'question']).doUpdateSet((eb) => ({
        answer: eb.ref('excluded.answer'),
        updatedAt: eb.ref('excluded.updatedAt'),
      })),
    )
    .execute();
}

/** What was answered for a meeting that gave way stands for the one that takes its place. */
export async function carryAnswers(
  trx: Transaction<Database>,
  workspaceId: string,
  fromMeetingId: string,
  toMeetingId: string,
): Promise<void> {
  await trx
    .updateTable('prepAnswer')
    .set({ meetingId: toMeetingId })
    .where('workspaceId', '=', workspaceId)
    .where('meetingId', '=', fromMeetingId)
    .where('question', '!=', 'keep')
    .execute();
}
