import { expect, test } from '@jest/globals';
import { decode } from 'fast-png';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest } from '../../src/digest/store.ts';
import { isTrend, trendPicture, trendSaid, weeklyRates } from '../../src/digest/trend.ts';
import { trendWords } from '../../src/digest/views.ts';
import { problemsOfMessage } from '../../src/slack/limits.ts';
import { agreed } from '../recap/met.ts';
import { world } from '../support/world.ts';

const today = Temporal.PlainDate.from('2027-03-09');
const none = { kept: 0, due: 0 };
const due = (daysAgo: number, isKept: boolean) => ({
  pairId: 'p',
  side: 'firm' as const,
  state: isKept ? ('kept' as const) : ('open' as const),
  dueOn: today.subtract({ days: daysAgo }),
  firstUnkeptOn: isKept ? null : today.subtract({ days: daysAgo }),
  ownerToday: today,
});

test('each of the twelve weeks that ended yesterday holds what fell due in it', () => {
  const weeks = weeklyRates(
    [due(1, true), due(7, false), due(8, true), due(84, true), due(85, true), due(0, true)],
    today,
  );
  expect(weeks).toHaveLength(12);
  expect([weeks[11], weeks[10], weeks[0], weeks[5]]).toEqual([
    { kept: 1, due: 2 },
    { kept: 1, due: 1 },
    { kept: 1, due: 1 },
    none,
  ]);
});

test('one week is no trend', () => {
  expect(isTrend([none, { kept: 1, due: 1 }])).toBe(false);
  expect(isTrend([{ kept: 0, due: 1 }, none, { kept: 1, due: 1 }])).toBe(true);
});

test('it says in words what it shows', () => {
  const weeks = [none, none, { kept: 3, due: 4 }, none, { kept: 9, due: 12 }];
  expect(trendSaid(weeks)).toBe(
    'Kept on time in each of the last 3 weeks, oldest first: 3 of 4; nothing due; 9 of 12, 75 %.',
  );
  const words = trendWords(Array(12).fill({ kept: 123_456, due: 654_321 }));
  expect(words.text.length).toBeLessThan(1000); // the most that Slack takes beside a picture
  expect(words.file?.alt).toBe(words.text);
  expect(problemsOfMessage({ text: words.text })).toEqual([]);
});

test('the picture is a PNG whose columns are filled as far as was kept', () => {
  const { width, height, data, channels } = decode(trendPicture([{ kept: 2, due: 2 }, { kept: 1, due: 2 }, none]));
  expect([width, height, channels]).toEqual([960, 240, 3]);
  const colour = (column: number, fromTop: number) => {
    const x = Math.round(24 + (column + 0.5) * ((960 - 48) / 3));
    const at = (fromTop * width + x) * 3;
    return [...data.subarray(at, at + 3)];
  };
  const [kept, hollow, paper] = [
    [31, 77, 74],
    [250, 226, 209],
    [255, 255, 255],
  ];
  expect([colour(0, 40), colour(0, 200)]).toEqual([kept, kept]);
  expect([colour(1, 60), colour(1, 200)]).toEqual([hollow, kept]);
  expect([colour(2, 60), colour(2, 180)]).toEqual([paper, paper]);
});

test('the channel sees it below the digest as soon as there is a trend, and not in a quiet week', async () => {
  await using w = await world();
  await agreed(w);
  const choice = { channelId: 'C0PROMISES', weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: false };
  await asTick(w.database.db, (trx) => configureDigest(trx, 'T0RIVER001', choice, w.dana.id, w.now()));
  await w.dana.types('/commit send the listing presentation by Friday');
  await w.dana.types('/commit introduce the vendor by 10 March');
  await w.moves('2027-03-08T14:00:00Z');
  expect(await w.mia.sees('#promises')).not.toContain('kept-on-time.png');
  await w.moves('2027-03-15T13:00:00Z');
  const seen = await w.mia.sees('#promises');
  expect(seen).toContain('kept-on-time.png');
  expect(seen).toMatch(/last 2 weeks, oldest first: 0 of 1; 0 of 1\./);
  const picture = Object.values(w.rehearsal.state.files).find(({ name }) => name === 'kept-on-time.png');
  expect(picture?.alt).toMatch(/last 2 weeks, oldest first: 0 of 1; 0 of 1\./);
  expect(seen.indexOf('week of March 15')).toBeLessThan(seen.indexOf('kept-on-time.png'));

  await w.dana.clicks('Done', { in: 'home', row: 'the listing presentation' });
  await w.dana.clicks('Done', { in: 'home', row: 'the vendor' });
  await w.moves('2027-03-22T13:00:00Z');
  const quiet = await w.mia.sees('#promises');
  expect(quiet).toContain('What the firm promised its agents: nothing is overdue, nothing is due this week.');
  expect(quiet.match(/kept-on-time\.png/g)).toEqual(seen.match(/kept-on-time\.png/g));
});
