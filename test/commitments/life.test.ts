import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '../../src/commitments/change.ts';
import { type CommitmentEvent, type Facts, fold, recorded } from '../../src/commitments/facts.ts';
import { type FigureRow, keepRate } from '../../src/commitments/figures.ts';
import { settle, slip } from '../../src/commitments/in-time.ts';
import { findSummaries } from '../../src/commitments/ledger-store.ts';
import { type Act, apply, write } from '../../src/commitments/rules.ts';
import { insertCommitment, updateCommitment } from '../../src/commitments/write-store.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { world } from '../support/world.ts';
import { agreed } from './paired.ts';

const pair = { leaderId: 'DANA', partnerId: 'ANA' };
const START = Temporal.Instant.from('2026-03-02T09:00:00Z');
const today = (now: Temporal.Instant) => now.toZonedDateTimeISO('UTC').toPlainDate();

type Step = {
  by: string;
  afterMinutes: number;
  kind: Act['act'] | 'tick' | 'meeting';
  days: number;
  back: number;
  again: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.constantFrom('DANA', 'ANA', 'MIA', 'BO'),
  // Mostly quick clicks, sometimes days between them.
  afterMinutes: fc.oneof(fc.constantFrom(0, 1, 9, 10, 11), fc.integer({ min: 0, max: 4 * 24 * 60 })),
  kind: fc.constantFrom(
    'accept',
    'decline',
    'take back',
    'done',
    'not yet',
    'will not be done',
    'move',
    'withdraw',
    'agree',
    'reopen',
    'ask owner',
    'own',
    'pass',
    'date',
    'undo',
    'undo',
    'reword for digest',
    'keep out of digest',
    'put in digest',
    'tick',
    'meeting',
  ),
  days: fc.integer({ min: -2, max: 9 }),
  back: fc.integer({ min: 0, max: 3 }),
  again: fc.boolean(),
});

const story = fc.record({
  by: fc.constantFrom('DANA', 'ANA'),
  side: fc.constantFrom('firm' as const, 'partner' as const),
  dueIn: fc.integer({ min: 0, max: 6 }),
  colleague: fc.boolean(),
  steps: fc.array(step, { maxLength: 25 }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

type Told = {
  facts: Facts;
  events: StoredEvent[];
  now: Temporal.Instant;
  gone: boolean;
  /** What was done just now. */
  last?: { by: string; act: Act };
};

function actOf({ kind, days, back }: Step, { now, events }: Told): Act | undefined {
  const to = today(now).add({ days });
  switch (kind) {
    case 'tick':
    case 'meeting':
      return undefined;
    case 'accept':
      return days % 2 ? { act: kind } : { act: kind, dueOn: to };
    case 'decline':
      return { act: kind, line: 'no room' };
    case 'move':
      return { act: kind, to, reason: 'late' };
    case 'reopen':
      return { act: kind, reason: 'after all' };
    case 'ask owner':
      return { act: kind, colleagueId: 'MIA' };
    case 'date':
      return { act: kind, to, history: events };
    case 'undo':
      return { act: kind, eventId: events[back]?.id ?? '', history: events };
    case 'reword for digest':
      return { act: kind, line: days % 2 ? 'a listing' : null, history: events };
    case 'put in digest':
      return { act: kind, line: 'a line', history: events };
    default:
      return { act: kind };
  }
}

/** Plays a story, `each` looking at every commitment between the steps. */
function tell({ by, side, dueIn, colleague, steps }: Story, each: (told: Told) => void = () => {}): Told {
  const ask = (by === 'DANA') === (side === 'partner');
  const written = write(
    {
      side,
      act: ask ? 'ask' : 'promise',
      dueOn: today(START).add({ days: dueIn }),
      priority: 'now',
      digestLine: 'a line',
      ...(colleague && { colleagueId: 'MIA' }),
    },
    pair,
    { by, now: START, today: today(START) },
  );
  if (!written.ok) throw new Error(written.why);
  const told: Told = { facts: written.value.facts, events: [], now: START, gone: false };
  const keep = (events: CommitmentEvent[]) => {
    for (const event of events) told.events.unshift({ ...event, id: String(told.events.length) });
  };
  keep(written.value.events);
  each(told);
  for (const one of steps) {
    told.now = told.now.add({ minutes: one.afterMinutes });
    for (let times = one.again ? 2 : 1; times > 0 && !told.gone; times--) {
      play(one, told, keep);
      each(told);
    }
  }
  return told;
}

function play(one: Step, told: Told, keep: (events: CommitmentEvent[]) => void): void {
  const standing = { ...pair, ...told.facts };
  const asking = { by: one.by, now: told.now, today: today(told.now) };
  const act = actOf(one, told);
  told.last = undefined;
  if (!act) {
    const change = one.kind === 'tick' ? settle(standing, asking) : slip(standing, asking);
    told.facts = change.facts;
    keep(change.events);
    return;
  }
  const outcome = apply(standing, act, asking);
  if (!outcome.ok) return;
  if (outcome.value.gone) told.gone = true;
  else {
    told.last = { by: one.by, act };
    told.facts = outcome.value.facts;
    keep(outcome.value.events);
  }
}

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

/** The product's words, read literally: day by day, row by row. */
function naiveRate(rows: FigureRow[], workspaceToday: Temporal.PlainDate, days: number) {
  const window = Array.from({ length: days }, (_, back) => workspaceToday.subtract({ days: back + 1 }));
  const fellDue = window.flatMap((day) => rows.filter((row) => naivelyFellDueOn(row, day)));
  return { due: fellDue.length, kept: fellDue.filter((row) => row.state === 'kept' && !row.firstUnkeptOn).length };
}

function naivelyFellDueOn(row: FigureRow, day: Temporal.PlainDate): boolean {
  const wasAccepted = ['open', 'kept', 'missed', 'withdrawn'].includes(row.state);
  const withdrawnInAgreement = row.state === 'withdrawn' && row.firstUnkeptOn === null;
  const isItsDay = (row.firstUnkeptOn ?? row.dueOn).equals(day);
  return wasAccepted && !withdrawnInAgreement && isItsDay && day.until(row.ownerToday).days > 0;
}

const IDS: Record<string, string> = { DANA: 'U0DANA0001', ANA: 'U0ANA00001', MIA: 'U0MIA00001' };
const ZONES: Record<string, string> = { DANA: 'America/New_York', ANA: 'America/Los_Angeles', MIA: 'America/New_York' };

test('the figures that the database adds up equal a naive recomputation, for each pair and side', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.mia.types('/accord help');
  // Tuesday in New York, Monday in Los Angeles.
  const now = START.add({ hours: 24 * 28 - 4 });
  const told = fc
    .sample(story, { numRuns: 300, seed: 4 })
    .map((one) => tell(one))
    .filter(({ gone }) => !gone);
  const { pairs, summaries } = await asTick(w.database.db, async (trx) => {
    const active = await trx
      .selectFrom('pair')
      .select(['workspaceId', 'id', 'partnerId'])
      .orderBy('createdAt')
      .execute();
    for (const [n, { facts, events }] of told.entries()) {
      const first = events.at(-1);
      const of = active[n % 2];
      if (!first || !of) throw new Error('There is a pair, and a commitment begins with an event');
      const as = (id: string | null) => (id === 'ANA' ? of.partnerId : (IDS[id ?? ''] ?? null));
      const known = (one: Facts): Facts => ({
        ...one,
        ownerId: as(one.ownerId) ?? '',
        askedBy: as(one.askedBy),
        askedOwnerId: as(one.askedOwnerId),
      });
      const one = { workspaceId: of.workspaceId, id: randomUUID(), pairId: of.id, writtenBy: of.partnerId };
      const event = { ...first, id: randomUUID(), by: null };
      await insertCommitment(
        trx,
        { ...one, text: 'x', recapId: null, permalink: null },
        known(fold([first])),
        event,
        'UTC',
      );
      await updateCommitment(trx, { ...one, version: 1 }, known(facts), [], null);
    }
    const found = await findSummaries(
      trx,
      active[0]?.workspaceId ?? '',
      active.map(({ id }) => id),
      now,
    );
    return { pairs: active, summaries: found };
  });
  let counted = 0;
  const dayOf = (zone: string) => now.toZonedDateTimeISO(zone).toPlainDate();
  for (const [place, { id }] of pairs.entries()) {
    const zoneOf = (owner: string) => (owner === 'ANA' && place === 1 ? 'America/Chicago' : (ZONES[owner] ?? 'UTC'));
    const rows = told
      .filter((_, n) => n % 2 === place)
      .map(({ facts }) => ({ ...facts, ownerToday: dayOf(zoneOf(facts.ownerId)) }));
    for (const side of ['firm', 'partner'] as const) {
      const ours = rows.filter((row) => row.side === side);
      const today = dayOf('America/New_York');
      counted += naiveRate(ours, today, 28).due;
      expect(summaries.get(id)?.figures[side]).toEqual({
        short: naiveRate(ours, today, 28),
        long: naiveRate(ours, today, 84),
      });
    }
  }
  expect(counted).toBeGreaterThan(50);
});

test('the figures equal a naive recomputation, over any histories', () => {
  fc.assert(
    fc.property(
      fc.array(story, { maxLength: 20 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: -1, max: 1 }),
      (stories, after, ahead) => {
        const at = START.add({ hours: 24 * after });
        const rows = stories
          .map((one) => tell(one))
          .filter((told) => !told.gone && Temporal.Instant.compare(told.now, at) <= 0)
          .map(({ facts }) => ({
            ...settle({ ...pair, ...facts }, { now: at, today: today(at) }).facts,
            pairId: 'p',
            ownerToday: today(at),
          }));
        const workspaceToday = today(at).add({ days: ahead });
        for (const days of [28, 84])
          expect(keepRate(rows, workspaceToday, days)).toEqual(naiveRate(rows, workspaceToday, days));
      },
    ),
    { numRuns: 300 },
  );
});
