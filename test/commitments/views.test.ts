import { describe, expect, test } from '@jest/globals';
import {
  agreementWords,
  askWords,
  goneWords,
  ownWords,
  sameLineWords,
  savedModal,
  savedWords,
  standsModal,
} from '../../src/commitments/answers.ts';
import type { StoredEvent } from '../../src/commitments/change.ts';
import { commitModal } from '../../src/commitments/commit-form.ts';
import type { State } from '../../src/commitments/facts.ts';
import { figuresOf } from '../../src/commitments/figures.ts';
import { ACT_FORMS, actModal } from '../../src/commitments/forms.ts';
import { handedOverWords, handOverAsked, handOverModal, handOverWords } from '../../src/commitments/hand-over-views.ts';
import { allLedgers, pairLedger } from '../../src/commitments/ledger.ts';
import { ALL_PAIRS, LEDGER_FILTERS, ledgerModal, ledgerPage } from '../../src/commitments/ledger-modal.ts';
import type { CommitmentRow } from '../../src/commitments/store.ts';
import { columnLine, commitmentLine, commitmentRow } from '../../src/commitments/views.ts';
import { wholeModal } from '../../src/commitments/whole.ts';
import type { Bundle } from '../../src/reminders/bundle.ts';
import { bundleWords } from '../../src/reminders/views.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-12T15:00:00Z');
const today = Temporal.PlainDate.from('2027-03-12');
const dana = anybody();
const id = (n: number) => `019500aa-0000-7000-8000-${String(n).padStart(12, '0')}`;

const row = (special: Partial<CommitmentRow> = {}): CommitmentRow => ({
  workspaceId: 'T0RIVER001',
  id: id(1),
  pairId: id(9),
  side: 'firm',
  ownerId: dana.id,
  writtenBy: dana.id,
  askedBy: null,
  askedOwnerId: null,
  text: 'listing presentation',
  dueOn: Temporal.PlainDate.from('2027-03-09'),
  priority: 'now',
  state: 'open',
  fallsDueAt: null,
  firstUnkeptOn: null,
  keptOn: null,
  keptAt: null,
  moves: 0,
  wantedDueOn: null,
  wantsWithdrawal: false,
  slips: 0,
  recapId: null,
  permalink: null,
  digestLine: null,
  createdAt: now,
  changedAt: now,
  version: 1,
  leaderId: dana.id,
  partnerId: 'U0ANA00001',
  kind: 'contractor',
  leaderName: 'Dana',
  partnerName: 'Ana',
  ownerName: 'Dana',
  ownerZone: dana.zone,
  askedOwnerName: null,
  lastId: id(2),
  lastVerb: 'promised',
  lastBy: dana.id,
  lastAt: now,
  ...special,
});

const states: State[] = ['asked', 'open', 'kept', 'missed', 'withdrawn', 'declined', 'lapsed'];
const everyState = (text: string, name: string): CommitmentRow[] =>
  states.flatMap((state) => {
    const kept = state === 'kept' ? { keptOn: today, keptAt: now } : {};
    const busy = { moves: 12, slips: 7, text, leaderName: name, partnerName: name, ownerName: name, state, ...kept };
    return [
      row(busy),
      row({ ...busy, side: 'partner', ownerId: 'U0ANA00001', askedBy: dana.id }),
      row({ ...busy, askedOwnerId: 'U0MIA00001', askedOwnerName: name, wantedDueOn: today }),
    ];
  });
const fifty = (text: string, name: string): CommitmentRow[] =>
  Array.from({ length: 50 }, (_, n) => ({ ...(everyState(text, name)[n % 21] ?? row()), id: id(n) }));
const ofFortyPairs = (rows: CommitmentRow[]): CommitmentRow[] =>
  Array.from({ length: 40 }, (_, pair) =>
    rows.map((one, n) => ({ ...one, id: id(1000 * pair + n), pairId: id(pair) })),
  ).flat();
const many = { kept: 1234, due: 5678 };
const counts = { partner: { open: 1234, overdue: 567, asked: 89 }, firm: { open: 0, overdue: 0, asked: 0 } };
const figures = { partner: { short: many, long: many }, firm: { short: many, long: many } };
const events = (reason: string): StoredEvent[] =>
  Array.from({ length: 60 }, (_, n) => ({
    id: id(n),
    verb: 'moved',
    at: now,
    by: dana.id,
    before: {},
    after: { dueOn: '2027-03-20' },
    reason,
  }));

describe.each(awkwardTexts)('with %s as text and as everybody’s name', (_what, words) => {
  const rows = everyState(words, words);
  const all = fifty(words, words);
  const reader = anybody({ name: words });

  test('every message fits what Slack takes and says in its text what its blocks say', () => {
    const pair = { id: id(9), leaderId: dana.id, leaderName: words, partnerName: words, kind: 'contractor' as const };
    const one = { pair, rows: all, counts, figures };
    const bundle: Bundle = {
      promises: all,
      colleagues: all,
      waiting: all,
      news: events(words).map((event) => ({
        row: row({ text: words }),
        event: { ...event, commitmentId: id(1) },
        byName: words,
      })),
      day: today,
      dealtWith: all,
      nextOn: undefined,
    };
    const messages = [
      ...rows.flatMap((each) => [
        savedWords({ row: each, keptOutBecause: words, alternative: { label: words, isLater: true } }, reader, now),
        sameLineWords(each, reader, now),
        goneWords(each),
        askWords(each, reader, words, now),
        ownWords(each, reader, words, now),
        agreementWords(each, reader, words, now),
      ]),
      pairLedger(one, reader, now),
      allLedgers(
        Array.from({ length: 45 }, () => one),
        all,
        reader,
        now,
      ),
      bundleWords(bundle, reader, now),
      bundleWords({ ...bundle, waiting: [], news: [], promises: [] }, reader, now),
    ];
    expect(messages.flatMap((message) => problemsOfMessage(message))).toEqual([]);
    expect(messages.every(({ text }) => text.trim() !== '')).toBe(true);
  });

  test('every form and screen fits too', () => {
    const pairs = Array.from({ length: 40 }, (_, n) => ({ pairId: id(n), otherName: words, role: 'leader' as const }));
    const pair = { id: id(9), leaderId: dana.id, leaderName: words, partnerName: words, kind: 'report' as const };
    const views = [
      commitModal({
        pairs,
        draft: { text: words, dueOn: today },
        question: { field: 'when', why: words },
        metadata: '{}',
      }),
      commitModal({ pairs: pairs.slice(0, 1), draft: {}, metadata: '{}' }),
      ...[{ line: words }, { line: null, because: words }].map((digest) =>
        commitModal({ pairs: pairs.slice(0, 1), draft: { text: words }, digest, metadata: '{}' }),
      ),
      ...rows.flatMap((each) => [
        ...ACT_FORMS.map((form) => actModal(form, each, '{}', 'en-GB', today)),
        savedModal({ row: each, keptOutBecause: words }, reader, now),
        standsModal(each, reader, now),
        wholeModal(
          { ...each, permalink: 'https://river.slack.com/archives/C1/p1' },
          events(words),
          new Map([[dana.id, words]]),
          reader,
          now,
        ),
      ]),
      ...[id(9), ALL_PAIRS].flatMap((scope) =>
        LEDGER_FILTERS.flatMap((filter) =>
          [0, 1, 99].map((page) => {
            const one = scope === ALL_PAIRS ? undefined : { pair, counts, figures };
            const lines = scope === ALL_PAIRS ? ofFortyPairs(all) : all;
            return ledgerModal(ledgerPage({ one, lines }, { scope, page, filter }, reader, now), lines, reader, now);
          }),
        ),
      ),
      ledgerModal(
        ledgerPage(
          { one: { pair, counts, figures: figuresOf([], today) }, lines: [] },
          { scope: id(9), page: 0, filter: 'all' },
          reader,
          now,
        ),
        [],
        reader,
        now,
      ),
    ];
    expect(views.flatMap((view) => problemsOfView(view))).toEqual([]);
  });
});

describe('a line reads alike for both sides', () => {
  const ana = { id: 'U0ANA00001', locale: 'en-GB' };

  test.each<[string, Partial<CommitmentRow>, string, string]>([
    [
      'overdue',
      {},
      '◆ listing presentation, 3 days overdue · for Ana',
      '◆ listing presentation, 3 days overdue · Dana’s, for you',
    ],
    [
      'near',
      { dueOn: today.add({ days: 1 }), moves: 2 },
      '○ listing presentation, tomorrow · for Ana · moved twice',
      '○ listing presentation, tomorrow · Dana’s, for you · moved twice',
    ],
    [
      'kept',
      { state: 'kept', keptOn: today, keptAt: now },
      '● listing presentation, kept today · for Ana',
      '● listing presentation, kept today · Dana’s, for you',
    ],
    [
      'kept late',
      { state: 'kept', keptOn: today, keptAt: now, firstUnkeptOn: today, slips: 3 },
      '◐ listing presentation, kept late, today · for Ana · carried over 3 times',
      '◐ listing presentation, kept late, today · Dana’s, for you · carried over 3 times',
    ],
    [
      'waiting',
      { dueOn: today, wantedDueOn: today.add({ days: 4 }) },
      '○ listing presentation, today · for Ana · Tue Mar 16 waits for Ana to agree',
      '○ listing presentation, today · Dana’s, for you · Tue 16 Mar waits for you to agree',
    ],
    [
      'with a colleague',
      { askedOwnerId: 'U0MIA00001', askedOwnerName: 'Mia', dueOn: today },
      '○ listing presentation, today · for Ana · Mia is asked to own it',
      '○ listing presentation, today · Dana’s, for you · Mia is asked to own it',
    ],
  ])('%s', (_, special, hers, theirs) => {
    expect(commitmentLine(row(special), dana, now)).toBe(hers);
    expect(commitmentLine(row(special), ana, now)).toBe(theirs);
  });

  test('in a column, whose it is is said only where it is not whom the column is headed with', () => {
    expect(columnLine(row(), dana, now)).toBe('◆ listing presentation, 3 days overdue');
    expect(columnLine(row({ ownerId: 'U0MIA00001', ownerName: 'Mia' }), dana, now)).toBe(
      '◆ listing presentation, 3 days overdue (Mia)',
    );
  });
});

test('a row has at most two buttons, the rest in a menu of five', () => {
  for (const each of everyState('two comps', 'Ana'))
    for (const block of commitmentRow(each, dana, now)) {
      if (block.type !== 'actions') continue;
      expect(block.elements.filter(({ type }) => type === 'button').length).toBeLessThanOrEqual(2);
      for (const element of block.elements)
        if (element.type === 'overflow') expect(element.options.length).toBeLessThanOrEqual(5);
    }
});

test('what people typed is never live', () => {
  const shown = JSON.stringify([
    askWords(row({ text: '<!channel> <@U1>', state: 'asked' }), dana, '<@U2>', now),
    savedWords({ row: row({ text: '@channel <https://a.example|bank>' }) }, dana, now),
  ]);
  expect(shown).not.toMatch(/<[!@#]|<https?:|@channel/);
});

test.each(awkwardTexts)('every screen of a hand-over is within Slack’s limits with %s', (_what, words) => {
  const named = (personId: string) => anybody({ id: personId, name: words.slice(0, 80) });
  const [from, reader, partner] = [named(dana.id), named('U0MIA00001'), named('U0ANA00001')];
  const names = { ownerName: from.name, leaderName: from.name, partnerName: partner.name };
  const rows = Array.from({ length: 40 }, (_, n) => row({ id: id(n), text: words, moves: 3, slips: 3, ...names }));
  const handOver = { id: id(1), state: 'open' as const };
  const messages = [
    handOverWords({ handOver, reader, from, partner, rhythm: words.slice(0, 200), rows, now }),
    handOverWords({ handOver, reader, from, partner, rows: [], now }),
    handedOverWords({ reader: partner, from, successor: reader, partner, rhythm: words.slice(0, 200) }),
    handedOverWords({ reader: from, from, successor: reader, partner }),
  ];
  expect(messages.map(problemsOfMessage)).toEqual(messages.map(() => []));
  const modals = [handOverModal({ pairId: id(9), partner, asked: reader }), handOverAsked(reader)];
  expect(modals.map(problemsOfView)).toEqual([[], []]);
});
