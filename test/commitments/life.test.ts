import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, recorded } from '../../src/commitments/facts.ts';
import { settle } from '../../src/commitments/in-time.ts';
import { apply } from '../../src/commitments/rules.ts';
import { pair, START, story, type Told, tell, today } from './lives.ts';

/** What product rules say of any commitment at any time. */
function problemsOf({ facts }: Told): string[] {
  const { state } = facts;
  const rules: [boolean, string][] = [
    [(state === 'kept') === (facts.keptOn !== null), 'kept is kept on a day'],
    [(state === 'kept') === (facts.keptAt !== null), 'kept is kept at an instant'],
    [state !== 'missed' || facts.firstUnkeptOn !== null, 'missed has a day that passed'],
    [
      !['asked', 'declined', 'lapsed'].includes(state) || facts.firstUnkeptOn === null,
      'what nobody accepted is no miss',
    ],
    [!['asked', 'declined', 'lapsed'].includes(state) || facts.askedBy !== null, 'somebody asked for it'],
    [facts.askedBy === null || facts.askedBy !== facts.ownerId || facts.side === 'firm', 'nobody asks themselves'],
    [facts.wantedDueOn === null || state === 'open', 'only an open one waits for a new date'],
    [!facts.wantsWithdrawal || state === 'open', 'only an open one waits to be withdrawn'],
    [facts.wantedDueOn === null || !facts.wantsWithdrawal, 'one wish at a time'],
    [facts.firstUnkeptOn === null || (facts.wantedDueOn === null && !facts.wantsWithdrawal), 'a miss waits for nobody'],
    [
      facts.askedOwnerId === null || (facts.side === 'firm' && state === 'open'),
      'a colleague is asked for open firm items',
    ],
    [facts.side === 'firm' || facts.ownerId === 'ANA', 'a partner’s item is the partner’s'],
    [facts.side !== 'firm' || ['DANA', 'MIA'].includes(facts.ownerId), 'a firm’s item is somebody’s of the firm'],
    [facts.side === 'firm' || facts.digestLine === null, 'the digest is for the firm’s items'],
  ];
  return rules.filter(([holds]) => !holds).map(([, rule]) => rule);
}

/** How product.md lets one state follow another; an undo goes back the same way. */
const ways: Record<string, string[]> = {
  asked: ['open', 'declined', 'lapsed'],
  open: ['kept', 'missed', 'withdrawn'],
  kept: ['open'],
  missed: ['open'],
  withdrawn: ['open'],
  declined: [],
  lapsed: ['open'],
};

describe('whatever people click, in whatever order and however often', () => {
  test('no state follows another but as the product names it', () => {
    fc.assert(
      fc.property(story, (one) => {
        const [first, ...events] = tell(one).events.toReversed();
        expect(['asked', 'open']).toContain(first?.after.state);
        for (const { verb, before, after } of events) {
          const change = [String(before.state ?? ''), String(after.state ?? '')];
          const [from = '', to = ''] = verb === 'undone' ? change.toReversed() : change;
          if (from || to) expect(ways[from]).toContain(to);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a click that comes twice changes nothing the second time', () => {
    fc.assert(
      fc.property(story, (one) => {
        tell(one, ({ facts, events, now, gone, last }) => {
          if (!last || gone) return;
          const act = 'history' in last.act ? { ...last.act, history: events } : last.act;
          const again = apply({ ...pair, ...facts }, act, { by: last.by, now, today: today(now) });
          expect(again.ok && !again.value.gone && again.value.events.length > 0).toBe(false);
        });
      }),
      { numRuns: 2000 },
    );
  });

  test('no state is reached that the product does not name', () => {
    fc.assert(
      fc.property(story, (one) => {
        tell(one, (told) => expect(problemsOf(told)).toEqual([]));
      }),
      { numRuns: 3000 },
    );
  });

  test('the row is the sum of its events', () => {
    fc.assert(
      fc.property(story, (one) => {
        tell(one, ({ facts, events }) => {
          expect(recorded(fold([...events].reverse()))).toEqual(recorded(facts));
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('every event says from what to what, each starting where the one before it ended', () => {
    fc.assert(
      fc.property(story, (one) => {
        const events = [...tell(one).events].reverse();
        let known: Record<string, unknown> = {};
        for (const { before, after } of events) {
          for (const [name, value] of Object.entries(before)) expect(value).toEqual(known[name]);
          known = { ...known, ...after };
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a late tick decides nothing: with or without it the facts become the same', () => {
    fc.assert(
      fc.property(story, (one) => {
        const end = START.add({ hours: 24 * 400 });
        const later = (told: Told) =>
          recorded(settle({ ...pair, ...told.facts }, { now: end, today: today(end) }).facts);
        const ticking = { ...one, steps: one.steps.filter(({ kind }) => !['tick', 'undo'].includes(kind)) };
        const busy = ticking.steps.flatMap((s) => [
          { ...s, kind: 'tick' as const, again: false },
          { ...s, afterMinutes: 0 },
        ]);
        expect(later(tell({ ...ticking, steps: busy }))).toEqual(later(tell(ticking)));
      }),
      { numRuns: 1000 },
    );
  });
});
