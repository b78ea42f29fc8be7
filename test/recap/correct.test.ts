import { describe, expect, test } from '@jest/globals';
import { forgeClick } from '../support/forge.ts';
import { ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';
import { asDana, inDays, met, posted, promises, recaps } from './met.ts';

async function confirmed(w: World): Promise<void> {
  await posted(w);
  await w.ana.clicks('Confirm');
  await w.ana.submits('Confirm the recap', {});
}

describe('correcting', () => {
  test('the agent corrects: both versions are kept, what she left in is accepted, and the leader confirms', async () => {
    await using w = await world();
    await posted(w);
    await w.ana.clicks('Correct');
    await w.ana.submits('Correct recap', { Decided: 'relist at $1.1M' });
    expect((await recaps(w)).map(({ version, state, decisions }) => [version, state, decisions])).toEqual([
      [1, 'replaced', 'relist at $1.15M on Monday\nstop the portal ads'],
      [2, 'posted', 'relist at $1.1M'],
    ]);
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'two comps (partner): open, 2027-03-12',
    ]);
    const shared = await w.dana.sees();
    expect(shared).toContain('Corrected by Ana. Dana confirms or corrects.');
    expect(shared.match(/Decided/g)).toHaveLength(1);
    await w.ana.clicks('Show all');
    const all = JSON.stringify((await w.ana.modal())?.view);
    expect(all).toMatch(/\*Decided\*\\nrelist at \$1\.1M.*Version 1, by Dana, replaced.*stop the portal ads/);

    await w.dana.clicks('Confirm');
    await w.dana.submits('Confirm the recap', {});
    expect((await recaps(w)).map(({ state }) => state)).toEqual(['replaced', 'confirmed']);
  });

  test('what the other one accepted changes only when they confirm', async () => {
    await using w = await world();
    await confirmed(w);
    await w.dana.clicks('Correct');
    await w.dana.submits('Correct recap', { 'Row 2: by when': inDays(w, 5) });
    expect(await promises(w)).toContain('two comps (partner): open, 2027-03-12');
    expect(await w.ana.sees()).toContain('Confirming also says: two comps moves to');
    await w.ana.clicks('Confirm');
    await w.ana.submits('Confirm the recap', {});
    expect(await promises(w)).toContain('two comps (partner): open, 2027-03-14');
  });

  test('other words for what the other one accepted are a new ask; the old one goes when they confirm', async () => {
    await using w = await world();
    await confirmed(w);
    await w.dana.clicks('Correct');
    await w.dana.submits('Correct recap', { 'Row 2: what': 'three comps' });
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'two comps (partner): open, 2027-03-12',
      'three comps (partner): asked, 2027-03-12',
    ]);
    await w.ana.clicks('Confirm');
    await w.ana.submits('Confirm the recap', {});
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'two comps (partner): withdrawn, 2027-03-12',
      'three comps (partner): open, 2027-03-12',
    ]);
  });

  test('a row of one’s own that is emptied a moment later was never written; one asked of the other is taken back', async () => {
    await using w = await world();
    await posted(w);
    await w.dana.clicks('Correct');
    await w.dana.submits('Correct recap', { 'Row 1: what': '', 'Row 1: by when': '', 'Row 2: what': 'one comp' });
    expect(await promises(w)).toEqual(['one comp (partner): asked, 2027-03-12']);
  });

  test('a click on a version that is no longer there says so', async () => {
    await using w = await world();
    await posted(w);
    await w.dana.clicks('Correct');
    await w.dana.submits('Correct recap', { Decided: 'nothing' });
    const [first] = await recaps(w);
    const { told } = await forgeClick(w, w.ana.id, { actionId: 'recap:confirm', value: first?.id });
    expect(told).toContain('It was corrected meanwhile.');
  });
});

test('two write at once: the second is shown the first, and what they typed stays', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.ana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
  const second = await w.ana.submits('Recap', {
    Outcome: 'a price',
    Decided: 'relist',
    'Row 1: what': 'sign riders',
    'Row 1: by when': inDays(w, 6),
  });
  expect(JSON.stringify(second.modal?.view.blocks)).toContain('Dana has written this recap meanwhile.');
  expect((await recaps(w)).map(({ writtenBy }) => writtenBy)).toEqual([w.dana.id]);

  await w.ana.clicks('Show');
  expect((await w.ana.modal())?.view.blocks).toBeDefined();
  await w.ana.act({ do: 'close' });
  await w.ana.submits('Correct recap', {});
  expect((await recaps(w)).map(({ version, outcome, writtenBy }) => [version, outcome, writtenBy])).toEqual([
    [1, 'decision on relisting Oak Street', w.dana.id],
    [2, 'a price', w.ana.id],
  ]);
  expect(await promises(w)).toEqual([
    'listing presentation (firm): open, 2027-03-11',
    'two comps (partner): open, 2027-03-12',
    'sign riders (firm): asked, 2027-03-15',
  ]);
});

describe('carried over', () => {
  async function carriedOver(w: World): Promise<void> {
    await met(w);
    await w.dana.types('/commit send the listing presentation tomorrow');
    await w.ana.types('/commit send the comps tomorrow');
    await w.moves('+2d');
    await w.dana.types('/accord recap');
  }

  const label = (text: string, who: string) => `${text} (${who}, 1 day overdue)`;

  test('one’s own is kept at once; the other one’s is asked and kept when they confirm', async () => {
    await using w = await world();
    await carriedOver(w);
    const saved = await w.dana.submits('Recap', {
      Outcome: 'caught up',
      Decided: 'nothing new',
      [label('send the listing presentation', 'you')]: 'Kept',
      [label('send the comps', 'Ana')]: 'Kept',
    });
    expect(saved.errors).toBeUndefined();
    expect((await promises(w)).map((one) => one.split(',')[0])).toEqual([
      'send the listing presentation (firm): kept',
      'send the comps (partner): open',
    ]);
    expect(await w.ana.sees()).toContain('Confirming also says: send the comps is kept');
    await w.ana.clicks('Confirm');
    await w.ana.submits('Confirm the recap', {});
    expect((await promises(w)).map((one) => one.split(',')[0])).toContain('send the comps (partner): kept');
  });

  test('moved asks for the day in place, on the form itself where the choice was not told at once', async () => {
    await using w = await world();
    await carriedOver(w);
    const asked = await w.dana.submits('Recap', {
      Outcome: 'caught up',
      Decided: 'nothing new',
      [label('send the listing presentation', 'you')]: 'Moved',
      [label('send the comps', 'Ana')]: 'Moved',
    });
    expect(await w.database.count('recap')).toBe(0);
    expect(JSON.stringify(asked.modal?.view.blocks)).toContain('New day: send the comps');
    const none = await w.dana.submits('Recap', { 'New day: send the comps': inDays(w, 4) });
    expect(Object.values(none.errors ?? {})).toEqual(['Pick its new day.']);
    await w.dana.submits('Recap', { 'New day: send the listing presentation': inDays(w, 3) });
    expect(await promises(w)).toContain(`send the listing presentation (firm): open, ${inDays(w, 3)}`);
    await w.ana.clicks('Confirm');
    await w.ana.submits('Confirm the recap', {});
    expect(await promises(w)).toContain(`send the comps (partner): open, ${inDays(w, 4)}`);
  });

  test('what a colleague owns is theirs to mark: they are asked, and the confirmation does nothing to it', async () => {
    await using w = await world();
    await met(w);
    await ownedBy(w, w.mia, { by: inDays(w, 3) });
    await w.dana.types('/accord recap');
    const [promise] = await promises(w);
    expect(promise).toContain('vendor introduction');
    await w.dana.submits('Recap', {
      Outcome: 'caught up',
      Decided: 'nothing new',
      'vendor introduction (Mia, due Fri Mar 12)': 'Kept',
    });
    await w.ana.clicks('Confirm');
    await w.ana.submits('Confirm the recap', {});
    expect(await promises(w)).toEqual([promise]);
    expect(await w.mia.sees()).toContain('vendor introduction, for Ana: is it done?');
    await w.mia.clicks('Done');
    expect((await promises(w))[0]).toContain('kept');
    expect(await w.mia.sees()).toContain('kept today');
  });
});
