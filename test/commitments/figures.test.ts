import { describe, expect, test } from '@jest/globals';
import {
  type FigureRow,
  figuresOf,
  keepRate,
  spokenRate,
  spokenRates,
  sumOfRates,
} from '../../src/commitments/figures.ts';

const today = Temporal.PlainDate.from('2026-03-30');
const day = (text: string) => Temporal.PlainDate.from(text);
const row = (one: Partial<FigureRow>): FigureRow => ({
  side: 'firm',
  state: 'kept',
  dueOn: day('2026-03-20'),
  firstUnkeptOn: null,
  ownerToday: today,
  ...one,
});
const rate = (...rows: Partial<FigureRow>[]) => keepRate(rows.map(row), today, 28);

describe('what counts in the 28 whole days that ended yesterday', () => {
  test.each<[string, Partial<FigureRow>, { kept: number; due: number }]>([
    ['kept in time', {}, { kept: 1, due: 1 }],
    ['kept late', { firstUnkeptOn: day('2026-03-19') }, { kept: 0, due: 1 }],
    ['open after its day', { state: 'open' }, { kept: 0, due: 1 }],
    [
      'open after its day, moved too late to a day that is still to come',
      { state: 'open', dueOn: day('2026-04-10'), firstUnkeptOn: day('2026-03-19') },
      { kept: 0, due: 1 },
    ],
    ['missed', { state: 'missed', firstUnkeptOn: day('2026-03-20') }, { kept: 0, due: 1 }],
    ['withdrawn in agreement and in time', { state: 'withdrawn' }, { kept: 0, due: 0 }],
    ['withdrawn after its day', { state: 'withdrawn', firstUnkeptOn: day('2026-03-20') }, { kept: 0, due: 1 }],
    ['an ask that lapsed', { state: 'lapsed' }, { kept: 0, due: 0 }],
    ['an ask that was declined', { state: 'declined' }, { kept: 0, due: 0 }],
    ['an ask not answered yet', { state: 'asked' }, { kept: 0, due: 0 }],
    ['due on the first day of the window', { dueOn: day('2026-03-02') }, { kept: 1, due: 1 }],
    ['due the day before the window', { dueOn: day('2026-03-01') }, { kept: 0, due: 0 }],
    ['due yesterday', { dueOn: day('2026-03-29') }, { kept: 1, due: 1 }],
    ['kept today before its day', { dueOn: day('2026-04-02') }, { kept: 0, due: 0 }],
    [
      'due yesterday, a day that is not over for its owner',
      { dueOn: day('2026-03-29'), ownerToday: day('2026-03-29') },
      { kept: 0, due: 0 },
    ],
    [
      'due today, a day that is over for its owner, but not in the firm',
      { dueOn: today, ownerToday: day('2026-03-31') },
      { kept: 0, due: 0 },
    ],
  ])('%s', (_, one, expected) => {
    expect(rate(one)).toEqual(expected);
  });

  test('each side has its own, over 4 and 12 weeks', () => {
    const rows = [row({}), row({ dueOn: day('2026-02-01') }), row({ side: 'partner', state: 'open' })];
    expect(figuresOf(rows, today)).toEqual({
      firm: { short: { kept: 1, due: 1 }, long: { kept: 2, due: 2 } },
      partner: { short: { kept: 0, due: 1 }, long: { kept: 0, due: 1 } },
    });
  });
});

describe('how a rate is spoken', () => {
  test.each([
    [0, 0, undefined],
    [3, 4, '3 of 4'],
    [0, 9, '0 of 9'],
    [17, 21, '17 of 21, 81 %'],
    [10, 10, '10 of 10, 100 %'],
    [0, 10, '0 of 10, 0 %'],
    [999, 1000, '999 of 1000, 99 %'],
    [1, 1000, '1 of 1000, 1 %'],
  ])('%d of %d is %s', (kept, due, said) => {
    expect(spokenRate({ kept, due })).toBe(said);
  });

  test('several pairs are summed, not averaged', () => {
    expect(
      sumOfRates([
        { kept: 1, due: 1 },
        { kept: 0, due: 9 },
      ]),
    ).toEqual({ kept: 1, due: 10 });
  });

  test('a window with nothing due is left out', () => {
    expect(spokenRates({ short: { kept: 0, due: 0 }, long: { kept: 3, due: 4 } })).toBe(
      'kept on time: 12 weeks 3 of 4',
    );
    expect(spokenRates({ short: { kept: 0, due: 0 }, long: { kept: 0, due: 0 } })).toBeUndefined();
  });
});
