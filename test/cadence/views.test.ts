import { expect, test } from '@jest/globals';
import { rhythmModal } from '../../src/cadence/rhythm-form.ts';
import { proposedRhythm } from '../../src/cadence/rules.ts';
import { agreedMessage, declinedMessage, fitMessage, proposalMessage, proposalSent } from '../../src/cadence/views.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';

const now = Temporal.Instant.from('2027-03-01T14:00:00Z');
const leader = anybody({ zone: 'America/New_York' });
const partner = anybody({ id: 'U0ANA00001', zone: 'America/Los_Angeles' });
const { rhythm, purpose, why } = proposedRhythm(
  'new-team-leader',
  Temporal.PlainDate.from('2027-03-01'),
  leader,
  partner,
);
const pairId = '0190c0de-0000-7000-8000-000000000000';

test.each(awkwardTexts)('every screen of a negotiation is within Slack’s limits with %s', (_what, words) => {
  // Slack keeps names to 80 characters, the form a purpose to 200.
  const reader = { ...partner, name: words.slice(0, 80) };
  const author = { ...leader, name: words.slice(0, 80) };
  const proposal = {
    id: pairId,
    pairId,
    state: 'open' as const,
    purpose: words.slice(0, 200),
    toId: reader.id,
    leaderId: author.id,
    kind: 'report' as const,
    answeredAt: null,
  };
  const messages = [
    proposalMessage({ proposal, rhythm, why, reader, author, now }),
    proposalMessage({ proposal: { ...proposal, state: 'declined' }, rhythm, reader, author, now }),
    declinedMessage(author, pairId),
    fitMessage(pairId, author, words),
    agreedMessage({ proposal, rhythm, reader, other: author, leader: author, partner: reader, now }),
  ];
  const form = rhythmModal({
    subject: { pairId, basis: null },
    viewer: author,
    others: [reader],
    kind: 'contractor',
    complexity: 'firm-leads',
    draft: { ...rhythm, monthlyBy: null },
    purpose: words.slice(0, 200),
    isStart: true,
    ofPair: { id: pairId, leaderId: author.id },
  });
  expect(messages.map(problemsOfMessage)).toEqual(messages.map(() => []));
  expect([form, proposalSent([words])].map(problemsOfView)).toEqual([[], []]);
});

test('a proposal says on a lock screen who, what and when, and in both times', () => {
  const proposal = {
    id: pairId,
    pairId,
    state: 'open' as const,
    purpose,
    toId: partner.id,
    leaderId: leader.id,
    kind: 'contractor' as const,
  };
  const { text } = proposalMessage({
    proposal,
    rhythm,
    why,
    reader: { ...partner, name: 'Ana' },
    author: { ...leader, name: 'Dana' },
    now,
  });
  expect(text).toBe(
    'Dana proposes a standing one-on-one with you: every 2 weeks on Tuesday, 9:00 AM to 9:45 AM (12:00 PM for Dana) · operating support. First on Tue Mar 9, 9:00 AM (12:00 PM for Dana). Every 2 weeks because you are building a team. You set the outcome of each meeting; the firm’s promises are tracked like yours. Accept, suggest another or decline in Slack.',
  );
});
