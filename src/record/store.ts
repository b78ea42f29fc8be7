import { type Kysely, type Selectable, sql } from 'kysely';
import type {
  AgendaItemTable,
  CommitmentEventTable,
  CommitmentTable,
  Database,
  MeetingTable,
  PrepAnswerTable,
  ProposalTable,
  RecapTable,
} from '../db/schema.ts';
import { findPairsEver, type Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';

export type RecordedCommitment = Selectable<CommitmentTable> & { events: Selectable<CommitmentEventTable>[] };

/** Everything that is stored of a pair, in the order in which it came about. */
export type History = {
  pair: Pair;
  leader: Person;
  partner: Person;
  /** Everybody who is named in it, by id. */
  people: Map<string, Person>;
  proposals: Selectable<ProposalTable>[];
  meetings: Selectable<MeetingTable>[];
  answers: Selectable<PrepAnswerTable>[];
  agenda: Selectable<AgendaItemTable>[];
  recaps: Selectable<RecapTable>[];
  commitments: RecordedCommitment[];
};

/** Pairs of `otherId` that somebody has left to another leader, and wrote in while they were theirs. */
export async function findPairsLeft(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  otherId: string,
): Promise<Pair[]> {
  const candidates = await findPairsEver(db, workspaceId, otherId);
  const others = candidates.filter(({ leaderId, partnerId }) => leaderId !== personId && partnerId !== personId);
  const left: Pair[] = [];
  for (const pair of others) if (await hasWrittenIn(db, pair, personId)) left.push(pair);
  return left;
}

/** Whether anything of this pair is somebody's own words. */
export async function hasWrittenIn(
  db: Kysely<Database>,
  { workspaceId, id }: Pick<Pair, 'workspaceId' | 'id'>,
  personId: string,
): Promise<boolean> {
  const { rows } = await sql<{ wrote: boolean }>`
    select exists (select from proposal where workspace_id = ${workspaceId} and pair_id = ${id} and by_id = ${personId})
      or exists (select from agenda_item where workspace_id = ${workspaceId} and pair_id = ${id} and by_id = ${personId})
      or exists (select from commitment where workspace_id = ${workspaceId} and pair_id = ${id} and written_by = ${personId})
      or exists (select from meeting m join recap r on r.workspace_id = m.workspace_id and r.meeting_id = m.id
        where m.workspace_id = ${workspaceId} and m.pair_id = ${id} and r.written_by = ${personId})
      or exists (select from meeting m join prep_answer a on a.workspace_id = m.workspace_id and a.meeting_id = m.id
        where m.workspace_id = ${workspaceId} and m.pair_id = ${id} and a.person_id = ${personId}) as wrote`.execute(
    db,
  );
  return rows[0]?.wrote ?? false;
}

export async function findHistory(db: Kysely<Database>, pair: Pair): Promise<History> {
  const { workspaceId, id: pairId } = pair;
  const proposals = await db
    .selectFrom('proposal')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .orderBy('at')
    .execute();
  const meetings = await db
    .selectFrom('meeting')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .orderBy('startsAt')
    .execute();
  const agenda = await db
    .selectFrom('agendaItem')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .orderBy('createdAt')
    .execute();
  const met = meetings.map(({ id }) => id);
  const [answers, recaps] = [await findAnswers(db, workspaceId, met), await findRecaps(db, workspaceId, met)];
  const commitments = await findCommitments(db, workspaceId, pairId);
  const named = [
    pair.leaderId,
    pair.partnerId,
    ...proposals.map(({ byId }) => byId),
    ...meetings.flatMap(({ movedBy, skippedBy }) => [movedBy, skippedBy]),
    ...agenda.map(({ byId }) => byId),
    ...recaps.flatMap(({ writtenBy, confirmedBy }) => [writtenBy, confirmedBy]),
    ...commitments.flatMap(({ ownerId, writtenBy, askedBy, askedOwnerId, events }) => [
      ownerId,
      writtenBy,
      askedBy,
      askedOwnerId,
      ...events.map(({ byId }) => byId),
    ]),
  ].filter((id) => id !== null);
  const people = new Map((await findPeople(db, workspaceId, [...new Set(named)])).map((person) => [person.id, person]));
  const [leader, partner] = [people.get(pair.leaderId), people.get(pair.partnerId)];
  if (!leader || !partner) throw new Error('A pair is of two people');
  return { pair, leader, partner, people, proposals, meetings, answers, agenda, recaps, commitments };
}

async function findAnswers(db: Kysely<Database>, workspaceId: string, meetingIds: string[]) {
  if (meetingIds.length === 0) return [];
  return db
    .selectFrom('prepAnswer')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('meetingId', 'in', meetingIds)
    .orderBy('updatedAt')
    .execute();
}

async function findRecaps(db: Kysely<Database>, workspaceId: string, meetingIds: string[]) {
  if (meetingIds.length === 0) return [];
  return db
    .selectFrom('recap')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('meetingId', 'in', meetingIds)
    .orderBy('writtenAt')
    .orderBy('version')
    .execute();
}

async function findCommitments(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
): Promise<RecordedCommitment[]> {
  const rows = await db
    .selectFrom('commitment')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  if (rows.length === 0) return [];
  const events = await db
    .selectFrom('commitmentEvent')
    .innerJoin('commitment', (join) =>
      join
        .onRef('commitment.workspaceId', '=', 'commitmentEvent.workspaceId')
        .onRef('commitment.id', '=', 'commitmentEvent.commitmentId'),
    )
    .selectAll('commitmentEvent')
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.pairId', '=', pairId)
    .orderBy('commitmentEvent.commitmentId')
    .orderBy('commitmentEvent.version')
    .execute();
  const of = Map.groupBy(events, ({ commitmentId }) => commitmentId);
  return rows.map((row) => ({ ...row, events: of.get(row.id) ?? [] }));
}
