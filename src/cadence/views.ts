import type { Button, ModalView } from '@slack/types';
import type { Words } from '../delivery/compose.ts';
import { spokenMeeting, spokenTime } from '../ground/days.ts';
import { escapeMrkdwn, quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import type { Pair } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';
import { actions, button, confirm, confirmed, context, modal, section } from '../slack/blocks.ts';
import { calendarFile } from './calendar.ts';
import { describeRhythm, nextOccurrence, type Rhythm } from './rules.ts';
import type { PairedProposal } from './store.ts';

export const ACCEPT_PROPOSAL = 'cadence:accept';
export const COUNTER_PROPOSAL = 'cadence:counter';
export const DECLINE_PROPOSAL = 'cadence:decline';
export const RHYTHM_FITS = 'cadence:fits';
export const REOPEN_CADENCE = 'cadence:reopen';
export const END_PAIR = 'cadence:end';
export const HAND_OVER = 'cadence:hand-over';

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

// The end of it

/** Asks once more and says what happens; either side finds it beside the rhythm. */
export const endButton = (pairId: string, other: Pick<Person, 'name'>): Button =>
  confirmed(
    button('End this one-on-one', END_PAIR, pairId, 'danger'),
    confirm(
      'End this one-on-one?',
      `Nothing is planned any more, and ${escapeMrkdwn(shorten(other.name, 60))} is told once. Open promises stay with their owners until kept, missed or withdrawn; you both still see them.`,
      'End it',
      'Keep it',
    ),
  );

/** For the leader alone; what goes with the pair is for the two columns to say. */
export const handOverButton = (pairId: string): Button => button('Hand over…', HAND_OVER, pairId);

export const endedModal = (other: Pick<Person, 'name'>): ModalView =>
  modal({
    callbackId: 'cadence:ended',
    title: 'Ended',
    close: 'Close',
    blocks: [
      section(`Your one-on-one with *${escapeMrkdwn(other.name)}* has ended. ${STILL_OPEN}`),
      context('Both of you get a file that takes it off a calendar. To begin anew: `/accord with @name`.'),
    ],
  });

const STILL_OPEN = 'What is still open between you stands in `/accord ledger` until kept, missed or withdrawn.';

export type EndedMessage = {
  pair: Pick<Pair, 'id' | 'leaderId' | 'endedAt'>;
  /** Who ended it, or declined to lead it. */
  by: Person;
  reader: Person;
  other: Person;
  /** What was agreed last; none where nothing ever was. */
  rhythm?: Rhythm;
  now: Temporal.Instant;
};

export function endedMessage({ pair, by, reader, other, rhythm, now }: EndedMessage): Words {
  const text = `${whoEnded(pair, by, reader, other)} ${STILL_OPEN}`;
  if (!rhythm) return { text, blocks: [section(text)] };
  const [leader, partner] = reader.id === pair.leaderId ? [reader, other] : [other, reader];
  return {
    text: `${text} The file takes it off your calendar.`,
    file: {
      name: 'one-on-one-ended.ics',
      title: `One-on-one with ${other.name}, ended`,
      content: calendarFile({
        uid: pair.id,
        sequence: Math.floor((pair.endedAt ?? now).epochMilliseconds / 60_000) + 1,
        rhythm,
        summary: `One-on-one: ${leader.name} and ${partner.name}`,
        leader,
        partner,
        method: 'CANCEL',
        now,
      }),
    },
  };
}

/** Whom the leader asked to take it over is the leader's to know. */
function whoEnded({ leaderId }: EndedMessage['pair'], by: Person, reader: Person, other: Person): string {
  const [said, name] = [escapeMrkdwn(by.name), escapeMrkdwn(other.name)];
  if (by.id === reader.id) return `You ended your one-on-one with ${name}.`;
  if (by.id === other.id) return `${said} ended your one-on-one.`;
  if (reader.id === leaderId) return `${said} does not take over your one-on-one with ${name}, so it has ended.`;
  return `Your one-on-one with ${name} has ended: nobody takes it over.`;
}
