import type { ModalView } from '@slack/types';
import type { Words } from '../delivery/compose.ts';
import { spokenMeeting, spokenTime } from '../ground/days.ts';
import { escapeMrkdwn, quiet } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import { actions, button, context, modal, section } from '../slack/blocks.ts';
import { calendarFile } from './calendar.ts';
import { describeRhythm, nextOccurrence, type Rhythm } from './rules.ts';
import type { PairedProposal } from './store.ts';

export const ACCEPT_PROPOSAL = 'cadence:accept';
export const COUNTER_PROPOSAL = 'cadence:counter';
export const DECLINE_PROPOSAL = 'cadence:decline';
export const RHYTHM_FITS = 'cadence:fits';
export const REOPEN_CADENCE = 'cadence:reopen';

/** The rhythm in a sentence for one reader: "Every 2 weeks on Tuesday, 9:00 AM to 9:45 AM (12:00 PM for Dana)". */
export function rhythmLine(rhythm: Rhythm, reader: Person, other: Person, now: Temporal.Instant): string {
  const { at } = nextOccurrence(rhythm, now);
  const clock = (zone: string, minutes = 0) => spokenTime(at.add({ minutes }), zone, reader.locale);
  const theirs = clock(other.zone);
  const span = `${clock(reader.zone)} to ${clock(reader.zone, rhythm.minutes)}`;
  const elsewhere = theirs === clock(reader.zone) ? '' : ` (${theirs} for ${escapeMrkdwn(other.name)})`;
  const shifted =
    dayIn(reader.zone, at).dayOfWeek !== dayIn(rhythm.zone, at).dayOfWeek
      ? ` in ${rhythm.zone.replaceAll('_', ' ')}`
      : '';
  return `${describeRhythm(rhythm)}${shifted}, ${span}${elsewhere}`;
}

/** The same after a colon or a verb: "every 2 weeks on Tuesday …". */
export const inSentence = (line: string): string => `${line.charAt(0).toLowerCase()}${line.slice(1)}`;

export type ProposalMessage = {
  proposal: Pick<PairedProposal, 'id' | 'state' | 'pairId' | 'purpose' | 'toId' | 'leaderId' | 'kind'>;
  rhythm: Rhythm;
  why?: string;
  reader: Person;
  author: Person;
  now: Temporal.Instant;
};

const answered: Record<string, string> = {
  accepted: 'You accepted.',
  countered: 'You suggested another rhythm.',
  declined: 'You declined. Suggest a rhythm yourself at any time: `/accord cadence`.',
  withdrawn: 'Taken back before you answered.',
  replaced: 'You accepted; another rhythm has replaced it since.',
};

/** The proposal as its addressee sees it: with buttons while it is open, with its answer afterwards. */
export function proposalMessage({ proposal, rhythm, why, reader, author, now }: ProposalMessage): Words {
  const name = escapeMrkdwn(author.name);
  const title = `${name} proposes a standing one-on-one with you`;
  const line = `${rhythmLine(rhythm, reader, author, now)} · ${quiet(proposal.purpose)}`;
  const first = `First on ${spokenMeeting(nextOccurrence(rhythm, now).at, reader, author)}.`;
  const reciprocal = [why, reader.id === proposal.leaderId ? undefined : toThePartner(proposal.kind, name)]
    .filter(Boolean)
    .join(' ');
  const end = answered[proposal.state];
  return {
    text: [`${title}: ${inSentence(line)}.`, first, reciprocal, end ?? 'Accept, suggest another or decline in Slack.']
      .filter(Boolean)
      .join(' '),
    blocks: [
      section([`*${title}*`, line, first, reciprocal].filter(Boolean).join('\n')),
      ...(end
        ? [context(end)]
        : [
            actions(
              button('Accept', ACCEPT_PROPOSAL, proposal.id, 'primary'),
              button('Suggest another', COUNTER_PROPOSAL, proposal.id),
              button('Decline', DECLINE_PROPOSAL, proposal.id),
            ),
            context('Nothing is on a calendar until you both agree.'),
          ]),
    ],
  };
}

const toThePartner = (kind: PairedProposal['kind'], leaderName: string): string =>
  `You set the outcome of each meeting; ${kind === 'report' ? `${leaderName}’s` : 'the firm’s'} promises are tracked like yours.`;

/** After a refusal or an agreement that the other side made: said once, with the way on. */
export function declinedMessage(other: Person, pairId: string): Words {
  const words = `${escapeMrkdwn(other.name)} declined the rhythm you proposed.`;
  return {
    text: `${words} Suggest another with /accord cadence.`,
    blocks: [section(words), actions(button('Suggest another', REOPEN_CADENCE, pairId))],
  };
}

export function fitMessage(pairId: string, other: Person, line: string): Words {
  const question = `Does the rhythm with ${escapeMrkdwn(other.name)} still fit?`;
  return {
    text: `${question} ${line}.`,
    blocks: [
      section(`*${question}*\n${line}`),
      actions(button('It fits', RHYTHM_FITS, pairId, 'primary'), button('Suggest another', REOPEN_CADENCE, pairId)),
    ],
  };
}

/** Shown in place of the form once the proposal is on its way. */
export const proposalSent = (names: string[]): ModalView =>
  modal({
    callbackId: 'cadence:sent',
    title: 'Proposed',
    close: 'Close',
    blocks: [
      section(
        `${names.map(escapeMrkdwn).join(', ')} can now accept, suggest another or decline. You hear as soon as they answer.`,
      ),
    ],
  });

export type AgreedMessage = {
  proposal: Pick<PairedProposal, 'pairId' | 'answeredAt'>;
  rhythm: Rhythm;
  reader: Person;
  other: Person;
  leader: Person;
  partner: Person;
  now: Temporal.Instant;
};

/** Told to both, with the calendar file that puts the rhythm on their calendars. */
export function agreedMessage({ proposal, rhythm, reader, other, leader, partner, now }: AgreedMessage): Words {
  const line = rhythmLine(rhythm, reader, other, now);
  const first = spokenMeeting(nextOccurrence(rhythm, now).at, reader, other);
  return {
    text: `Agreed with ${escapeMrkdwn(other.name)}: ${inSentence(line)}. First on ${first}. The calendar file is attached.`,
    file: {
      name: 'one-on-one.ics',
      title: `One-on-one with ${other.name}`,
      content: calendarFile({
        uid: proposal.pairId,
        // Later agreements of the same pair replace the series on both calendars.
        sequence: Math.floor((proposal.answeredAt ?? now).epochMilliseconds / 60_000),
        rhythm,
        summary: `One-on-one: ${leader.name} and ${partner.name}`,
        leader,
        partner,
        method: 'PUBLISH',
        now,
      }),
    },
  };
}
