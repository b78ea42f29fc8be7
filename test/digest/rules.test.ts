import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  channelStanding,
  type DigestItem,
  digestDay,
  digestRows,
  mayHoldDigest,
  nextDigest,
} from '../../src/digest/rules.ts';

const monday = { weekday: 1, at: Temporal.PlainTime.from('09:00'), zone: 'America/New_York' };
const at = (iso: string) => Temporal.Instant.from(iso);
const day = (iso: string) => Temporal.PlainDate.from(iso);

test.each([
  ['before its hour on the day', '2027-03-01T13:59:59Z', '2027-03-01T14:00:00Z'],
  ['at its hour', '2027-03-01T14:00:00Z', '2027-03-08T14:00:00Z'],
  ['across the change of clocks', '2027-03-08T14:00:00Z', '2027-03-15T13:00:00Z'],
  ['from any other day', '2027-03-03T00:00:00Z', '2027-03-08T14:00:00Z'],
])('the next digest, asked %s', (_when, now, next) => {
  expect(String(nextDigest(monday, at(now)))).toBe(next);
});

test('an hour that a change of clocks skips moves that one digest by an hour and no other', () => {
  const sunday = { weekday: 7, at: Temporal.PlainTime.from('02:30'), zone: 'America/New_York' };
  const inGap = nextDigest(sunday, at('2027-03-13T12:00:00Z'));
  expect(String(inGap)).toBe('2027-03-14T07:30:00Z');
  expect(String(nextDigest(sunday, inGap))).toBe('2027-03-21T06:30:00Z');
});

test('whenever it is asked, the next one is later, on the weekday, and at most eight days away', () => {
  const weekly = fc.record({
    weekday: fc.integer({ min: 1, max: 7 }),
    at: fc
      .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
      .map((time) => Temporal.PlainTime.from(time)),
    zone: fc.constantFrom('America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'),
  });
  const instant = fc
    .integer({ min: 1_700_000_000, max: 2_000_000_000 })
    .map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000));
  fc.assert(
    fc.property(weekly, instant, (settings, now) => {
      const next = nextDigest(settings, now);
      expect(Temporal.Instant.compare(now, next)).toBe(-1);
      expect(now.until(next).total('hours')).toBeLessThanOrEqual(8 * 24);
      expect(next.toZonedDateTimeISO(settings.zone).dayOfWeek).toBe(settings.weekday);
      // What is due at that time is named by its own day.
      expect(String(digestDay(settings, next))).toBe(String(next.toZonedDateTimeISO(settings.zone).toPlainDate()));
    }),
  );
});

test('after an outage it is still said for three days, under its own day, and then no more', () => {
  expect(String(digestDay(monday, at('2027-03-03T20:00:00Z')))).toBe('2027-03-01');
  expect(String(digestDay(monday, at('2027-03-04T14:00:00Z')))).toBe('2027-03-01');
  expect(digestDay(monday, at('2027-03-04T14:00:01Z'))).toBeUndefined();
  expect(digestDay(monday, at('2027-03-08T13:59:00Z'))).toBeUndefined();
});

test.each([
  [{ isMember: true, isArchived: false, isSharedWithOthers: false }, undefined],
  [{ isMember: false, isArchived: false, isSharedWithOthers: false }, /\/invite @Accord/],
  [{ isMember: true, isArchived: true, isSharedWithOthers: false }, /archived/],
  [{ isMember: true, isArchived: false, isSharedWithOthers: true }, /another firm/],
  [{ isMember: false, isArchived: true, isSharedWithOthers: true }, /another firm/],
])('a channel %j', (facts, why) => {
  const may = mayHoldDigest(channelStanding(facts));
  expect(may.ok ? undefined : may.why).toEqual(why ? expect.stringMatching(why) : undefined);
});

test('overdue and due this week are told apart where the owner lives; what may not be named is counted', () => {
  const item = (line: string | null, dueOn: string, ownerToday = '2027-03-08'): DigestItem => ({
    line,
    ownerName: 'Dana',
    dueOn: day(dueOn),
    ownerToday: day(ownerToday),
    shownAt: at('2027-02-01T12:00:00Z'),
  });
  const rows = digestRows(
    [
      item('later', '2027-03-15'),
      item('in six days', '2027-03-14'),
      item('today', '2027-03-08'),
      item('yesterday', '2027-03-07'),
      item('still yesterday in Honolulu', '2027-03-07', '2027-03-07'),
      item('long ago', '2027-02-01'),
      item(null, '2027-02-02'),
      item(null, '2027-03-10'),
    ],
    day('2027-03-08'),
    at('2027-03-08T14:00:00Z'),
  );
  expect(rows.overdue.map(({ line }) => line)).toEqual(['long ago', 'yesterday']);
  expect(rows.dueThisWeek.map(({ line }) => line)).toEqual(['still yesterday in Honolulu', 'today', 'in six days']);
  expect(rows.unnamed).toEqual({ overdue: 1, dueThisWeek: 1 });
});

test.each([
  ['is counted and not named up to and including its ten minutes of Undo', '2027-03-08T13:50:00Z', 1],
  ['is named once they are over', '2027-03-08T13:49:59Z', 0],
])('what was promised, accepted or put in %s', (_what, shownAt, unnamed) => {
  const item = { line: 'flyers', ownerName: 'Dana', dueOn: day('2027-03-10'), ownerToday: day('2027-03-08') };
  const rows = digestRows([{ ...item, shownAt: at(shownAt) }], day('2027-03-08'), at('2027-03-08T14:00:00Z'));
  expect(rows.unnamed.dueThisWeek).toBe(unnamed);
  expect(rows.dueThisWeek).toHaveLength(1 - unnamed);
});
