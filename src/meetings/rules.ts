import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { atWallTime, dayIn, isBefore, later } from '../ground/zoned.ts';
import { isWelcome, lastWorkingDayBefore, nextWelcome, type WelcomeHours, withinWelcome } from '../people/rules.ts';

export const STEPS = ['prep', 'brief', 'keep', 'card', 'nudge', 'close'] as const;
export type Step = (typeof STEPS)[number];

/** What is due about a meeting and when. From `useUntil` on it makes no sense any more; without one it always does. */
export type TimedStep = { step: Step; at: Temporal.Instant; useUntil: Temporal.Instant | undefined };

export type MeetingTimes = {
  startsAt: Temporal.Instant;
  minutes: number;
  kind: 'contractor' | 'report';
  /** When this time was planned, by the rhythm or by a move: what was due before is due then. */
  bookedAt: Temporal.Instant;
};

/** The partner, and how many hours ahead they want to be asked. */
export type PreparingPartner = WelcomeHours & { prepHours: number };

const END_OF_WORK = new Temporal.PlainTime(17);
const LATE_IN_THE_DAY = new Temporal.PlainTime(16, 30);
const CARD_LASTS = { hours: 1 };
const NUDGED_AFTER = { hours: 24 };
const CLOSED_AFTER = { hours: 7 * 24 };

/** To be asked twice within this long, or this shortly before a meeting, is once too often. */
const BETWEEN_QUESTIONS = { hours: 2 };
const BEFORE_THE_START = { hours: 1 };

export const endOf = ({ startsAt, minutes }: Pick<MeetingTimes, 'startsAt' | 'minutes'>): Temporal.Instant =>
  startsAt.add({ minutes });

/** Everything that time brings about a meeting, in order. */
export function stepsOf(meeting: MeetingTimes, leader: WelcomeHours, partner: PreparingPartner): TimedStep[] {
  const { startsAt, bookedAt } = meeting;
  const end = endOf(meeting);
  const prepAt = later(startsAt.subtract({ hours: partner.prepHours }), bookedAt);
  const keepAt = meeting.kind === 'contractor' ? askedToKeepAt(startsAt, prepAt, partner) : undefined;
  const closesAt = end.add(CLOSED_AFTER);

  const steps: TimedStep[] = [
    { step: 'prep', at: prepAt, useUntil: startsAt },
    { step: 'brief', at: briefedAt(startsAt, leader), useUntil: startsAt },
    ...(keepAt === undefined ? [] : [{ step: 'keep' as const, at: keepAt, useUntil: startsAt }]),
    { step: 'card', at: startsAt, useUntil: end.add(CARD_LASTS) },
    { step: 'nudge', at: end.add(NUDGED_AFTER), useUntil: closesAt },
    { step: 'close', at: closesAt, useUntil: undefined },
  ];
  return steps
    .map((step) => ({ ...step, at: later(step.at, bookedAt) }))
    .filter((step) => isUseful(step, step.at))
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at));
}

/** Late on the leader's last working day before: when it still leaves them an hour of it. */
function briefedAt(startsAt: Temporal.Instant, leader: WelcomeHours): Temporal.Instant {
  const day = lastWorkingDayBefore(dayIn(leader.zone, startsAt), leader.workdays);
  return atWallTime(day, withinWelcome(leader, END_OF_WORK), leader.zone);
}

/**
 * Late on the day before, unless the opening question was put too shortly before that (an afternoon's meeting): then at
 * the next welcome hour, or halfway to the meeting; or not at all, where the one question is all that fits.
 */
function askedToKeepAt(startsAt: Temporal.Instant, prepAt: Temporal.Instant, partner: WelcomeHours) {
  const dayBefore = dayIn(partner.zone, startsAt).subtract({ days: 1 });
  const usual = atWallTime(dayBefore, withinWelcome(partner, LATE_IN_THE_DAY), partner.zone);
  const earliest = prepAt.add(BETWEEN_QUESTIONS);
  if (!isBefore(usual, earliest)) return usual;

  const welcome = nextWelcome(partner, earliest);
  if (!isBefore(startsAt.subtract(BEFORE_THE_START), welcome)) return welcome;
  if (isBefore(startsAt, earliest)) return undefined;
  return prepAt.add({ seconds: Math.floor(prepAt.until(startsAt).total('seconds') / 2) });
}

/** Whether saying it now still makes sense. */
export const isUseful = (step: TimedStep, now: Temporal.Instant): boolean =>
  step.useUntil === undefined || isBefore(now, step.useUntil);

/** The earliest that is not done; the caller drops it unsaid where `isUseful` says no. */
export function nextStep(steps: TimedStep[], stepsDone: string[]): TimedStep | undefined {
  return steps.find(({ step }) => !stepsDone.includes(step));
}

/** What stays done when a meeting moves: a person is asked about it once, told of its new time, and shown it again. */
export const stepsDoneAfterMove = (stepsDone: string[]): string[] =>
  stepsDone.filter((step) => step === 'prep' || step === 'keep');

/**
 * The steps that count as done at a new time. A brief that would have been there by now stays the one that was posted,
 * and is edited; one that is due later is posted again then.
 */
export function stepsDoneAt(stepsDone: string[], steps: TimedStep[], bookedAt: Temporal.Instant): string[] {
  const stands = steps.some(({ step, at }) => step === 'brief' && !isBefore(bookedAt, at));
  return [...stepsDoneAfterMove(stepsDone), ...(stands && stepsDone.includes('brief') ? ['brief'] : [])];
}

export type MeetingState = 'planned' | 'held' | 'skipped' | 'unrecorded' | 'replaced';

/** Moving keeps a meeting planned. One that was skipped or went unrecorded can still be recorded, and is held then. */
const LEADS_TO: Record<MeetingState, MeetingState[]> = {
  planned: ['planned', 'held', 'skipped', 'unrecorded', 'replaced'],
  skipped: ['held'],
  unrecorded: ['held'],
  held: [],
  replaced: [],
};

export const mayBecome = (from: MeetingState, to: MeetingState): boolean => LEADS_TO[from].includes(to);

/** As far ahead as one meeting can be planned or moved. */
const HORIZON = { hours: 366 * 24 };

export const withinPlanningHorizon = (at: Temporal.Instant, now: Temporal.Instant): boolean =>
  !isBefore(now.add(HORIZON), at);

/** A meeting can be moved, also past its time, until it has come to an end. */
export function isMovable({ state }: { state: MeetingState }): Outcome<'planned'> {
  return state === 'planned' ? done(state) : refuse(`This meeting ${BY_NOW[state]}, so it stays where it was.`);
}

/** The new start, if the meeting may be moved there at `now`. One that nobody came to can be, until it is closed. */
export function mayMove(
  meeting: { state: MeetingState; startsAt: Temporal.Instant },
  to: Temporal.Instant,
  now: Temporal.Instant,
): Outcome<Temporal.Instant> {
  const stands = isMovable(meeting);
  if (!stands.ok) return stands;
  if (!isBefore(now, to)) return refuse('That time has passed. Pick one from now on.', 'startsAt');
  if (!withinPlanningHorizon(to, now))
    return refuse('That is more than a year away. Pick a time within the year.', 'startsAt');
  if (to.equals(meeting.startsAt)) return refuse('It is at that time already. Pick another.', 'startsAt');
  return done(to);
}

/** The meeting may be skipped at `now`: it is planned and not over. */
export function maySkip(
  meeting: { state: MeetingState; startsAt: Temporal.Instant; minutes: number },
  now: Temporal.Instant,
): Outcome<'skipped'> {
  if (meeting.state !== 'planned') return refuse(`This meeting ${BY_NOW[meeting.state]}, so there is nothing to skip.`);
  if (isBefore(endOf(meeting), now)) return refuse('This meeting is over. Write its recap, or leave it unrecorded.');
  return done('skipped');
}

const BY_NOW: Record<Exclude<MeetingState, 'planned'>, string> = {
  held: 'was held',
  skipped: 'was skipped',
  unrecorded: 'went unrecorded',
  replaced: 'gave way to another rhythm',
};

/** Sacred time: the firm's moves and cancellations count, and a report's own; a contractor's do not. */
export const countsAgainst = (mover: 'leader' | 'partner', kind: MeetingTimes['kind']): boolean =>
  mover === 'leader' || kind === 'report';

/** Whether one more move is the second in a row: of this meeting, or of the one before it and this. */
export function isSecondMoveInARow(movedTimes: number, previous?: { movedTimes: number }): boolean {
  return movedTimes > 0 || (previous?.movedTimes ?? 0) > 0;
}

/** What a contractor's meeting without a purpose can be shortened to. */
export const SHORT_MINUTES = 15;

/** Skipped one after the other, newest first: two raise the question whether the rhythm fits. */
export const isSecondSkipInARow = (newestFirst: { state: MeetingState }[]): boolean =>
  newestFirst.length >= 2 && newestFirst.slice(0, 2).every(({ state }) => state === 'skipped');

type Occurring = { state: MeetingState; startsAt: Temporal.Instant; minutes: number };

/**
 * When the meeting after this one has to be planned, or undefined when that is now. A meeting that was moved to later
 * does not hold up the next one; `ruled` is when the rhythm had it begin.
 */
export function planNextAt(
  latest: Occurring | undefined,
  ruled: Temporal.Instant,
  now: Temporal.Instant,
): Temporal.Instant | undefined {
  if (latest?.state !== 'planned') return undefined;
  const ends = [endOf(latest), endOf({ startsAt: ruled, minutes: latest.minutes })].sort(Temporal.Instant.compare);
  const [first] = ends;
  return first && isBefore(now, first) ? first : undefined;
}

const SLOTS = 3;
const SLOT_DAYS = 28;

/** Where a meeting could go instead: the same wall time on the next days on which both welcome it; three at most. */
export function offeredSlots(
  meeting: { startsAt: Temporal.Instant; minutes: number },
  zone: string,
  people: WelcomeHours[],
  now: Temporal.Instant,
): Temporal.Instant[] {
  const time = meeting.startsAt.toZonedDateTimeISO(zone).toPlainTime();
  const today = dayIn(zone, later(now, meeting.startsAt));
  const days = Array.from({ length: SLOT_DAYS }, (_, n) => today.add({ days: n + 1 }));
  return days
    .map((day) => atWallTime(day, time, zone))
    .filter((at) =>
      people.every((person) => isWelcome(person, at) && isWelcome(person, at.add({ minutes: meeting.minutes - 1 }))),
    )
    .slice(0, SLOTS);
}

/** So shortly before a meeting, a change to it is told at once, at any hour. */
const SOON = { hours: 24 };

/** When the other person is told of a change: at once where the old or the new time is near, else in their hours. */
export function tellChangeAt(person: WelcomeHours, times: Temporal.Instant[], now: Temporal.Instant): Temporal.Instant {
  const isSoon = times.some((at) => isBefore(at, now.add(SOON)));
  return isSoon ? now : nextWelcome(person, now);
}

export const AGENDA_LENGTH = 500;
