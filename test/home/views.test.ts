import { describe, expect, test } from '@jest/globals';
import type { PairedProposal } from '../../src/cadence/store.ts';
import type { CommitmentRow } from '../../src/commitments/store.ts';
import type { Home, PairShown } from '../../src/home/gather.ts';
import { homeView, startModal } from '../../src/home/views.ts';
import type { PairedMeeting } from '../../src/meetings/store.ts';
import { problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-23T16:00:00Z');
const id = (n: number) => `019500aa-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ids = (n: number) => ({ workspaceId: 'T0RIVER001', id: id(n) });

/** One of many pairs that Dana leads, with fifty promises, a proposal, a recap and an ask that wait on her. */
function pairShown(n: number, text: string, name: string): PairShown {
  const other = anybody({ id: `U0OTHER${n}`, name, zone: 'Europe/London' });
  const people = { leaderId: 'U0DANA0001', partnerId: other.id };
  return {
    pair: {
      ...ids(n),
      ...people,
      kind: n % 2 === 0 ? 'contractor' : 'report',
      complexity: null,
      state: n % 10 === 9 ? 'proposed' : 'active',
      createdAt: now,
      createdBy: 'U0DANA0001',
      agreedAt: now,
      endedAt: null,
      planDueAt: null,
      pausedAt: null,
      reviewDueAt: null,
      version: 1,
    },
    other,
    isAnswered: n % 3 === 0,
    next: meeting(n, people),
    proposal: proposal(n, text, people),
    toRecord: meeting(1000 + n, people),
    lastHeldAt: now.subtract({ hours: 24 * 14 }),
    summary: { counts: { partner: counts, firm: counts }, figures: { partner: rates, firm: rates } },
    rows: Array.from({ length: 50 }, (_, place) => row(n * 100 + place, text, name, people)),
  };
}

const counts = { open: 25, overdue: 12, asked: 10 };
const rates = { short: { kept: 17, due: 21 }, long: { kept: 42, due: 52 } };

const meeting = (n: number, people: Pick<PairedMeeting, 'leaderId' | 'partnerId'>): PairedMeeting => ({
  ...ids(n),
  ...people,
  pairId: id(n),
  proposalId: id(n),
  occurrenceOn: null,
  startsAt: now.add({ hours: 20 + n }),
  minutes: 45,
  state: 'planned',
  createdAt: now,
  bookedAt: now,
  stepsDone: ['prep'],
  dueStep: null,
  dueAt: null,
  movedTimes: 0,
  countedMoves: 0,
  movedBy: null,
  skippedBy: null,
  skipReason: null,
  endedAt: null,
  version: 1,
  kind: 'contractor',
  pairState: 'active',
});

const proposal = (
  n: number,
  purpose: string,
  people: Pick<PairedProposal, 'leaderId' | 'partnerId'>,
): PairedProposal => ({
  ...ids(n),
  ...people,
  pairId: id(n),
  byId: people.partnerId,
  toId: people.leaderId,
  authorId: people.partnerId,
  addresseeId: people.leaderId,
  at: now,
  every: 'weeks',
  interval: 2,
  monthlyBy: null,
  anchor: Temporal.PlainDate.from('2027-03-30'),
  wallTime: Temporal.PlainTime.from('09:00'),
  zone: 'Europe/London',
  minutes: 45,
  purpose,
  state: 'open',
  answeredBy: null,
  answeredAt: null,
  kind: 'contractor',
  complexity: null,
  pairState: 'active',
});

function row(n: number, text: string, name: string, people: { leaderId: string; partnerId: string }): CommitmentRow {
  const side = n % 2 === 0 ? 'firm' : 'partner';
  return {
    ...ids(n),
    ...people,
    pairId: id(n),
    side,
    ownerId: side === 'firm' ? people.leaderId : people.partnerId,
    writtenBy: people.leaderId,
    askedBy: n % 5 === 0 ? people.partnerId : null,
    askedOwnerId: null,
    text,
    dueOn: Temporal.PlainDate.from('2027-03-20').add({ days: n % 7 }),
    priority: 'now',
    state: n % 5 === 0 ? 'asked' : 'open',
    fallsDueAt: null,
    firstUnkeptOn: null,
    keptOn: null,
    keptAt: null,
    moves: 2,
    wantedDueOn: null,
    wantsWithdrawal: false,
    slips: 3,
    recapId: null,
    permalink: null,
    digestLine: null,
    createdAt: now,
    changedAt: now,
    version: 1,
    kind: 'contractor',
    leaderName: 'Dana',
    partnerName: name,
    ownerName: side === 'firm' ? 'Dana' : name,
    ownerZone: 'America/New_York',
    askedOwnerName: null,
    lastId: id(n),
    lastVerb: 'promised',
    lastBy: people.leaderId,
    lastAt: now.subtract({ hours: 1 }),
  };
}

const homeOf = (count: number, text: string, name: string): Home => ({
  viewer: anybody({ name }),
  pairs: Array.from({ length: count }, (_, n) => pairShown(n, text, name)),
  waiting: Array.from({ length: 50 }, (_, n) =>
    row(5 * n, text, name, { leaderId: 'U0DANA0001', partnerId: 'U0ANA00001' }),
  ),
  own: {
    rows: Array.from({ length: 8 }, (_, n) =>
      row(70_000 + 2 * n, text, name, { leaderId: 'U0DANA0001', partnerId: 'U0ANA00001' }),
    ),
    count: 1000,
  },
  firm: Array.from({ length: 12 }, (_, n) => ({
    leader: { id: `U0LEADER${n}`, name },
    pairs: 40,
    held: 80,
    firm: rates,
  })),
  forOthers: Array.from({ length: 50 }, (_, n) =>
    row(90_000 + 2 * n, text, name, { leaderId: 'U0DANA0001', partnerId: 'U0ANA00001' }),
  ),
  now,
});

describe.each(awkwardTexts)('with %s', (_what, text) => {
  test.each([1, 4, 5, 40, 120])('Home of %i pairs is within Slack’s limits', (count) => {
    expect(problemsOfView(homeView(homeOf(count, text, text)))).toEqual([]);
  });

  test('so is the Home of somebody new', () => {
    expect(
      problemsOfView(
        homeView({
          viewer: anybody({ name: text }),
          pairs: [],
          waiting: [],
          own: { rows: [], count: 0 },
          forOthers: [],
          now,
        }),
      ),
    ).toEqual([]);
  });
});

test('the form that starts a one-on-one is within Slack’s limits', () => {
  expect(problemsOfView(startModal())).toEqual([]);
});

test('forty pairs are all there, the ones with most overdue first', () => {
  const { pairs, ...home } = homeOf(40, 'two comps', 'Ana');
  const late = { ...counts, overdue: 13 };
  const said = homeView({
    ...home,
    pairs: pairs.map((one, n) => ({
      ...one,
      other: { ...one.other, name: `Partner ${n}` },
      ...(n === 30 && one.summary && { summary: { ...one.summary, counts: { partner: late, firm: counts } } }),
    })),
  });
  const words = JSON.stringify(said.blocks);
  const named = [...words.matchAll(/Partner \d+\* · (?!waits)/g)].map(([found]) => Number(/\d+/.exec(found)?.[0]));
  const lines = named.filter((n, place) => named.indexOf(n) === place);
  expect(lines.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  expect(lines[0]).toBe(30);
  expect(words).toContain('*Partner 30*\\n25 open, 13 overdue, 10 asked');
  expect(words.match(/25 open, 12 overdue, 10 asked/g)).toHaveLength(79);
  expect(words).toContain('last held Tue Mar 9');
  expect(words).toContain('Only you see this page.');
});

test('what does not fit is counted, and where the rest is is said', () => {
  const shown = JSON.stringify(homeView(homeOf(120, 'two comps', 'Ana')));
  expect(shown).toContain('80 more. `/accord ledger` has all of them, `/accord ledger @name` one.');
  expect(shown).toContain('992 more. `/accord ledger` has all of them.');
});
