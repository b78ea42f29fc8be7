import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  describeRhythm,
  inTurn,
  nextOccurrence,
  type On,
  occurrence,
  occurrencesBetween,
  onAsOf,
  proposalReason,
  proposedRhythm,
  type Rhythm,
  validateRhythm,
} from '../../src/cadence/rules.ts';
import { DEFAULT_WELCOME, isWelcome } from '../../src/people/rules.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const time = (text: string) => Temporal.PlainTime.from(text);
const instant = (text: string) => Temporal.Instant.from(text);

function rhythm(parts: Partial<Rhythm> = {}): Rhythm {
  const anchor = parts.anchor ?? day('2026-03-03');
  const every = parts.every ?? 'weeks';
  const standard = { every, interval: 1, anchor, wallTime: time('09:00'), zone: 'America/New_York', minutes: 45 };
  return { ...standard, on: onAsOf(anchor, every), ...parts };
}

/** Jest finds any two Temporal values equal; their texts are compared instead. */
const told = (value: unknown) => JSON.stringify(value);

const daysOf = (of: Rhythm, count: number) =>
  Array.from({ length: count }, (_, n) => occurrence(of, n).on.toString()).join(' ');

describe('TM1 a weekly meeting at a wall time that the zone skips or repeats', () => {
  test.each([
    // zone, first day, wall time, what the week before, the odd week and the week after begin at
    ['America/New_York', '2026-03-01', '02:30', '2026-03-01T07:30Z', '2026-03-08T07:30Z', '2026-03-15T06:30Z'],
    ['America/New_York', '2026-10-25', '01:30', '2026-10-25T05:30Z', '2026-11-01T05:30Z', '2026-11-08T06:30Z'],
    ['Europe/London', '2026-03-22', '01:30', '2026-03-22T01:30Z', '2026-03-29T01:30Z', '2026-04-05T00:30Z'],
    ['Europe/London', '2026-10-18', '01:30', '2026-10-18T00:30Z', '2026-10-25T00:30Z', '2026-11-01T01:30Z'],
    ['Australia/Sydney', '2026-09-27', '02:30', '2026-09-26T16:30Z', '2026-10-03T16:30Z', '2026-10-10T15:30Z'],
    ['Australia/Sydney', '2026-03-29', '02:30', '2026-03-28T15:30Z', '2026-04-04T15:30Z', '2026-04-11T16:30Z'],
    ['America/Sao_Paulo', '2018-10-28', '00:15', '2018-10-28T03:15Z', '2018-11-04T03:15Z', '2018-11-11T02:15Z'],
    ['America/Sao_Paulo', '2018-02-10', '23:30', '2018-02-11T01:30Z', '2018-02-18T01:30Z', '2018-02-25T02:30Z'],
    ['America/Sao_Paulo', '2019-10-27', '00:15', '2019-10-27T03:15Z', '2019-11-03T03:15Z', '2019-11-10T03:15Z'],
    ['Australia/Lord_Howe', '2026-09-27', '02:15', '2026-09-26T15:45Z', '2026-10-03T15:45Z', '2026-10-10T15:15Z'],
    ['Australia/Lord_Howe', '2026-03-29', '01:45', '2026-03-28T14:45Z', '2026-04-04T14:45Z', '2026-04-11T15:15Z'],
    ['Asia/Kathmandu', '1985-12-25', '00:05', '1985-12-24T18:35Z', '1985-12-31T18:35Z', '1986-01-07T18:20Z'],
    ['Asia/Kathmandu', '2026-03-22', '09:00', '2026-03-22T03:15Z', '2026-03-29T03:15Z', '2026-04-05T03:15Z'],
    ['Pacific/Apia', '2011-12-23', '09:00', '2011-12-23T19:00Z', '2011-12-30T19:00Z', '2012-01-05T19:00Z'],
  ])('in %s from %s at %s', (zone, anchor, wallTime, ...expected) => {
    const weekly = rhythm({ anchor: day(anchor), wallTime: time(wallTime), zone });
    const begins = [0, 1, 2].map((n) => occurrence(weekly, n).at);
    expect(begins.map(String)).toEqual(expected.map((text) => instant(text).toString()));
  });

  test('on the Friday that Apia skipped is on the Saturday at the same hour, and keeps its own day', () => {
    const skipped = occurrence(rhythm({ anchor: day('2011-12-23'), zone: 'Pacific/Apia' }), 1);
    expect(skipped.on.toString()).toBe('2011-12-30');
    expect(skipped.at.toZonedDateTimeISO('Pacific/Apia').toPlainDateTime().toString()).toBe('2011-12-31T09:00:00');
  });
});

describe('the days of a rhythm', () => {
  test.each<[string, Partial<Rhythm>, string]>([
    ['every week', {}, '2026-03-03 2026-03-10 2026-03-17 2026-03-24'],
    ['every 3 weeks', { interval: 3 }, '2026-03-03 2026-03-24 2026-04-14 2026-05-05'],
    [
      'every 2 weeks, first Friday after a Tuesday anchor',
      { interval: 2, on: { weekday: 5 } },
      '2026-03-06 2026-03-20',
    ],
    [
      'monthly on the 31st, clamped and never drifting',
      { every: 'months', on: { day: 31 }, anchor: day('2026-01-31') },
      '2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31',
    ],
    [
      'monthly on the 31st from a February',
      { every: 'months', on: { day: 31 }, anchor: day('2028-02-10') },
      '2028-02-29 2028-03-31',
    ],
    [
      'monthly on the 5th from an anchor past it',
      { every: 'months', on: { day: 5 }, anchor: day('2026-01-20') },
      '2026-02-05 2026-03-05',
    ],
    [
      'monthly on the second Tuesday',
      { every: 'months', on: { weekday: 2, nth: 2 } },
      '2026-03-10 2026-04-14 2026-05-12',
    ],
    [
      'monthly on the last Friday',
      { every: 'months', on: { weekday: 5, nth: -1 } },
      '2026-03-27 2026-04-24 2026-05-29',
    ],
    [
      'every 2 months on the first Monday',
      { every: 'months', interval: 2, on: { weekday: 1, nth: 1 }, anchor: day('2026-03-02') },
      '2026-03-02 2026-05-04 2026-07-06',
    ],
    [
      'quarterly, its months counted from the anchor',
      { every: 'quarters', on: { day: 30 }, anchor: day('2026-11-30') },
      '2026-11-30 2027-02-28 2027-05-30 2027-08-30',
    ],
    [
      'quarterly from an anchor past its day, still in the anchor’s months',
      { every: 'quarters', on: { day: 5 }, anchor: day('2026-01-20') },
      '2026-04-05 2026-07-05',
    ],
  ])('%s', (_, parts, days) => {
    expect(daysOf(rhythm(parts), days.split(' ').length)).toBe(days);
  });

  test('between two instants hold the first and not the last', () => {
    const found = occurrencesBetween(rhythm(), instant('2026-03-10T13:00Z'), instant('2026-03-24T13:00Z'));
    expect(found.map(({ n, on }) => `${n} ${on}`)).toEqual(['1 2026-03-10', '2 2026-03-17']);
  });

  test('are found as fast a thousand years on as next week', () => {
    const old = rhythm({ anchor: day('1026-03-03'), every: 'months', on: { day: 31 }, interval: 5 });
    const begun = performance.now();
    for (let i = 0; i < 200; i++) nextOccurrence(old, instant('2026-03-10T13:00Z'));
    expect(performance.now() - begun).toBeLessThan(500);
    expect(nextOccurrence(old, instant('2026-03-10T13:00Z')).on.toString()).toBe('2026-03-31');
  });
});

describe('TM1 any rhythm', () => {
  const zones = [
    'America/New_York',
    'Europe/London',
    'Australia/Sydney',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Pacific/Kwajalein',
    'America/Los_Angeles',
    'Africa/Casablanca',
    'UTC',
  ];
  const days = fc.integer({ min: 0, max: 365 * 45 }).map((after) => day('1985-01-01').add({ days: after }));
  const wallTimes = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minutes) => time('00:00').add({ minutes }));
  const weekday = fc.integer({ min: 1, max: 7 });
  const weekly: fc.Arbitrary<[Rhythm['every'], On]> = weekday.map((of) => ['weeks', { weekday: of }]);
  const byMonth: fc.Arbitrary<On> = fc.oneof(
    fc.record({ day: fc.integer({ min: 1, max: 31 }) }),
    fc.record({ weekday, nth: fc.constantFrom(1, 2, 3, 4, -1) }),
  );
  const monthly = fc.tuple(fc.constantFrom<Rhythm['every']>('months', 'quarters'), byMonth);
  const rhythms: fc.Arbitrary<Rhythm> = fc
    .record({
      rule: fc.oneof(weekly, monthly),
      interval: fc.integer({ min: 1, max: 12 }),
      anchor: days,
      wallTime: wallTimes,
      zone: fc.constantFrom(...zones),
    })
    .map(({ rule: [every, on], ...rest }) => ({ every, on, minutes: 45, ...rest }));

  /** By the definition of gap and overlap: every instant that reads as this wall time, or else the gap's later side. */
  function readsAs(wall: Temporal.PlainDateTime, zone: string): Temporal.Instant {
    const asUtc = wall.toZonedDateTime('UTC').toInstant();
    const offsetAt = (hours: number) => asUtc.add({ hours }).toZonedDateTimeISO(zone).offsetNanoseconds;
    const [before, after] = [offsetAt(-36), offsetAt(36)];
    const candidates = [before, after]
      .map((nanoseconds) => asUtc.subtract({ nanoseconds }))
      .filter((at) => at.toZonedDateTimeISO(zone).toPlainDateTime().equals(wall))
      .sort(Temporal.Instant.compare);
    return candidates[0] ?? asUtc.subtract({ nanoseconds: before });
  }

  test('begins at the agreed wall time, the first if there are two, the later side if there is none', () => {
    fc.assert(
      fc.property(rhythms, fc.integer({ min: 0, max: 600 }), (of, n) => {
        const { on, at } = occurrence(of, n);
        expect(at.toString()).toBe(readsAs(on.toPlainDateTime(of.wallTime), of.zone).toString());
      }),
      { numRuns: 2000 },
    );
  });

  test('moves strictly forward, and what comes after one occurrence is the next, whole or a moment short', () => {
    fc.assert(
      fc.property(rhythms, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 600 }), (of, n, minutes) => {
        const [one, two] = [occurrence(of, n), occurrence(of, n + 1)];
        expect(Temporal.Instant.compare(one.at, two.at)).toBe(-1);
        expect(told(nextOccurrence(of, one.at))).toBe(told(two));
        expect(told(nextOccurrence(of, one.at.subtract({ nanoseconds: 1 })))).toBe(told(one));
        expect(told(nextOccurrence(of, one.at.add({ minutes })))).toBe(told(two));
      }),
      { numRuns: 2000 },
    );
  });

  test('comes once on each day of its rule and on no other, from the anchor on', () => {
    const months = { weeks: 0, months: 1, quarters: 3 };
    const isLastOf = (date: Temporal.PlainDate) => date.day === date.daysInMonth;
    const nthOf = (date: Temporal.PlainDate) => Math.floor((date.day - 1) / 7) + 1;
    function follows(date: Temporal.PlainDate, of: Rhythm, first: Temporal.PlainDate): boolean {
      if (of.every === 'weeks')
        return (
          'weekday' in of.on && date.dayOfWeek === of.on.weekday && first.until(date).days % (7 * of.interval) === 0
        );
      const apart = date.year * 12 + date.month - of.anchor.year * 12 - of.anchor.month;
      if (apart % (months[of.every] * of.interval) !== 0) return false;
      if ('day' in of.on) return date.day === of.on.day || (of.on.day > date.day && isLastOf(date));
      const nth = of.on.nth === -1 ? date.day + 7 > date.daysInMonth : nthOf(date) === of.on.nth;
      return nth && date.dayOfWeek === of.on.weekday;
    }
    fc.assert(
      fc.property(rhythms, (of) => {
        const first = occurrence(of, 0).on;
        if (of.every === 'weeks') expect(of.anchor.until(first).days).toBeLessThan(7);
        const walked: string[] = [];
        for (let date = of.anchor; walked.length < 4; date = date.add({ days: 1 }))
          if (follows(date, of, first)) walked.push(date.toString());
        expect(daysOf(of, 4)).toBe(walked.join(' '));
      }),
      { numRuns: 150 },
    );
  });

  test('is found whole in any window, in order', () => {
    fc.assert(
      fc.property(rhythms, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 }), (of, from, count) => {
        const expected = Array.from({ length: count }, (_, i) => occurrence(of, from + i));
        expect(told(occurrencesBetween(of, occurrence(of, from).at, occurrence(of, from + count).at))).toBe(
          told(expected),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('a rhythm in words', () => {
  test.each<[string, Partial<Rhythm>]>([
    ['Every week on Tuesday', {}],
    ['Every 2 weeks on Friday', { interval: 2, on: { weekday: 5 } }],
    ['Monthly on the 3rd', { every: 'months', on: { day: 3 } }],
    ['Monthly on the 11th', { every: 'months', on: { day: 11 } }],
    ["Monthly on the 31st (or the month's last day)", { every: 'months', on: { day: 31 } }],
    ['Monthly on the second Tuesday', { every: 'months', on: { weekday: 2, nth: 2 } }],
    ['Every 2 months on the last Friday', { every: 'months', interval: 2, on: { weekday: 5, nth: -1 } }],
    ['Quarterly on the first Monday', { every: 'quarters', on: { weekday: 1, nth: 1 } }],
    ['Every 2 quarters on the 1st', { every: 'quarters', interval: 2, on: { day: 1 } }],
  ])('%s', (words, parts) => {
    expect(describeRhythm(rhythm(parts))).toBe(words);
  });

  test('a first day on a fifth Friday stands for the last one', () => {
    expect(onAsOf(day('2026-01-30'), 'months', 'weekday')).toEqual({ weekday: 5, nth: -1 });
    expect(onAsOf(day('2026-01-30'), 'months', 'day')).toEqual({ day: 30 });
    expect(onAsOf(day('2026-01-30'), 'weeks', 'day')).toEqual({ weekday: 5 });
  });
});

describe('the proposed rhythm', () => {
  const newYork = { zone: 'America/New_York', ...DEFAULT_WELCOME };
  const inZone = (zone: string) => ({ zone, ...DEFAULT_WELCOME });
  const thursday = day('2026-03-05');

  test.each([
    ['solo-top-producer', 'Monthly on the second Tuesday', 'strategic review'],
    ['new-team-leader', 'Every 2 weeks on Tuesday', 'operating support'],
    ['firm-leads', 'Every week on Tuesday', 'pipeline'],
  ] as const)('for a %s is: %s, %s', (complexity, words, purpose) => {
    const proposed = proposedRhythm(complexity, thursday, newYork, inZone('America/Los_Angeles'));
    expect(describeRhythm(proposed.rhythm)).toBe(words);
    expect(proposed.purpose).toBe(purpose);
    expect(proposed.rhythm).toMatchObject({ zone: 'America/Los_Angeles', minutes: 45 });
    expect(proposed.rhythm.wallTime.toString()).toBe('09:00:00');
  });

  test('says why in one line', () => {
    expect(proposedRhythm('new-team-leader', thursday, newYork, newYork).why).toBe(
      'Every 2 weeks because you are building a team.',
    );
  });

  test.each(['Europe/London', 'America/Los_Angeles', 'America/Sao_Paulo', 'Pacific/Honolulu'])(
    'is welcome to both from beginning to end, in summer and winter: New York with %s',
    (zone) => {
      const partner = inZone(zone);
      const { rhythm: found } = proposedRhythm('firm-leads', thursday, newYork, partner);
      for (const n of [0, 26]) {
        const { at } = occurrence(found, n);
        const last = at.add({ minutes: 44 });
        expect([newYork, partner].flatMap((who) => [isWelcome(who, at), isWelcome(who, last)])).not.toContain(false);
      }
    },
  );

  test('keeps to working days that both have', () => {
    const weekendLeader = { ...newYork, workdays: [3, 6, 7] };
    const { rhythm: found } = proposedRhythm('firm-leads', thursday, weekendLeader, newYork);
    expect(found.on).toEqual({ weekday: 3 });
  });

  test('is 9:00 on a Tuesday for the partner where no hour is welcome to both', () => {
    const { rhythm: found } = proposedRhythm('firm-leads', thursday, newYork, inZone('Asia/Kolkata'));
    expect(found).toMatchObject({ zone: 'Asia/Kolkata', on: { weekday: 2 } });
    expect(found.wallTime.toString()).toBe('09:00:00');
  });

  test('keeps its reason while it is as proposed, and has none once another is on the table', () => {
    expect(proposalReason('new-team-leader', rhythm({ interval: 2 }))).toMatch(/^Every 2 weeks because/);
    expect(proposalReason('new-team-leader', rhythm({ interval: 3 }))).toBeUndefined();
  });

  test('to several is one after the other, and from the same time on the next weekday when the day is full', () => {
    const friday = rhythm({ anchor: day('2026-03-06'), wallTime: time('16:00'), minutes: 45 });
    const turns = [0, 1, 2, 3, 4].map((place) => inTurn(friday, place));
    expect(
      turns.map((turn) => `${occurrence(turn, 0).on} ${turn.wallTime.toString({ smallestUnit: 'minute' })}`),
    ).toEqual(['2026-03-06 16:00', '2026-03-06 16:45', '2026-03-09 16:00', '2026-03-09 16:45', '2026-03-10 16:00']);
    expect(describeRhythm(inTurn(friday, 2))).toBe('Every week on Monday');
  });

  test('passes its own check', () => {
    const { rhythm: found } = proposedRhythm('solo-top-producer', thursday, newYork, newYork);
    expect(told(validateRhythm(found, instant('2026-03-05T12:00Z')))).toBe(told({ ok: true, value: found }));
  });
});

describe('a rhythm that cannot be agreed', () => {
  const now = instant('2026-03-03T15:00Z'); // Tuesday 3 March, 10:00 in New York
  test.each<[string, Partial<Rhythm>, string, string]>([
    ['yesterday', { anchor: day('2026-03-02') }, 'anchor', 'That day has passed. Pick a day from today on.'],
    ['an hour ago', {}, 'wallTime', 'That time has passed today. Pick a later one, or a day from tomorrow on.'],
    [
      'in years',
      { anchor: day('2028-03-03') },
      'anchor',
      'That day is more than a year away. Pick one within the year.',
    ],
    ['on Mars', { zone: 'Mars/Olympus' }, 'zone', 'That time zone is not known here. Pick one from the list.'],
    ['at an offset', { zone: '+05:30' }, 'zone', 'That time zone is not known here. Pick one from the list.'],
    ['never', { interval: 0 }, 'interval', 'Every how many weeks? Give a whole number from 1 to 12.'],
    ['half', { interval: 1.5 }, 'interval', 'Every how many weeks? Give a whole number from 1 to 12.'],
    [
      'too rare',
      { every: 'months', interval: 13 },
      'interval',
      'Every how many months? Give a whole number from 1 to 12.',
    ],
    ['too short', { minutes: 14 }, 'minutes', 'Give a length from 15 to 180 minutes.'],
    ['too long', { minutes: 181 }, 'minutes', 'Give a length from 15 to 180 minutes.'],
    ['weekly on the 3rd', { on: { day: 3 } }, 'on', 'Pick a day of the week.'],
    ['on the 32nd', { every: 'months', on: { day: 32 } }, 'on', 'Pick a day of the month.'],
    ['on the fifth Friday', { every: 'months', on: { weekday: 5, nth: 5 } }, 'on', 'Pick a day of the month.'],
  ])('%s is refused with what to do', (_, parts, field, why) => {
    expect(validateRhythm(rhythm(parts), now)).toEqual({ ok: false, why, field });
  });

  test('later today, in the rhythm’s own zone, is none of them', () => {
    expect(validateRhythm(rhythm({ wallTime: time('10:15') }), now).ok).toBe(true);
  });

  test('a first day without a rule is its rule', () => {
    const { on: _, ...draft } = rhythm({ anchor: day('2026-03-06') });
    expect(validateRhythm(draft, now)).toMatchObject({ ok: true, value: { on: { weekday: 5 } } });
  });
});
