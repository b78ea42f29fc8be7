import fc from 'fast-check';
import type { StoredEvent } from '../../src/commitments/change.ts';
import type { CommitmentEvent, Facts } from '../../src/commitments/facts.ts';
import { settle, slip } from '../../src/commitments/in-time.ts';
import { type Act, apply, write } from '../../src/commitments/rules.ts';

/** Lives of a commitment: whatever four people click, in whatever order, at whatever time. */

export const pair = { leaderId: 'DANA', partnerId: 'ANA' };
export const START = Temporal.Instant.from('2026-03-02T09:00:00Z');
export const today = (now: Temporal.Instant) => now.toZonedDateTimeISO('UTC').toPlainDate();

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

export const story = fc.record({
  by: fc.constantFrom('DANA', 'ANA'),
  side: fc.constantFrom('firm' as const, 'partner' as const),
  dueIn: fc.integer({ min: 0, max: 6 }),
  colleague: fc.boolean(),
  steps: fc.array(step, { maxLength: 25 }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

export type Told = {
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
export function tell({ by, side, dueIn, colleague, steps }: Story, each: (told: Told) => void = () => {}): Told {
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
