/** Days and times as people say them: English words, in the order and the clock (12 or 24 hours) of the reader's locale. */

/** Slack's own default; taken where a locale is missing or is none. */
const FALLBACK = 'en-US';

function known(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? FALLBACK;
  } catch {
    return FALLBACK;
  }
}

const SAMPLE = Temporal.PlainDate.from('2001-03-15').toZonedDateTime('UTC').epochMilliseconds;

type Habits = { dayFirst: boolean; twelveHours: boolean };
const habits = new Map<string, Habits>();

/** Asked once a locale: making a formatter is a thousand times as slow as using it. */
function habitsOf(locale: string): Habits {
  const found = habits.get(locale) ?? learnHabits(known(locale));
  habits.set(locale, found);
  return found;
}

function learnHabits(locale: string): Habits {
  const order = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', timeZone: 'UTC' })
    .formatToParts(SAMPLE)
    .map((part) => part.type);
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  return { dayFirst: order.indexOf('day') < order.indexOf('month'), twelveHours: hour12 === true };
}

/** Whether this locale writes 15/3 (day first) rather than 3/15. */
export const writesDayFirst = (locale: string): boolean => habitsOf(locale).dayFirst;

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekday = (day: Temporal.PlainDate): string => WEEKDAYS[day.dayOfWeek - 1] ?? '';

/** "Thu 12 Mar", "Thu Mar 12"; with the year where it is not `today`'s. */
export function spokenDate(day: Temporal.PlainDate, today: Temporal.PlainDate, locale: string): string {
  const month = MONTHS[day.month - 1] ?? '';
  const date = writesDayFirst(locale) ? `${day.day} ${month}` : `${month} ${day.day}`;
  return `${weekday(day)} ${date}${day.year === today.year ? '' : ` ${day.year}`}`;
}

/** "yesterday", "today", "tomorrow", "Fri" within the six days that follow, else the date. */
export function spokenDay(day: Temporal.PlainDate, today: Temporal.PlainDate, locale: string): string {
  const away = today.until(day).days;
  if (away === -1) return 'yesterday';
  if (away === 0) return 'today';
  if (away === 1) return 'tomorrow';
  return away > 1 && away < 7 ? weekday(day) : spokenDate(day, today, locale);
}

/** "9:00", "21:30", or "9:00 AM" where the locale's clock has twelve hours. */
export function spokenTime(instant: Temporal.Instant, zone: string, locale: string): string {
  const { hour, minute } = instant.toZonedDateTimeISO(zone);
  const minutes = String(minute).padStart(2, '0');
  if (!habitsOf(locale).twelveHours) return `${hour}:${minutes}`;
  return `${hour % 12 || 12}:${minutes} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** "Tue 24 Mar, 9:00 (12:00 for Dana)"; the brackets only where the other's clock shows something else. */
export function spokenMeeting(
  instant: Temporal.Instant,
  reader: { zone: string; locale: string },
  other: { zone: string; name: string },
): string {
  const here = instant.toZonedDateTimeISO(reader.zone);
  const there = instant.toZonedDateTimeISO(other.zone);
  const mine = `${spokenDate(here.toPlainDate(), here.toPlainDate(), reader.locale)}, ${spokenTime(instant, reader.zone, reader.locale)}`;
  if (here.toPlainDateTime().equals(there.toPlainDateTime())) return mine;
  const sameDay = here.toPlainDate().equals(there.toPlainDate());
  const theirs = spokenTime(instant, other.zone, reader.locale);
  return `${mine} (${sameDay ? '' : `${weekday(there.toPlainDate())} `}${theirs} for ${other.name})`;
}

/** "3 days overdue". `days` is at least 1: a day counts once it has ended. */
export const overdue = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'} overdue`;
