import type { Transaction } from 'kysely';
import { findKeptSince, findStanding } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { dayIn, isBefore, later } from '../ground/zoned.ts';
import { findAgenda, findTalkedAbout } from '../meetings/agenda-store.ts';
import { findAnswers } from '../meetings/answer-store.ts';
import { stepsOf } from '../meetings/rules.ts';
import { timesOf } from '../meetings/schedule.ts';
import { findLastHeld, findMeeting, findNextMeeting, type PairedMeeting } from '../meetings/store.ts';
import { isAhead } from '../meetings/views.ts';
import { roleOf } from '../pairs/rules.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { findCurrentRecap, findLastRecaps } from '../recap/store.ts';
import { briefMessage, cardMessage, type Prepared } from './brief-views.ts';
import { keepMessage, openingMessage } from './opening-views.ts';

export const composers: Composers = {
  'opening-question': { compose: openingQuestion, inDoubt: 'send-again' },
  keep: { compose: keep, inDoubt: 'send-again' },
  brief: { compose: brief, inDoubt: 'send-again' },
  card: { compose: card, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;

async function openingQuestion(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const prepared = await find(trx, message);
  if (!prepared) return undefined;
  const { partner: reader, leader: other } = prepared;
  return openingMessage({ ...prepared, reader, other, tellsPrivacy: message.about.privacy !== undefined });
}

async function keep(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const prepared = await find(trx, message);
  if (!prepared) return undefined;
  // Named in the last minute: then there is nothing to ask.
  if (!message.posted && prepared.answers.has('outcome')) return undefined;
  const { partner: reader, leader: other } = prepared;
  return keepMessage({ ...prepared, reader, other });
}

async function brief(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const prepared = await find(trx, message);
  return prepared && briefMessage({ ...prepared, isCurrent: isCurrentBrief(prepared, Number(message.about.moves)) });
}

/** After a move to a time whose brief was still to come, the one that was posted before gives way to it. */
function isCurrentBrief({ meeting, leader, partner }: Prepared, moves: number): boolean {
  if (moves === meeting.movedTimes) return true;
  const brief = stepsOf(timesOf(meeting, meeting.kind), leader, partner).find(({ step }) => step === 'brief');
  return brief === undefined || !isBefore(meeting.bookedAt, brief.at);
}

async function card(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const prepared = await find(trx, message);
  if (!prepared) return undefined;
  const { meeting } = prepared;
  const isCurrent = Number(message.about.moves) === meeting.movedTimes;
  const isRecapped = (await findCurrentRecap(trx, meeting.workspaceId, meeting.id)) !== undefined;
  return cardMessage({ ...prepared, isCurrent, isRecapped });
}

/** What all of these show, as it is now. Undefined when there is nobody to read it, or when it is no longer coming. */
async function find(
  trx: Trx,
  { workspaceId, about, people, now, posted, kind }: ComposedMessage,
): Promise<Prepared | undefined> {
  const meeting = await findMeeting(trx, workspaceId, about.meeting ?? '');
  // Whoever has handed the pair over reads nothing more of it.
  if (!meeting || people.some((id) => roleOf(id, meeting) === undefined)) return undefined;
  const isComing = kind === 'card' ? meeting.state === 'planned' || meeting.state === 'held' : isAhead(meeting, now);
  if (!posted && !isComing) return undefined;
  const leader = await findPersonOrThrow(trx, workspaceId, meeting.leaderId);
  const partner = await findPersonOrThrow(trx, workspaceId, meeting.partnerId);
  // With one of the two gone there is no meeting to speak of.
  if (!posted && !(leader.active && partner.active)) return undefined;
  if (!(kind === 'brief' ? leader.active : partner.active)) return undefined;
  const last = await findLastHeld(trx, workspaceId, meeting.pairId, meeting.startsAt);
  return {
    meeting,
    leader,
    partner,
    answers: await findAnswers(trx, workspaceId, meeting.id, partner.id),
    rows: await findStanding(trx, workspaceId, [meeting.pairId], unansweredSince(meeting, last, partner)),
    kept: await keptSinceLast(trx, meeting, last, now),
    agenda: await agendaOf(trx, meeting),
    decisions: await decisionsBefore(trx, meeting),
    now,
    next: await findNextMeeting(trx, workspaceId, meeting.pairId, now),
  };
}

const agendaOf = (trx: Trx, { workspaceId, id, pairId, state }: PairedMeeting) =>
  state === 'held' ? findTalkedAbout(trx, workspaceId, id) : findAgenda(trx, workspaceId, [pairId]);

const A_QUARTER = { days: 92 };

/** An ask that lapsed since they last met is talked about once; longer than a quarter it is not kept up. */
const unansweredSince = (meeting: PairedMeeting, last: PairedMeeting | undefined, partner: Person) =>
  last ? dayIn(partner.zone, last.startsAt) : dayIn(partner.zone, meeting.startsAt).subtract(A_QUARTER);

/** The other side has a week for "not yet". */
const NOT_YET_WITHIN = { hours: 7 * 24 };

/** What the partner said to be done since the two last met, for the leader to see. */
async function keptSinceLast(trx: Trx, meeting: PairedMeeting, last: PairedMeeting | undefined, now: Temporal.Instant) {
  const weekAgo = now.subtract(NOT_YET_WITHIN);
  const since = last ? later(last.startsAt, weekAgo) : weekAgo;
  const kept = await findKeptSince(trx, meeting.workspaceId, [meeting.pairId], since);
  return kept.filter(({ side }) => side === 'partner');
}

async function decisionsBefore(trx: Trx, meeting: PairedMeeting): Promise<string | undefined> {
  const [recap] = await findLastRecaps(trx, meeting.workspaceId, [meeting.pairId]);
  return recap && recap.meetingId !== meeting.id ? recap.decisions : undefined;
}
