import { isBefore } from '../ground/zoned.ts';
import { isWelcome, isWorkday, lastWorkingDayBefore, type WelcomeHours } from '../people/rules.ts';

/**
 * Something that a bundle names as its day comes near, and after it. What a colleague owns is named to the leader once it
 * is long overdue.
 */
export type Item = {
  what: 'promise' | 'colleague' | 'ask' | 'agreement';
  dueOn: Temporal.PlainDate;
  priority: 'now' | 'later';
  /** The day on which it came to wait for this person: an ask, a wish for another day. */
  since: Temporal.PlainDate;
};

export type Listener = {
  workdays: number[];
  level: 'quiet' | 'standard' | 'active';
  /** The day of the last bundle, which said what there was to say until then. */
  bundledOn: Temporal.PlainDate | null;
};

/** Whether a bundle may reach them at `now`: in the hours that they welcome, and not while they snooze. */
export const isListening = (
  person: WelcomeHours & { snoozedUntil: Temporal.Instant | null },
  now: Temporal.Instant,
): boolean => isWelcome(person, now) && (person.snoozedUntil === null || !isBefore(now, person.snoozedUntil));

const isAfter = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) > 0;

/** What was not said for longer than this is not made up for. */
const CATCH_UP_DAYS = 7;
const WEEK = 7;
/** What a colleague owns is theirs alone to hear of until it is overdue by as many days. */
const LONG_OVERDUE = 14;

function firstWorkingDayAfter(day: Temporal.PlainDate, workdays: number[]): Temporal.PlainDate {
  let next = day.add({ days: 1 });
  while (!isWorkday(next, workdays)) next = next.add({ days: 1 });
  return next;
}

/** Its own day, or the last working day before it. */
const dayNamed = (day: Temporal.PlainDate, workdays: number[]): Temporal.PlainDate =>
  isWorkday(day, workdays) ? day : lastWorkingDayBefore(day, workdays);

/** The working days up to its due day on which it is named. */
function namedAhead({ what, dueOn, priority, since }: Item, { workdays, level }: Listener): Temporal.PlainDate[] {
  if (what === 'colleague') return [];
  const days = [dayNamed(dueOn, workdays)];
  // A `later` stays out until its day.
  if (level !== 'quiet' && priority === 'now') days.push(lastWorkingDayBefore(dueOn, workdays));
  if (level === 'active' && priority === 'now') days.push(dayNamed(dueOn.subtract({ days: WEEK }), workdays));
  // What waits for an answer is named on the day after it was put, too.
  if (what !== 'promise') days.push(firstWorkingDayAfter(since, workdays));
  return days.filter((day) => !isAfter(day, dueOn));
}

/**
 * Overdue is named on its first working day, a colleague's on the first once two weeks are over, then weekly. Of the days
 * after `after`, the first.
 */
function namedOverdue(
  { what, dueOn }: Item,
  { workdays }: Listener,
  after: Temporal.PlainDate,
): Temporal.PlainDate | undefined {
  if (what !== 'promise' && what !== 'colleague') return undefined;
  const quietFor = what === 'colleague' ? LONG_OVERDUE - 1 : 0;
  const first = firstWorkingDayAfter(dueOn.add({ days: quietFor }), workdays);
  const ahead = first.until(after).days;
  return ahead < 0 ? first : first.add({ days: (Math.floor(ahead / WEEK) + 1) * WEEK });
}

/** The first day after `after` on which a bundle names this; undefined when none will. */
export function nextNamedOn(item: Item, listener: Listener, after: Temporal.PlainDate): Temporal.PlainDate | undefined {
  const days = namedAhead(item, listener).filter((day) => isAfter(day, after));
  const overdue = namedOverdue(item, listener, after);
  return [...days, ...(overdue ? [overdue] : [])].sort(Temporal.PlainDate.compare)[0];
}

/** Whether the bundle of `day` names this: its turn came since the last bundle, which may have been missed. */
export function isNamedOn(item: Item, listener: Listener, day: Temporal.PlainDate): boolean {
  const longAgo = day.subtract({ days: CATCH_UP_DAYS });
  const { bundledOn } = listener;
  const last = bundledOn && isAfter(bundledOn, longAgo) ? bundledOn : longAgo;
  const next = nextNamedOn(item, listener, last);
  return next !== undefined && !isAfter(next, day);
}

/** The Monday that comes next, where they live. */
export const nextMonday = (today: Temporal.PlainDate): Temporal.PlainDate => today.add({ days: 8 - today.dayOfWeek });
