import { describe, expect, test } from '@jest/globals';
import type { CommitmentRow } from '../../src/commitments/store.ts';
import { confirmModal } from '../../src/recap/confirm-form.ts';
import { type RecapModal, recapModal } from '../../src/recap/form.ts';
import { MOST_ROWS_OF_BOTH } from '../../src/recap/rules.ts';
import type { PairedRecap } from '../../src/recap/store.ts';
import { keptByOwnerWords, nudgeWords, type RecapShown, recapWords, wholeRecap } from '../../src/recap/views.ts';
import { actions, button } from '../../src/slack/blocks.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-09T18:00:00Z');
const id = (n: number) => `019500aa-0000-7000-8000-${String(n).padStart(12, '0')}`;
const dana = anybody({ locale: 'en-GB' });
const ana = anybody({ id: 'U0ANA00001', name: 'Ana', zone: 'America/Los_Angeles', locale: 'en-GB' });

const recap = (special: Partial<PairedRecap> = {}): PairedRecap => ({
  workspaceId: 'T0RIVER001',
  id: id(1),
  meetingId: id(2),
  version: 1,
  writtenBy: dana.id,
  writtenAt: now,
  outcome: 'decision on relisting Oak Street',
  decisions: 'relist at $1.15M on Monday\nstop the portal ads',
  nextAt: Temporal.Instant.from('2027-03-23T16:00:00Z'),
  state: 'posted',
  confirmedBy: null,
  confirmedAt: null,
  produced: null,
  talkedMost: null,
  leaderId: dana.id,
  partnerId: ana.id,
  kind: 'contractor',
  pairId: id(3),
  startsAt: Temporal.Instant.from('2027-03-09T17:00:00Z'),
  minutes: 45,
  authorId: dana.id,
  ...special,
});

function row(
  n: number,
  text: string,
  side: 'partner' | 'firm',
  day: string,
  special: Partial<CommitmentRow> = {},
): CommitmentRow {
  const owner = side === 'firm' ? dana : ana;
  return {
    workspaceId: 'T0RIVER001',
    id: id(100 + n),
    pairId: id(3),
    side,
    ownerId: owner.id,
    writtenBy: dana.id,
    askedBy: side === 'firm' ? null : dana.id,
    askedOwnerId: null,
    text,
    dueOn: Temporal.PlainDate.from(day),
    priority: 'now',
    state: side === 'firm' ? 'open' : 'asked',
    fallsDueAt: null,
    firstUnkeptOn: null,
    keptOn: null,
    keptAt: null,
    moves: 0,
    wantedDueOn: null,
    wantsWithdrawal: false,
    slips: 0,
    recapId: id(1),
    permalink: null,
    digestLine: null,
    createdAt: now,
    changedAt: now,
    version: 1,
    leaderId: dana.id,
    partnerId: ana.id,
    kind: 'contractor',
    leaderName: dana.name,
    partnerName: ana.name,
    ownerName: owner.name,
    ownerZone: owner.zone,
    askedOwnerName: null,
    lastId: id(500 + n),
    lastVerb: 'promised',
    lastBy: null,
    lastAt: now,
    ...special,
  };
}

const shown = (special: Partial<RecapShown> = {}): RecapShown => ({
  recap: recap(),
  leader: dana,
  partner: ana,
  rows: [
    row(1, 'two comps', 'partner', '2027-03-11'),
    row(2, 'referral partners named', 'partner', '2027-03-31'),
    row(3, 'listing presentation', 'firm', '2027-03-10'),
    row(4, 'vendor introduction', 'firm', '2027-03-19', { askedOwnerId: 'U0MIA00001', askedOwnerName: 'Mia' }),
  ],
  asks: [],
  now,
  ...special,
});

const linesOf = (one: RecapShown) => recapWords(one).text.split('\n');

describe('the five lines', () => {
  test('read as they would be said', () => {
    expect(linesOf(shown())).toEqual([
      'Outcome decision on relisting Oak Street',
      'Decided relist at $1.15M on Monday; stop the portal ads',
      'Ana two comps by Thu 11 Mar · referral partners named by Wed 31 Mar',
      'The firm listing presentation by Wed 10 Mar (Dana) · vendor introduction by Fri 19 Mar (Dana, Mia asked)',
      'Next Tue 23 Mar, 9:00 (12:00 for Dana)',
      'Written by Dana. Ana confirms or corrects. Confirming accepts what is asked of Ana.',
    ]);
  });

  test('for a report the leader’s name heads the firm’s line', () => {
    const [, , , firm] = linesOf(shown({ recap: recap({ kind: 'report' }) }));
    expect(firm).toBe('Dana listing presentation by Wed 10 Mar · vendor introduction by Fri 19 Mar (Dana, Mia asked)');
  });

  test('say nothing where there is nothing, and what the confirmation said of the outcome', () => {
    const confirmed = recap({ state: 'confirmed', confirmedBy: ana.id, produced: 'no', nextAt: null });
    expect(linesOf(shown({ recap: confirmed, rows: [] }))).toEqual([
      'Outcome decision on relisting Oak Street: not produced',
      'Decided relist at $1.15M on Monday; stop the portal ads',
      'Ana nothing new',
      'The firm nothing new',
      'Next not set',
      'Written by Dana, confirmed by Ana.',
    ]);
  });

  test('never tell who did most of the talking', () => {
    const words = recapWords(
      shown({ recap: recap({ state: 'confirmed', confirmedBy: ana.id, talkedMost: 'leader' }) }),
    );
    expect(JSON.stringify(words)).not.toMatch(/talk/i);
  });

  test('are shortened where they are long, with all of it one click away', () => {
    const long = recapWords(shown({ recap: recap({ decisions: 'a decision '.repeat(100) }) }));
    expect(long.text.split('\n')[1]?.length).toBeLessThan(420);
    expect(JSON.stringify(long.blocks)).toContain('Show all');
    expect(JSON.stringify(recapWords(shown()).blocks)).not.toContain('Show all');
  });
});

const draftOf = (words: string, rows: number): RecapModal['draft'] => ({
  outcome: words,
  decisions: words,
  carried: Array.from({ length: 40 }, (_, n) => ({ id: id(100 + n), choice: 'moved' as const })),
  rows: Array.from({ length: rows }, (_, n) => ({
    key: `new${n}`,
    who: 'me' as const,
    what: words,
    priority: 'now' as const,
  })),
});

describe('Slack takes it', () => {
  test.each(awkwardTexts)('with %s everywhere', (_what, words) => {
    const leader = { ...dana, name: words };
    const partner = { ...ana, name: words };
    const names = { leaderName: words, partnerName: words, ownerName: words };
    const rows = Array.from({ length: 40 }, (_, n) => row(n, words, n % 2 ? 'firm' : 'partner', '2027-03-11', names));
    const asks = rows.map((one) => ({
      workspaceId: 'T0RIVER001',
      recapId: id(1),
      commitmentId: one.id,
      wants: 'kept' as const,
      dueOn: null,
      row: { ...one, state: 'open' as const },
    }));
    const full = shown({ recap: recap({ outcome: words, decisions: words }), leader, partner, rows, asks });
    expect(problemsOfMessage(recapWords(full))).toEqual([]);
    expect(problemsOfMessage(nudgeWords(id(2), now, leader, partner))).toEqual([]);
    expect(
      problemsOfMessage(
        keptByOwnerWords(
          rows[1] ?? row(1, words, 'firm', '2027-03-11'),
          leader,
          actions(button('Done', 'done', id(1))),
        ),
      ),
    ).toEqual([]);
    const earlier = Array.from({ length: 30 }, (_, n) => ({
      recap: recap({ outcome: words, decisions: words, version: n }),
      writer: leader,
    }));
    expect(problemsOfView(wholeRecap(full, earlier))).toEqual([]);
    expect(problemsOfView(confirmModal({ shown: full, viewer: partner, other: leader }))).toEqual([]);
    const form = { meeting: id(2), corrects: id(1), rows: rows.map(({ id: key }) => key) };
    const modal = {
      form,
      viewer: leader,
      other: partner,
      startsAt: now,
      carried: rows,
      draft: draftOf(words, 10),
      first: full,
      now,
    };
    for (const rowCount of [0, 10, MOST_ROWS_OF_BOTH]) {
      const view = recapModal({ ...modal, nextAt: now, draft: draftOf(words, rowCount) });
      expect(problemsOfView(view)).toEqual([]);
      // The form's last field is there, so nothing was cut off.
      expect(view.blocks.at(-1)?.block_id).toBe('next');
    }
  });
});
