import { describe, expect, test } from '@jest/globals';
import type { CommitmentRow } from '../../src/commitments/store.ts';
import type { PairedAgendaItem } from '../../src/meetings/agenda-store.ts';
import { agendaModal } from '../../src/meetings/agenda-views.ts';
import type { PairedMeeting } from '../../src/meetings/store.ts';
import { movedMessage, moveModal, skipModal, skippedMessage } from '../../src/meetings/views.ts';
import { briefMessage, cardMessage, type Prepared } from '../../src/prep/brief-views.ts';
import { prepModal } from '../../src/prep/form.ts';
import { keepMessage, openingMessage } from '../../src/prep/opening-views.ts';
import { questions } from '../../src/prep/rules.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-23T16:00:00Z');
const id = (n: number) => `019500aa-0000-7000-8000-${String(n).padStart(12, '0')}`;

function meeting(special: Partial<PairedMeeting> = {}): PairedMeeting {
  return {
    workspaceId: 'T0RIVER001',
    id: id(1),
    pairId: id(9),
    proposalId: id(8),
    occurrenceOn: Temporal.PlainDate.from('2027-03-24'),
    startsAt: Temporal.Instant.from('2027-03-24T16:00:00Z'),
    minutes: 45,
    state: 'planned',
    createdAt: now,
    bookedAt: now,
    stepsDone: [],
    dueStep: null,
    dueAt: null,
    movedTimes: 0,
    countedMoves: 0,
    movedBy: null,
    skippedBy: null,
    skipReason: null,
    endedAt: null,
    version: 1,
    leaderId: 'U0DANA0001',
    partnerId: 'U0ANA00001',
    kind: 'contractor',
    pairState: 'active',
    ...special,
  };
}

function row(
  n: number,
  text: string,
  side: 'partner' | 'firm',
  name: string,
  special: Partial<CommitmentRow> = {},
): CommitmentRow {
  return {
    workspaceId: 'T0RIVER001',
    id: id(100 + n),
    pairId: id(9),
    side,
    ownerId: side === 'firm' ? 'U0DANA0001' : 'U0ANA00001',
    writtenBy: 'U0DANA0001',
    askedBy: null,
    askedOwnerId: null,
    text,
    dueOn: Temporal.PlainDate.from('2027-03-20').add({ days: n % 7 }),
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
    leaderId: 'U0DANA0001',
    partnerId: 'U0ANA00001',
    kind: 'contractor',
    leaderName: name,
    partnerName: name,
    ownerName: name,
    ownerZone: 'America/New_York',
    askedOwnerName: null,
    lastId: id(500 + n),
    lastVerb: 'promised',
    lastBy: null,
    lastAt: now,
    ...special,
  };
}

const item = (n: number, text: string, name: string): PairedAgendaItem => ({
  workspaceId: 'T0RIVER001',
  id: id(300 + n),
  pairId: id(9),
  byId: 'U0ANA00001',
  text: text.slice(0, 500),
  permalink: 'https://rivermark.example.com/archives/C0GENERAL1/p1700000000000000',
  createdAt: now,
  meetingId: null,
  removedAt: null,
  leaderId: 'U0DANA0001',
  partnerId: 'U0ANA00001',
  authorId: 'U0ANA00001',
  authorName: name,
});

const dana = (name = 'Dana') => anybody({ name });
const ana = (name = 'Ana') => anybody({ id: 'U0ANA00001', name, zone: 'America/Los_Angeles' });

/** Everything that can be on a screen, all of it as long as it gets. */
function full(text: string, name: string, special: Partial<PairedMeeting> = {}): Prepared {
  const rows = Array.from({ length: 40 }, (_, n) => row(n, text, n % 2 ? 'partner' : 'firm', name));
  return {
    meeting: meeting(special),
    leader: dana(name),
    partner: ana(name),
    answers: new Map(questions.map(({ id: question, atMost }) => [question, text.slice(0, atMost)])),
    rows,
    kept: rows.slice(0, 9).map((one) => ({
      ...one,
      side: 'partner',
      ownerId: 'U0ANA00001',
      state: 'kept',
      keptOn: one.dueOn,
      keptAt: now,
      lastVerb: 'done',
    })),
    agenda: Array.from({ length: 30 }, (_, n) => item(n, text, name)),
    decisions: text,
    now,
    next: meeting(),
  };
}

const states: [string, Partial<PairedMeeting>][] = [
  ['planned', {}],
  ['moved', { movedTimes: 1, movedBy: 'U0DANA0001' }],
  ['begun', { startsAt: now.subtract({ minutes: 5 }) }],
  ['over', { startsAt: now.subtract({ hours: 3 }) }],
  ['held', { state: 'held', startsAt: now.subtract({ hours: 3 }) }],
  ['skipped', { state: 'skipped', skippedBy: 'U0ANA00001', skipReason: '<&>'.repeat(160) }],
  ['replaced', { state: 'replaced' }],
  ['unrecorded', { state: 'unrecorded', startsAt: now.subtract({ hours: 300 }) }],
];

describe.each(awkwardTexts)('with %s everywhere', (_what, text) => {
  test.each(states)('every message and form of a %s meeting is within Slack’s limits', (_state, special) => {
    const prepared = full(text, text.slice(0, 80), special);
    const { leader: other, partner: reader } = prepared;
    const asked = { ...prepared, reader, other, tellsPrivacy: true };
    const messages = {
      opening: openingMessage(asked),
      'opening unanswered': openingMessage({ ...asked, answers: new Map() }),
      keep: keepMessage({ ...asked, answers: new Map() }),
      kept: keepMessage({ ...asked, answers: new Map([['keep', 'keep']]) }),
      brief: briefMessage({ ...prepared, isCurrent: true }),
      'old brief': briefMessage({ ...prepared, isCurrent: false }),
      card: cardMessage({ ...prepared, isCurrent: true, isRecapped: false }),
      'old card': cardMessage({ ...prepared, isCurrent: false, isRecapped: false }),
      moved: movedMessage(asked),
      skipped: skippedMessage(asked),
    };
    expect(Object.entries(messages).map(([name, words]) => [name, problemsOfMessage(words)])).toEqual(
      Object.keys(messages).map((name) => [name, []]),
    );

    const agenda = { pairId: id(9), other, items: prepared.agenda, next: prepared.next };
    const pairs = [agenda, ...Array.from({ length: 11 }, (_, n) => ({ ...agenda, pairId: id(20 + n), items: [] }))];
    const one = { meeting: prepared.meeting, viewer: reader, other };
    const slots = [1, 2, 3].map((days) => now.add({ hours: 24 * days }));
    const forms = {
      prep: prepModal(prepared.meeting, reader, other, prepared.answers),
      move: moveModal({ ...one, now }),
      'second move': moveModal({ ...one, now, slots, notice: 'It changed.' }),
      skip: skipModal({ ...one, counts: true, reason: text }),
      agenda: agendaModal({ viewer: reader, pairs: [agenda] }),
      agendas: agendaModal({ viewer: reader, pairs, text, from: { channel: 'C0GENERAL1', ts: '1.1' } }),
    };
    expect(Object.entries(forms).map(([name, view]) => [name, problemsOfView(view)])).toEqual(
      Object.keys(forms).map((name) => [name, []]),
    );
  });
});

describe('the opening question', () => {
  const asked = { ...full('comps', 'Ana'), reader: ana(), other: dana(), answers: new Map(), tellsPrivacy: false };

  test('begins with when and with whom, and says what is on the table', () => {
    const rows = [
      row(0, 'a', 'partner', 'Ana'),
      row(5, 'b', 'partner', 'Ana'),
      row(0, 'c', 'firm', 'Dana'),
      row(5, 'd', 'firm', 'Dana'),
      row(6, 'e', 'firm', 'Dana'),
    ].map((one, n) => (n === 0 ? { ...one, dueOn: Temporal.PlainDate.from('2027-03-25') } : one));
    const { text } = openingMessage({ ...asked, rows });
    expect(text.split('\n')[0]).toBe('Tomorrow 9:00 AM with Dana: what should it produce for you?');
    expect(text).toContain('On the table: 2 of yours, 3 of the firm’s, 1 of them 3 days overdue.');
    expect(text).toContain('Wed Mar 24, 9:00 AM (12:00 PM for Dana) · 45 minutes');
  });

  test('to a report it names the leader, where there is no firm between them', () => {
    const report = meeting({ kind: 'report' });
    expect(openingMessage({ ...asked, meeting: report }).text).toContain('of Dana’s');
  });

  test('with nothing promised it does not speak of a table', () => {
    expect(openingMessage({ ...asked, rows: [] }).text).not.toContain('On the table');
  });

  test('the answer stands in its place, with a way to change it until the meeting', () => {
    const answers = new Map([['outcome', 'a decision on *Oak Street*']]);
    expect(JSON.stringify(openingMessage({ ...asked, answers }).blocks)).toContain('"Change"');
    expect(
      JSON.stringify(openingMessage({ ...asked, answers, meeting: meeting({ startsAt: now }) }).blocks),
    ).not.toContain('"Change"');
  });

  test('who can read it is said once', () => {
    const privacy = 'Dana sees this; it goes in no channel. Your firm’s Slack owner may be able to export messages.';
    expect(JSON.stringify(openingMessage({ ...asked, tellsPrivacy: true }).blocks)).toContain(privacy);
    expect(JSON.stringify(openingMessage(asked).blocks)).not.toContain(privacy);
  });
});

test('a meeting of fifteen minutes is not offered to be made fifteen', () => {
  const asked = { ...full('', 'Ana'), reader: ana(), other: dana(), answers: new Map<string, string>() };
  expect(keepMessage(asked).text).toBe(
    'No outcome named for tomorrow’s meeting with Dana. Keep it, make it 15 minutes, or give the time back?',
  );
  expect(keepMessage({ ...asked, meeting: meeting({ minutes: 15 }) }).text).toContain(
    'Keep it, or give the time back?',
  );
});

test('the card begins with each other, and its columns are headed with names', () => {
  const prepared = { ...full('comps', 'Ana'), leader: dana(), meeting: meeting({ startsAt: now }) };
  const card = JSON.stringify(cardMessage({ ...prepared, isCurrent: true, isRecapped: false }).blocks);
  expect(card.indexOf('First, each other: how are you?')).toBeLessThan(card.indexOf('Outcome wanted'));
  expect(card).toContain('*Ana*');
  expect(card).toContain('*The firm*');
  for (const label of ['Write recap', 'Move', 'Skip']) expect(card).toContain(`"${label}"`);
});

test('nothing that a contractor or their leader reads speaks of supervision', () => {
  const prepared = full('comps', 'Ana');
  const asked = { ...prepared, reader: prepared.partner, other: prepared.leader, tellsPrivacy: true };
  const said = JSON.stringify([
    openingMessage(asked),
    keepMessage(asked),
    briefMessage({ ...prepared, isCurrent: true }),
    prepModal(prepared.meeting, asked.reader, asked.other, new Map()),
  ]);
  expect(said).not.toMatch(/\b(manag|supervis|review|performance|attendance|employ)/i);
});
