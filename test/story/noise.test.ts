import { expect, test } from '@jest/globals';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agree, home, messages, newest } from './broker.ts';

/** The days, in New York, on which Dana was sent a bundle that says this. */
async function bundleDays(w: World, words: string): Promise<string[]> {
  const seen = await messages(w, w.dana);
  const bundles = seen.filter((one) => one.includes('near or past') && !one.includes('only you see this'));
  return bundles.filter((one) => one.includes(words)).map((one) => /, (\w{3} \d+), /.exec(one)?.[1] ?? one);
}

const set = async (w: World, fields: Record<string, string | string[]>) => {
  await w.dana.types('/accord settings');
  await w.dana.submits('Settings', fields);
  await w.dana.act({ do: 'close' });
};

const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

test('who wants quiet hears of a promise on its day and on its first day over; who wants more, also ahead', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 11');
  await set(w, { 'How much you hear': 'Quiet' });
  await w.moves('2027-03-12T18:00:00Z');
  expect(await bundleDays(w, 'near or past its day')).toEqual(['Mar 11', 'Mar 12']);
  await set(w, { 'How much you hear': 'Active' });
  await w.dana.types('/commit vendor list by Mar 24');
  await w.dana.types('/commit lockbox by Mar 24 !later');
  await w.moves('2027-03-24T18:00:00Z');
  expect(await bundleDays(w, 'vendor list')).toEqual(['Mar 17', 'Mar 23', 'Mar 24']);
  expect(await bundleDays(w, 'lockbox')).toEqual(['Mar 24']);
});

test('what is due on a weekend is named on the Friday before, and over it on the Monday after', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit open house by Mar 6');
  await w.moves('2027-03-08T18:00:00Z');
  expect(await bundleDays(w, 'open house')).toEqual(['Mar 5', 'Mar 8']);
  expect(await newest(w, w.dana)).toContain('open house, 2 days overdue · for Ana');
});

test('two weeks over its day, what the firm promised is named to the leader as plainly as what the partner did', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.dana.types('/commit firm: owner @mia vendor list for @ana by Mar 3');
  await w.mia.clicks('Take it');
  await w.ana.types('/commit two comps by Mar 3');
  await w.moves('2027-03-18T20:00:00Z');
  const bundleOf = async (who: Persona) =>
    (await messages(w, who)).findLast((one) => one.includes('promise of yours is near or past its day'));
  expect(await bundleOf(w.dana)).toContain('◆ yard signs, 15 days overdue · for Ana');
  expect(await bundleOf(w.ana)).toContain('◆ two comps, 15 days overdue · for Dana');
  expect(await bundleOf(w.mia)).toContain('◆ vendor list, 15 days overdue · for Ana');
  const columns = await home(w.dana);
  expect(columns.match(/kept on time: 4 weeks .*? /g)).toHaveLength(2);
  expect(columns).toMatch(/The firm\n(◆.*\n){2}kept on time: 4 weeks 0 of 2 /);
  for (const line of [
    'yard signs, 15 days overdue',
    'vendor list, 15 days overdue (Mia)',
    'two comps, 15 days overdue',
  ])
    expect(columns).toContain(`◆ ${line}`);
});

test('on a day off nothing comes, and the working day before says it', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await set(w, { 'Working days': WEEK.filter((day) => day !== 'Thursday') });
  await w.dana.types('/commit listing presentation by Mar 4');
  await w.moves('2027-03-05T18:00:00Z');
  expect(await bundleDays(w, 'listing presentation')).toEqual(['Mar 3', 'Mar 5']);
});

test('snoozed until Monday, nothing comes until Monday; it is said then', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 3');
  await w.dana.types('/commit vendor list by Mar 4');
  await w.moves('2027-03-02T18:00:00Z');
  await w.dana.clicks('Snooze until Monday');
  expect(await newest(w, w.dana)).toContain('Snoozed until Mon Mar 8.');
  await w.moves('2027-03-07T18:00:00Z');
  expect(await bundleDays(w, 'near or past')).toEqual(['Mar 2']);
  await w.moves('2027-03-08T18:00:00Z');
  expect(await bundleDays(w, 'near or past')).toEqual(['Mar 2', 'Mar 8']);
  expect(await newest(w, w.dana)).toContain('2 promises of yours are near or past their day');
});

test('a bundle of an earlier day that is brought up to date tells no news and no longer says that it is the last', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.ana.types('/commit two comps by Mar 12');
  await w.dana.types('/commit listing presentation by Mar 3');
  await w.moves('2027-03-02T18:00:00Z');
  expect(await newest(w, w.dana)).toContain('Last one today.');
  await w.ana.types('/accord ledger');
  await w.ana.clicks('Done', { row: 'two comps' });
  expect(await newest(w, w.dana)).not.toContain('two comps');
  await w.moves('2027-03-03T13:00:00Z');
  await w.dana.opensHome();
  await w.dana.act({ do: 'click', button: 'Done', row: 'listing presentation' });
  const yesterday = await newest(w, w.dana);
  expect(yesterday).toContain('● listing presentation, kept today');
  expect(yesterday).not.toContain('Last one today.');
  expect(yesterday).not.toContain('two comps');
  await w.moves('2027-03-03T18:00:00Z');
  expect(await newest(w, w.dana)).toContain('● two comps, kept yesterday · Ana says it is done');
});

test('what one does about a promise that the bundle did not name leaves the bundle as it is', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 3');
  await w.dana.types('/commit vendor list by Mar 30');
  await w.moves('2027-03-02T18:00:00Z');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Done', { row: 'vendor list' });
  const [bundle = '', ledger] = (await messages(w, w.dana)).slice(-2);
  expect(ledger).toContain('● vendor list, kept today');
  expect(bundle).toContain('○ listing presentation, tomorrow');
  expect(bundle).not.toContain('vendor list');
});
