import type { CommitmentRow } from '../commitments/store.ts';
import type { Words } from '../delivery/compose.ts';
import { overdue, spokenDay } from '../ground/days.ts';
import { dayIn } from '../ground/zoned.ts';
import { SHORT_MINUTES } from '../meetings/rules.ts';
import type { Meeting, PairedMeeting } from '../meetings/store.ts';
import { isAhead, meetingTime, moveButton, nameOf, skipButton, soonTime, whatBecame } from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import { actions, button, context, section } from '../slack/blocks.ts';
import { keptAs, onTheTable, questions } from './rules.ts';
import { type Answers, ended, outcomeOf } from './said.ts';

/** Opens the questions before the meeting whose id the button carries, also before they were sent. */
export const ANSWER_PREP = 'prep:answer';
export const KEEP_MEETING = 'prep:keep';
export const SHORTEN_MEETING = 'prep:shorten';

export const answerButton = (meetingId: string, isAnswered: boolean) =>
  isAnswered ? button('Change', ANSWER_PREP, meetingId) : button('Answer, 1 minute', ANSWER_PREP, meetingId, 'primary');

export type Asked = {
  meeting: PairedMeeting;
  /** Who is asked, and whom they meet. */
  reader: Person;
  other: Person;
  answers: Answers;
  rows: CommitmentRow[];
  now: Temporal.Instant;
  next?: Pick<Meeting, 'startsAt'>;
  /** Said once in a person's life here. */
  tellsPrivacy: boolean;
};

/** The opening question; once answered, what the answer is, in the same place. */
export function openingMessage(asked: Asked): Words {
  const { meeting, reader, other, answers, now, next, tellsPrivacy } = asked;
  const outcome = outcomeOf(answers);
  const became = whatBecame(meeting, { reader, other }, now, next);
  const answered = outcome === undefined ? undefined : `*You answered:* ${outcome}`;
  if (!isAhead(meeting, now))
    return ended(`One-on-one with ${nameOf(other)}, ${meetingTime(meeting.startsAt, reader, other)}`, became, answered);

  const when = `${capital(soonTime(meeting.startsAt, reader, now))} with ${nameOf(other)}`;
  const title = answered ? when : `${when}: what should it produce for you?`;
  const table = tableSaid(asked);
  const lines = [`*${title}*`, answered ?? `_${questions[0].ask}_`, ...(table ? [table] : [])];
  const facts = [
    `${meetingTime(meeting.startsAt, reader, other)} · ${meeting.minutes} minutes`,
    ...(became ? [became] : []),
  ];
  const privacy = `${nameOf(other)} sees this; it goes in no channel. Your firm’s Slack owner may be able to export messages.`;
  return {
    text: [title, answered ? `You answered: ${outcome}` : questions[0].ask, table, ...facts].filter(Boolean).join('\n'),
    blocks: [
      section(lines.join('\n')),
      actions(answerButton(meeting.id, answered !== undefined), moveButton(meeting.id), skipButton(meeting.id)),
      context(...facts),
      ...(tellsPrivacy ? [context(privacy)] : []),
    ],
  };
}

const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** "On the table: 2 of yours, 3 of the firm’s, 1 of them 3 days overdue." */
function tableSaid({ meeting, other, rows, now }: Asked): string | undefined {
  const { partner, firm, overdue: over, longest } = onTheTable(rows, now);
  if (partner + firm === 0) return undefined;
  const theirs = meeting.kind === 'report' ? `${nameOf(other)}’s` : 'the firm’s';
  const days = longest === 1 ? 'a day' : `${longest} days`;
  const some = over === 1 ? `, 1 of them ${overdue(longest)}` : `, ${over} of them overdue, the first by ${days}`;
  const late = over === 0 ? '' : some;
  return `On the table: ${partner} of yours, ${firm} of ${theirs}${late}.`;
}

/** A contractor who named nothing: keep it, make it short, or give the time back. */
export function keepMessage({
  meeting,
  reader,
  other,
  answers,
  now,
  next,
}: Omit<Asked, 'rows' | 'tellsPrivacy'>): Words {
  const outcome = outcomeOf(answers);
  const when = `One-on-one with ${nameOf(other)}, ${meetingTime(meeting.startsAt, reader, other)}`;
  if (!isAhead(meeting, now)) return ended(when, whatBecame(meeting, { reader, other }, now, next));
  if (outcome !== undefined) return ended(when, `*You answered:* ${outcome}`);
  const kept = keptAs(answers.get('keep'));
  if (kept) {
    const line = kept === 'keep' ? `You kept it. ${meeting.minutes} minutes.` : `It is ${meeting.minutes} minutes now.`;
    const words = `*${when}*\n${line} Name its outcome whenever you know it.`;
    return { text: words.replaceAll('*', ''), blocks: [section(words), actions(answerButton(meeting.id, false))] };
  }
  const title = `No outcome named for ${dayOf(meeting, reader, now)} with ${nameOf(other)}`;
  const isLong = meeting.minutes > SHORT_MINUTES;
  const question = isLong
    ? `Keep it, make it ${SHORT_MINUTES} minutes, or give the time back?`
    : 'Keep it, or give the time back?';
  return {
    text: `${title}. ${question}`,
    blocks: [
      section(`*${title}*\n${question}`),
      actions(
        button('Keep', KEEP_MEETING, meeting.id, 'primary'),
        ...(isLong ? [button('Shorten', SHORTEN_MEETING, meeting.id)] : []),
        skipButton(meeting.id),
      ),
    ],
  };
}

function dayOf({ startsAt }: Meeting, reader: Person, now: Temporal.Instant): string {
  const day = spokenDay(dayIn(reader.zone, startsAt), dayIn(reader.zone, now), reader.locale);
  return day === 'today' || day === 'tomorrow' ? `${day}’s meeting` : `the meeting on ${day}`;
}
