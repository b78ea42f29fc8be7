import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countsAgainst,
  isSecondMoveInARow,
  isSecondSkipInARow,
  isUseful,
  type MeetingState,
  type MeetingTimes,
  mayBecome,
  mayMove,
  maySkip,
  nextStep,
  offeredSlots,
  planNextAt,
  stepsDoneAfterMove,
  stepsDoneAt,
  stepsOf,
  tellChangeAt,
  withinPlanningHorizon,
} from '../../src/meetings/rules.ts';
import { DEFAULT_WELCOME } from '../../src/people/rules.ts';

const instant = (text: string) => Temporal.Instant.from(text);
const newYork = (text: string) => Temporal.ZonedDateTime.from(`${text}[America/New_York]`).toInstant();
const losAngeles = (text: string) => Temporal.ZonedDateTime.from(`${text}[America/Los_Angeles]`).toInstant();

const dana = { zone: 'America/New_York', ...DEFAULT_WELCOME };
const ana = { zone: 'America/Los_Angeles', ...DEFAULT_WELCOME, prepHours: 24 };

/** Tuesday 24 March, 9:00 to 9:45 for Ana, 12:00 for Dana; planned two weeks before. */
function meeting(parts: Partial<MeetingTimes> = {}): MeetingTimes {
  const startsAt = parts.startsAt ?? losAngeles('2026-03-24T09:00');
  return { startsAt, minutes: 45, kind: 'contractor', bookedAt: startsAt.subtract({ hours: 24 * 14 }), ...parts };
}

const inAnasDay = (at: Temporal.Instant) =>
  at.toZonedDateTimeISO(ana.zone).toPlainDateTime().toString({ smallestUnit: 'minute' });
const plan = (of: MeetingTimes, leader = dana, partner = ana) =>
  stepsOf(of, leader, partner).map(({ step, at }) => `${step} ${inAnasDay(at)}`);
const atOf = (step: string, of: MeetingTimes, leader = dana, partner = ana) =>
  plan(of, leader, partner)
    .find((line) => line.startsWith(`${step} `))
    ?.slice(step.length + 1);

test('a meeting planned in good time: everything in its turn', () => {
  expect(plan(meeting())).toEqual([
    'prep 2026-03-23T09:00',
    'brief 2026-03-23T14:00', // 17:00 in New York
    'keep 2026-03-23T16:30',
    'card 2026-03-24T09:00',
    'nudge 2026-03-25T09:45',
    'close 2026-03-31T09:45',
  ]);
});

test('a report is never asked whether to keep the meeting', () => {
  expect(plan(meeting({ kind: 'report' })).join(' ')).not.toContain('keep');
});

describe('the opening question', () => {
  test('comes as many hours ahead as the partner chose', () => {
    expect(atOf('prep', meeting(), dana, { ...ana, prepHours: 48 })).toBe('2026-03-22T09:00');
  });

  test('comes 24 hours ahead, not at the same wall time, over a clock change', () => {
    expect(atOf('prep', meeting({ startsAt: losAngeles('2026-03-08T12:00') }))).toBe('2026-03-07T11:00');
  });
});

describe('the brief comes on the leader’s last working day before', () => {
  test.each([
    ['Friday for a Monday', '2026-03-23T12:00', {}, '2026-03-20T17:00'],
    ['Thursday for a Friday', '2026-03-27T12:00', {}, '2026-03-26T17:00'],
    [
      'an hour before the end of a short day',
      '2026-03-24T12:00',
      { welcomeTo: new Temporal.PlainTime(15) },
      '2026-03-23T14:00',
    ],
    ['Saturday for who works Saturdays', '2026-03-23T12:00', { workdays: [1, 6] }, '2026-03-21T17:00'],
  ])('%s', (_, start, leader, brief) => {
    const { at } = stepsOf(meeting({ startsAt: newYork(start) }), { ...dana, ...leader }, ana).find(
      ({ step }) => step === 'brief',
    ) ?? { at: instant('1970-01-01T00:00Z') };
    expect(at.toString()).toBe(newYork(brief).toString());
  });

  test('by the leader’s own calendar, when it is another day for them', () => {
    const sydney = { ...dana, zone: 'Australia/Sydney' };
    const briefed = stepsOf(meeting({ startsAt: losAngeles('2026-03-24T15:00') }), sydney, ana).find(
      ({ step }) => step === 'brief',
    );
    expect(briefed?.at.toZonedDateTimeISO('Australia/Sydney').toPlainDateTime().toString()).toBe('2026-03-24T17:00:00');
  });
});

describe('a contractor who named nothing is asked once', () => {
  test.each([
    ['late on the day before', '09:00', {}, '2026-03-23T16:30'],
    [
      'before the day ends, where it ends early',
      '09:00',
      { welcomeTo: new Temporal.PlainTime(16) },
      '2026-03-23T15:00',
    ],
    ['two hours after the opening question at least', '15:00', {}, '2026-03-23T17:00'],
    ['in the morning, when the question came late in the day', '17:00', {}, '2026-03-24T08:00'],
    ['in the morning, when it came at night', '14:00', { prepHours: 18 }, '2026-03-24T08:00'],
    ['halfway, when the question comes shortly before', '09:00', { prepHours: 2 }, '2026-03-24T08:00'],
  ])('%s', (_, start, partner, keep) => {
    const of = meeting({ startsAt: losAngeles(`2026-03-24T${start}`) });
    expect(atOf('keep', of, dana, { ...ana, ...partner })).toBe(keep);
  });

  test('and not at all, when the opening question itself comes in the last hours', () => {
    expect(atOf('keep', meeting(), dana, { ...ana, prepHours: 1 })).toBeUndefined();
  });
});

describe('a meeting planned late', () => {
  test('has the question and the brief at once, and the rest in its turn', () => {
    expect(plan(meeting({ bookedAt: losAngeles('2026-03-23T15:00') }))).toEqual([
      'prep 2026-03-23T15:00',
      'brief 2026-03-23T15:00',
      'keep 2026-03-23T17:00',
      'card 2026-03-24T09:00',
      'nudge 2026-03-25T09:45',
      'close 2026-03-31T09:45',
    ]);
  });

  test('ten minutes before has no second question', () => {
    expect(plan(meeting({ bookedAt: losAngeles('2026-03-24T08:50') })).slice(0, 3)).toEqual([
      'prep 2026-03-24T08:50',
      'brief 2026-03-24T08:50',
      'card 2026-03-24T09:00',
    ]);
  });

  test('after it began has a card; after it ended only what asks for the recap', () => {
    expect(plan(meeting({ bookedAt: losAngeles('2026-03-24T09:20') }))[0]).toBe('card 2026-03-24T09:20');
    expect(plan(meeting({ bookedAt: losAngeles('2026-03-24T12:00') }))).toEqual([
      'nudge 2026-03-25T09:45',
      'close 2026-03-31T09:45',
    ]);
  });
});

test('each step makes sense until the next thing overtakes it, and closing always does', () => {
  const uses = Object.fromEntries(
    stepsOf(meeting(), dana, ana).map(({ step, useUntil }) => [step, useUntil && inAnasDay(useUntil)]),
  );
  expect(uses).toEqual({
    prep: '2026-03-24T09:00',
    brief: '2026-03-24T09:00',
    keep: '2026-03-24T09:00',
    card: '2026-03-24T10:45',
    nudge: '2026-03-31T09:45',
    close: undefined,
  });
});

test('the next step is the first not done, and after an outage it may be past its use', () => {
  const steps = stepsOf(meeting(), dana, ana);
  expect(nextStep(steps, [])?.step).toBe('prep');
  const next = nextStep(steps, ['prep', 'keep']);
  expect(next?.step).toBe('brief');
  expect(next && isUseful(next, losAngeles('2026-03-24T08:59'))).toBe(true);
  expect(next && isUseful(next, losAngeles('2026-03-24T09:00'))).toBe(false);
  expect(nextStep(steps, ['prep', 'brief', 'keep', 'card', 'nudge', 'close'])).toBeUndefined();
});

test('for any two people and any lead time: in order, none before it was planned, none past its use, each once', () => {
  const hours = fc.integer({ min: 0, max: 22 }).map((hour) => new Temporal.PlainTime(hour));
  const zones = ['America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Europe/London'];
  const person = fc
    .record({
      zone: fc.constantFrom(...zones),
      welcomeFrom: hours,
      length: fc.integer({ min: 1, max: 12 }),
      workdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
    })
    .map(({ length, ...rest }) => ({
      ...rest,
      welcomeTo: new Temporal.PlainTime(Math.min(23, rest.welcomeFrom.hour + length)),
    }));
  const partner = fc.tuple(person, fc.integer({ min: 0, max: 168 })).map(([who, prepHours]) => ({ ...who, prepHours }));
  const starts = fc
    .integer({ min: 0, max: 365 * 96 })
    .map((n) => instant('2026-01-01T00:00Z').add({ minutes: 15 * n }));
  const ahead = fc.integer({ min: -1000, max: 40_000 });
  fc.assert(
    fc.property(person, partner, starts, ahead, (leader, with_, startsAt, minutes) => {
      const of = meeting({ startsAt, bookedAt: startsAt.subtract({ minutes }) });
      const steps = stepsOf(of, leader, with_);
      const times = steps.map(({ at }) => at);
      expect(times.map(String)).toEqual([...times].sort(Temporal.Instant.compare).map(String));
      expect(times.filter((at) => Temporal.Instant.compare(at, of.bookedAt) < 0)).toEqual([]);
      expect(steps.filter((step) => !isUseful(step, step.at))).toEqual([]);
      expect(new Set(steps.map(({ step }) => step)).size).toBe(steps.length);
      const order = steps.map(({ step }) => step).filter((step) => step === 'prep' || step === 'keep');
      expect(['', 'prep', 'prep keep']).toContain(order.join(' '));
    }),
    { numRuns: 1000 },
  );
});

describe('what becomes of a meeting', () => {
  const states: MeetingState[] = ['planned', 'held', 'skipped', 'unrecorded', 'replaced'];
  test.each<[MeetingState, MeetingState[]]>([
    ['planned', states],
    ['held', []],
    ['replaced', []],
    ['skipped', ['held']],
    ['unrecorded', ['held']],
  ])('%s can become: %p', (from, to) => {
    expect(states.filter((state) => mayBecome(from, state))).toEqual(to);
  });
});

describe('moving', () => {
  const now = losAngeles('2026-03-24T08:00');
  const planned = { state: 'planned' as const, startsAt: losAngeles('2026-03-24T09:00') };

  test('to later the same day keeps the meeting', () => {
    const to = losAngeles('2026-03-24T16:00');
    expect(JSON.stringify(mayMove(planned, to, now))).toBe(JSON.stringify({ ok: true, value: to }));
  });

  test.each([
    ['to a time that has passed', planned, '2026-03-24T08:00', 'That time has passed. Pick one from now on.'],
    ['to where it is', planned, '2026-03-24T09:00', 'It is at that time already. Pick another.'],
    ['out of sight', planned, '2027-04-24T09:00', 'That is more than a year away. Pick a time within the year.'],
    [
      'of a held one',
      { ...planned, state: 'held' as const },
      '2026-03-25T09:00',
      'This meeting was held, so it stays where it was.',
    ],
  ])('%s is refused', (_, of, to, why) => {
    expect(mayMove(of, losAngeles(to), now)).toMatchObject({ ok: false, why });
  });

  test('asks nobody again what they were asked, and shows the new time', () => {
    expect(stepsDoneAfterMove(['prep', 'brief', 'keep', 'card'])).toEqual(['prep', 'keep']);
  });

  test('counts against the firm and against a report, never against a contractor', () => {
    expect(countsAgainst('leader', 'contractor')).toBe(true);
    expect(countsAgainst('partner', 'report')).toBe(true);
    expect(countsAgainst('partner', 'contractor')).toBe(false);
  });

  test('a second time in a row is noticed, in one meeting or over two', () => {
    expect(isSecondMoveInARow(0)).toBe(false);
    expect(isSecondMoveInARow(1)).toBe(true);
    expect(isSecondMoveInARow(0, { movedTimes: 0 })).toBe(false);
    expect(isSecondMoveInARow(0, { movedTimes: 2 })).toBe(true);
  });

  test('as far as a year ahead and no further', () => {
    expect(withinPlanningHorizon(now.add({ hours: 366 * 24 }), now)).toBe(true);
    expect(withinPlanningHorizon(now.add({ hours: 366 * 24, minutes: 1 }), now)).toBe(false);
  });
});

describe('skipping', () => {
  const planned = { state: 'planned' as const, startsAt: losAngeles('2026-03-24T09:00'), minutes: 45 };

  test.each([
    ['before it', planned, '2026-03-24T08:00', { ok: true, value: 'skipped' }],
    ['during it', planned, '2026-03-24T09:30', { ok: true, value: 'skipped' }],
    [
      'after it',
      planned,
      '2026-03-24T10:00',
      { ok: false, why: 'This meeting is over. Write its recap, or leave it unrecorded.' },
    ],
    [
      'twice',
      { ...planned, state: 'skipped' as const },
      '2026-03-24T08:00',
      { ok: false, why: 'This meeting was skipped, so there is nothing to skip.' },
    ],
  ])('%s', (_, of, now, outcome) => {
    expect(maySkip(of, losAngeles(now))).toEqual(outcome);
  });

  test('two running raise the question whether the rhythm fits', () => {
    const of = (...newestFirst: MeetingState[]) => newestFirst.map((state) => ({ state }));
    expect(isSecondSkipInARow(of('skipped', 'skipped', 'held'))).toBe(true);
    expect(isSecondSkipInARow(of('skipped', 'held', 'skipped'))).toBe(false);
    expect(isSecondSkipInARow(of('skipped'))).toBe(false);
  });
});

describe('planning the next one', () => {
  const startsAt = losAngeles('2026-03-24T09:00');
  const latest = { state: 'planned' as const, startsAt, minutes: 45 };
  const before = losAngeles('2026-03-20T09:00');
  const at = (of: Parameters<typeof planNextAt>[0], ruled: Temporal.Instant, now: Temporal.Instant) =>
    String(planNextAt(of, ruled, now));

  test('waits for the end of the one planned', () => {
    expect(at(latest, startsAt, before)).toBe(String(losAngeles('2026-03-24T09:45')));
    expect(at(latest, startsAt, losAngeles('2026-03-24T09:45'))).toBe('undefined');
  });

  test('is due at once when there is none, or it came to an end', () => {
    expect(at(undefined, before, before)).toBe('undefined');
    for (const state of ['held', 'skipped', 'unrecorded'] as const)
      expect(at({ ...latest, state }, startsAt, before)).toBe('undefined');
  });

  test('is not held up by a move to later, nor left waiting by one to earlier', () => {
    const later = { ...latest, startsAt: losAngeles('2026-04-10T09:00') };
    expect(at(later, startsAt, before)).toBe(String(losAngeles('2026-03-24T09:45')));
    const earlier = { ...latest, startsAt: losAngeles('2026-03-22T09:00') };
    expect(at(earlier, startsAt, before)).toBe(String(losAngeles('2026-03-22T09:45')));
  });
});

describe('offered slots', () => {
  const now = losAngeles('2026-03-23T08:00');
  const of = { startsAt: losAngeles('2026-03-26T09:00'), minutes: 45 };
  const offered = (people: Parameters<typeof offeredSlots>[2] = [dana, ana]) =>
    offeredSlots(of, ana.zone, people, now).map(inAnasDay);

  test('are the same hour on the next days that both work', () => {
    expect(offered()).toEqual(['2026-03-27T09:00', '2026-03-30T09:00', '2026-03-31T09:00']);
  });

  test('leave out the days on which one of them does not work', () => {
    const offDays = { ...dana, workdays: [2, 3] };
    expect(offered([offDays, ana])).toEqual(['2026-03-31T09:00', '2026-04-01T09:00', '2026-04-07T09:00']);
  });

  test('are none where no hour of it is welcome to both', () => {
    expect(offered([{ ...dana, welcomeTo: new Temporal.PlainTime(11) }, ana])).toEqual([]);
  });
});

test('a brief that would have come by now stays, one still to come is made anew', () => {
  const moved = (to: string, at: string) => {
    const of = meeting({ startsAt: losAngeles(to), bookedAt: losAngeles(at) });
    return stepsDoneAt(['prep', 'brief', 'card'], stepsOf(of, dana, ana), of.bookedAt);
  };
  expect(moved('2026-03-24T15:00', '2026-03-23T18:00')).toEqual(['prep', 'brief']);
  expect(moved('2026-03-27T15:00', '2026-03-23T18:00')).toEqual(['prep']);
});

test('a change is told at once when the old or the new time is near, else in the hours that are welcome', () => {
  const night = losAngeles('2026-03-20T23:00');
  const [near, far] = [losAngeles('2026-03-21T09:00'), losAngeles('2026-03-30T09:00')];
  expect(String(tellChangeAt(ana, [near, far], night))).toBe(String(night));
  expect(String(tellChangeAt(ana, [far, near], night))).toBe(String(night));
  expect(inAnasDay(tellChangeAt(ana, [far], night))).toBe('2026-03-23T08:00');
});
