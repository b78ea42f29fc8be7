import { expect, test } from '@jest/globals';
import * as form from '../../src/slack/form.ts';

const state = (inputs: Record<string, form.InputState>): form.FormState => ({
  values: Object.fromEntries(Object.entries(inputs).map(([id, input]) => [id, { [id]: input }])),
});

const readers = {
  what: form.text(),
  why: form.optionalText(),
  due: form.day(),
  at: form.wallTime(),
  side: form.choice(['partner', 'firm']),
  days: form.choices(['mon', 'tue']),
  owner: form.person(),
  who: form.people(),
  where: form.channel(),
};

test('a form filled in comes back as values of their kinds', () => {
  const read = form.readForm(
    state({
      what: { value: '  two comps ' },
      why: { value: null },
      due: { selected_date: '2026-03-12' },
      at: { selected_time: '09:30' },
      side: { selected_option: { value: 'firm' } },
      days: { selected_options: [{ value: 'tue' }, { value: 'sun' }] },
      owner: { selected_user: 'U1' },
      who: { selected_users: ['U1', 'U2'] },
      where: { selected_conversation: 'C1' },
    }),
    readers,
  );
  expect(read).toEqual({
    ok: true,
    value: {
      what: 'two comps',
      why: undefined,
      due: Temporal.PlainDate.from('2026-03-12'),
      at: Temporal.PlainTime.from('09:30'),
      side: 'firm',
      days: ['tue'],
      owner: 'U1',
      who: ['U1', 'U2'],
      where: 'C1',
    },
  });
});

test('an empty form names every problem at once, each under its field', () => {
  expect(form.readForm(state({ what: { value: '   ' } }), readers)).toEqual({
    ok: false,
    errors: {
      what: 'Write at least one line.',
      due: 'Pick a day.',
      at: 'Pick a time.',
      side: 'Pick one.',
      owner: 'Pick a person.',
      who: 'Pick at least one person.',
      where: 'Pick a channel.',
    },
  });
});

test('a value that the form never offered is refused', () => {
  const sent = state({
    side: { selected_option: { value: 'bank' } },
    due: { selected_date: 'soon' },
    at: { selected_time: '25:00' },
  });
  const { side, due, at } = readers;
  expect(form.readForm(sent, { side, due, at })).toMatchObject({
    ok: false,
    errors: { side: 'Pick one.', due: 'Pick a day.', at: 'Pick a time.' },
  });
});

test('a text that is too long says by how much', () => {
  const read = form.readForm(state({ what: { value: 'x'.repeat(81) } }), { what: form.text({ max: 80 }) });
  expect(read).toEqual({ ok: false, errors: { what: 'At most 80 characters; this has 81.' } });
});
