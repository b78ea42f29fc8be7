import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { figuresOf } from '../../src/commitments/figures.ts';
import { exported, exportedPair } from '../../src/record/export.ts';
import { exportPage } from '../../src/record/page.ts';
import { exportShape } from '../../src/record/schema.ts';
import type { History } from '../../src/record/store.ts';
import { commitmentsCsv, meetingsCsv } from '../../src/record/tables.ts';
import { readRecordPlace, recordModal } from '../../src/record/views.ts';
import { problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-23T16:00:00Z');
const workspaceId = 'T0RIVER001';
const id = (n: number) => `019500aa-0000-7000-8000-${String(n).padStart(12, '0')}`;
const figures = figuresOf([], Temporal.PlainDate.from('2027-03-23'));
const day = Temporal.PlainDate.from('2027-03-20');

/** Two years of a pair in which everything that can be written holds this text. */
function history(text: string): History {
  const leader = anybody({ name: text });
  const partner = anybody({ id: 'U0ANA00001', name: text, zone: 'Asia/Kathmandu', locale: 'de-DE' });
  const times = (count: number) => Array.from({ length: count }, (_, n) => now.subtract({ hours: 24 * 14 * n + 1 }));
  return {
    pair: {
      workspaceId,
      id: id(1),
      leaderId: leader.id,
      partnerId: partner.id,
      kind: 'report',
      complexity: null,
      state: 'ended',
      createdAt: now,
      createdBy: leader.id,
      agreedAt: now,
      endedAt: now,
      planDueAt: null,
      pausedAt: null,
      reviewDueAt: null,
      version: 1,
    },
    leader,
    partner,
    people: new Map([leader, partner].map((person) => [person.id, person])),
    proposals: times(5).map((at, n) => ({
      workspaceId,
      id: id(100 + n),
      pairId: id(1),
      byId: leader.id,
      toId: partner.id,
      at,
      every: 'months',
      interval: 1,
      monthlyBy: 'weekday',
      anchor: day,
      wallTime: Temporal.PlainTime.from('09:00'),
      zone: 'Europe/London',
      minutes: 45,
      purpose: text,
      state: n === 0 ? 'accepted' : 'replaced',
      answeredBy: partner.id,
      answeredAt: at,
    })),
    meetings: times(60).map((startsAt, n) => ({
      workspaceId,
      id: id(200 + n),
      pairId: id(1),
      proposalId: id(100),
      occurrenceOn: day,
      startsAt,
      minutes: 45,
      state: n % 3 === 0 ? 'skipped' : 'held',
      createdAt: startsAt,
      bookedAt: startsAt,
      stepsDone: [],
      dueStep: null,
      dueAt: null,
      movedTimes: 3,
      countedMoves: 3,
      movedBy: partner.id,
      skippedBy: n % 3 === 0 ? partner.id : null,
      skipReason: n % 3 === 0 ? text : null,
      endedAt: startsAt,
      version: 1,
    })),
    answers: times(60).map((updatedAt, n) => ({
      workspaceId,
      meetingId: id(200 + n),
      personId: partner.id,
      question: 'outcome',
      answer: text,
      updatedAt,
    })),
    agenda: times(60).map((createdAt, n) => ({
      workspaceId,
      id: id(400 + n),
      pairId: id(1),
      byId: n % 2 === 0 ? leader.id : partner.id,
      text,
      permalink: null,
      createdAt,
      meetingId: null,
      removedAt: n % 4 === 0 ? createdAt : null,
    })),
    recaps: times(60).map((writtenAt, n) => ({
      workspaceId,
      id: id(500 + n),
      meetingId: id(200 + n),
      version: 1,
      writtenBy: leader.id,
      writtenAt,
      outcome: text,
      decisions: text,
      nextAt: now,
      state: 'confirmed',
      confirmedBy: partner.id,
      confirmedAt: writtenAt,
      produced: 'partly',
      talkedMost: 'leader',
    })),
    commitments: times(200).map((at, n) => ({
      workspaceId,
      id: id(1000 + n),
      pairId: id(1),
      side: n % 2 === 0 ? 'firm' : 'partner',
      ownerId: leader.id,
      writtenBy: leader.id,
      askedBy: partner.id,
      askedOwnerId: null,
      text,
      dueOn: day,
      priority: 'later',
      state: 'kept',
      fallsDueAt: null,
      firstUnkeptOn: day,
      keptOn: day,
      keptAt: at,
      moves: 2,
      wantedDueOn: null,
      wantsWithdrawal: false,
      slips: 3,
      recapId: null,
      permalink: null,
      digestLine: text,
      createdAt: at,
      changedAt: at,
      version: 1,
      events: [
        {
          workspaceId,
          id: id(5000 + n),
          commitmentId: id(1000 + n),
          version: 1,
          at,
          byId: null,
          verb: 'fell due',
          before: { firstUnkeptOn: null },
          after: { firstUnkeptOn: '2027-03-20' },
          reason: text,
        },
      ],
    })),
  };
}

describe.each(awkwardTexts)('with %s', (_what, text) => {
  const whole = history(text);
  const viewers = [whole.leader, whole.partner];

  test.each([0, 1, 99])('page %i of the record is within Slack’s limits for both, searched or not', (page) => {
    for (const viewer of viewers)
      for (const wanted of ['', text.slice(0, 100), 'not there'])
        expect(problemsOfView(recordModal({ history: whole, figures, viewer, now }, page, wanted))).toEqual([]);
  });

  test('the export keeps to its documented shape, and the page to its own markup', () => {
    for (const viewer of viewers) {
      const all = exported(viewer, [exportedPair(whole, viewer.id, figures)], now);
      expect(exportShape.parse(JSON.parse(JSON.stringify(all)))).toEqual(all);
      const tags = new Set(
        exportPage(all, viewer)
          .match(/<\/?[a-z][a-z0-9]*/g)
          ?.map((tag) => tag.replace('/', '')),
      );
      expect([...tags].filter((tag) => !OURS.includes(tag))).toEqual([]);
      expect(commitmentsCsv(all).split('\r\n')).toHaveLength(1 + 200 + 1);
      expect(meetingsCsv(all).split('\r\n')).toHaveLength(1 + 60 + 1);
    }
  });
});

const OURS = 'html head meta title style body h1 h2 h3 h4 p span table thead tbody tr th td ul li'
  .split(' ')
  .map((tag) => `<${tag}`);

const documented = readFileSync('docs/export-schema.md', 'utf8').split(/^## /m);
const pair = exportShape.shape.pairs.element.shape;
const meeting = pair.meetings.element.shape;
const commitment = pair.commitments.element;

/** The words of which some field holds one. */
function choicesOf(shape: z.ZodObject): string[] {
  const fields = Object.values(z.toJSONSchema(shape).properties ?? {});
  const either = fields.flatMap((field) => (typeof field === 'object' ? [field, ...(field.anyOf ?? [])] : []));
  return either.flatMap((field) => (typeof field === 'object' ? (field.enum ?? []) : [])).map(String);
}

test.each<[string, z.ZodObject]>([
  ['The whole', exportShape],
  ['A pair', exportShape.shape.pairs.element],
  ['A rhythm', pair.rhythms.element],
  ['A meeting', pair.meetings.element],
  ['An answer', meeting.answers.element],
  ['A recap', meeting.recaps.element],
  ['An agenda item', pair.agenda.element],
  ['A commitment', commitment],
  ['An event', commitment.shape.events.element],
])('the document names every field and every choice of: %s', (heading, shape) => {
  const section = documented.find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const named = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, fields = '']) => fields.match(/\w+/g) ?? []);
  expect(named.toSorted()).toEqual(Object.keys(shape.shape).toSorted());
  const missing = choicesOf(shape).filter((choice) => !section.includes(`\`${choice}\``));
  expect(missing).toEqual([]);
});

test('what somebody took off the agenda is in their own export alone', () => {
  const whole = history('two comps');
  const texts = (viewer: History['leader']) => exportedPair(whole, viewer.id, figures).agenda.length;
  expect([texts(whole.leader), texts(whole.partner)]).toEqual([60, 45]);
});

test('with nothing in it a record says so', () => {
  const empty = { ...history('x'), proposals: [], meetings: [], answers: [], agenda: [], recaps: [], commitments: [] };
  const shown = recordModal({ history: empty, figures, viewer: empty.leader, now });
  expect(problemsOfView(shown)).toEqual([]);
  expect(JSON.stringify(shown)).toContain('Nothing has happened yet.');
});

test.each(['', 'x', `${id(1)} -1`, `${id(1)} 1 2`, '{}'])('a form’s %j is not taken for a place', (metadata) => {
  expect(readRecordPlace(metadata)).toBeUndefined();
});
