import { describe, expect, test } from '@jest/globals';
import { MOVE_MEETING, MOVE_SUBMITTED, SKIP_MEETING, SKIP_SUBMITTED } from '../../src/meetings/views.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';
import { agreed, planned } from './agreed.ts';

const MOVE = 'Move the meeting';
const SKIP = 'Skip this meeting';

/** The day before, when Ana has the opening question in front of her. */
async function asked(w: World, fields = {}) {
  const first = await agreed(w, fields);
  await w.moves(first.subtract({ hours: 24 }).toString());
  return first;
}

const times = (seen: string, words: string) => seen.split(words).length - 1;

describe('moving', () => {
  test('edits what was posted and tells the other one once', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Move');
    const { errors } = await w.ana.submits(MOVE, { Day: '2027-03-10', Time: '14:00' });
    expect(errors).toBeUndefined();
    const ana = await w.ana.sees();
    expect(ana).toContain('Wed Mar 10, 2:00 PM (5:00 PM for Dana) · 45 minutes · Moved to this time by you.');
    expect(times(ana, 'what should it produce for you?')).toBe(1);
    expect(await w.dana.sees()).toContain('Ana moved your one-on-one to Wed Mar 10, 5:00 PM (2:00 PM for Ana)');
    const [meeting] = await planned(w);
    expect(String(meeting?.startsAt)).toBe('2027-03-10T22:00:00Z');
  });

  test('asks the partner nothing twice, and the card comes at the new time', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Move');
    await w.ana.submits(MOVE, { Day: '2027-03-15', Time: '09:00' });
    await w.moves('2027-03-15T15:59:00Z');
    expect(times(await w.ana.sees(), 'what should it produce for you?')).toBe(1);
    expect(await w.ana.sees()).not.toContain('First, each other');
    await w.moves('2027-03-15T16:00:00Z');
    expect(times(await w.ana.sees(), 'First, each other')).toBe(1);
  });

  test('by days gives the leader a new brief at its time, and the old one gives way', async () => {
    await using w = await world();
    await asked(w);
    await w.moves('next');
    await w.dana.clicks('Move');
    await w.dana.submits(MOVE, { Day: '2027-03-15', Time: '12:00' });
    expect(await w.dana.sees()).toContain('The brief is made anew for it.');
    await w.moves('2027-03-15T15:00:00Z');
    const seen = await w.dana.sees();
    expect([times(seen, 'Worth asking'), times(seen, 'The brief is made anew for it.')]).toEqual([1, 1]);
  });

  test('does not lose the occurrence after it', async () => {
    await using w = await world();
    await asked(w, { 'How often': 'Every week' });
    await w.ana.clicks('Move');
    await w.ana.submits(MOVE, { Day: '2027-03-19', Time: '09:00' });
    await w.moves('2027-03-16T16:00:00Z');
    expect((await planned(w)).map(({ occurrenceOn }) => String(occurrenceOn)).sort()).toEqual([
      '2027-03-09',
      '2027-03-16',
    ]);
  });

  test.each([
    ['to a time that has passed', { Day: '2027-03-08', Time: '08:00' }, 'That time has passed.'],
    ['to where it is', { Day: '2027-03-09', Time: '09:00' }, 'It is at that time already.'],
    ['to another year', { Day: '2028-06-01', Time: '09:00' }, 'more than a year away'],
  ])('%s is refused under the field, and what was filled in stays', async (_to, fields, why) => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Move');
    const { errors, modal } = await w.ana.submits(MOVE, fields);
    expect(Object.values(errors ?? {}).join()).toContain(why);
    expect(modal).not.toBeNull();
    expect((await planned(w))[0]?.movedTimes).toBe(0);
  });

  test('a second move in a row by the firm offers three slots and says so to the mover alone', async () => {
    await using w = await world();
    await asked(w);
    await w.moves('next'); // the brief, where Dana can move it
    await w.dana.clicks('Move');
    expect(JSON.stringify((await w.dana.modal())?.view)).not.toContain('second move');
    await w.dana.submits(MOVE, { Day: '2027-03-10', Time: '12:00' });
    await w.dana.clicks('Move');
    const form = JSON.stringify((await w.dana.modal())?.view);
    expect(form).toContain('This would be the second move in a row.');
    await w.dana.submits(MOVE, {});
    const [meeting] = await planned(w);
    expect([meeting?.movedTimes, meeting?.countedMoves]).toEqual([2, 2]);
    expect(meeting?.startsAt.toZonedDateTimeISO('America/Los_Angeles').toPlainTime().toString()).toBe('09:00:00');
    expect(await w.ana.sees()).not.toContain('second move');
  });

  test('a contractor’s own moves are not counted', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Move');
    await w.ana.submits(MOVE, { Day: '2027-03-10', Time: '14:00' });
    await w.ana.clicks('Move');
    expect(JSON.stringify((await w.ana.modal())?.view)).not.toContain('second move');
    expect((await planned(w))[0]?.countedMoves).toBe(0);
  });

  test('two at once: the second form shows the new time before it moves anything', async () => {
    await using w = await world();
    await asked(w);
    await w.moves('next');
    await w.ana.clicks('Move');
    await w.dana.clicks('Move');
    await w.dana.submits(MOVE, { Day: '2027-03-11', Time: '12:00' });
    const { modal } = await w.ana.submits(MOVE, { Day: '2027-03-10', Time: '14:00' });
    expect(JSON.stringify(modal?.view)).toContain('It changed while this was open.');
    expect(String((await planned(w))[0]?.startsAt)).toBe('2027-03-11T17:00:00Z');
    await w.ana.submits(MOVE, {});
    expect(String((await planned(w))[0]?.startsAt)).toBe('2027-03-10T22:00:00Z');
  });
});

describe('skipping', () => {
  test('tells the other one with the reason, and plans the next', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Skip');
    await w.ana.submits(SKIP, { Why: 'two closings' });
    expect((await planned(w)).map(({ state, occurrenceOn }) => [state, String(occurrenceOn)])).toEqual([
      ['skipped', '2027-03-09'],
      ['planned', '2027-03-23'],
    ]);
    expect(await w.ana.sees()).toContain('Skipped by you. Next: Tue Mar 23, 9:00 AM (12:00 PM for Dana).');
    const dana = await w.dana.sees();
    expect(dana).toContain('Ana skipped your one-on-one of Tue Mar 9, 12:00 PM');
    expect(dana).toContain('two closings');
  });

  test('two running ask both whether the rhythm fits', async () => {
    await using w = await world();
    await asked(w, { 'How often': 'Every week' });
    await w.ana.clicks('Skip');
    await w.ana.submits(SKIP, {});
    expect(await w.ana.sees()).not.toContain('still fit?');
    await w.moves('+7d');
    await w.ana.clicks('Skip');
    await w.ana.submits(SKIP, {});
    expect(await w.ana.sees()).toContain('Does the rhythm with Dana still fit?');
    expect(await w.dana.sees()).toContain('Does the rhythm with Ana still fit?');
  });

  test('a stale button says what it is now', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Skip');
    await w.ana.submits(SKIP, {});
    await w.ana.clicks('Move', { stale: true });
    expect(await w.ana.sees()).toContain('This meeting was skipped, so it stays where it was.');
  });
});

test('a meeting is nobody’s but the pair’s: a colleague’s forged click or form changes nothing', async () => {
  await using w = await world();
  await agreed(w);
  const [meeting] = await planned(w);
  for (const actionId of [MOVE_MEETING, SKIP_MEETING]) {
    await forgeClick(w, w.mia.id, { actionId, value: meeting?.id });
    await forgeClick(w, w.ana.id, { actionId, value: 'anything' });
  }
  expect([await w.mia.modal(), await w.ana.modal()]).toEqual([null, null]);
  expect(await w.mia.sees()).toContain('That meeting is not open for you any more.');
  const values = {
    day: { day: { type: 'datepicker', selected_date: '2027-03-20' } },
    time: { time: { type: 'timepicker', selected_time: '09:00' } },
  };
  const metadata = JSON.stringify({ meeting: meeting?.id, version: 1 });
  await forgeForm(w, w.mia.id, { callbackId: MOVE_SUBMITTED, metadata, values });
  await forgeForm(w, w.mia.id, { callbackId: SKIP_SUBMITTED, metadata });
  const [after] = await planned(w);
  expect([after?.state, String(after?.startsAt)]).toEqual(['planned', String(meeting?.startsAt)]);
});
