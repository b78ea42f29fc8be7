import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BriefFacts,
  longestOverdue,
  onTheTable,
  questions,
  statementsOf,
  worthAsking,
} from '../../src/prep/rules.ts';

const now = Temporal.Instant.from('2027-03-12T15:00:00Z');
const row = (side: 'partner' | 'firm', dueOn: string, state = 'open', text = 'comps') => ({
  side,
  state,
  text,
  dueOn: Temporal.PlainDate.from(dueOn),
  ownerZone: 'America/New_York',
});

test('the outcome is asked first and updates last, in few words', () => {
  expect(questions.map(({ id }) => id)).toEqual([
    'outcome',
    'support',
    'went-well',
    'leverage',
    'better',
    'differently',
    'updates',
  ]);
  expect(questions.at(-1)?.atMost).toBeLessThanOrEqual(400);
});

describe('what is on the table', () => {
  test('counts what is open on both sides, and what is overdue alike on both', () => {
    const rows = [
      row('partner', '2027-03-12'),
      row('partner', '2027-03-20'),
      row('firm', '2027-03-09'),
      row('firm', '2027-03-19'),
      row('firm', '2027-03-09', 'asked'),
    ];
    expect(onTheTable(rows, now)).toEqual({ partner: 2, firm: 2, overdue: 1, longest: 3 });
  });

  test('the day that is not over where its owner lives is not overdue', () => {
    const lateEvening = Temporal.Instant.from('2027-03-13T04:30:00Z'); // 23:30 on the 12th in New York
    expect(onTheTable([row('firm', '2027-03-12')], lateEvening).overdue).toBe(0);
  });

  test('the longest overdue of a side is the one to ask about', () => {
    const rows = [
      row('firm', '2027-03-10', 'open', 'signs'),
      row('firm', '2027-03-02', 'open', 'deck'),
      row('partner', '2027-03-01'),
    ];
    expect(longestOverdue(rows, 'firm', now)?.text).toBe('deck');
    expect(longestOverdue([row('firm', '2027-03-12')], 'firm', now)).toBeUndefined();
  });
});

describe('what is worth asking', () => {
  const facts = fc.record<BriefFacts>({
    kind: fc.constantFrom('contractor', 'report'),
    outcome: fc.boolean(),
    firmLate: fc.option(fc.constant('deck'), { nil: undefined }),
    partnerLate: fc.option(fc.constant('comps'), { nil: undefined }),
    hasAgenda: fc.boolean(),
    hasDecisions: fc.boolean(),
    hasKept: fc.boolean(),
  });

  test('whatever the facts, there are more questions than statements, all different', () => {
    fc.assert(
      fc.property(facts, (of) => {
        const asked = worthAsking(of);
        expect(asked.length).toBeGreaterThan(statementsOf(of));
        expect(new Set(asked).size).toBe(asked.length);
        expect(asked.filter((question) => !question.endsWith('?'))).toEqual([]);
      }),
    );
  });

  test('the leader is always reminded to ask for feedback and for what support is wanted', () => {
    fc.assert(
      fc.property(facts, (of) => {
        expect(worthAsking(of).join(' ')).toContain('What could I have done better since we last spoke?');
        expect(worthAsking(of).join(' ')).toContain('What support do you need from me');
      }),
    );
  });

  test('a contractor is never asked in the words of an employer', () => {
    fc.assert(
      fc.property(facts, (of) => {
        expect(worthAsking({ ...of, kind: 'contractor' }).join(' ')).not.toMatch(
          /manage|supervis|review|performance|attendance|employ/i,
        );
      }),
    );
  });
});
