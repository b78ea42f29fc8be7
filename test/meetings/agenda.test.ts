import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { AGENDA_SUBMITTED, OPEN_AGENDA, REMOVE_AGENDA_ITEM } from '../../src/meetings/agenda-views.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './agreed.ts';

async function openIds(w: World) {
  const query = w.bot.deps.db.selectFrom('agendaItem').select(['id', 'pairId']);
  return asTick(w.bot.deps.db, async (trx) => (await trx.executeQuery(query)).rows);
}

async function withMarcusToo(w: World) {
  await agreed(w);
  await w.dana.types('/accord with @marcus');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await w.marcus.clicks('Accept');
}

test('words are added at once, for both to see', async () => {
  await using w = await world();
  await agreed(w);
  const { answer } = await w.ana.types('/accord agenda vendor list <and> signs');
  expect(answer?.text).toContain('On the agenda with Dana, Tue Mar 9, 9:00 AM');
  const { modal } = await w.dana.types('/accord agenda');
  expect(JSON.stringify(modal?.view)).toContain('vendor list &lt;and&gt; signs · Ana');
});

test('the form adds, shows what is there, and removes; an empty one saves nothing', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/accord agenda');
  await w.ana.submits('Agenda', { 'What to talk about': '   ' }).catch(() => undefined);
  expect(await w.database.count('agenda_item')).toBe(0);
  const added = await w.ana.submits('Agenda', { 'What to talk about': 'yard signs' });
  expect(JSON.stringify(added.modal?.view)).toContain('yard signs · you');
  const after = await w.ana.clicks('Remove');
  expect(JSON.stringify(after.modal?.view)).toContain('Nothing yet.');
});

test('with several one-on-ones it asks whose, unless a name leads', async () => {
  await using w = await world();
  await withMarcusToo(w);
  const { modal } = await w.dana.types('/accord agenda yard signs');
  expect(JSON.stringify(modal?.view)).toContain('Marcus');
  expect(JSON.stringify(modal?.view)).toContain('yard signs');
  await w.dana.submits('Agenda', { With: 'Marcus' });
  await w.dana.act({ do: 'close' });
  const { answer } = await w.dana.types('/accord agenda @ana price of Oak Street');
  expect(answer?.text).toContain('On the agenda with Ana');
  const anas = await w.ana.types('/accord agenda');
  expect(JSON.stringify(anas.modal?.view)).toContain('price of Oak Street');
  expect(JSON.stringify(anas.modal?.view)).not.toContain('yard signs');
});

test('a message becomes an item with a link back to it', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana
    .writes('#promises', 'the portal ads look expensive')
    .catch(() => w.dana.writes('#promises', 'the portal ads look expensive'));
  const channel = 'C0PROMISES';
  const ts = w.rehearsal.state.conversations[channel]?.messages.at(-1)?.ts ?? '';
  const { modal } = await w.dana.uses('Add to agenda', { in: channel, ts });
  expect(JSON.stringify(modal?.view)).toContain('the portal ads look expensive');
  const added = await w.dana.submits('Agenda', {});
  expect(JSON.stringify(added.modal?.view)).toContain('|message>');
});

test('without a one-on-one it says how to start one', async () => {
  await using w = await world();
  const { answer } = await w.mia.types('/accord agenda vendor list');
  expect(answer?.text).toContain('Start one: `/accord with @name`');
});

test('nobody outside the pair reads, adds or removes, whatever they send', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/accord agenda vendor list');
  const [item] = await openIds(w);
  await forgeClick(w, w.mia.id, { actionId: OPEN_AGENDA, value: item?.pairId });
  expect(await w.mia.modal()).toBeNull();
  await forgeClick(w, w.mia.id, { actionId: REMOVE_AGENDA_ITEM, value: item?.id });
  const form = { 'item.0': { 'item.0': { type: 'plain_text_input', value: 'mine' } } };
  const metadata = JSON.stringify({ pairs: [item?.pairId], round: 0 });
  await forgeForm(w, w.mia.id, { callbackId: AGENDA_SUBMITTED, metadata, values: form });
  expect(await w.database.count('agenda_item')).toBe(1);
  const { modal } = await w.ana.types('/accord agenda');
  expect(JSON.stringify(modal?.view)).toContain('vendor list');
});
