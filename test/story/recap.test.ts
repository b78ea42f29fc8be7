import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';
import { agree, home, idOf, ledger, messages, newest } from './broker.ts';

const RECAP = { Outcome: 'relisting decided', Decided: 'relist on Monday' };

test('a recap written two days late counts what was overdue when they met, and nothing that fell due since', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 5');
  await w.dana.types('/commit vendor list by Mar 10');
  await w.moves('2027-03-11T18:00:00Z');
  await w.ana.clicks('Write recap', { in: await idOf(w, w.ana, 'Accord, Dana') });
  await w.ana.submits('Recap', RECAP);
  const seen = await ledger(w.ana);
  expect(seen).toContain('◆ listing presentation, 6 days overdue · carried over once');
  expect(seen).toMatch(/◆ vendor list, 1 day overdue(;|\.)/);
});

test('what was asked of one in a recap opens with the confirmation, and a correction asks where it is accepted', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.moves('2027-03-09T18:00:00Z');
  const shared = await idOf(w, w.dana, 'Accord, Ana');
  await w.dana.clicks('Write recap', { in: shared });
  await w.dana.submits('Recap', {
    ...RECAP,
    'Row 2: who': 'Ana',
    'Row 2: what': 'two comps',
    'Row 2: by when': '2027-03-12',
  });
  expect(await ledger(w.ana)).toContain('○ two comps, by Fri · asked');
  await w.ana.clicks('Confirm', { in: shared });
  await w.ana.submits('Confirm the recap', { 'Was the outcome produced?': 'Yes' });
  expect(await ledger(w.ana)).toContain('○ two comps, Fri.');

  await w.dana.clicks('Correct', { in: shared });
  await w.dana.submits('Correct recap', { Decided: 'relist on Tuesday', 'Row 1: by when': '2027-03-11' });
  const corrected = await newest(w, w.ana, 'Accord, Dana');
  expect(corrected).toContain('Decided relist on Tuesday');
  expect(corrected).toContain('Corrected by Dana. Ana confirms or corrects.');
  expect(corrected).toContain('Confirming also says: two comps moves to Thu Mar 11');
  expect(await ledger(w.ana)).toContain('○ two comps, Fri.');
});

test('without a recap the meeting goes unrecorded after a week and says so; written later it counts, and nothing slips', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 5');
  await w.moves('2027-03-10T18:00:00Z');
  const shared = await idOf(w, w.ana, 'Accord, Dana');
  expect(await newest(w, w.ana, 'Accord, Dana')).toContain('No recap yet of Tue Mar 9, 9:00 AM (12:00 PM for Dana)');
  await w.moves('2027-03-16T18:00:00Z');
  const [card = '', nudge = ''] = await messages(w, w.ana, 'Accord, Dana');
  expect(card).toContain('It went unrecorded and counts for nobody.');
  expect(card).not.toContain('We met');
  expect(nudge).toContain('No recap came within a week, so the meeting counts for nobody.');
  expect(await home(w.ana)).not.toContain('No recap yet');
  await w.ana.clicks('Write recap', { in: shared });
  await w.ana.submits('Recap', RECAP);
  expect(await newest(w, w.ana, 'Accord, Dana')).toContain('Outcome relisting decided');
  expect(await ledger(w.ana)).toMatch(/◆ listing presentation, 11 days overdue(;|\.)/);
});

test('two who write the same recap at once: the second is shown the first and sends a correction', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.moves('2027-03-09T18:00:00Z');
  const shared = await idOf(w, w.dana, 'Accord, Ana');
  await w.dana.clicks('Write recap', { in: shared });
  await w.ana.clicks('Write recap', { in: shared });
  await w.dana.submits('Recap', RECAP);
  const second = await w.ana.submits('Recap', { Outcome: 'photos chosen', Decided: 'Thursday it is' });
  expect(JSON.stringify(second.modal?.view)).toContain('*Dana has written this recap meanwhile.*');
  await w.ana.submits('Correct recap', {});
  const recap = await newest(w, w.dana, 'Accord, Ana');
  expect(recap).toContain('Outcome photos chosen');
  expect(recap).toContain('Corrected by Ana. Dana confirms or corrects.');
});
