import { expect, test } from '@jest/globals';
import { overdue, spokenDate, spokenDay, spokenMeeting, spokenTime } from '../../src/ground/days.ts';

const day = Temporal.PlainDate.from;
const monday = day('2026-03-09');

test.each([
  ['2026-03-08', 'yesterday'],
  ['2026-03-09', 'today'],
  ['2026-03-10', 'tomorrow'],
  ['2026-03-13', 'Fri'],
  ['2026-03-15', 'Sun'],
  ['2026-03-16', 'Mon 16 Mar'],
  ['2026-03-06', 'Fri 6 Mar'],
  ['2027-01-04', 'Mon 4 Jan 2027'],
])('%s, said on Monday 9 March, is %s', (iso, said) => {
  expect(spokenDay(day(iso), monday, 'en-GB')).toBe(said);
});

test.each([
  ['en-US', 'Thu Mar 12', '9:05 PM'],
  ['en-GB', 'Thu 12 Mar', '21:05'],
  ['de-DE', 'Thu 12 Mar', '21:05'],
  ['es-LA', 'Thu 12 Mar', '21:05'],
  ['pt-BR', 'Thu 12 Mar', '21:05'],
  ['', 'Thu Mar 12', '9:05 PM'],
  ['not a locale', 'Thu Mar 12', '9:05 PM'],
])('a person of locale %s reads %s and %s', (locale, date, time) => {
  expect(spokenDate(day('2026-03-12'), monday, locale)).toBe(date);
  expect(spokenTime(Temporal.Instant.from('2026-03-12T21:05Z'), 'UTC', locale)).toBe(time);
});

test('midnight and noon are said on a clock of twelve hours', () => {
  expect(spokenTime(Temporal.Instant.from('2026-03-12T00:00Z'), 'UTC', 'en-US')).toBe('12:00 AM');
  expect(spokenTime(Temporal.Instant.from('2026-03-12T12:00Z'), 'UTC', 'en-US')).toBe('12:00 PM');
});

test('a meeting is said in the reader’s time, with the other’s where it differs', () => {
  const at = Temporal.Instant.from('2026-03-24T16:00Z');
  const ana = { zone: 'America/Los_Angeles', locale: 'en-GB' };
  expect(spokenMeeting(at, ana, { zone: 'America/New_York', name: 'Dana' })).toBe('Tue 24 Mar, 9:00 (12:00 for Dana)');
  expect(spokenMeeting(at, ana, { zone: 'Asia/Tokyo', name: 'Kei' })).toBe('Tue 24 Mar, 9:00 (Wed 1:00 for Kei)');
  expect(spokenMeeting(at, ana, { zone: 'America/Vancouver', name: 'Mia' })).toBe('Tue 24 Mar, 9:00');
});

test('overdue is a number of days', () => {
  expect([overdue(1), overdue(3)]).toEqual(['1 day overdue', '3 days overdue']);
});
