import { type Insertable, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { PREPARED } from '../db/prepared.ts';
import type { Database, MeetingTable, PairTable } from '../db/schema.ts';

export type Meeting = Selectable<MeetingTable>;
/** A meeting with the people and the kind of its pair: what permission and the screens need. */
export type PairedMeeting = Meeting &
  Pick<Selectable<PairTable>, 'leaderId' | 'partnerId' | 'kind'> & { pairState: PairTable['state'] };
function paired(db: Kysely<Database>) {
  return db
    .selectFrom('meeting')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'meeting.workspaceId').onRef('pair.id', '=', 'meeting.pairId'),
    )
    .selectAll('meeting')
    .select(['pair.leaderId', 'pair.partnerId', 'pair.kind', 'pair.state as pairState']);
}

export function findMeeting(db: Kysely<Database>, workspaceId: string, id: string): Promise<PairedMeeting | undefined> {
  return paired(db).where('meeting.workspaceId', '=', workspaceId).where('meeting.id', '=', id).executeTakeFirst();
}

export function findMeetings(
  db: Kysely<Database>,
  workspaceId: string,
  ids: readonly string[],
): Promise<PairedMeeting[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return paired(db).where('meeting.workspaceId', '=', workspaceId).where('meeting.id', 'in', ids).execute();
}

/** Lock its pair first: whoever plans holds that one and then wants the meeting. */
export function lockMeeting(
  trx: Transaction<Database>,
  workspaceId: string,
  id: string,
): Promise<PairedMeeting | undefined> {
  return paired(trx)
    .where('meeting.workspaceId', '=', workspaceId)
    .where('meeting.id', '=', id)
    .forUpdate('meeting')
    .executeTakeFirst();
}

/** The first planned one that is not over at `now`. */
export function findNextMeeting(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
  now: Temporal.Instant,
): Promise<PairedMeeting | undefined> {
  return paired(db)
    .modifyFront(PREPARED)
    .where('meeting.workspaceId', '=', workspaceId)
    .where('meeting.pairId', '=', pairId)
    .where('meeting.state', '=', 'planned')
    .where(sql<boolean>`meeting.starts_at + meeting.minutes * interval '1 minute' > ${now}`)
    .orderBy('meeting.startsAt')
    .limit(1)
    .executeTakeFirst();
}

/** All that are planned, over or not, earliest first. */
export function findPlanned(db: Kysely<Database>, workspaceId: string, pairId: string): Promise<PairedMeeting[]> {
  return paired(db)
    .where('meeting.workspaceId', '=', workspaceId)
    .where('meeting.pairId', '=', pairId)
    .where('meeting.state', '=', 'planned')
    .orderBy('meeting.startsAt')
    .execute();
}

/** Locks all that are planned for these pairs, by id. */
export async function lockPlanned(
  trx: Transaction<Database>,
  workspaceId: string,
  pairIds: readonly string[],
): Promise<void> {
  if (pairIds.length === 0) return;
  await trx
    .selectFrom('meeting')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where(sql<boolean>`pair_id = any(${[...pairIds]}::uuid[])`)
    .where('state', '=', 'planned')
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** The newest that has begun, whatever became of it: the one that a recap written now is about. */
export function findLatestBegun(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
  now: Temporal.Instant,
): Promise<PairedMeeting | undefined> {
  return paired(db)
    .where('meeting.workspaceId', '=', workspaceId)
    .where('meeting.pairId', '=', pairId)
    .where('meeting.state', '!=', 'replaced')
    .where('meeting.startsAt', '<=', now)
    .orderBy('meeting.startsAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The newest held one that began before `before`. */
export function findLastHeld(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
  before: Temporal.Instant,
): Promise<PairedMeeting | undefined> {
  return paired(db)
    .where('meeting.workspaceId', '=', workspaceId)
    .where('meeting.pairId', '=', pairId)
    .where('meeting.state', '=', 'held')
    .where('meeting.startsAt', '<', before)
    .orderBy('meeting.startsAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Those that came to an end, newest first. */
export function findEnded(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
  atMost: number,
): Promise<Meeting[]> {
  return db
    .selectFrom('meeting')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .where('state', 'in', ['held', 'skipped', 'unrecorded'])
    .orderBy('startsAt', 'desc')
    .limit(atMost)
    .execute();
}

/** The last occurrence of a cadence that was ever planned. */
export function findLatestOccurrence(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
  proposalId: string,
): Promise<(Meeting & { occurrenceOn: Temporal.PlainDate }) | undefined> {
  return db
    .selectFrom('meeting')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .where('proposalId', '=', proposalId)
    .where('occurrenceOn', 'is not', null)
    .orderBy('occurrenceOn', 'desc')
    .limit(1)
    .$narrowType<{ occurrenceOn: Temporal.PlainDate }>()
    .executeTakeFirst();
}

/** Writes a meeting once for each occurrence: undefined when it was planned before. */
export function insertMeeting(
  trx: Transaction<Database>,
  meeting: Insertable<MeetingTable>,
): Promise<Meeting | undefined> {
  return trx
    .insertInto('meeting')
    .values(meeting)
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'pairId', 'proposalId', 'occurrenceOn'])
        .where('occurrenceOn', 'is not', null)
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

type Change = Partial<
  Pick<
    Insertable<MeetingTable>,
    | 'startsAt'
    | 'minutes'
    | 'state'
    | 'bookedAt'
    | 'stepsDone'
    | 'dueStep'
    | 'dueAt'
    | 'movedTimes'
    | 'countedMoves'
    | 'movedBy'
    | 'skippedBy'
    | 'skipReason'
    | 'endedAt'
  >
>;

/** A change that somebody made. Needs the row locked. */
export async function updateMeeting(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Meeting, 'workspaceId' | 'id'>,
  change: Change,
): Promise<void> {
  await trx
    .updateTable('meeting')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .execute();
}

/** What time did: a form that is open meanwhile stays good, so the version stays. */
export async function updateSteps(
  trx: Transaction<Database>,
  { workspaceId, id }: Pick<Meeting, 'workspaceId' | 'id'>,
  change: Pick<Change, 'stepsDone' | 'dueStep' | 'dueAt' | 'state' | 'endedAt'>,
): Promise<void> {
  await trx.updateTable('meeting').set(change).where('workspaceId', '=', workspaceId).where('id', '=', id).execute();
}

/** Where time has brought a meeting. */
export type StepsTaken = Pick<Meeting, 'workspaceId' | 'id' | 'stepsDone' | 'dueStep' | 'dueAt' | 'state' | 'endedAt'>;

/** As `updateSteps`, for any number of meetings in one statement. */
export async function updateAllSteps(trx: Transaction<Database>, taken: StepsTaken[]): Promise<void> {
  if (taken.length === 0) return;
  const rows = taken.map((one) => ({
    workspace_id: one.workspaceId,
    id: one.id,
    steps_done: one.stepsDone,
    due_step: one.dueStep,
    due_at: one.dueAt?.toString() ?? null,
    state: one.state,
    ended_at: one.endedAt?.toString() ?? null,
  }));
  await sql`
    update meeting m set
      steps_done = t.steps_done, due_step = t.due_step, due_at = t.due_at, state = t.state, ended_at = t.ended_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (
      workspace_id text, id uuid, steps_done text[], due_step text, due_at timestamptz, state text, ended_at timestamptz)
    where m.workspace_id = t.workspace_id and m.id = t.id`.execute(trx);
}

/** Of these meetings, of any workspaces, those whose partner said what they have to produce. */
export async function findOutcomesNamed(
  trx: Transaction<Database>,
  meetings: Pick<PairedMeeting, 'workspaceId' | 'id' | 'partnerId'>[],
): Promise<Set<string>> {
  const { rows } = await sql<{ meetingId: string }>`
    select a.meeting_id from unnest(
      ${meetings.map(({ workspaceId }) => workspaceId)}::text[], ${meetings.map(({ id }) => id)}::uuid[],
      ${meetings.map(({ partnerId }) => partnerId)}::text[]) as m (workspace_id, id, partner_id)
    join prep_answer a on a.workspace_id = m.workspace_id and a.meeting_id = m.id and a.person_id = m.partner_id
      and a.question = 'outcome'`.execute(trx);
  return new Set(rows.map(({ meetingId }) => meetingId));
}

/** Locks the agreed pairs whose next meeting has to be planned, longest waiting first; another process skips them. */
export function lockPlanDue(trx: Transaction<Database>, now: Temporal.Instant, atMost: number) {
  return trx
    .selectFrom('pair')
    .selectAll()
    .where('planDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('planDueAt', '<=', now)
    .orderBy('planDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Locks the meetings that have a step to take, longest waiting first; another process skips them. */
export function lockStepsDue(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  atMost: number,
): Promise<PairedMeeting[]> {
  return paired(trx)
    .where('meeting.dueAt', 'is not', null) // the partial index's predicate, word for word
    .where('meeting.dueAt', '<=', now)
    .orderBy('meeting.dueAt')
    .limit(atMost)
    .forUpdate('meeting')
    .skipLocked()
    .execute();
}
