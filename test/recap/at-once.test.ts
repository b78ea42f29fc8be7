import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { rowsAndSums } from '../commitments/sums.ts';
import { inTurn } from '../support/queue.ts';
import { type World, world } from '../support/world.ts';
import { met, posted, promises, recaps } from './met.ts';

test('two who send theirs in the same moment: one is saved, the other is shown it and loses nothing', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.ana.types('/accord recap');
  const sent = await Promise.all([
    w.dana.submits('Recap', { Outcome: 'a decision', Decided: 'relist' }),
    w.ana.submits('Recap', { Outcome: 'a decision', Decided: 'relist' }),
  ]);
  expect((await recaps(w)).map(({ version, state }) => [version, state])).toEqual([[1, 'posted']]);
  const second = sent.map(({ modal }) => JSON.stringify(modal?.view ?? null)).filter((view) => view !== 'null');
  expect(second).toEqual([expect.stringMatching(/has written this recap meanwhile.*a decision.*relist/)]);
});

describe('confirmed and corrected in the same moment', () => {
  const held = sql`select id from pair for update`;
  const confirms = (w: World) => () => w.ana.submits('Confirm the recap', {});
  const corrects = (w: World) => () => w.dana.submits('Correct recap', { Decided: 'nothing' });

  async function bothAreOpen(w: World): Promise<void> {
    await posted(w);
    await w.ana.clicks('Confirm');
    await w.dana.clicks('Correct');
  }

  /** Whichever came first: one recap for both, the corrected one, which waits for Ana. */
  async function correctionStands(w: World): Promise<void> {
    expect((await recaps(w)).map(({ version, state, decisions }) => [version, state, decisions])).toEqual([
      [1, 'replaced', 'relist at $1.15M on Monday\nstop the portal ads'],
      [2, 'posted', 'nothing'],
    ]);
    for (const one of [w.dana, w.ana]) {
      const seen = await one.sees();
      expect(seen.match(/Decided .*/g)).toEqual(['Decided nothing']);
      expect(seen).toContain('Corrected by Dana. Ana confirms or corrects.');
      expect(seen).not.toContain('That did not work');
    }
    for (const { row, sum } of await rowsAndSums(w)) expect(row).toEqual(sum);
  }

  test('the confirmation comes first: what it accepted is open, and the correction waits to be confirmed anew', async () => {
    await using w = await world();
    await bothAreOpen(w);
    const [confirmed, corrected] = await inTurn(w, held, confirms(w), corrects(w));
    expect([confirmed?.errors, corrected?.errors]).toEqual([undefined, undefined]);
    await correctionStands(w);
    const [first, second] = await recaps(w);
    expect([first?.confirmedBy, second?.confirmedBy]).toEqual([w.ana.id, null]);
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'two comps (partner): open, 2027-03-12',
    ]);
    for (const one of [w.dana, w.ana]) expect(await one.sees()).toContain('○ two comps, Fri\n');
  });

  test('the correction comes first: nothing is accepted, and whoever confirmed reads so in the form', async () => {
    await using w = await world();
    await bothAreOpen(w);
    const [corrected, confirmed] = await inTurn(w, held, corrects(w), confirms(w));
    expect(corrected?.errors).toBeUndefined();
    expect(Object.values(confirmed?.errors ?? {})).toEqual([
      'It was answered or corrected meanwhile. The conversation shows how it stands now.',
    ]);
    await correctionStands(w);
    expect((await recaps(w)).map(({ confirmedBy }) => confirmedBy)).toEqual([null, null]);
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'two comps (partner): asked, 2027-03-12',
    ]);
    for (const one of [w.dana, w.ana]) expect(await one.sees()).toContain('○ two comps, by Fri · asked');
  });
});
