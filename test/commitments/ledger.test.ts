import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LEDGER_FILTER, LEDGER_PAGE_ON, OPEN_LEDGER } from '../../src/commitments/ledger-modal.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { type ForgedModal, forgeModalClick } from '../support/forge.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

const shown = async (one: Persona): Promise<string> => JSON.stringify((await one.modal())?.view.blocks ?? []);
const pairIds = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('pair').select('id').orderBy('createdAt').execute());

async function chooses(one: Persona, filter: string): Promise<string> {
  const view = (await one.modal())?.id;
  await one.act({ do: 'click', view, actionId: LEDGER_FILTER, value: filter });
  return shown(one);
}

test('a ledger is narrowed to what is overdue, open, waiting or kept, and goes on so after an act in place', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.dana.types('/commit lead routing by Mar 30');
  await w.ana.types('/commit two comps by Mar 3');
  await w.dana.types('/commit ask @ana a testimonial by Mar 20');
  await w.moves('2027-03-06T15:00:00Z');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  expect(await shown(w.dana)).toMatch(/Everything: 4.*Overdue: 2.*Open: 3.*Waits for an answer: 1.*Kept lately: 0/);

  const overdue = await chooses(w.dana, 'overdue');
  expect(overdue).toMatch(/◆ two comps, 3 days overdue.*◆ yard signs, 3 days overdue/);
  expect(overdue).not.toMatch(/lead routing|testimonial/);
  expect(await chooses(w.dana, 'waiting')).toMatch(/testimonial/);
  expect(await chooses(w.dana, 'kept')).toContain('Nothing was kept in the last 7 days.');

  await chooses(w.dana, 'overdue');
  await w.dana.clicks('Done');
  const after = await shown(w.dana);
  expect(after).not.toContain('yard signs');
  expect(after).toContain('two comps');
  expect(await chooses(w.dana, 'kept')).toContain('◐ yard signs, kept late');
});

test('all one-on-ones are one ledger, by sides, and a page keeps what was chosen', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  for (let n = 10; n < 22; n++) {
    await w.dana.types(`/commit sign number ${n} for @ana by Mar 20`);
    await w.dana.types(`/commit flyer number ${n} for @marcus by Mar 20`);
  }
  await w.marcus.types('/commit referral list by Mar 20');
  const named = (await w.dana.types('/accord ledger @marcus')).answer?.text;
  expect(named).toContain('Ledger with Marcus. Marcus: ○ referral list, Sat Mar 20.');
  expect(named).toContain('The firm: ○ flyer number');
  expect(named).not.toContain('sign number');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  const first = await shown(w.dana);
  expect(first).toMatch(/Your side\*\\n24 open.*The other side\*\\n1 open/);
  expect(first).toContain('Page 1 of 2');

  await chooses(w.dana, 'open');
  await w.dana.clicks('Next');
  const second = await shown(w.dana);
  expect(second).toContain('Page 2 of 2');
  expect(second).toMatch(/The other side.*referral list/);
  expect(second).toContain('Open: 25');
  await w.dana.clicks('Done');
  expect(await shown(w.dana)).toMatch(/Open: 24.*Page 2 of 2/);
});

let w: World;
beforeAll(async () => {
  w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit secret plan by Mar 12');
  await agreed(w, w.marcus, 'marcus');
  await w.marcus.types('/commit referral list by Mar 12');
});
afterAll(() => w[Symbol.asyncDispose]());

const forged: [string, ForgedModal & { value?: string; option?: string }][] = [
  ['page of another pair', { actionId: LEDGER_PAGE_ON, value: 'own', metadata: 'other 0 all' }],
  ['page by another pair’s button', { actionId: LEDGER_PAGE_ON, value: 'other', metadata: 'own 0 all' }],
  ['filter of another pair', { actionId: LEDGER_FILTER, option: 'open', metadata: 'other 0 all' }],
  ['filter that there is not', { actionId: LEDGER_FILTER, option: 'secret', metadata: 'own 0 all' }],
  ['place that is none', { actionId: LEDGER_FILTER, option: 'open', metadata: 'own -1 all' }],
  ['ledger of another pair', { actionId: OPEN_LEDGER, value: 'other', metadata: 'own 0 all' }],
];

test.each(forged)('SEC4: a forged %s is denied and shows nothing', async (_what, click) => {
  const [other, own] = (await pairIds(w)).map(({ id }) => id);
  const put = (text: string | undefined) => text?.replace('other', other ?? '').replace('own', own ?? '');
  await w.marcus.types('/accord ledger');
  await w.marcus.clicks('Show all');
  const before = await w.database.count('audit');
  const viewId = (await w.marcus.modal())?.id;
  const altered = { ...click, viewId, value: put(click.value), metadata: put(click.metadata) ?? '' };
  await forgeModalClick(w, w.marcus.id, altered);
  expect(await shown(w.marcus)).toContain('That is not there any more, or not yours.');
  expect(await shown(w.marcus)).not.toContain('secret');
  expect(await w.database.count('audit')).toBeGreaterThan(before);
  await w.marcus.act({ do: 'close' });
  await w.marcus.act({ do: 'close' });
});
