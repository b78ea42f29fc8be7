import type { Selectable, Transaction } from 'kysely';
import { nextOccurrence, type Rhythm } from '../../src/cadence/rules.ts';
import { rhythmOf } from '../../src/cadence/store.ts';
import type { Database, MeetingTable, PairTable, PersonTable, ProposalTable } from '../../src/db/schema.ts';
import { atWallTime, isBefore } from '../../src/ground/zoned.ts';
import { endOf } from '../../src/meetings/rules.ts';

type Trx = Transaction<Database>;
type Meeting = Selectable<MeetingTable>;
type Facts = {
  pairs: Map<string, Selectable<PairTable>>;
  people: Map<string, Selectable<PersonTable>>;
  meetings: Meeting[];
  /** The pairs of which somebody had no account for a while. */
  paused: ReadonlySet<string>;
  now: Temporal.Instant;
};

/** When no bot was there to do anything, on the bots' own clock. */
export type Away = { from: Temporal.Instant; to: Temporal.Instant }[];

/** Each occurrence of an agreed rhythm is planned, one after the other, the next one always. */
export async function unplanned(
  trx: Trx,
  { pairs, meetings, paused, now }: Facts,
  isQuiet: boolean,
): Promise<string[]> {
  const agreed = trx.selectFrom('proposal').selectAll().where('state', 'in', ['accepted', 'replaced']);
  return (await agreed.execute()).flatMap((cadence) => {
    const planned = meetings
      .filter(({ proposalId, occurrenceOn }) => proposalId === cadence.id && occurrenceOn !== null)
      .sort((a, b) => String(a.occurrenceOn).localeCompare(String(b.occurrenceOn)));
    const pair = pairs.get(cadence.pairId);
    const isInForce = cadence.state === 'accepted' && pair?.state === 'active' && pair.pausedAt === null;
    return [
      ...leftOut(planned, rhythmOf(cadence), paused.has(cadence.pairId)),
      ...(isQuiet && isInForce ? withoutNext(cadence, planned.at(-1), now) : []),
    ];
  });
}

function withoutNext(cadence: Selectable<ProposalTable>, latest: Meeting | undefined, now: Temporal.Instant): string[] {
  if (!latest) return [`nothing was planned of ${cadence.id}`];
  const isOver = latest.state !== 'planned' && !isBefore(now, ruledStart(latest, rhythmOf(cadence)));
  return isOver ? [`nothing is planned after ${latest.occurrenceOn}, which is ${latest.state}`] : [];
}

const ruledStart = ({ occurrenceOn, startsAt }: Meeting, rhythm: Rhythm): Temporal.Instant =>
  occurrenceOn ? atWallTime(occurrenceOn, rhythm.wallTime, rhythm.zone) : startsAt;

/** With somebody back, what fell into the time that they were gone is left out. */
function leftOut(planned: Meeting[], rhythm: Rhythm, wasPaused: boolean): string[] {
  return planned.slice(1).flatMap((meeting, place) => {
    const before = planned[place];
    const from = before && ruledStart(before, rhythm);
    const since = from && wasPaused && isBefore(from, meeting.createdAt) ? meeting.createdAt : from;
    const expected = since && nextOccurrence(rhythm, since).on;
    return !before || !expected || meeting.occurrenceOn?.equals(expected)
      ? []
      : [`after ${before.occurrenceOn} (${before.state}) came ${meeting.occurrenceOn}, and ${expected} was left out`];
  });
}

/** A meeting whose time has come without a word about it, and without a reason. */
export async function unprompted(trx: Trx, meeting: Meeting, facts: Facts, away: Away): Promise<string[]> {
  const { id, state, startsAt, movedTimes, bookedAt, endedAt } = meeting;
  if (state === 'skipped') return meeting.skippedBy === null ? [`${id} was skipped by nobody`] : [];
  const pair = facts.pairs.get(meeting.pairId);
  if (facts.paused.has(meeting.pairId)) return [];
  const isOff = state === 'replaced' || pair?.state !== 'active' || (endedAt !== null && !isBefore(startsAt, endedAt));
  if (isOff) return [];

  const hours = facts.people.get(pair.partnerId)?.prepHours ?? 24;
  const opening = { key: `opening-question:${id}`, from: startsAt.subtract({ hours }), to: startsAt };
  const card = {
    key: `card:${id}:${movedTimes}:${pair.leaderId}`,
    from: startsAt,
    to: endOf(meeting).add({ hours: 1 }),
  };
  const due = [...((await hasAnswered(trx, id)) ? [] : [opening]), card];
  const unsaid: string[] = [];
  for (const { key, from, to } of due) {
    const row = await trx.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirst();
    const begun = isBefore(from, bookedAt) ? bookedAt : from;
    const couldBe = isBefore(begun, to) && !wasAway(away, begun, to);
    if (couldBe && !row?.postedAt && !row?.reason)
      unsaid.push(`${key} was never said (${state} at ${startsAt}, booked ${bookedAt}, ${meeting.stepsDone})`);
  }
  return unsaid;
}

const wasAway = (away: Away, from: Temporal.Instant, to: Temporal.Instant): boolean =>
  away.some((one) => !isBefore(from, one.from) && !isBefore(one.to, to));

async function hasAnswered(trx: Trx, meetingId: string): Promise<boolean> {
  const answers = trx.selectFrom('prepAnswer').select('meetingId').where('meetingId', '=', meetingId);
  return (await answers.where('question', '=', 'outcome').execute()).length > 0;
}
