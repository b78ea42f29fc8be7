import { expect, test } from '@jest/globals';
import { vtimezone } from '../../src/ground/vtimezone.ts';

const since = Temporal.Instant.from('2026-03-01T00:00Z');

/** What a calendar program does with the text: the offset that holds at an instant. */
function offsetReadFrom(text: string, at: Temporal.Instant): string | undefined {
  const year = at.toZonedDateTimeISO('UTC').year;
  const onsets = text
    .split(/BEGIN:(?:STANDARD|DAYLIGHT)/)
    .slice(1)
    .flatMap((observance) => {
      const value = (name: string) => new RegExp(`${name}:(.*)`).exec(observance)?.[1]?.trim() ?? '';
      const first = Temporal.PlainDateTime.from(value('DTSTART'));
      const rule = /BYMONTH=(\d+);BYDAY=(-?\d)SU/.exec(observance);
      const walls = rule ? [year - 1, year].map((y) => sundayOf(y, Number(rule[1]), Number(rule[2]), first)) : [first];
      return walls.map((wall) => ({
        at: wall.toZonedDateTime(colon(value('TZOFFSETFROM'))).toInstant(),
        to: colon(value('TZOFFSETTO')),
      }));
    })
    .filter((onset) => Temporal.Instant.compare(onset.at, at) <= 0)
    .sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  return onsets[0]?.to;
}

const colon = (offset: string) => `${offset.slice(0, 3)}:${offset.slice(3)}`;

function sundayOf(year: number, month: number, nth: number, wall: Temporal.PlainDateTime): Temporal.PlainDateTime {
  const days = Array.from({ length: 31 }, (_, i) => i + 1)
    .filter((day) => day <= new Temporal.PlainYearMonth(year, month).daysInMonth)
    .map((day) => new Temporal.PlainDate(year, month, day))
    .filter((date) => date.dayOfWeek === 7);
  const sunday = days.at(nth > 0 ? nth - 1 : nth) ?? new Temporal.PlainDate(year, month, 1);
  return sunday.toPlainDateTime(wall.toPlainTime());
}

test.each([
  'America/New_York',
  'Europe/London',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Havana',
  'Asia/Kathmandu',
  'Asia/Jerusalem',
  'Africa/Casablanca',
  'Pacific/Apia',
  'UTC',
])('TM1 a calendar that knows %s only from its file is right for ten years, to the second of each change', (zone) => {
  const text = vtimezone(zone, since);
  const steps = Array.from({ length: 3500 }, (_, n) => since.add({ hours: 25 * n }));
  const edges = changesOf(zone, 20).flatMap((at) => [at.subtract({ seconds: 1 }), at]);
  const wrong = [...steps, ...edges].filter((at) => offsetReadFrom(text, at) !== at.toZonedDateTimeISO(zone).offset);
  expect(wrong.map(String)).toEqual([]);
});

function changesOf(zone: string, atMost: number): Temporal.Instant[] {
  const found: Temporal.Instant[] = [];
  let next = since.toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  for (; next !== null && found.length < atMost; next = next.getTimeZoneTransition('next'))
    found.push(next.toInstant());
  return found;
}

test.each(['America/New_York', 'Europe/London', 'Australia/Sydney', 'Australia/Lord_Howe'])(
  '%s is told as Outlook reads it: one yearly rule each for standard and daylight time',
  (zone) => {
    const text = vtimezone(zone, since);
    expect(text.match(/BEGIN:(STANDARD|DAYLIGHT)/g)?.sort()).toEqual(['BEGIN:DAYLIGHT', 'BEGIN:STANDARD']);
    expect(text.match(/RRULE:FREQ=YEARLY/g)).toHaveLength(2);
  },
);
