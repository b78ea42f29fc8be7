import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWorkday } from '../../src/people/rules.ts';
import { type Item, isNamedOn, type Listener, nextMonday, nextNamedOn } from '../../src/reminders/rules.ts';

/** March 2026: the 2nd is a Monday. */
const day = (date: number) => new Temporal.PlainDate(2026, 3, date);
const promise = (dueOn: number, special: Partial<Item> = {}): Item => ({
  what: 'promise',
  dueOn: day(dueOn),
  priority: 'now',
  since: day(2),
  ...special,
});
const standard: Listener = { workdays: [1, 2, 3, 4, 5], level: 'standard', bundledOn: null };

/** The days of the month on which it is named, when every day has its bundle. */
function namedOn(item: Item, listener: Listener = standard, until = 27): number[] {
  const days: number[] = [];
  let bundledOn: Temporal.PlainDate | null = listener.bundledOn ?? day(1);
  for (let date = 2; date <= until; date++) {
    if (!isWorkday(day(date), listener.workdays)) continue;
    if (isNamedOn(item, { ...listener, bundledOn }, day(date))) days.push(date);
    bundledOn = day(date);
  }
  return days;
}

describe('a promise of one’s own is named', () => {
  test.each<[string, Item, Partial<Listener>, number[]]>([
    ['the day before, on its day, on its first day overdue, then weekly', promise(11), {}, [10, 11, 12, 19, 26]],
    ['on Friday where it is due on Monday', promise(9), {}, [6, 9, 10, 17, 24]],
    ['on Friday where it is due on Saturday', promise(7), {}, [6, 9, 16, 23]],
    ['on Thursday and Friday where it is due on Friday', promise(6), {}, [5, 6, 9, 16, 23]],
    ['not ahead of its day to somebody who wants it quiet', promise(11), { level: 'quiet' }, [11, 12, 19, 26]],
    ['a week ahead too to somebody who wants to hear more', promise(11), { level: 'active' }, [4, 10, 11, 12, 19, 26]],
    ['not ahead of its day where it can wait', promise(11, { priority: 'later' }), {}, [11, 12, 19, 26]],
    ['on the days that its owner works', promise(11), { workdays: [2, 4] }, [10, 12, 19, 26]],
  ])('%s', (_, item, special, days) => {
    expect(namedOn(item, { ...standard, ...special })).toEqual(days);
  });
});

describe('what a colleague owns is named to the leader', () => {
  test.each<[string, Item, Partial<Listener>, number[]]>([
    ['once two weeks are over, then weekly', promise(4), {}, [18, 25]],
    ['on Monday where two weeks are over on Saturday', promise(7), {}, [23, 30]],
    ['at every level alike', promise(4), { level: 'quiet' }, [18, 25]],
  ])('%s', (_, item, special, days) => {
    expect(namedOn({ ...item, what: 'colleague' }, { ...standard, ...special }, 31)).toEqual(days);
  });
});

describe('what waits for a word is named', () => {
  test('the day after it was put, the day before its day and on it, never afterwards', () => {
    expect(namedOn(promise(18, { what: 'ask', since: day(4) }))).toEqual([5, 17, 18]);
  });
});

test('what fell into days without a bundle is named with the next one, once', () => {
  const afterLeave: Listener = { ...standard, bundledOn: day(10) };
  expect(isNamedOn(promise(11), afterLeave, day(16))).toBe(true);
  expect(isNamedOn(promise(11), { ...afterLeave, bundledOn: day(16) }, day(17))).toBe(false);
});

test('the next naming day is found without asking every day', () => {
  const item = fc.record({
    what: fc.constantFrom('promise' as const, 'colleague' as const, 'ask' as const, 'agreement' as const),
    dueOn: fc.integer({ min: 1, max: 28 }).map(day),
    priority: fc.constantFrom('now' as const, 'later' as const),
    since: fc.integer({ min: 1, max: 28 }).map(day),
  });
  const listener = fc.record({
    workdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    level: fc.constantFrom('quiet' as const, 'standard' as const, 'active' as const),
    bundledOn: fc.integer({ min: 1, max: 20 }).map(day),
  });
  fc.assert(
    fc.property(item, listener, (one, who) => {
      const next = nextNamedOn(one, who, who.bundledOn);
      for (let ahead = 1; ahead <= 21; ahead++) {
        const on = who.bundledOn.add({ days: ahead });
        if (!isWorkday(on, who.workdays)) continue;
        const isDue = next !== undefined && Temporal.PlainDate.compare(next, on) <= 0;
        if (ahead <= 7) expect(isNamedOn(one, who, on)).toBe(isDue);
        if (isDue) return expect(next.equals(on)).toBe(true);
      }
    }),
  );
});

test.each([
  ['on a Friday it is in three days', 6, 9],
  ['on a Monday it is in a week', 9, 16],
  ['on a Sunday it is tomorrow', 8, 9],
])('the Monday that comes next: %s', (_, today, monday) => {
  expect(nextMonday(day(today)).equals(day(monday))).toBe(true);
});
