import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { agreed as agreedWith } from '../commitments/paired.ts';
import { meetings } from '../recap/met.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { world } from '../support/world.ts';
import { filesOf, inModal, recorded } from './kept.ts';

test('either of the two sees how it went: meetings, outcomes, both rates, decisions', async () => {
  await using w = await world();
  await recorded(w);
  await w.dana.clicks('Done');
  await w.moves('+1w');
  await w.ana.types('/accord record');
  const shown = await inModal(w.ana);
  expect(shown).toContain('You and Dana');
  expect(shown).toContain('Meetings: 1 held · 0 moved · 0 skipped · outcome produced at 1 of 1');
  expect(shown).toContain('*The firm*\\nkept on time: 4 weeks 1 of 1');
  expect(shown).toContain('*Ana*\\nkept on time: 4 weeks 0 of 1');
  expect(shown).toContain('Outcome decision on relisting Oak Street: produced');
  expect(shown).toContain('Decided relist at $1.15M on Monday stop the portal ads');
  expect(shown).toContain('● listing presentation · Dana · kept');
  expect(shown).toContain('rhythm agreed');
  await w.dana.types('/accord record @ana');
  expect(await inModal(w.dana)).toContain('You and Ana');
});

test('decisions are found again by their words, and what was looked for stays in the field', async () => {
  await using w = await world();
  await recorded(w);
  await w.ana.types('/accord record');
  const field = 'Find in outcomes, decisions and commitments';
  await w.ana.submits('Record', { [field]: 'MONDAY portal' });
  expect(await inModal(w.ana)).toContain('stop the portal ads');
  expect(await inModal(w.ana)).not.toContain('rhythm agreed');
  await w.ana.submits('Record', { [field]: 'elm street' });
  expect(await inModal(w.ana)).toContain('Nothing here holds “elm street”');
});

test('a long record has pages, and the whole recap is one click away', async () => {
  await using w = await world();
  await recorded(w);
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    await w.dana.types(`/commit promise number ${n} by Friday`);
    await w.dana.clicks('Done', { in: 'home', row: `number ${n}` });
  }
  await w.dana.types('/accord record');
  expect(await inModal(w.dana)).toContain('Page 1 of 2');
  await w.dana.clicks('Older');
  expect(await inModal(w.dana)).toContain('rhythm agreed');
  await w.dana.clicks('Newer');
  expect(await inModal(w.dana)).toContain('Page 1 of 2');
});

test('with several one-on-ones it asks whose, and a stranger’s name is answered like one that nobody bears', async () => {
  await using w = await world();
  await recorded(w);
  await agreedWith(w, w.marcus, 'marcus');
  expect((await w.dana.types('/accord record')).answer?.text).toContain('Say whose');
  await w.dana.types('/accord record Marcus');
  expect(await inModal(w.dana)).toContain('You and Marcus');
  const stranger = (await w.ana.types('/accord record @marcus')).answer?.text;
  expect(stranger).toBe((await w.ana.types('/accord record nobody')).answer?.text);
  expect(stranger).toContain('You have no one-on-one there');
});

test('nobody else sees anything of it, by whatever they send', async () => {
  await using w = await world();
  await recorded(w);
  const [meeting] = await meetings(w);
  const pairId = meeting?.pairId ?? '';
  for (const stranger of [w.marcus, w.gus, w.otto]) {
    for (const actionId of ['record:export', 'record:on', 'record:back'])
      expect((await forgeClick(w, stranger.id, { actionId, value: pairId })).told).toContain('not yours');
    for (const metadata of [`${pairId} 0`, 'nothing', `${'0190c0de-0000-7000-8000-000000000000'} 0`]) {
      const answer = await forgeForm(w, stranger.id, { callbackId: 'record:searched', metadata });
      expect(JSON.stringify(answer)).toContain('not yours');
      expect(JSON.stringify(answer)).not.toContain('Oak');
    }
  }
  await w.settles();
  expect(await w.marcus.sees()).not.toContain('accord.json');
});

test('SEC3: whoever leads the pair no longer turns no page and finds nothing, also in a form that is still open', async () => {
  await using w = await world();
  await recorded(w);
  await w.mia.types('/accord help');
  await w.dana.types('/accord record');
  await asTick(w.database.db, (trx) => trx.updateTable('pair').set({ leaderId: w.mia.id }).execute());
  const answer = await w.dana.submits('Record', { 'Find in outcomes, decisions and commitments': 'Oak' });
  expect(answer.errors).toEqual({ find: 'That is not there any more, or not yours.' });
  await w.dana.clicks('Export');
  await w.settles();
  const exported = (await filesOf(w, w.dana))['accord.json'] ?? '';
  expect(exported).toContain('"holds": "own words"');
  expect(exported).not.toContain('"what": "accepted"');
});

test('a button whose value is no id at all is refused like any other', async () => {
  await using w = await world();
  for (const value of [undefined, '', 'x'.repeat(2000), "' or 1=1"])
    expect((await forgeClick(w, w.ana.id, { actionId: 'record:export', value })).told).toContain('not yours');
});
