import { expect, test } from '@jest/globals';
import { LEDGER_FILTER } from '../../src/commitments/ledger-modal.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { agreed, met, promises } from '../recap/met.ts';
import { type World, world } from '../support/world.ts';
import { dump } from './forged.ts';

const GONE = 'That is not there any more, or not yours.';

/** What Dana led, Mia leads. */
async function handOver(w: World): Promise<void> {
  await w.mia.types('/accord help');
  await asTick(w.database.db, (trx) => trx.updateTable('pair').set({ leaderId: w.mia.id }).execute());
}

const deactivate = (w: World, personId: string) =>
  asTick(w.database.db, (trx) => trx.updateTable('person').set({ active: false }).where('id', '=', personId).execute());

test('SEC3: a form about a promise that was handed on meanwhile changes nothing', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit firm: owner @mia yard signs by Mar 12');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Move');
  await w.mia.clicks('Take it');
  const before = await dump(w);
  const moved = await w.dana.submits('Give it a new day', { 'New day': '2027-03-19', Why: 'the printer is late' });
  expect(moved.errors?.dueOn).toContain(GONE);
  expect(await dump(w)).toEqual(before);
});

test('SEC3: every form that a former leader still has open is refused', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await handOver(w);
  const before = await dump(w);
  const recap = await w.dana.submits('Recap', { Outcome: 'mine', Decided: 'mine' });
  expect(recap.errors?.outcome).toContain('not yours');
  expect(await dump(w)).toEqual(before);
});

test('SEC3: a commitment form opened before a hand-over is no way back in', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit');
  await handOver(w);
  const saved = await w.dana.submits('Make a commitment', { What: 'yard signs', 'By when': '2027-03-12' });
  expect(saved.errors).toBeDefined();
  expect(await promises(w)).toEqual([]);
});

test('SEC3: a ledger that is still open turns no page, opens nothing and narrows nothing for a former leader', async () => {
  await using w = await world();
  await agreed(w);
  for (let n = 10; n < 32; n++) await w.ana.types(`/commit comps number ${n} by Mar 12`);
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await handOver(w);
  const narrows = { do: 'click', view: (await w.dana.modal())?.id, actionId: LEDGER_FILTER, value: 'open' };
  for (const tries of [() => w.dana.clicks('Next'), () => w.dana.act(narrows)]) {
    await tries();
    expect(JSON.stringify((await w.dana.modal())?.view.blocks)).toContain('not yours');
    await w.dana.act({ do: 'close' });
  }
});

test('SEC3: a confirmation that is open when the recap is corrected confirms neither', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', { Outcome: 'a decision', Decided: 'relist' });
  await w.ana.clicks('Confirm');
  await w.dana.clicks('Correct');
  await w.dana.submits('Correct recap', { Decided: 'do not relist' });
  const answer = await w.ana.submits('Confirm the recap', {});
  expect(answer.errors?.produced).toContain('corrected meanwhile');
  expect(await w.ana.sees()).not.toContain('confirmed by Ana');
});

test('SEC3: whoever is deactivated while a form is open changes nothing with it', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/commit two comps by Mar 12');
  await w.ana.types('/accord ledger');
  await w.ana.clicks('Move');
  await deactivate(w, w.ana.id);
  const moved = await w.ana.submits('Give it a new day', { 'New day': '2027-03-19', Why: 'later' });
  expect(moved.errors?.dueOn).toContain(GONE);
  expect(await promises(w)).toEqual(['two comps (partner): open, 2027-03-12']);
});
