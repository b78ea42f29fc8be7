import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as make from '../../src/slack/blocks.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';

const choicesOf = (words: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ label: words, value: `v${n}`, description: words }));

const anyWords = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' ', '😀'.repeat(4000), 'x'.repeat(4000), 'مرحبا '.repeat(800), '&amp;'.repeat(900)),
);

test('whatever the words, every maker gives what Slack accepts', () => {
  fc.assert(
    fc.property(anyWords, (words) => {
      const initial = Temporal.PlainDate.from('2026-03-12');
      const field = (id: string) => ({ id, label: words, hint: words, placeholder: words });
      const sure = make.confirm(words, words, words, words);
      const buttons = make.actions(
        make.confirmed(make.button(words, 'one', 'v', 'danger'), sure),
        make.linkButton(words, 'two', 'https://a.example'),
      );
      const shown = [
        make.header(words),
        make.section(words, make.overflow('more', choicesOf(words, 8))),
        make.context(words),
        buttons,
      ];
      const inputs = [
        make.textInput({ ...field('a'), initial: words, maxLength: 80 }),
        make.textArea({ ...field('b'), initial: words }),
        make.datePicker({ ...field('c'), initial }),
        make.timePicker({ ...field('d'), initial: Temporal.PlainTime.from('09:00') }),
        make.select({ ...field('e'), choices: choicesOf(words, 120), initial: 'v7' }),
        make.radio({ ...field('f'), choices: choicesOf(words, 12), initial: 'v99' }),
        make.checkboxes({ ...field('g'), choices: choicesOf(words, 12), initial: ['v1', 'v11'] }),
        make.userSelect({ ...field('h'), initial: 'U1' }),
        make.usersSelect({ ...field('i'), initial: [], atMost: 5 }),
        make.channelSelect({ ...field('j'), optional: true }),
      ];
      const view = make.modal({ callbackId: 'test:all', title: words, submit: words, blocks: [...shown, ...inputs] });
      expect(problemsOfMessage({ text: 'a', blocks: shown })).toEqual([]);
      expect(problemsOfView(view)).toEqual([]);
      expect(problemsOfView(make.home([...shown, make.divider(), make.fields(words, words)]))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a title over 24 characters is cut with an ellipsis', () => {
  const view = make.modal({ callbackId: 'a', title: 'Propose a standing one-on-one', blocks: [make.divider()] });
  expect(view.title.text).toBe('Propose a standing one-…');
});
