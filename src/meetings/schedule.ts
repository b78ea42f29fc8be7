import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { enqueue, refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome } from '../ground/outcome.ts';
import { isBefore } from '../ground/zoned.ts';
import { otherOf } from '../pairs/rules.ts';
import { lockPair, type Pair, updatePair } from '../pairs/store.ts';
import { findPersonOrThrow, markHomeStale, type Person } from '../people/store.ts';
import { closeAgenda } from './agenda-store.ts';
import { findAnswers, saveAnswers } from './answer-store.ts';
import {
  countsAgainst,
  endOf,
  isSecondSkipInARow,
  type MeetingTimes,
  mayBecome,
  mayMove,
  maySkip,
  nextStep,
  SHORT_MINUTES,
  stepsDoneAt,
  stepsOf,
  type TimedStep,
  tellChangeAt,
} from './rules.ts';
import {
  findEnded,
  findMeeting,
  findNextMeeting,
  findPlanned,
  lockMeeting,
  lockPlanned,
  type Meeting,
  type PairedMeeting,
  updateMeeting,
  updateSteps,
} from './store.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;
type Ids = Pick<Meeting, 'workspaceId' | 'id'>;

/** What a leader reads is theirs: whoever takes the pair over is told anew, and what was posted before stays as it stands. */
type Led = Pick<PairedMeeting, 'id' | 'movedTimes' | 'leaderId'>;

/** What names the messages about a meeting. A brief, card or nudge that is due anew after a move is a new message. */
export const openingKey = (id: string): string => `opening-question:${id}`;
export const keepKey = (id: string): string => `keep:${id}`;
export const briefKey = ({ id, movedTimes, leaderId }: Led): string => `brief:${id}:${movedTimes}:${leaderId}`;
export const cardKey = ({ id, movedTimes, leaderId }: Led): string => `card:${id}:${movedTimes}:${leaderId}`;
export const nudgeKey = ({ id, movedTimes, leaderId }: Led): string => `recap-nudge:${id}:${movedTimes}:${leaderId}`;
const movedKey = ({ id, movedTimes }: Pick<Meeting, 'id' | 'movedTimes'>): string =>
  `meeting-moved:${id}:${movedTimes}`;
const skippedKey = (id: string): string => `meeting-skipped:${id}`;

/** All that may have been posted about a meeting. */
export function keysAbout({ id, movedTimes, leaderId }: Led): string[] {
  const times = Array.from({ length: movedTimes + 1 }, (_, moved) => ({ id, leaderId, movedTimes: moved }));
  return [
    openingKey(id),
    keepKey(id),
    skippedKey(id),
    ...times.flatMap((one) => [briefKey(one), cardKey(one), nudgeKey(one), movedKey(one)]),
  ];
}

/** Everything that was posted about a meeting says what is true now; whose Home shows it has it drawn again. */
export async function refreshMeeting(trx: Trx, deps: Pick<Deps, 'clock'>, meeting: PairedMeeting): Promise<void> {
  const now = deps.clock();
  const { workspaceId } = meeting;
  await refreshPosted(trx, workspaceId, keysAbout(meeting), now);
  await markHomeStale(trx, workspaceId, [meeting.leaderId, meeting.partnerId], now);
}

/** Something that the next brief and card show has changed for this pair: its agenda, its two columns. */
export async function refreshUpcoming(
  trx: Trx,
  deps: Pick<Deps, 'clock'>,
  workspaceId: string,
  pairId: string,
): Promise<void> {
  const meeting = await findNextMeeting(trx, workspaceId, pairId, deps.clock());
  if (meeting) await refreshMeeting(trx, deps, meeting);
}

export const timesOf = ({ startsAt, minutes, bookedAt }: Meeting, kind: MeetingTimes['kind']): MeetingTimes => ({
  startsAt,
  minutes,
  bookedAt,
  kind,
});

/** The columns that name the next step, of those that are not done. */
export function nextDue(steps: TimedStep[], stepsDone: string[]): Pick<Meeting, 'dueStep' | 'dueAt'> {
  const next = nextStep(steps, stepsDone);
  return { dueStep: next?.step ?? null, dueAt: next?.at ?? null };
}

async function couple(
  trx: Trx,
  { workspaceId, leaderId, partnerId }: PairedMeeting,
): Promise<{ leader: Person; partner: Person }> {
  return {
    leader: await findPersonOrThrow(trx, workspaceId, leaderId),
    partner: await findPersonOrThrow(trx, workspaceId, partnerId),
  };
}

/** The meeting with its pair, both locked, in the order in which whoever plans locks them. */
export async function lockWithPair(
  trx: Trx,
  { workspaceId, id }: Ids,
): Promise<{ meeting: PairedMeeting; pair: Pair } | undefined> {
  const found = await findMeeting(trx, workspaceId, id);
  const pair = found && (await lockPair(trx, workspaceId, found.pairId));
  const meeting = pair && (await lockMeeting(trx, workspaceId, id));
  return meeting && { meeting, pair };
}

/** Somebody of the pair puts it at another time; the other one is told once. Needs `lockWithPair`. */
export async function moveMeeting(
  trx: Trx,
  deps: Working,
  { meeting, pair }: { meeting: PairedMeeting; pair: Pair },
  moverId: string,
  to: Temporal.Instant,
): Promise<Outcome<PairedMeeting>> {
  const now = deps.clock();
  const allowedTo = mayMove(meeting, to, now);
  if (!allowedTo.ok) return allowedTo;
  const { leader, partner } = await couple(trx, meeting);
  const moved = { ...meeting, startsAt: to, bookedAt: now, movedTimes: meeting.movedTimes + 1, movedBy: moverId };
  const steps = stepsOf(timesOf(moved, meeting.kind), leader, partner);
  const stepsDone = stepsDoneAt(meeting.stepsDone, steps, now);
  const counts = countsAgainst(moverId === leader.id ? 'leader' : 'partner', meeting.kind);
  await updateMeeting(trx, meeting, {
    startsAt: to,
    bookedAt: now,
    movedTimes: moved.movedTimes,
    countedMoves: meeting.countedMoves + (counts ? 1 : 0),
    movedBy: moverId,
    stepsDone,
    ...nextDue(steps, stepsDone),
  });
  const end = endOf(moved);
  if (pair.planDueAt && isBefore(end, pair.planDueAt)) await updatePair(trx, pair, { planDueAt: end });
  await refreshMeeting(trx, deps, moved);
  await tell(trx, deps, moved, moverId, 'meeting-moved', movedKey(moved), [meeting.startsAt, to]);
  return done(moved);
}

/** Somebody of the pair calls it off; the rhythm goes on with the next one. Needs `lockWithPair`. */
export async function skipMeeting(
  trx: Trx,
  deps: Working,
  { meeting, pair }: { meeting: PairedMeeting; pair: Pair },
  skipperId: string,
  reason?: string,
): Promise<Outcome<'skipped'>> {
  const now = deps.clock();
  const allowedTo = maySkip(meeting, now);
  if (!allowedTo.ok) return allowedTo;
  await updateMeeting(trx, meeting, {
    state: 'skipped',
    skippedBy: skipperId,
    skipReason: reason ? seal(reason) : null,
    endedAt: now,
    dueStep: null,
    dueAt: null,
  });
  const last = await findEnded(trx, meeting.workspaceId, meeting.pairId, 2);
  const active = pair.state === 'active';
  await updatePair(trx, pair, {
    ...(active && { planDueAt: now }),
    ...(active && isSecondSkipInARow(last) && { reviewDueAt: now }),
  });
  await refreshMeeting(trx, deps, meeting);
  await tell(trx, deps, meeting, skipperId, 'meeting-skipped', skippedKey(meeting.id), [meeting.startsAt]);
  return done('skipped');
}

/** One line to the other person, after what was posted has been edited. */
async function tell(
  trx: Trx,
  deps: Working,
  meeting: PairedMeeting,
  byId: string,
  kind: 'meeting-moved' | 'meeting-skipped',
  key: string,
  times: Temporal.Instant[],
): Promise<void> {
  const now = deps.clock();
  const reader = await findPersonOrThrow(trx, meeting.workspaceId, otherOf(byId, meeting));
  await enqueue(trx, {
    workspaceId: meeting.workspaceId,
    id: deps.newId(),
    kind,
    key,
    about: { meeting: meeting.id, reader: reader.id, moves: String(meeting.movedTimes) },
    to: { people: [reader.id] },
    notBefore: tellChangeAt(reader, times, now),
    now,
  });
}

/** What somebody said when asked whether a meeting without a purpose stays: kept beside their other answers. */
export const KEEP_ANSWER = 'keep';

/** The meeting stays, in full or at a quarter of an hour. Needs `lockWithPair`. */
export async function keepMeeting(
  trx: Trx,
  deps: Working,
  meeting: PairedMeeting,
  how: 'keep' | 'shorten',
): Promise<Outcome<'kept'>> {
  const now = deps.clock();
  const stands = maySkip(meeting, now);
  if (!stands.ok) return stands;
  await saveAnswers(trx, meeting, meeting.partnerId, { [KEEP_ANSWER]: how }, now);
  const shorter =
    how === 'shorten' && meeting.minutes > SHORT_MINUTES ? { ...meeting, minutes: SHORT_MINUTES } : meeting;
  if (shorter !== meeting) {
    const { leader, partner } = await couple(trx, meeting);
    const steps = stepsOf(timesOf(shorter, meeting.kind), leader, partner);
    await updateMeeting(trx, meeting, { minutes: SHORT_MINUTES, ...nextDue(steps, meeting.stepsDone) });
  }
  await refreshMeeting(trx, deps, shorter);
  return done('kept');
}

/**
 * The meeting took place: a recap was written, or somebody said so. True the first time; then whoever calls this lets
 * what is overdue slip (`commitments/acting`). Needs `lockWithPair`.
 */
export async function markHeld(
  trx: Trx,
  deps: Working,
  { meeting, pair }: { meeting: PairedMeeting; pair: Pair },
): Promise<boolean> {
  if (!mayBecome(meeting.state, 'held')) return false;
  const now = deps.clock();
  await updateMeeting(trx, meeting, { state: 'held', endedAt: now, dueStep: null, dueAt: null });
  const end = endOf(meeting);
  await closeAgenda(trx, meeting, isBefore(now, end) ? now : end);
  if (pair.state === 'active') await updatePair(trx, pair, { planDueAt: now });
  await refreshMeeting(trx, deps, { ...meeting, state: 'held' });
  return true;
}

/** Somebody's zone, hours or lead time changed: what is due about their meetings is due accordingly. */
export async function rescheduleSteps(trx: Trx, workspaceId: string, pairIds: readonly string[]): Promise<void> {
  await lockPlanned(trx, workspaceId, pairIds);
  for (const pairId of pairIds) {
    for (const meeting of await findPlanned(trx, workspaceId, pairId)) {
      const { leader, partner } = await couple(trx, meeting);
      const steps = stepsOf(timesOf(meeting, meeting.kind), leader, partner);
      await updateSteps(trx, meeting, nextDue(steps, meeting.stepsDone));
    }
  }
}

/** Somebody else leads the pair: what is planned is shown with their name, and its brief is theirs to have. */
export async function briefAnew(
  trx: Trx,
  deps: Pick<Deps, 'clock'>,
  { workspaceId, id }: Pick<Pair, 'workspaceId' | 'id'>,
): Promise<void> {
  for (const meeting of await findPlanned(trx, workspaceId, id)) {
    const { leader, partner } = await couple(trx, meeting);
    const stepsDone = meeting.stepsDone.filter((step) => step !== 'brief');
    const steps = stepsOf(timesOf(meeting, meeting.kind), leader, partner);
    await updateSteps(trx, meeting, { stepsDone, ...nextDue(steps, stepsDone) });
    await refreshMeeting(trx, deps, meeting);
  }
}

/** Whether the partner said what this meeting has to produce. */
export async function isOutcomeNamed(trx: Trx, meeting: PairedMeeting): Promise<boolean> {
  return (await findAnswers(trx, meeting.workspaceId, meeting.id, meeting.partnerId)).has('outcome');
}
