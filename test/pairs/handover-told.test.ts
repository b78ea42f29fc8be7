import { describe, expect, test } from '@jest/globals';
import { TAKE_OVER } from '../../src/commitments/hand-over-views.ts';
import { actionIdOf } from '../../src/commitments/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { CORRECT_RECAP } from '../../src/recap/views.ts';
import { agreed } from '../commitments/paired.ts';
import { asDana, met, promises, recaps } from '../recap/met.ts';
import { forgeClick } from '../support/forge.ts';
import { asksToLead, asksToOwn } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';

const NOT_TAKEN = 'Mia could not take over your one-on-one with Ana, so it is still yours.';
const times = (seen: string, words: string): number => seen.split(words).length - 1;

const handOvers = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('handOver').selectAll().orderBy('at').execute());
const leader = (w: World, partnerId: string) =>
  asTick(
    w.database.db,
    async (trx) =>
      (await trx.selectFrom('pair').selectAll().where('partnerId', '=', partnerId).orderBy('createdAt').execute())[0]
        ?.leaderId,
  );

describe('the leader who asked hears that it could not be', () => {
  test('once, and not why, where the one asked meets the partner already; then asks somebody else', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.mia.act({ do: 'close' });
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    await w.mia.clicks('Take over');
    expect(await w.mia.sees()).toContain('Whoever asked hears only that you could not.');
    const seen = await w.dana.sees();
    expect(times(seen, NOT_TAKEN)).toBe(1);
    expect(seen).not.toMatch(/already|one-on-one with them/);
    expect(await w.ana.sees()).not.toContain('could not take over');

    await w.dana.clicks('Ask somebody else');
    await w.dana.submits('Hand over', { 'Who takes over': w.kiran.id });
    await w.kiran.clicks('Take over');
    expect(await leader(w, w.ana.id)).toBe(w.kiran.id);
    await w.dana.act({ do: 'close' });
    await w.dana.clicks('Ask somebody else');
    expect(await w.dana.modal()).toBeNull();
    expect(await w.dana.sees()).toContain('That one-on-one is not yours to hand over.');
  });

  test.each([
    ['has left', { deleted: true }],
    ['is a guest by now', { guest: 'multi' }],
  ])('where the one asked %s', async (_who, change) => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToLead(w, w.mia);
    await w.dana.act({ do: 'person', id: w.mia.id, change });
    expect(times(await w.dana.sees(), NOT_TAKEN)).toBe(1);
    const [asked] = await handOvers(w);
    expect(asked?.state).toBe('withdrawn');
    await forgeClick(w, w.mia.id, { actionId: TAKE_OVER, value: asked?.id });
    expect(await leader(w, w.ana.id)).toBe(w.dana.id);
  });

  test('where the one asked has themselves forgotten', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToLead(w, w.mia);
    await w.mia.types('/accord export');
    await w.mia.clicks('Be forgotten');
    const seen = await w.dana.sees();
    expect(seen).toContain('could not take over your one-on-one with Ana, so it is still yours.');
    expect((await handOvers(w)).map(({ state }) => state)).toEqual(['withdrawn']);
  });
});

describe('what a leader before has asked', () => {
  test('is answered to the leader of now: accepted, and declined with its line', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana two referral partners by Mar 19');
    await w.dana.types('/commit ask @ana a testimonial by Mar 19');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    await w.moves('+2d');
    const before = await w.dana.sees();
    expect((await w.mia.types('/accord ledger')).answer?.text).toContain('a testimonial, by Fri Mar 19');
    await w.ana.clicks('Accept', { row: 'two referral partners' });
    await w.ana.clicks('Decline', { row: 'a testimonial' });
    await w.ana.submits('Decline', { 'A line, if you like': 'ask me in summer' });
    await w.moves('+2d');
    const seen = await w.mia.sees();
    expect(seen).toMatch(/two referral partners, .* · Ana accepted/);
    expect(seen).toMatch(/a testimonial, .* · Ana declined: “ask me in summer”/);
    const after = await w.dana.sees();
    for (const words of ['Ana accepted', 'Ana declined', 'ask me in summer'])
      expect(times(after, words)).toBe(times(before, words));
  });

  test('is asked by the leader of now wherever it stands, also in what was posted before', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana a testimonial by Mar 19');
    await w.moves('+1m');
    expect(await w.ana.sees('@Accord')).toContain('Dana asks you for this.');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    await w.moves('+1m');
    const seen = await w.ana.sees('@Accord');
    expect(seen).toContain('Mia asks you for this.');
    expect(seen).not.toContain('Dana asks you');
    expect((await w.ana.types('/accord ledger')).answer?.text).not.toContain('Dana asks');
  });

  test('a colleague, to own for the firm, is asked by the leader of now', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToOwn(w, w.kiran);
    expect(await w.kiran.sees()).toContain('Dana asks whether you take it on. It stays with Dana until you do.');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    const seen = await w.kiran.sees();
    expect(seen).toContain('Mia asks whether you take it on. It stays with Mia until you do.');
    expect(seen).not.toContain('Dana asks whether');
  });

  test('reads as asked, by nobody who did not ask; unanswered, the leader of now hears that too', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana a testimonial by Mar 4');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    await w.mia.opensHome();
    expect(await w.mia.sees()).not.toContain('you asked Ana');
    await w.moves('2027-03-06T20:00:00Z');
    expect(await w.mia.sees()).toMatch(/○ a testimonial, due .*, not answered · Ana was asked/);
  });

  test('is the leader of now’s to take back, and nobody’s who has handed it over', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana a testimonial by Mar 19');
    const asked = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().executeTakeFirst());
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    await forgeClick(w, w.dana.id, { actionId: actionIdOf('take-back'), value: asked?.id });
    await forgeClick(w, w.ana.id, { actionId: actionIdOf('take-back'), value: asked?.id });
    expect(await w.database.count('commitment')).toBe(1);
    await w.mia.types('/accord ledger');
    await w.mia.clicks('Show all');
    await w.mia.clicks('Take back');
    expect(await w.database.count('commitment')).toBe(0);
    expect(await w.ana.sees()).toContain('Mia took back what was asked here.');
  });

  test('in a recap is taken back by the leader of now who corrects it, and asked anew as corrected', async () => {
    await using w = await world();
    await met(w);
    await w.dana.types('/accord recap');
    await w.dana.submits('Recap', asDana(w));
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    const [recap] = await recaps(w);
    await forgeClick(w, w.mia.id, { actionId: CORRECT_RECAP, value: recap?.id });
    await w.mia.submits('Correct recap', { 'Row 2: what': 'three comps' });
    expect(await promises(w)).toEqual([
      'listing presentation (firm): open, 2027-03-11',
      'three comps (partner): asked, 2027-03-12',
    ]);
  });
});
