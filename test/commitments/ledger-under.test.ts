import { expect, test } from '@jest/globals';
import { ledgerShown } from '../../src/commitments/listeners/place.ts';
import { actionIdOf } from '../../src/commitments/views.ts';
import { WHOLE_VIEW } from '../../src/commitments/whole.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { makeMetrics } from '../../src/metrics.ts';
import { forgeModalClick } from '../support/forge.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

const stack = (w: World, one: Persona) => w.rehearsal.workspace.stacks.get(one.id) ?? [];
/** Every form that this person has open, the lowest first. */
const shown = (w: World, one: Persona): string[] => stack(w, one).map(({ view }) => JSON.stringify(view));

async function openWhole(one: Persona, row?: string): Promise<void> {
  await one.types('/accord ledger');
  await one.clicks('Show all');
  await one.clicks('Show all of it', row === undefined ? {} : { row });
}

test('what is done in all of it shows in the ledger below, and so does its Undo', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 12');
  await w.dana.types('/commit lead routing by Mar 14');
  await openWhole(w.dana, 'yard signs');
  await w.dana.clicks('Done');
  const [ledger, top] = shown(w, w.dana);
  expect(ledger).toContain('● yard signs, kept today');
  expect(ledger).toContain('○ lead routing');
  expect(top).toContain('● yard signs, kept today');

  await w.dana.clicks('Undo');
  expect(shown(w, w.dana)[0]).toContain('○ yard signs');
  expect(shown(w, w.dana)[0]).not.toContain('kept today');
});

test('so does what a form over it was told, also in all of it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 12');
  await openWhole(w.dana);
  await w.dana.clicks('Move');
  expect(stack(w, w.dana)).toHaveLength(3);
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-19', Why: 'the printer is late' });
  const [ledger, top, ...more] = shown(w, w.dana);
  expect(more).toEqual([]);
  for (const view of [ledger, top]) expect(view).toMatch(/○ yard signs, .*Mar 19.* · moved once/);
  await w.dana.act({ do: 'close' });
  expect(shown(w, w.dana)).toEqual([ledger]);
});

test('a ledger keeps the filter and the page that it had', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  for (let n = 10; n < 32; n++) await w.dana.types(`/commit sign number ${n} by Mar 20`);
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Next');
  expect(shown(w, w.dana)[0]).toContain('Page 2 of 2');
  await w.dana.clicks('Show all of it');
  await w.dana.clicks('Will not be done');
  expect(shown(w, w.dana)[0]).toContain('Page 2 of 2');
  expect(shown(w, w.dana)[0]).toContain('Open: 21');
});

test('one that was closed meanwhile, or shows something newer, is nobody’s error', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 12');
  const { metrics, failed } = counted(w);
  await openWhole(w.dana);
  const [ledger, whole] = stack(w, w.dana);
  const below = ledgerShown.parse(JSON.parse(whole?.view.private_metadata ?? '').ledger);
  expect([below.viewId, below.hash]).toEqual([ledger?.id, ledger?.hash]);
  await w.dana.act({ do: 'close' });
  await w.dana.act({ do: 'close' });
  expect(stack(w, w.dana)).toEqual([]);

  const id = await idOf(w);
  const click = { callbackId: WHOLE_VIEW, viewId: whole?.id, metadata: whole?.view.private_metadata ?? '' };
  const closed = await forgeModalClick(w, w.dana.id, { ...click, actionId: actionIdOf('done'), value: id });
  expect(closed.status).toBe('acked');
  expect(await state(w)).toBe('kept');

  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  const open = stack(w, w.dana)[0];
  const older = JSON.stringify({ ledger: { ...below, viewId: open?.id, hash: '1.older' } });
  await w.dana.clicks('Show all of it');
  const top = { callbackId: WHOLE_VIEW, viewId: stack(w, w.dana)[1]?.id, metadata: older };
  const lastId = await lastEvent(w);
  await forgeModalClick(w, w.dana.id, { ...top, actionId: actionIdOf('undo'), value: lastId });
  expect(await state(w)).toBe('open');
  expect(shown(w, w.dana)[0]).toContain('kept today');
  expect(shown(w, w.dana)[1]).toContain('○ yard signs');
  expect(failed(await metrics.text())).toEqual([]);
});

test('a ledger that is not theirs is not drawn into a form of theirs', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.dana.types('/commit secret plan for @ana by Mar 12');
  await w.marcus.types('/commit referral list by Mar 12');
  await openWhole(w.marcus);
  const [ledger, whole] = stack(w, w.marcus);
  const [own, others] = await Promise.all([idOf(w, w.marcus.id), pairOf(w, w.ana.id)]);
  const metadata = JSON.stringify({ ledger: { scope: others, page: 0, filter: 'all', viewId: ledger?.id } });
  const click = { actionId: actionIdOf('done'), value: own, callbackId: WHOLE_VIEW, viewId: whole?.id, metadata };
  await forgeModalClick(w, w.marcus.id, click);
  expect(shown(w, w.marcus).join('')).not.toContain('secret');
});

/** What was counted as failed from now on. */
function counted(w: World) {
  const metrics = makeMetrics(w.bot.deps);
  w.bot.deps.meter = metrics.meter;
  const failed = (text: string) =>
    text.split('\n').filter((line) => line.startsWith('accord_request_seconds_count') && line.includes('"failed"'));
  return { metrics, failed };
}

const idOf = (w: World, ownerId = w.dana.id) =>
  asTick(w.database.db, async (trx) => {
    const mine = trx.selectFrom('commitment').select('id').where('ownerId', '=', ownerId);
    return (await mine.executeTakeFirstOrThrow()).id;
  });
const pairOf = (w: World, partnerId: string) =>
  asTick(w.database.db, async (trx) => {
    const pair = trx.selectFrom('pair').select('id').where('partnerId', '=', partnerId);
    return (await pair.executeTakeFirstOrThrow()).id;
  });
const state = (w: World) =>
  asTick(
    w.database.db,
    async (trx) => (await trx.selectFrom('commitment').select('state').executeTakeFirstOrThrow()).state,
  );
const lastEvent = (w: World) =>
  asTick(w.database.db, async (trx) => {
    const newest = trx.selectFrom('commitmentEvent').select('id').orderBy('version', 'desc');
    return (await newest.executeTakeFirstOrThrow()).id;
  });
