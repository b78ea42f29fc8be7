import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { ownedBy } from '../support/handing.ts';
import { inTurn } from '../support/queue.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';
import { rowsAndSums } from './sums.ts';

const held = sql`select id from commitment for update`;
const FAILED = 'That did not work';

/** Ana is asked for a testimonial. */
async function asked(w: World): Promise<void> {
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana a testimonial by Mar 12');
}

/** What happened to the one commitment, whose row is the sum of it. */
async function verbsOf(w: World): Promise<string[]> {
  const [only, ...more] = await rowsAndSums(w);
  expect(more).toEqual([]);
  expect(only?.row).toEqual(only?.sum);
  return only?.verbs ?? [];
}

async function homes(w: World): Promise<string[]> {
  for (const one of [w.dana, w.ana]) await one.opensHome();
  return Promise.all([w.dana, w.ana].map(async (one) => (await one.sees()).split('== Home ==')[1] ?? ''));
}

test('clicks at once have one effect', async () => {
  await using w = await world();
  await asked(w);
  const accepts = () => w.ana.clicks('Accept');
  await inTurn(w, held, accepts, accepts);
  expect(await verbsOf(w)).toEqual(['asked', 'accepted']);
  expect(await w.ana.sees()).not.toContain(FAILED);
});

describe('done in two places at once', () => {
  const places = [
    ['App Home', 'home'],
    ['a message', '@Accord'],
  ] as const;

  test.each(places)('it is done once, and the other one sees it, where %s is first', async (_what, first) => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Accept');
    await w.ana.opensHome();
    const inOrder = places.map(([, place]) => place).toSorted((a, b) => Number(b === first) - Number(a === first));
    const works = inOrder.map((place) => () => w.ana.clicks('Done', { in: place, row: 'testimonial' }));
    await inTurn(w, held, ...works);
    expect(await verbsOf(w)).toEqual(['asked', 'accepted', 'done']);
    expect(await w.ana.sees()).not.toMatch(/not there any more|That did not work/);
    for (const home of await homes(w)) expect(home).toContain('● a testimonial, kept today');
  });
});

describe('an ask that is taken back and accepted at once', () => {
  const takesBack = (w: World) => () => w.dana.clicks('Undo');
  const accepts = (w: World) => () => w.ana.clicks('Accept');

  test('is gone where it was taken back first, and whoever accepted it is told', async () => {
    await using w = await world();
    await asked(w);
    await inTurn(w, held, takesBack(w), accepts(w));
    expect(await w.database.count('commitment')).toBe(0);
    expect(await w.database.count('commitment_event')).toBe(0);
    const seen = await w.ana.sees();
    expect(seen).toContain('Dana took back what was asked here.');
    expect(seen).toContain('That is not there any more, or not yours.');
    expect(seen).not.toContain(FAILED);
    expect(await w.dana.sees()).toContain('Taken back: a testimonial. Nobody is asked for it any more.');
    for (const home of await homes(w)) expect(home).not.toContain('testimonial');
  });

  test('stands where it was accepted first, and whoever took it back is told', async () => {
    await using w = await world();
    await asked(w);
    await inTurn(w, held, accepts(w), takesBack(w));
    expect(await verbsOf(w)).toEqual(['asked', 'accepted']);
    const seen = await w.dana.sees();
    expect(seen).toContain('It has changed since, so that cannot be undone any more.');
    expect(seen).not.toMatch(/Taken back|That did not work/);
    expect(await w.ana.sees()).not.toContain('took back');
    for (const home of await homes(w)) expect(home).toContain('○ a testimonial, Fri Mar 12');
  });
});

test('a promise kept while something is put on the agenda: both are saved', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 12');
  await w.moves('2027-03-08T22:30:00Z');
  await w.dana.opensHome();
  const person = sql`select id from person where id = ${w.dana.id} for update`;
  await inTurn(
    w,
    person,
    () => w.dana.clicks('Done', { in: 'home', row: 'yard signs' }),
    () => w.ana.types('/accord agenda price of Oak Street'),
  );
  expect(await w.dana.sees()).not.toContain(FAILED);
  expect(await w.ana.sees()).not.toContain(FAILED);
  expect(await verbsOf(w)).toEqual(['promised', 'done']);
  expect(await w.database.count('agenda_item')).toBe(1);
});

test('who is forgotten hands back in two pairs while a promise in one of them is kept: both are saved', async () => {
  await using w = await world();
  const { ana, kiran, mia } = w;
  await agreed(w, ana, 'ana');
  await ownedBy(w, mia, { by: '2027-03-29' });
  await kiran.types('/accord with @ana');
  await kiran.submits('Propose a rhythm', {});
  await kiran.act({ do: 'close' });
  await ana.clicks('Accept');
  await ownedBy({ dana: kiran }, mia, { by: '2027-03-30' });
  await kiran.types('/commit two comps by Mar 31');
  await w.moves('2027-03-08T22:30:00Z');
  await mia.types('/accord export');
  await kiran.opensHome();
  const person = sql`select id from person where id = ${ana.id} for update`;
  await inTurn(
    w,
    person,
    () => mia.clicks('Be forgotten'),
    () => kiran.clicks('Done', { in: 'home', row: 'two comps' }),
  );
  expect(await kiran.sees()).not.toContain(FAILED);
  expect(await mia.sees()).toContain('You are forgotten.');
  const rows = await asTick(w.database.db, (trx) =>
    trx.selectFrom('commitment').selectAll().orderBy('dueOn').execute(),
  );
  expect(rows.map(({ ownerId, state }) => [ownerId, state])).toEqual([
    [w.dana.id, 'open'],
    [kiran.id, 'open'],
    [kiran.id, 'kept'],
  ]);
});
