import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { atWallTime, dayIn, isBefore, isZone, nthWeekday, weekdayName } from '../ground/zoned.ts';
import { isWelcome, type WelcomeHours } from '../people/rules.ts';

/** Which day of the week or month. Weekdays are 1 for Monday to 7 for Sunday; an `nth` of -1 is the month's last. */
export type On = { day: number } | { weekday: number; nth?: number };

/** What both agreed to. Occurrences are counted from the anchor, the first day on which one may fall. */
export type Rhythm = {
  every: 'weeks' | 'months' | 'quarters';
  interval: number;
  on: On;
  anchor: Temporal.PlainDate;
  wallTime: Temporal.PlainTime;
  zone: string;
  minutes: number;
};

/** The nth meeting, from 0: the day that the rule gives it, and the instant at which it begins. */
export type Occurrence = { n: number; on: Temporal.PlainDate; at: Temporal.Instant };

export type Complexity = 'solo-top-producer' | 'new-team-leader' | 'firm-leads';

/**
 * Always worked out from the anchor, never from the last one held, so that no gap, overlap or late tick can make the
 * rhythm drift. Where the zone skips the wall time it is the later side, where it repeats it the first; where it skips
 * the whole day it is the next one at the same hour, and `on` still names the day that the rule gave.
 */
export function occurrence(rhythm: Rhythm, n: number): Occurrence {
  const on = dayOf(rhythm, n);
  return { n, on, at: atWallTime(on, rhythm.wallTime, rhythm.zone) };
}

/** The first occurrence that begins after this instant, in constant time however old the anchor is. */
export function nextOccurrence(rhythm: Rhythm, after: Temporal.Instant): Occurrence {
  // One back: periods are counted from the anchor, and the first occurrence may be most of one later.
  for (let n = Math.max(0, periodsUntil(rhythm, dayIn(rhythm.zone, after)) - 1); ; n++) {
    const next = occurrence(rhythm, n);
    if (isBefore(after, next.at)) return next;
  }
}

/** Those that begin at `from` or later and before `to`, in order. */
export function occurrencesBetween(rhythm: Rhythm, from: Temporal.Instant, to: Temporal.Instant): Occurrence[] {
  const found: Occurrence[] = [];
  let next = nextOccurrence(rhythm, from.subtract({ nanoseconds: 1 }));
  for (; isBefore(next.at, to); next = occurrence(rhythm, next.n + 1)) found.push(next);
  return found;
}

/** The months between two occurrences of a rhythm by month or quarter. */
export const monthsApart = (rhythm: Pick<Rhythm, 'every' | 'interval'>): number =>
  rhythm.every === 'quarters' ? 3 * rhythm.interval : rhythm.interval;

function dayOf(rhythm: Rhythm, n: number): Temporal.PlainDate {
  const { anchor } = rhythm;
  if (rhythm.every === 'weeks') return firstWeekday(rhythm).add({ weeks: n * rhythm.interval });
  const months = monthsApart(rhythm);
  const month = anchor.toPlainYearMonth();
  const skipped = Temporal.PlainDate.compare(dayInMonth(month, rhythm.on), anchor) < 0 ? 1 : 0;
  return dayInMonth(month.add({ months: (n + skipped) * months }), rhythm.on);
}

function periodsUntil(rhythm: Rhythm, day: Temporal.PlainDate): number {
  if (rhythm.every === 'weeks') return Math.floor(rhythm.anchor.until(day).days / 7 / rhythm.interval);
  const months = rhythm.anchor.toPlainYearMonth().until(day.toPlainYearMonth(), { largestUnit: 'months' }).months;
  return Math.floor(months / monthsApart(rhythm));
}

function firstWeekday({ anchor, on }: Rhythm): Temporal.PlainDate {
  const weekday = 'weekday' in on ? on.weekday : anchor.dayOfWeek;
  return anchor.add({ days: (weekday - anchor.dayOfWeek + 7) % 7 });
}

function dayInMonth(month: Temporal.PlainYearMonth, on: On): Temporal.PlainDate {
  if ('day' in on) return month.toPlainDate({ day: Math.min(on.day, month.daysInMonth) });
  return nthWeekday(month, on.weekday, on.nth ?? 1);
}

/** The rule that a first day stands for. A fifth weekday is its month's last, since not every month has five. */
export function onAsOf(
  anchor: Temporal.PlainDate,
  every: Rhythm['every'],
  monthlyBy: 'day' | 'weekday' | null = 'weekday',
): On {
  if (every === 'weeks') return { weekday: anchor.dayOfWeek };
  if (monthlyBy !== 'weekday') return { day: anchor.day };
  const nth = Math.ceil(anchor.day / 7);
  return { weekday: anchor.dayOfWeek, nth: nth > 4 ? -1 : nth };
}

/** "Every 2 weeks on Tuesday", "Monthly on the last Friday", "Quarterly on the 31st (or the month's last day)". */
export function describeRhythm(rhythm: Pick<Rhythm, 'every' | 'interval' | 'on'>): string {
  return `${howOften(rhythm)} on ${onWords(rhythm.on)}`;
}

function howOften({ every, interval }: Pick<Rhythm, 'every' | 'interval'>): string {
  if (interval > 1) return `Every ${interval} ${every}`;
  return { weeks: 'Every week', months: 'Monthly', quarters: 'Quarterly' }[every];
}

const NTH = new Map([
  [-1, 'last'],
  [1, 'first'],
  [2, 'second'],
  [3, 'third'],
  [4, 'fourth'],
]);

function onWords(on: On): string {
  if ('day' in on) return `the ${ordinal(on.day)}${on.day > 28 ? " (or the month's last day)" : ''}`;
  const nth = on.nth === undefined ? undefined : NTH.get(on.nth);
  return nth === undefined ? weekdayName(on.weekday) : `the ${nth} ${weekdayName(on.weekday)}`;
}

const plural = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIX = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ordinal = (n: number) => `${n}${SUFFIX.get(plural.select(n)) ?? 'th'}`;

const PROPOSED = {
  'solo-top-producer': {
    every: 'months',
    interval: 1,
    purpose: 'strategic review',
    why: 'Monthly because your business is established: time for strategy.',
  },
  'new-team-leader': {
    every: 'weeks',
    interval: 2,
    purpose: 'operating support',
    why: 'Every 2 weeks because you are building a team.',
  },
  'firm-leads': {
    every: 'weeks',
    interval: 1,
    purpose: 'pipeline',
    why: 'Every week because you work leads that the firm provides.',
  },
} as const satisfies Record<Complexity, Pick<Rhythm, 'every' | 'interval'> & { purpose: string; why: string }>;

const MINUTES = 45;
const DAYS_TO_AGREE = 2;
const NINE = new Temporal.PlainTime(9);
const WEEKDAYS_LIKED = [2, 3, 4, 1, 5, 6, 7];

/**
 * What the form opens with: a rhythm by the partner's business, in the partner's zone, at the first time from 9:00 on
 * (then before it) that both welcome, if there is one in summer and in winter; if not, in the season that begins it.
 */
export function proposedRhythm(
  complexity: Complexity,
  today: Temporal.PlainDate,
  leader: WelcomeHours,
  partner: WelcomeHours,
): { rhythm: Rhythm; purpose: string; why: string } {
  const { every, interval, purpose, why } = PROPOSED[complexity];
  const { day, time } = sharedTime(today, leader, partner, [0, 26]) ??
    sharedTime(today, leader, partner, [0]) ?? { day: onOrAfter(today.add({ days: DAYS_TO_AGREE }), 2), time: NINE };
  const on = onAsOf(day, every);
  return {
    rhythm: { every, interval, on, anchor: day, wallTime: time, zone: partner.zone, minutes: MINUTES },
    purpose,
    why,
  };
}

/** Why this rhythm was proposed to this kind of business; nothing once another one is on the table. */
export function proposalReason(complexity: Complexity, rhythm: Pick<Rhythm, 'every' | 'interval'>): string | undefined {
  const { every, interval, why } = PROPOSED[complexity];
  return rhythm.every === every && rhythm.interval === interval ? why : undefined;
}

const LAST_END = new Temporal.PlainTime(18);

/**
 * The rhythm of the person at this place (from 0) when several are proposed the same one: one after the other until
 * 18:00, then from the same time on the next weekday.
 */
export function inTurn(rhythm: Rhythm, place: number): Rhythm {
  const { minutes, wallTime } = rhythm;
  const perDay = Math.max(1, Math.floor(wallTime.until(LAST_END).total('minutes') / minutes));
  const turn = { ...rhythm, wallTime: wallTime.add({ minutes: (place % perDay) * minutes }) };
  const daysOn = Math.floor(place / perDay);
  if (daysOn === 0) return turn;
  let anchor = rhythm.anchor;
  for (let n = 0; n < daysOn; n++) anchor = anchor.add({ days: anchor.dayOfWeek < 5 ? 1 : 8 - anchor.dayOfWeek });
  return { ...turn, anchor, on: onAsOf(anchor, rhythm.every, 'day' in rhythm.on ? 'day' : 'weekday') };
}

function sharedTime(today: Temporal.PlainDate, leader: WelcomeHours, partner: WelcomeHours, weeksAhead: number[]) {
  for (const weekday of WEEKDAYS_LIKED) {
    const day = onOrAfter(today.add({ days: DAYS_TO_AGREE }), weekday);
    const time = HALF_HOURS.find((half) =>
      weeksAhead.every((weeks) => {
        const start = atWallTime(day.add({ weeks }), half, partner.zone);
        const last = start.add({ minutes: MINUTES - 1 });
        return [leader, partner].every((person) => isWelcome(person, start) && isWelcome(person, last));
      }),
    );
    if (time !== undefined) return { day, time };
  }
  return undefined;
}

/** 9:00 to 23:30, then backwards from 8:30 to midnight. */
const HALF_HOURS = [
  ...Array.from({ length: 30 }, (_, i) => NINE.add({ minutes: 30 * i })),
  ...Array.from({ length: 18 }, (_, i) => NINE.subtract({ minutes: 30 * (i + 1) })),
];

const onOrAfter = (day: Temporal.PlainDate, weekday: number) => day.add({ days: (weekday - day.dayOfWeek + 7) % 7 });

export const MOST_INTERVALS = 12;
export const FEWEST_MINUTES = 15;
export const MOST_MINUTES = 180;

/** What somebody filled in; without `on`, the rule is what the first day stands for. */
export type RhythmDraft = Omit<Rhythm, 'on'> & { on?: On };

/** The rhythm as it may be agreed at `now`. The field of a refusal is the part of the draft to mend. */
export function validateRhythm(draft: RhythmDraft, now: Temporal.Instant): Outcome<Rhythm> {
  const rhythm = { ...draft, on: draft.on ?? onAsOf(draft.anchor, draft.every) };
  if (!isZone(rhythm.zone)) return refuse('That time zone is not known here. Pick one from the list.', 'zone');
  if (!isWhole(rhythm.interval, 1, MOST_INTERVALS))
    return refuse(`Every how many ${rhythm.every}? Give a whole number from 1 to ${MOST_INTERVALS}.`, 'interval');
  if (!isWhole(rhythm.minutes, FEWEST_MINUTES, MOST_MINUTES))
    return refuse(`Give a length from ${FEWEST_MINUTES} to ${MOST_MINUTES} minutes.`, 'minutes');
  if (!fits(rhythm.every, rhythm.on))
    return refuse(`Pick a day of the ${rhythm.every === 'weeks' ? 'week' : 'month'}.`, 'on');

  const today = dayIn(rhythm.zone, now);
  if (Temporal.PlainDate.compare(rhythm.anchor, today) < 0)
    return refuse('That day has passed. Pick a day from today on.', 'anchor');
  if (Temporal.PlainDate.compare(rhythm.anchor, today.add({ years: 1 })) > 0)
    return refuse('That day is more than a year away. Pick one within the year.', 'anchor');
  if (!isBefore(now, occurrence(rhythm, 0).at))
    return refuse('That time has passed today. Pick a later one, or a day from tomorrow on.', 'wallTime');
  return done(rhythm);
}

const isWhole = (n: number, least: number, most: number) => Number.isInteger(n) && n >= least && n <= most;

function fits(every: Rhythm['every'], on: On): boolean {
  if ('day' in on) return every !== 'weeks' && isWhole(on.day, 1, 31);
  const nth = every === 'weeks' ? on.nth === undefined : on.nth === -1 || isWhole(on.nth ?? 0, 1, 4);
  return nth && isWhole(on.weekday, 1, 7);
}
