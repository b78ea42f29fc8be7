import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bundleAt,
  DEFAULT_WELCOME,
  dueDayEnds,
  isWelcome,
  isWorkday,
  lastWorkingDayBefore,
  nextWelcome,
  validateWelcome,
  type WelcomeHours,
  withinWelcome,
} from '../../src/people/rules.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const time = (text: string) => Temporal.PlainTime.from(text);
const instant = (text: string) => Temporal.Instant.from(text);
const zoned = (text: string) => Temporal.ZonedDateTime.from(`${text}[America/New_York]`).toInstant();

const dana: WelcomeHours = { zone: 'America/New_York', ...DEFAULT_WELCOME };

describe('Dana welcomes messages from 8:00 to 18:00, Monday to Friday', () => {
  test.each([
    ['Tuesday 7:59 waits for 8:00', '2026-03-03T07:59', '2026-03-03T08:00'],
    ['Tuesday 8:00 is now', '2026-03-03T08:00', '2026-03-03T08:00'],
    ['Tuesday 17:59 is now', '2026-03-03T17:59', '2026-03-03T17:59'],
    ['Tuesday 18:00 waits for Wednesday', '2026-03-03T18:00', '2026-03-04T08:00'],
    ['Friday night waits for Monday', '2026-03-06T21:00', '2026-03-09T08:00'],
    ['a weekend with a clock change waits for Monday 8:00', '2026-03-08T01:30', '2026-03-09T08:00'],
  ])('%s', (_, from, at) => {
    expect(nextWelcome(dana, zoned(from)).toString()).toBe(zoned(at).toString());
  });

  test.each([
    ['at 8:59 is at 9:00', {}, '2026-03-03T08:59', '2026-03-03T09:00'],
    ['at 9:00 has gone, so tomorrow', {}, '2026-03-03T09:00', '2026-03-04T09:00'],
    ['on Friday afternoon is on Monday', {}, '2026-03-06T15:00', '2026-03-09T09:00'],
    ['waits until they begin at 10:30', { welcomeFrom: time('10:30') }, '2026-03-03T05:00', '2026-03-03T10:30'],
    [
      'comes before they end at 8:30',
      { welcomeFrom: time('05:00'), welcomeTo: time('08:30') },
      '2026-03-03T04:00',
      '2026-03-03T07:30',
    ],
    ['follows their own working days', { workdays: [6, 7] }, '2026-03-03T05:00', '2026-03-07T09:00'],
  ])('the day’s bundle, asked for %s', (_, hours, from, at) => {
    expect(bundleAt({ ...dana, ...hours }, zoned(from)).toString()).toBe(zoned(at).toString());
  });
});

test('the bundle of the Friday that Apia skipped goes out on the Monday', () => {
  const apia = { ...dana, zone: 'Pacific/Apia' };
  const thursdayNoon = instant('2011-12-29T22:00Z');
  expect(bundleAt(apia, thursdayNoon).toZonedDateTimeISO('Pacific/Apia').toPlainDateTime().toString()).toBe(
    '2012-01-02T09:00:00',
  );
});

test('somebody with no working day, or with hours that end before they begin, is still reached', () => {
  expect(bundleAt({ ...dana, workdays: [] }, zoned('2026-03-07T10:00')).toString()).toBe(
    zoned('2026-03-08T09:00').toString(),
  );
  const nightly = { ...dana, welcomeFrom: time('22:00'), welcomeTo: time('06:00') };
  expect(nextWelcome(nightly, zoned('2026-03-03T10:00')).toString()).toBe(zoned('2026-03-03T22:00').toString());
});

test('whatever the hours, the next welcome time and bundle are welcome, and the bundle is ahead', () => {
  const hours = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => time('00:00').add({ minutes }));
  const people = fc.record<WelcomeHours>({
    zone: fc.constantFrom(
      'America/New_York',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Asia/Kathmandu',
    ),
    welcomeFrom: hours,
    welcomeTo: hours,
    workdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
  });
  const instants = fc
    .integer({ min: 0, max: 30 * 365 * 24 * 60 })
    .map((minutes) => instant('2000-01-01T00:00Z').add({ minutes }));
  fc.assert(
    fc.property(people, instants, (person, from) => {
      const [welcome, bundle] = [nextWelcome(person, from), bundleAt(person, from)];
      expect([isWelcome(person, welcome), isWelcome(person, bundle)]).toEqual([true, true]);
      expect(Temporal.Instant.compare(welcome, from)).toBeGreaterThanOrEqual(0);
      expect(Temporal.Instant.compare(bundle, from)).toBe(1);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['07:00', '08:00'],
  ['16:30', '16:30'],
  ['18:00', '17:00'],
])('%s brought inside the welcome hours is %s', (wanted, found) => {
  expect(withinWelcome(dana, time(wanted)).equals(time(found))).toBe(true);
});

describe('working days', () => {
  test.each([
    ['Tuesday', '2026-03-03', [1, 2, 3, 4, 5], '2026-03-02'],
    ['Monday', '2026-03-02', [1, 2, 3, 4, 5], '2026-02-27'],
    ['Sunday', '2026-03-08', [1, 2, 3, 4, 5], '2026-03-06'],
    ['Tuesday of somebody who works Tuesdays', '2026-03-03', [2], '2026-02-24'],
    ['Tuesday of somebody with none', '2026-03-03', [], '2026-03-02'],
  ])('the last one before a %s', (_, before, workdays, found) => {
    expect(lastWorkingDayBefore(day(before), workdays).toString()).toBe(found);
  });

  test('Saturday is none by default', () => {
    expect(isWorkday(day('2026-03-07'), DEFAULT_WELCOME.workdays)).toBe(false);
    expect(isWorkday(day('2026-03-06'), DEFAULT_WELCOME.workdays)).toBe(true);
  });
});

describe('TM1 a due day ends where its owner lives', () => {
  test.each([
    ['at midnight', '2026-03-03', 'America/New_York', '2026-03-04T05:00:00Z'],
    ['after 23 hours in spring', '2026-03-08', 'America/New_York', '2026-03-09T04:00:00Z'],
    ['after 25 hours in autumn', '2026-11-01', 'America/New_York', '2026-11-02T05:00:00Z'],
    ['at 1:00 where midnight does not exist', '2018-11-03', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['after the second 23:00 hour', '2018-02-17', 'America/Sao_Paulo', '2018-02-18T03:00:00Z'],
    ['before the day that Apia skipped', '2011-12-29', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['no later for the skipped day itself', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
  ])('%s', (_, due, zone, ends) => {
    expect(dueDayEnds(day(due), zone).toString()).toBe(ends);
  });
});

describe('welcome hours that cannot be kept', () => {
  test.each([
    ['end before they begin', { welcomeFrom: time('18:00'), welcomeTo: time('08:00') }, 'welcomeTo'],
    ['last half an hour', { welcomeFrom: time('08:00'), welcomeTo: time('08:30') }, 'welcomeTo'],
    ['begin at 23:30', { welcomeFrom: time('23:30'), welcomeTo: time('23:45') }, 'welcomeFrom'],
    ['have no day', { workdays: [] }, 'workdays'],
  ])('those that %s', (_, hours, field) => {
    expect(validateWelcome({ ...DEFAULT_WELCOME, ...hours })).toMatchObject({ ok: false, field });
  });

  test('the others are kept with their days in order', () => {
    expect(validateWelcome({ ...DEFAULT_WELCOME, workdays: [5, 1, 5] })).toMatchObject({ value: { workdays: [1, 5] } });
  });
});
