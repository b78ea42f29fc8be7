import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { calendarWeekday, vtimezone } from '../ground/vtimezone.ts';
import { monthsApart, occurrence, type Rhythm } from './rules.ts';

/** One meeting by itself, or one of a rhythm that moved away from the wall time that the rhythm gave it. */
export type SingleMeeting = {
  startsAt: Temporal.Instant;
  minutes: number;
  zone: string;
  movedFrom?: Temporal.PlainDateTime;
};

export type CalendarEntry = {
  /** The same for everything ever said about this rhythm or meeting; a later `sequence` replaces an earlier one. */
  uid: string;
  sequence: number;
  summary: string;
  leader: { name: string };
  partner: { name: string };
  method: 'PUBLISH' | 'CANCEL';
  now: Temporal.Instant;
} & ({ rhythm: Rhythm } | { meeting: SingleMeeting });

/** The iCalendar file of a rhythm or a single meeting. It names people and never their addresses. */
export function calendarFile(entry: CalendarEntry): string {
  const { uid, sequence, method, now } = entry;
  const cancelled = method === 'CANCEL';
  const { start, minutes, repeating, recurrenceId } =
    'rhythm' in entry ? repeated(entry.rhythm) : single(entry.meeting);
  const calendar = ical({
    prodId: { company: 'Accord', product: 'Accord' },
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    timezone: { name: null, generator: (zone) => vtimezone(zone, start.toInstant()) },
  });
  calendar.createEvent({
    id: uid,
    sequence,
    stamp: now,
    start,
    end: start.add({ minutes }),
    timezone: start.timeZoneId,
    summary: oneLine(entry.summary),
    description: oneLine(`${entry.leader.name} and ${entry.partner.name}`),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(repeating === undefined ? {} : { repeating }),
    ...(recurrenceId === undefined ? {} : { recurrenceId }),
  });
  return `${calendar.toString()}\r\n`;
}

type EventTimes = {
  start: Temporal.ZonedDateTime;
  minutes: number;
  repeating?: string;
  recurrenceId?: Temporal.PlainDateTime;
};

const single = ({ startsAt, zone, minutes, movedFrom }: SingleMeeting): EventTimes => ({
  start: startsAt.toZonedDateTimeISO(zone),
  minutes,
  recurrenceId: movedFrom,
});

/**
 * A rhythm's file begins with its first occurrence that lies at the agreed wall time from beginning to end: every
 * later one repeats the figures of the first, so that one put off by a clock change would move them all.
 */
function repeated(rhythm: Rhythm): EventTimes {
  const { minutes, zone, wallTime } = rhythm;
  for (let n = 0; ; n++) {
    const { on, at } = occurrence(rhythm, n);
    const start = at.toZonedDateTimeISO(zone);
    const agreed = on.toPlainDateTime(wallTime);
    const end = start.add({ minutes }).toPlainDateTime();
    if (start.toPlainDateTime().equals(agreed) && end.equals(agreed.add({ minutes })))
      return { start, minutes, repeating: recurrenceRule(rhythm) };
  }
}

/** Every rhythm has a rule: a day past the month's end is the last of the days up to it that the month has. */
export function recurrenceRule(rhythm: Pick<Rhythm, 'every' | 'interval' | 'on' | 'anchor'>): string {
  const { every, on, anchor } = rhythm;
  if (every === 'weeks') {
    const weekday = 'weekday' in on ? on.weekday : anchor.dayOfWeek;
    return `FREQ=WEEKLY;INTERVAL=${rhythm.interval};BYDAY=${calendarWeekday(weekday)}`;
  }
  const monthly = `FREQ=MONTHLY;INTERVAL=${monthsApart(rhythm)}`;
  if ('weekday' in on) return `${monthly};BYDAY=${on.nth ?? 1}${calendarWeekday(on.weekday)}`;
  if (on.day <= 28) return `${monthly};BYMONTHDAY=${on.day}`;
  if (on.day === 31) return `${monthly};BYMONTHDAY=-1`;
  return `${monthly};BYMONTHDAY=${on.day === 29 ? '28,29' : '28,29,30'};BYSETPOS=-1`;
}

/** The library escapes what the format reserves; control characters have no escape in it. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
