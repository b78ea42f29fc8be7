import type { PairFigures } from '../commitments/figures.ts';
import { roleOf } from '../pairs/rules.ts';
import type { Exported, ExportedPair } from './schema.ts';
import type { History, RecordedCommitment } from './store.ts';

/** A pair as one reader may have it: the two of it everything they both see, anybody else what they wrote themselves. */
export function exportedPair(history: History, readerId: string, figures: PairFigures): ExportedPair {
  const { pair, meetings, agenda, proposals, commitments } = history;
  const role = roleOf(readerId, pair);
  const isTheirs = (id: string | null) => role !== undefined || id === readerId;
  const person = personIn(history);
  return {
    id: pair.id,
    kind: pair.kind,
    state: pair.state,
    leader: person(pair.leaderId),
    partner: person(pair.partnerId),
    agreedAt: text(pair.agreedAt),
    endedAt: text(pair.endedAt),
    holds: role ? 'everything' : 'own words',
    keptOnTime: role ? { partner: ratesOf(figures.partner), firm: ratesOf(figures.firm) } : null,
    rhythms: proposals
      .filter(({ byId }) => isTheirs(byId))
      .map((one) => ({
        id: one.id,
        proposedBy: person(one.byId),
        proposedAt: String(one.at),
        state: one.state,
        answeredAt: text(one.answeredAt),
        every: one.every,
        interval: one.interval,
        monthlyBy: one.monthlyBy,
        firstDay: String(one.anchor),
        time: String(one.wallTime),
        zone: one.zone,
        minutes: one.minutes,
        purpose: one.purpose,
      })),
    meetings: meetings
      .map((one) => exportedMeeting(history, one, readerId))
      .filter((one) => role !== undefined || one.answers.length + one.recaps.length > 0 || one.skipReason !== null),
    // What somebody took off the agenda is theirs alone.
    agenda: agenda
      .filter(({ byId, removedAt }) => isTheirs(byId) && (removedAt === null || byId === readerId))
      .map((one) => ({
        id: one.id,
        by: person(one.byId),
        text: one.text,
        link: one.permalink,
        addedAt: String(one.createdAt),
        removedAt: text(one.removedAt),
        talkedAboutAt: one.meetingId,
      })),
    commitments: commitments
      .filter(({ writtenBy }) => isTheirs(writtenBy))
      .map((one) => exportedCommitment(history, one, (id) => isTheirs(id))),
  };
}

export const exported = (
  reader: { id: string; name: string },
  pairs: ExportedPair[],
  at: Temporal.Instant,
): Exported => ({
  schema: 'accord-export/1',
  exportedAt: String(at),
  exportedFor: { id: reader.id, name: reader.name },
  pairs,
});

function exportedMeeting(
  history: History,
  meeting: History['meetings'][number],
  readerId: string,
): ExportedPair['meetings'][number] {
  const role = roleOf(readerId, history.pair);
  const isTheirs = (id: string | null) => role !== undefined || id === readerId;
  const person = personIn(history);
  return {
    id: meeting.id,
    startsAt: String(meeting.startsAt),
    minutes: meeting.minutes,
    state: meeting.state,
    moved: meeting.movedTimes,
    skippedBy: meeting.skippedBy !== null && isTheirs(meeting.skippedBy) ? person(meeting.skippedBy) : null,
    skipReason: isTheirs(meeting.skippedBy) ? meeting.skipReason : null,
    answers: history.answers
      .filter(({ meetingId, personId }) => meetingId === meeting.id && isTheirs(personId))
      .map(({ personId, question, answer, updatedAt }) => ({
        by: person(personId),
        question,
        answer,
        writtenAt: String(updatedAt),
      })),
    recaps: history.recaps
      .filter(({ meetingId, writtenBy }) => meetingId === meeting.id && isTheirs(writtenBy))
      .map((one) => ({
        id: one.id,
        version: one.version,
        state: one.state,
        writtenBy: person(one.writtenBy),
        writtenAt: String(one.writtenAt),
        outcome: one.outcome,
        decisions: one.decisions,
        nextAt: text(one.nextAt),
        confirmedBy: one.confirmedBy === null ? null : person(one.confirmedBy),
        confirmedAt: text(one.confirmedAt),
        produced: one.produced,
        ...((role === 'leader' || one.confirmedBy === readerId) && { talkedMost: one.talkedMost }),
      })),
  };
}

function exportedCommitment(
  history: History,
  one: RecordedCommitment,
  isTheirs: (id: string | null) => boolean,
): ExportedPair['commitments'][number] {
  const person = personIn(history);
  return {
    id: one.id,
    side: one.side,
    text: one.text,
    owner: person(one.ownerId),
    writtenBy: person(one.writtenBy),
    askedBy: one.askedBy === null ? null : person(one.askedBy),
    dueOn: String(one.dueOn),
    priority: one.priority,
    state: one.state,
    firstUnkeptOn: text(one.firstUnkeptOn),
    keptOn: text(one.keptOn),
    moved: one.moves,
    carriedOver: one.slips,
    digestLine: one.digestLine,
    link: one.permalink,
    recap: one.recapId,
    writtenAt: String(one.createdAt),
    events: one.events
      .filter(({ byId }) => isTheirs(byId))
      .map(({ at, byId, verb, before, after, reason }) => ({
        at: String(at),
        by: byId === null ? null : person(byId),
        what: verb,
        before,
        after,
        reason,
      })),
  };
}

const text = (value: Temporal.Instant | Temporal.PlainDate | null): string | null =>
  value === null ? null : String(value);

const ratesOf = ({ short, long }: PairFigures['firm']) => ({ fourWeeks: short, twelveWeeks: long });

const personIn =
  ({ people }: History) =>
  (id: string): { id: string; name: string } => ({ id, name: people.get(id)?.name ?? id });
