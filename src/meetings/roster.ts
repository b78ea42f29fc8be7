import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/schema.ts';
import { findMeetings, type PairedMeeting } from './store.ts';

/** Where a pair stands with its meetings. */
export type RosterEntry = {
  /** The first planned one that is not over. */
  next?: PairedMeeting;
  /** Whether the partner said what that one has to produce. */
  isAnswered: boolean;
  /** The newest that has begun, whatever became of it. */
  begun?: PairedMeeting;
  lastHeldAt?: Temporal.Instant;
};

type Found = {
  pairId: string;
  nextId: string | null;
  isAnswered: boolean;
  begunId: string | null;
  heldAt: Temporal.Instant | null;
};

/** The same for one pair or forty: two statements. */
export async function findRoster(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, RosterEntry>> {
  if (pairIds.length === 0) return new Map();
  const ofPair = sql`m.workspace_id = p.workspace_id and m.pair_id = p.id`;
  // None lasts a day, so that the past is not read to find the next one.
  const { rows } = await sql<Found>`
    select p.id as pair_id, next.id as next_id, begun.id as begun_id, held.starts_at as held_at, exists (
      select from prep_answer a where a.workspace_id = p.workspace_id and a.meeting_id = next.id
        and a.person_id = p.partner_id and a.question = 'outcome') as is_answered
    from pair p
    left join lateral (
      select m.id from meeting m where ${ofPair} and m.state = 'planned'
        and m.starts_at > ${now.subtract({ hours: 24 })}::timestamptz
        and m.starts_at + m.minutes * interval '1 minute' > ${now}::timestamptz
      order by m.starts_at limit 1) next on true
    left join lateral (
      select m.id from meeting m where ${ofPair} and m.state <> 'replaced' and m.starts_at <= ${now}::timestamptz
      order by m.starts_at desc limit 1) begun on true
    left join lateral (
      select m.starts_at from meeting m where ${ofPair} and m.state = 'held' and m.starts_at <= ${now}::timestamptz
      order by m.starts_at desc limit 1) held on true
    where p.workspace_id = ${workspaceId} and p.id = any(${[...pairIds]}::uuid[])`.execute(db);
  const ids = rows.flatMap(({ nextId, begunId }) => [nextId, begunId]).filter((id) => id !== null);
  const meetings = new Map((await findMeetings(db, workspaceId, ids)).map((meeting) => [meeting.id, meeting]));
  return new Map(
    rows.map(({ pairId, nextId, isAnswered, begunId, heldAt }) => [
      pairId,
      {
        next: meetings.get(nextId ?? ''),
        isAnswered,
        begun: meetings.get(begunId ?? ''),
        ...(heldAt && { lastHeldAt: heldAt }),
      },
    ]),
  );
}
