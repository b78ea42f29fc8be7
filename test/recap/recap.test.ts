import { expect, test } from '@jest/globals';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { world } from '../support/world.ts';
import { asDana, inDays, meetings, met, promises, recaps } from './met.ts';

test('a leader writes five lines, the agent confirms, and what was asked of her is open', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  expect((await w.dana.submits('Recap', asDana(w))).errors).toBeUndefined();
  const shared = await w.ana.sees();
  expect(shared).toContain('Outcome decision on relisting Oak Street');
  expect(shared).toContain('Decided relist at $1.15M on Monday; stop the portal ads');
  expect(shared).toContain('Ana two comps by Fri Mar 12');
  expect(shared).toContain('The firm listing presentation by Thu Mar 11 (Dana)');
  expect(shared).toContain('Next Tue Mar 23, 9:00 AM (12:00 PM for Dana)');
  expect((await meetings(w))[0]?.state).toBe('held');
  expect(await promises(w)).toEqual([
    'listing presentation (firm): open, 2027-03-11',
    'two comps (partner): asked, 2027-03-12',
  ]);

  await w.ana.clicks('Confirm');
  const answers = { 'Was the outcome produced?': 'Partly', 'Who did most of the talking?': 'I did' };
  await w.ana.submits('Confirm the recap', answers);
  expect(await promises(w)).toContain('two comps (partner): open, 2027-03-12');
  expect(await w.dana.sees()).toContain('Outcome decision on relisting Oak Street: partly produced');
  expect(await w.dana.sees()).toContain('Written by Dana, confirmed by Ana.');
  expect((await recaps(w)).map(({ state, produced, talkedMost }) => [state, produced, talkedMost])).toEqual([
    ['confirmed', 'partly', 'partner'],
  ]);
});

test('the outcome that the agent wanted is filled in', async () => {
  await using w = await world();
  await met(w);
  const [meeting] = await meetings(w);
  const { saveAnswers } = await import('../../src/meetings/answer-store.ts');
  const { asTick } = await import('../../src/db/as-workspace.ts');
  if (meeting)
    await asTick(w.database.db, (trx) =>
      saveAnswers(trx, meeting, w.ana.id, { outcome: 'a price for Oak Street' }, w.now()),
    );
  await w.ana.types('/accord recap');
  await w.ana.submits('Recap', { Decided: 'nothing' });
  expect(await w.dana.sees()).toContain('Outcome a price for Oak Street');
});

test('decisions too long for a line are shortened, and all of them are one click away', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  const decided = Array.from({ length: 40 }, (_, n) => `decision number ${n}`).join('\n');
  await w.dana.submits('Recap', { Outcome: 'many decisions', Decided: decided });
  const shared = await w.ana.sees();
  expect(shared).toContain('Decided decision number 0; decision number 1;');
  expect(shared).not.toContain('decision number 39');
  await w.ana.clicks('Show all');
  expect(JSON.stringify((await w.ana.modal())?.view)).toContain('decision number 39');
});

test('a recap with nothing written keeps the form open and saves nothing', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  const blank = await w.dana.submits('Recap', { Outcome: '   ', Decided: '   ' });
  expect(blank.errors).toEqual({ outcome: 'Write at least one line.', decisions: 'Write at least one line.' });
  const half = await w.dana.submits('Recap', {
    Outcome: 'x',
    Decided: 'y',
    'Row 1: what': 'comps',
    'Row 2: by when': inDays(w, -1),
  });
  expect(half.errors).toEqual({ 'by.new1': 'Pick a day.', 'what.new2': 'Say what, or clear the day.' });
  const past = await w.dana.submits('Recap', { 'Row 1: by when': inDays(w, -1), 'Row 2: by when': '' });
  expect(past.errors).toEqual({ 'by.new1': 'That day has passed. Pick a day from today on.' });
  expect(await w.database.count('recap')).toBe(0);
  expect((await meetings(w))[0]?.state).toBe('planned');
});

test('a row is added and everything typed stays', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  const open = await w.dana.modal();
  const typed = {
    outcome: { outcome: 'typed' },
    'what.new1': { 'what.new1': 'listing presentation' },
    'by.new1': { 'by.new1': inDays(w, 1) },
  };
  const added = await w.dana.act({ do: 'click', view: open?.id, actionId: 'recap:add-row', values: typed });
  expect(added.ok).toBe(true);
  await w.dana.submits('Recap', {
    Decided: 'none',
    'Row 3: who': 'Ana',
    'Row 3: what': 'vendor list',
    'Row 3: by when': inDays(w, 4),
  });
  expect((await recaps(w)).map(({ outcome }) => outcome)).toEqual(['typed']);
  expect(await promises(w)).toEqual([
    `listing presentation (firm): open, ${inDays(w, 1)}`,
    `vendor list (partner): asked, ${inDays(w, 4)}`,
  ]);
});

test('only the one who did not write it confirms, and nobody else does anything with it', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
  await w.dana.clicks('Confirm');
  expect(await w.dana.sees()).toContain('the other one confirms it');

  const [recap] = await recaps(w);
  const [meeting] = await meetings(w);
  for (const actionId of ['recap:confirm', 'recap:correct', 'recap:show']) {
    const { told } = await forgeClick(w, w.marcus.id, { actionId, value: recap?.id });
    expect([actionId, told]).toEqual([actionId, expect.stringContaining('not yours')]);
  }
  expect((await forgeClick(w, w.marcus.id, { actionId: 'recap:write', value: meeting?.id })).told).toContain(
    'not yours',
  );
  await forgeForm(w, w.marcus.id, { callbackId: 'recap:confirmed', metadata: recap?.id });
  await forgeForm(w, w.dana.id, { callbackId: 'recap:confirmed', metadata: recap?.id });
  const form = { meeting: meeting?.id, corrects: recap?.id, rows: [] };
  const values = { outcome: { outcome: { value: 'mine' } }, decisions: { decisions: { value: 'mine' } } };
  await forgeForm(w, w.marcus.id, { callbackId: 'recap:submitted', metadata: JSON.stringify(form), values });
  expect((await recaps(w)).map(({ state, version }) => [state, version])).toEqual([['posted', 1]]);
});

test('nobody writes it: one nudge a day later; after a week it is unrecorded, and a late recap still makes it held', async () => {
  await using w = await world();
  await met(w);
  await w.moves('+1d');
  expect((await w.ana.sees()).match(/No recap yet of/g)).toHaveLength(1);
  await w.moves('+1w');
  expect((await meetings(w))[0]?.state).toBe('unrecorded');
  await w.ana.types('/accord recap');
  await w.ana.submits('Recap', { Outcome: 'late', Decided: 'better than never' });
  expect((await meetings(w))[0]?.state).toBe('held');
  expect(await w.dana.sees()).toContain('The recap is written.');
});

test('another day for the next review moves the meeting that the rhythm gives, and counts as nobody’s move', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  const early = await w.dana.submits('Recap', { ...asDana(w), 'Next review point': inDays(w, 0) });
  expect(early.errors).toEqual({ next: 'Pick a day from tomorrow on.' });
  await w.dana.submits('Recap', { 'Next review point': inDays(w, 16) });
  expect(await w.ana.sees()).toContain('Next Thu Mar 25, 9:00 AM (12:00 PM for Dana)');
  const planned = (await meetings(w)).filter(({ state }) => state === 'planned');
  expect(planned.map(({ startsAt, countedMoves }) => [String(startsAt), countedMoves])).toEqual([
    ['2027-03-25T16:00:00Z', 0],
  ]);
});
