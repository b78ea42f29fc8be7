import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CalendarEntry, calendarFile, recurrenceRule } from '../../src/cadence/calendar.ts';
import { type On, occurrence, onAsOf, type Rhythm } from '../../src/cadence/rules.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const instant = (text: string) => Temporal.Instant.from(text);

function rhythm(parts: Partial<Rhythm> = {}): Rhythm {
  const anchor = parts.anchor ?? day('2026-03-03');
  const every = parts.every ?? 'weeks';
  const wallTime = new Temporal.PlainTime(9);
  const standard = { every, interval: 1, anchor, wallTime, zone: 'America/Los_Angeles', minutes: 45 };
  return { ...standard, on: onAsOf(anchor, every), ...parts };
}

const agreed = {
  uid: 'pair-1@accord',
  sequence: 0,
  rhythm: rhythm(),
  summary: 'Ana and Dana',
  leader: { name: 'Dana Reyes' },
  partner: { name: 'Ana Flores' },
  method: 'PUBLISH' as const,
  now: instant('2026-02-27T15:00Z'),
};
const file = (parts: Partial<CalendarEntry> = {}) => calendarFile({ ...agreed, ...parts });

/** The lines of one component as a calendar program reads them: unfolded, without those of the components in it. */
function read(text: string, component: string): Record<string, string> {
  const lines = text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
  const from = lines.indexOf(`BEGIN:${component}`);
  const to = lines.indexOf(`END:${component}`);
  return Object.fromEntries(
    lines.slice(from + 1, to).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}

test('the file of a rhythm repeats at its wall time in its zone', () => {
  const text = file({ rhythm: rhythm({ interval: 2 }) });
  expect(read(text, 'VEVENT')).toEqual({
    UID: 'pair-1@accord',
    SEQUENCE: '0',
    DTSTAMP: '20260227T150000Z',
    'DTSTART;TZID=America/Los_Angeles': '20260303T090000',
    'DTEND;TZID=America/Los_Angeles': '20260303T094500',
    RRULE: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
    SUMMARY: 'Ana and Dana',
    DESCRIPTION: 'Dana Reyes and Ana Flores',
    STATUS: 'CONFIRMED',
  });
  expect(read(text, 'VTIMEZONE')).toMatchObject({ TZID: 'America/Los_Angeles' });
  expect(read(text, 'VCALENDAR')).toMatchObject({ METHOD: 'PUBLISH', VERSION: '2.0' });
});

test('a rhythm that was called off cancels what the same file once announced', () => {
  const text = file({ method: 'CANCEL', sequence: 3 });
  expect(read(text, 'VCALENDAR').METHOD).toBe('CANCEL');
  expect(read(text, 'VEVENT')).toMatchObject({ UID: 'pair-1@accord', SEQUENCE: '3', STATUS: 'CANCELLED' });
});

test('a moved meeting takes the place of its own occurrence and does not repeat', () => {
  const { rhythm: _, ...about } = agreed;
  const meeting = {
    startsAt: instant('2026-03-11T16:30Z'),
    minutes: 15,
    zone: 'America/Los_Angeles',
    movedFrom: Temporal.PlainDateTime.from('2026-03-10T09:00'),
  };
  const event = read(calendarFile({ ...about, sequence: 1, meeting }), 'VEVENT');
  expect(event).toMatchObject({
    'DTSTART;TZID=America/Los_Angeles': '20260311T093000',
    'DTEND;TZID=America/Los_Angeles': '20260311T094500',
    'RECURRENCE-ID;TZID=America/Los_Angeles': '20260310T090000',
  });
  expect(event).not.toHaveProperty('RRULE');
});

test('a rhythm that begins in a gap is announced from its first meeting at the agreed time', () => {
  const inTheGap = rhythm({ anchor: day('2026-03-08'), wallTime: new Temporal.PlainTime(2, 30) });
  expect(read(file({ rhythm: inTheGap }), 'VEVENT')['DTSTART;TZID=America/Los_Angeles']).toBe('20260315T023000');
});

describe('what people are called cannot break the file', () => {
  const hostile = 'Dana,\r\nEND:VEVENT\nATTENDEE;X="a":mailto:eve@example.org\u2028;\\ \u0000🦊';

  test('commas, semicolons, backslashes and line breaks stay in the line', () => {
    const text = file({ leader: { name: hostile }, summary: hostile });
    const words = 'Dana\\, END:VEVENT ATTENDEE\\;X="a":mailto:eve@example.org \\;\\\\ 🦊';
    expect(read(text, 'VEVENT')).toMatchObject({ SUMMARY: words, DESCRIPTION: `${words} and Ana Flores` });
  });

  test('nothing but lines of at most 75 bytes, ended as the format wants, for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const text = file({ leader: { name }, summary: name });
        const lines = text.split('\r\n');
        expect(lines.at(-1)).toBe('');
        expect(lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line))).toEqual([]);
        expect(lines.filter((line) => line === 'END:VEVENT')).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the rule that calendars repeat by', () => {
  test.each<[string, Partial<Rhythm>]>([
    ['FREQ=WEEKLY;INTERVAL=1;BYDAY=TU', {}],
    ['FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15', { every: 'months', on: { day: 15 } }],
    ['FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1', { every: 'months', on: { day: 31 } }],
    ['FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30;BYSETPOS=-1', { every: 'months', on: { day: 30 } }],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU', { every: 'months', interval: 2, on: { weekday: 2, nth: 2 } }],
    ['FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR', { every: 'quarters', on: { weekday: 5, nth: -1 } }],
  ])('%s', (rule, parts) => {
    expect(recurrenceRule(rhythm(parts))).toBe(rule);
  });

  const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

  /** The days of a rule by RFC 5545, from its first day on. */
  function expand(rule: string, first: Temporal.PlainDate, count: number): string {
    const part = (name: string) => new RegExp(`${name}=([^;]+)`).exec(rule)?.[1];
    const daysOfPeriod = part('FREQ') === 'WEEKLY' ? inWeek : inMonth;
    const found: (Temporal.PlainDate | undefined)[] = [];
    for (let n = 0; found.length < count; n++) found.push(...daysOfPeriod(part, first, n * Number(part('INTERVAL'))));
    return found.slice(0, count).join(' ');
  }

  type Part = (name: string) => string | undefined;

  function inWeek(part: Part, first: Temporal.PlainDate, periods: number) {
    const week = Array.from({ length: 7 }, (_, i) => first.add({ weeks: periods, days: i }));
    return week.filter((date) => weekdays[date.dayOfWeek - 1] === part('BYDAY'));
  }

  function inMonth(part: Part, first: Temporal.PlainDate, periods: number) {
    const month = first.toPlainYearMonth().add({ months: periods });
    const dates = Array.from({ length: month.daysInMonth }, (_, i) => month.toPlainDate({ day: i + 1 }));
    const nthOf = (of: Temporal.PlainDate[], nth: number) => of.at(nth > 0 ? nth - 1 : nth);
    const [, nth = '', weekday = ''] = /(-?\d)(..)/.exec(part('BYDAY') ?? '') ?? [];
    if (nth !== '')
      return [
        nthOf(
          dates.filter((date) => weekdays[date.dayOfWeek - 1] === weekday),
          Number(nth),
        ),
      ];
    const numbered = (part('BYMONTHDAY') ?? '').split(',').map((number) => nthOf(dates, Number(number)));
    return part('BYSETPOS') === '-1' ? numbered.filter((date) => date !== undefined).slice(-1) : numbered;
  }

  test('gives the same days as the rhythm, whatever the rhythm', () => {
    const weekday = fc.integer({ min: 1, max: 7 });
    const weekly = fc.record({
      every: fc.constant<Rhythm['every']>('weeks'),
      on: weekday.map((of): On => ({ weekday: of })),
    });
    const monthly = fc.record({
      every: fc.constantFrom<Rhythm['every']>('months', 'quarters'),
      on: fc.oneof<[fc.Arbitrary<On>, fc.Arbitrary<On>]>(
        fc.record({ day: fc.integer({ min: 1, max: 31 }) }),
        fc.record({ weekday, nth: fc.constantFrom(1, 2, 3, 4, -1) }),
      ),
    });
    const anchors = fc.integer({ min: 0, max: 4000 }).map((days) => day('2026-01-01').add({ days }));
    fc.assert(
      fc.property(fc.oneof(weekly, monthly), fc.integer({ min: 1, max: 12 }), anchors, (rule, interval, anchor) => {
        const of = rhythm({ ...rule, interval, anchor });
        const days = Array.from({ length: 12 }, (_, n) => occurrence(of, n).on);
        expect(expand(recurrenceRule(of), days[0] ?? anchor, 12)).toBe(days.join(' '));
      }),
      { numRuns: 500 },
    );
  });
});
