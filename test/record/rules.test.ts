import { expect, test } from '@jest/globals';
import { countsOf, matching, newestFirst, pageOf } from '../../src/record/rules.ts';

const at = (day: number) => Temporal.Instant.from(`2027-03-${String(day).padStart(2, '0')}T14:00:00Z`);
const meeting = (state: 'held' | 'skipped' | 'unrecorded', skippedBy: string | null = null, countedMoves = 0) => ({
  id: 'm',
  state,
  startsAt: at(2),
  countedMoves,
  skippedBy,
});
const recap = (produced: 'yes' | 'partly' | 'no' | null, state: 'posted' | 'confirmed' | 'replaced' = 'confirmed') => ({
  meetingId: 'm',
  state,
  outcome: '',
  decisions: '',
  produced,
});

test('the firm’s skips count, a contractor’s do not, a report’s do; an unrecorded meeting counts for nobody', () => {
  const meetings = [
    meeting('held', null, 2),
    meeting('skipped', 'dana'),
    meeting('skipped', 'ana'),
    meeting('unrecorded'),
  ];
  const counted = (kind: 'contractor' | 'report') => countsOf({ leaderId: 'dana', kind }, meetings, [], []);
  expect(counted('contractor')).toMatchObject({ held: 1, moved: 2, skipped: 1 });
  expect(counted('report')).toMatchObject({ held: 1, moved: 2, skipped: 2 });
});

test('outcomes are counted where somebody judged them, once for each meeting', () => {
  const recaps = [recap('no', 'replaced'), recap('yes'), recap('partly'), recap(null, 'posted')];
  expect(countsOf({ leaderId: 'dana', kind: 'contractor' }, [], recaps, []).produced).toEqual({
    yes: 1,
    partly: 1,
    no: 0,
  });
});

test('slips and asks left unanswered are counted for each side', () => {
  const counts = countsOf(
    { leaderId: 'dana', kind: 'contractor' },
    [],
    [],
    [
      { side: 'firm', state: 'open', slips: 2 },
      { side: 'firm', state: 'lapsed', slips: 0 },
      { side: 'partner', state: 'kept', slips: 1 },
      { side: 'partner', state: 'declined', slips: 0 },
    ],
  );
  expect([counts.slips, counts.unanswered]).toEqual([
    { partner: 1, firm: 2 },
    { partner: 0, firm: 1 },
  ]);
});

const entries = newestFirst([
  { at: at(1), words: ['relist Oak Street at $1.15M'], of: 1 },
  { at: at(3), words: ['stop the portal ads', 'Zürich Straße'], of: 2 },
  { at: at(2), words: ['Oak Street open house'], of: 3 },
]);

test.each([
  ['', [2, 3, 1]],
  ['oak', [3, 1]],
  ['street OAK 1.15m', [1]],
  ['ZÜRICH', [2]],
  ['elm', []],
])('looking for %j finds, newest first, %j', (wanted, found) => {
  expect(matching(entries, wanted).map(({ of }) => of)).toEqual(found);
});

test.each([
  [-1, [1, 2], 0],
  [1, [3, 4], 1],
  [2, [5], 2],
  [9, [5], 2],
])('page %i', (page, shown, at) => {
  expect(pageOf([1, 2, 3, 4, 5], page, 2)).toEqual({ shown, at, pages: 3 });
});

test('nothing at all is one empty page', () => {
  expect(pageOf([], 3, 8)).toEqual({ shown: [], at: 0, pages: 1 });
});
