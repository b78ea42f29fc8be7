import { expect, test } from '@jest/globals';
import { atWallTime, isZone, nthWeekday, startOfDay } from '../../src/ground/zoned.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

test.each([
  ['that does not exist is the later side', '2026-03-08', '02:30', '2026-03-08T07:30:00Z'],
  ['that exists twice is the first', '2026-11-01', '01:30', '2026-11-01T05:30:00Z'],
])('TM1 a wall time %s', (_, date, time, at) => {
  expect(atWallTime(day(date), Temporal.PlainTime.from(time), 'America/New_York').toString()).toBe(at);
});

test.each([
  ['without a midnight begins an hour late', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['with two midnights begins at the first', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00Z'],
  ['that does not exist begins with the next one', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
])('TM1 a day %s', (_, date, zone, at) => {
  expect(startOfDay(day(date), zone).toString()).toBe(at);
});

test.each([
  ['America/New_York', true],
  ['Asia/Katmandu', true],
  ['UTC', true],
  ['Mars/Olympus', false],
  ['+05:30', false],
  ['America/New_York[u-ca=hebrew]', false],
  ['', false],
])('%p as a zone: %p', (zone, known) => {
  expect(isZone(zone)).toBe(known);
});

test.each([
  [2, '2026-03-10'],
  [4, '2026-03-24'],
  [-1, '2026-03-31'],
])('the Tuesday of March 2026 counted as %p is %s', (nth, found) => {
  expect(nthWeekday(new Temporal.PlainYearMonth(2026, 3), 2, nth).toString()).toBe(found);
});
