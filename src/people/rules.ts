import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { atWallTime, dayIn, isBefore, startOfDay } from '../ground/zoned.ts';

/** When a person welcomes messages: their own zone, from–to on their working days (1 for Monday to 7 for Sunday). */
export type WelcomeHours = {
  zone: string;
  welcomeFrom: Temporal.PlainTime;
  welcomeTo: Temporal.PlainTime;
  workdays: number[];
};

export const DEFAULT_WELCOME: Omit<WelcomeHours, 'zone'> = {
  welcomeFrom: new Temporal.PlainTime(8),
  welcomeTo: new Temporal.PlainTime(18),
  workdays: [1, 2, 3, 4, 5],
};

const BUNDLE_TIME = new Temporal.PlainTime(9);
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** Somebody who named no working day has seven, so that nothing said to them waits for ever. */
function daysOf(workdays: number[]): number[] {
  const named = EVERY_DAY.filter((day) => workdays.includes(day));
  return named.length === 0 ? EVERY_DAY : named;
}

/** For the same reason, hours that end before they begin last until midnight. */
const isOver = (person: WelcomeHours, time: Temporal.PlainTime) =>
  Temporal.PlainTime.compare(person.welcomeTo, person.welcomeFrom) > 0 &&
  Temporal.PlainTime.compare(time, person.welcomeTo) >= 0;

export function isWorkday(day: Temporal.PlainDate, workdays: number[]): boolean {
  return daysOf(workdays).includes(day.dayOfWeek);
}

export function lastWorkingDayBefore(day: Temporal.PlainDate, workdays: number[]): Temporal.PlainDate {
  let before = day.subtract({ days: 1 });
  while (!isWorkday(before, workdays)) before = before.subtract({ days: 1 });
  return before;
}

/** Whether a message is welcome: a working day of theirs, from `welcomeFrom` on and before `welcomeTo`. */
export function isWelcome(person: WelcomeHours, at: Temporal.Instant): boolean {
  const local = at.toZonedDateTimeISO(person.zone);
  const time = local.toPlainTime();
  return (
    isWorkday(local.toPlainDate(), person.workdays) &&
    Temporal.PlainTime.compare(person.welcomeFrom, time) <= 0 &&
    !isOver(person, time)
  );
}

/** When the hours end that they welcome on this day. */
export function welcomeUntil(person: WelcomeHours, day: Temporal.PlainDate): Temporal.Instant {
  const lastsTheDay = Temporal.PlainTime.compare(person.welcomeTo, person.welcomeFrom) <= 0;
  return lastsTheDay ? startOfDay(day.add({ days: 1 }), person.zone) : atWallTime(day, person.welcomeTo, person.zone);
}

/** The first instant, `from` itself included, at which a message is welcome. */
export function nextWelcome(person: WelcomeHours, from: Temporal.Instant): Temporal.Instant {
  return isWelcome(person, from) ? from : nextAt(person, person.welcomeFrom, from);
}

/** The first time after `from` at which the day's bundle goes out: 9:00, brought inside the hours they welcome. */
export function bundleAt(person: WelcomeHours, from: Temporal.Instant): Temporal.Instant {
  return nextAt(person, withinWelcome(person, BUNDLE_TIME), from);
}

/** This time of day, or the nearest that they welcome: their first minute, or an hour before their last. */
export function withinWelcome(person: WelcomeHours, time: Temporal.PlainTime): Temporal.PlainTime {
  const from = person.welcomeFrom;
  if (Temporal.PlainTime.compare(time, from) < 0) return from;
  if (!isOver(person, time)) return time;
  return from.until(person.welcomeTo).total('hours') > 1 ? person.welcomeTo.subtract({ hours: 1 }) : from;
}

/**
 * The first instant after `from` that is `time` on a working day. A day that the zone skips, or whose hour falls into a
 * gap that ends after the welcome hours, is passed over.
 */
function nextAt(person: WelcomeHours, time: Temporal.PlainTime, from: Temporal.Instant): Temporal.Instant {
  for (let day = dayIn(person.zone, from); ; day = day.add({ days: 1 })) {
    const at = atWallTime(day, time, person.zone);
    if (isBefore(from, at) && isWelcome(person, at)) return at;
  }
}

/** The midnight that ends a due day where its owner lives: the first instant that is no longer that day. */
export function dueDayEnds(day: Temporal.PlainDate, zone: string): Temporal.Instant {
  return startOfDay(day.add({ days: 1 }), zone);
}

/** Welcome hours as they may be kept: within one day, at least an hour, and on one day of the week at least. */
export function validateWelcome<T extends Omit<WelcomeHours, 'zone'>>(wanted: T): Outcome<T> {
  if (Temporal.PlainTime.compare(wanted.welcomeFrom.add({ hours: 1 }), wanted.welcomeFrom) < 0)
    return refuse('Start before 23:00, so that an hour is left.', 'welcomeFrom');
  if (Temporal.PlainTime.compare(wanted.welcomeTo, wanted.welcomeFrom.add({ hours: 1 })) < 0)
    return refuse('Leave at least an hour, on the same day.', 'welcomeTo');
  if (wanted.workdays.length === 0) return refuse('Pick at least one day.', 'workdays');
  return done({ ...wanted, workdays: [...new Set(wanted.workdays)].sort((a, b) => a - b) });
}

/**
 * When their next bundle may go out: on no day that had one already, and not before a snooze is over. Whether there is
 * anything to say is looked up then.
 */
export function nextBundleAt(
  person: WelcomeHours & { bundledOn: Temporal.PlainDate | null; snoozedUntil: Temporal.Instant | null },
  from: Temporal.Instant,
): Temporal.Instant {
  const { bundledOn, snoozedUntil } = person;
  const after =
    snoozedUntil !== null && isBefore(from, snoozedUntil) ? snoozedUntil.subtract({ nanoseconds: 1 }) : from;
  const at = bundleAt(person, after);
  const isTaken = bundledOn !== null && Temporal.PlainDate.compare(dayIn(person.zone, at), bundledOn) <= 0;
  return isTaken ? bundleAt(person, startOfDay(bundledOn.add({ days: 1 }), person.zone)) : at;
}

/** Names the bundle of one day, so that whatever changes something it shows can have it brought up to date. */
export const bundleKey = (personId: string, day: Temporal.PlainDate): string => `bundle:${personId}:${day}`;

type Known = { name: string; handle: string; zone: string; locale: string; kind: string; active: boolean };

/** Whether Slack tells the same about somebody as it did before. */
export const isSamePerson = (one: Known, other: Known | undefined): boolean =>
  other !== undefined &&
  one.name === other.name &&
  one.handle === other.handle &&
  one.zone === other.zone &&
  one.locale === other.locale &&
  one.kind === other.kind &&
  one.active === other.active;
