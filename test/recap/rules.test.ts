import { describe, expect, test } from '@jest/globals';
import {
  type Correction,
  checkDraft,
  correctionOf,
  type FullRow,
  inOneLine,
  newKey,
  type RecapDraft,
  type RowDraft,
  type StandingRow,
  wantsDays,
} from '../../src/recap/rules.ts';

const day = (iso: string) => Temporal.PlainDate.from(iso);
const today = day('2027-03-09');
const todays = { me: today, other: today };
const next = { proposed: day('2027-03-23'), today };
const draft = (special: Partial<RecapDraft> = {}): RecapDraft => ({
  outcome: 'x',
  decisions: 'y',
  carried: [],
  rows: [],
  ...special,
});
const problems = (special: Partial<RecapDraft>) => {
  const checked = checkDraft(draft(special), [{ id: 'a', dueOn: day('2027-03-08'), ownerToday: today }], todays, next);
  return checked.ok ? {} : checked.problems;
};

describe('what is written', () => {
  test.each([
    [{ outcome: undefined }, { outcome: 'Write at least one line.' }],
    [{ rows: [{ key: 'new1', who: 'me' as const, priority: 'now' as const }] }, {}],
    [{ carried: [{ id: 'a', choice: 'moved' as const }] }, { 'to.a': 'Pick its new day.' }],
    [
      { carried: [{ id: 'a', choice: 'moved' as const, to: day('2027-03-08') }] },
      { 'to.a': 'That day has passed. Pick a day from today on.' },
    ],
    [{ carried: [{ id: 'a', choice: 'kept' as const, to: day('2027-03-01') }] }, {}],
    [{ carried: [{ id: 'gone', choice: 'moved' as const }] }, {}],
    [{ nextOn: today }, { next: 'Pick a day from tomorrow on.' }],
    [{ nextOn: day('2027-03-23') }, {}],
  ])('%j', (special, expected) => {
    expect(problems(special)).toEqual(expected);
  });

  test('a row that stands keeps a day that has passed since, but not with other words; emptying it clears it', () => {
    const key = '019500aa-0000-7000-8000-000000000001';
    const stands = { key, who: 'me' as const, what: 'comps', by: day('2027-03-01'), priority: 'now' as const };
    const check = (row: RowDraft) => checkDraft(draft({ rows: [row] }), [], todays, next, [stands]);
    expect(check(stands).ok).toBe(true);
    const reworded = check({ ...stands, what: 'three comps' });
    expect(!reworded.ok && Object.keys(reworded.problems)).toEqual([`by.${key}`]);
    const cleared = check({ key, who: 'me', priority: 'now' });
    expect(cleared.ok && cleared.draft.cleared).toEqual([key]);
  });

  test('a day is asked for once the form does not show its picker', () => {
    const moved = draft({ carried: [{ id: 'a', choice: 'moved' }] });
    expect([wantsDays(moved, []), wantsDays(moved, ['a'])]).toEqual([true, false]);
  });

  test('rows are named anew, whatever was there', () => {
    expect(newKey([{ key: 'new1' }, { key: 'new7' }, { key: '019500aa-0000-7000-8000-000000000001' }])).toBe('new8');
  });
});

describe('a correction by Dana', () => {
  const row = (special: Partial<StandingRow> = {}): StandingRow => ({
    id: 'r',
    state: 'open',
    ownerId: 'dana',
    text: 'comps',
    dueOn: day('2027-03-12'),
    priority: 'now',
    ...special,
  });
  const edited = (special: Partial<FullRow> = {}): FullRow => ({
    key: 'r',
    who: 'me',
    what: 'comps',
    by: day('2027-03-12'),
    priority: 'now',
    ...special,
  });
  const anas = { ownerId: 'ana' };
  const askedOfAna = { ...anas, state: 'asked' as const };
  const askedOfDana = { state: 'asked' as const };
  const other = { who: 'other' as const };

  const cases: [string, Partial<StandingRow>, FullRow | undefined, Correction['step']][] = [
    ['leaves her own as it is', {}, edited(), 'leave'],
    ['gives her own another day', {}, edited({ by: day('2027-03-15') }), 'move'],
    ['gives her own other words', {}, edited({ what: 'three comps' }), 'withdraw'],
    ['empties her own', {}, undefined, 'withdraw'],
    ['leaves what Ana accepted', anas, edited(other), 'leave'],
    ['gives what Ana accepted another day', anas, edited({ ...other, by: day('2027-03-15') }), 'ask to move'],
    ['gives what Ana accepted other words', anas, edited({ ...other, what: 'three comps' }), 'ask to drop'],
    ['takes what Ana accepted upon herself', anas, edited(), 'ask to drop'],
    ['empties what Ana accepted', anas, undefined, 'ask to drop'],
    ['leaves what she asked of Ana', askedOfAna, edited(other), 'leave'],
    ['changes what she asked of Ana', askedOfAna, edited({ ...other, by: day('2027-03-15') }), 'take back'],
    ['leaves what Ana asked of her', askedOfDana, edited(), 'accept'],
    ['changes what Ana asked of her', askedOfDana, edited({ what: 'one comp' }), 'decline'],
  ];
  test.each(cases)('%s', (_what, standing, after, step) => {
    expect(correctionOf(row(standing), after, 'dana').step).toBe(step);
  });
});

test.each([
  ['relist at $1.15M on Monday\nstop the portal ads', 'relist at $1.15M on Monday; stop the portal ads'],
  ['- relist.\n\n• stop the ads.', 'relist; stop the ads.'],
  ['  one line ', 'one line'],
])('several lines read as one: %j', (text, line) => {
  expect(inOneLine(text)).toBe(line);
});
