import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CommitDraft, parseCommit } from '../../src/commitments/parse.ts';
import { writesDayFirst } from '../../src/ground/days.ts';
import { heldOut } from './corpus/held-out.ts';
import { ana, dana, type Kept, type Line, MIDWEEK, priya, sam, zoe } from './corpus/people.ts';
import { tuned } from './corpus/tuned.ts';

function read({ by, at, line }: Line) {
  const today = Temporal.Instant.from(at).toZonedDateTimeISO(by.zone).toPlainDate();
  return parseCommit(line, { ...by, today });
}

function wholeDraft({ by, expected }: Line & { expected: Kept }) {
  const pair = by.pairs.find((one) => one.otherId === expected.other);
  const isAsk = expected.act === 'ask';
  return {
    pairId: pair?.pairId,
    act: expected.act,
    ownerId: isAsk ? expected.other : by.id,
    side: (pair?.role === 'leader') === isAsk ? 'partner' : 'firm',
    text: expected.text,
    dueOn: expected.due,
    priority: expected.priority,
    alternative: expected.alternative,
    colleagueId: expected.colleague,
  };
}

const seen = (draft: CommitDraft) => ({
  ...draft,
  dueOn: draft.dueOn.toString(),
  alternative: draft.alternative?.dueOn.toString(),
  colleagueId: draft.colleagueId,
});

const isKept = (line: Line): line is Line & { expected: Kept } => 'act' in line.expected;
const named = (lines: Line[]) =>
  lines.map((line): [string, Line] => [`${line.by.id} ${line.at.slice(0, 10)}: ${line.line}`, line]);

describe.each([
  ['the lines that the parser was tuned on', tuned],
  ['the lines that were kept aside', heldOut],
])('%s', (_name, lines) => {
  test.each(named(lines.filter(isKept)))('%s', (_line, line) => {
    const parsed = read(line);
    expect(parsed.ok ? seen(parsed.value) : parsed).toEqual(isKept(line) ? wholeDraft(line) : undefined);
  });

  test.each(named(lines.filter((line) => !isKept(line))))('asks: %s', (_line, line) => {
    expect(read(line)).toMatchObject({
      ok: false,
      question: 'question' in line.expected ? line.expected.question : '',
      ...('text' in line.expected && line.expected.text !== undefined && { draft: { text: line.expected.text } }),
    });
  });
});

test.each([
  ['tuned on', tuned],
  ['kept aside', heldOut],
])(
  'the half that was %s has four time zones, either order of day and month, and lines that are asked about',
  (_, lines) => {
    expect(lines.length).toBeGreaterThan(75);
    expect(new Set(lines.map(({ by }) => by.zone)).size).toBe(4);
    expect(new Set(lines.map(({ by }) => writesDayFirst(by.locale)))).toEqual(new Set([true, false]));
    expect(lines.filter((line) => !isKept(line)).length).toBeGreaterThan(20);
  },
);

const words = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    ...'by before Friday next every 31/2 3/4 April the 15th end of month in a fortnight !later firm: ask ask: Ana will Tom'.split(
      ' ',
    ),
    ...['<@UANA|ana>', '<@UMIA>', '<!channel>', '&lt;', '<', '\uE000', '\uE200', '(', '’ll', '5pm', 'Q2', 'eod'],
  ),
);

test('whatever is typed, it is either a whole commitment not yet due or one question that keeps the words', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 12 }), fc.constantFrom(dana, ana, priya, sam, zoe), (pieces, by) => {
      const today = Temporal.Instant.from(MIDWEEK).toZonedDateTimeISO(by.zone).toPlainDate();
      const parsed = parseCommit(pieces.join(' '), { ...by, today });
      const draft = parsed.ok ? parsed.value : parsed.draft;
      expect(draft.text).not.toMatch(/[\uE000-\uF8FF]/);
      if (parsed.ok) {
        expect(Temporal.PlainDate.compare(parsed.value.dueOn, today)).toBeGreaterThanOrEqual(0);
        expect(by.pairs.map((pair) => pair.pairId)).toContain(parsed.value.pairId);
        expect([by.id, ...by.pairs.map((pair) => pair.otherId)]).toContain(parsed.value.ownerId);
      } else expect(parsed.why.length).toBeGreaterThan(20);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['x in a month', '2026-01-31', '2026-02-28'],
  ['x by end of next month', '2026-03-31', '2026-04-30'],
  ['x by Feb 29, 2028', '2026-01-31', '2028-02-29'],
])('%s, said on %s, is %s', (line, today, due) => {
  const parsed = parseCommit(line, { ...ana, today: Temporal.PlainDate.from(today) });
  expect(parsed.ok && parsed.value.dueOn.toString()).toBe(due);
});

test.each(["x in 99999999999 weeks' time", 'x in 9999 years', 'x by 1/1/9999', 'x by 1 January 0000'])(
  '%s is asked',
  (line) => {
    expect(parseCommit(line, { ...ana, today: Temporal.PlainDate.from('2026-01-31') }).ok).toBe(false);
  },
);

test('the day that the words could also mean is offered by name', () => {
  const friday = Temporal.PlainDate.from('2026-03-13');
  expect(parseCommit('comps by Friday', { ...ana, today: friday })).toMatchObject({
    value: { alternative: { label: 'next Friday', dueOn: friday.add({ weeks: 1 }) } },
  });
  expect(parseCommit('comps by next Friday', { ...ana, today: friday })).toMatchObject({
    value: { alternative: { label: 'this Friday', dueOn: friday } },
  });
});

test('a question keeps everything that was understood', () => {
  const today = Temporal.PlainDate.from('2026-03-11');
  expect(parseCommit('ask <@UANA|ana> for two comps soon !later', { ...dana, today })).toMatchObject({
    ok: false,
    question: 'when',
    why: 'That names no day. Your text is still here; pick a day from today on.',
    draft: {
      pairId: 'with-UANA',
      act: 'ask',
      ownerId: 'UANA',
      side: 'partner',
      text: 'two comps soon',
      priority: 'later',
    },
  });
});

test('somebody outside is refused in the same words, whoever they are', () => {
  const today = Temporal.PlainDate.from('2026-03-11');
  const why = (line: string) => {
    const parsed = parseCommit(line, { ...ana, today });
    return parsed.ok ? '' : parsed.why;
  };
  expect(why('send <@UMARCUS|sky> the list by Friday')).toBe(why('send <@UNOBODY|sky> the list by Friday'));
});

test.each(['by April 20', 'by Apr 20', 'by 20 April', 'by Tue, April 20'])(
  'who writes the day first means the same by “%s”',
  (by) => {
    const today = Temporal.PlainDate.from('2027-03-09');
    const parsed = parseCommit(`send two comps ${by}`, { ...ana, locale: 'en-GB', today });
    expect(parsed.ok && String(parsed.value.dueOn)).toBe('2027-04-20');
  },
);
