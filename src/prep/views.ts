import type { KnownBlock, ModalView } from '@slack/types';
import type { CommitmentRow } from '../commitments/store.ts';
import { columnsText, commitmentLine, commitmentRow, pairColumns } from '../commitments/views.ts';
import type { Words } from '../delivery/compose.ts';
import { overdue, spokenDay } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn, isBefore } from '../ground/zoned.ts';
import type { PairedAgendaItem } from '../meetings/agenda-store.ts';
import { agendaButton, agendaLines } from '../meetings/agenda-views.ts';
import { endOf, SHORT_MINUTES } from '../meetings/rules.ts';
import type { Meeting, PairedMeeting } from '../meetings/store.ts';
import {
  heldButton,
  isAhead,
  meetingTime,
  moveButton,
  nameOf,
  skipButton,
  soonTime,
  whatBecame,
} from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import { writeRecapButton } from '../recap/views.ts';
import { actions, button, context, modal, section, textArea } from '../slack/blocks.ts';
import { type Form, type FormState, optionalText, readForm, text } from '../slack/form.ts';
import { keptAs, longestOverdue, onTheTable, type Question, questions, worthAsking } from './rules.ts';

/** Opens the questions before the meeting whose id the button carries, also before they were sent. */
export const ANSWER_PREP = 'prep:answer';
export const PREP_SUBMITTED = 'prep:submitted';
export const KEEP_MEETING = 'prep:keep';
export const SHORTEN_MEETING = 'prep:shorten';

type Answers = ReadonlyMap<string, string>;

export const answerButton = (meetingId: string, isAnswered: boolean) =>
  isAnswered ? button('Change', ANSWER_PREP, meetingId) : button('Answer, 1 minute', ANSWER_PREP, meetingId, 'primary');

const said = (answer: string, atMost: number): string => shorten(quiet(answer.replace(/\s+/g, ' ').trim()), atMost);
const OUTCOME_LINE = 600;
const outcomeOf = (answers: Answers): string | undefined => {
  const outcome = answers.get('outcome');
  return outcome && said(outcome, OUTCOME_LINE);
};

/** The questions, filled in with what was answered before. */
export function prepModal(meeting: PairedMeeting, viewer: Person, other: Person, answers: Answers): ModalView {
  return modal({
    callbackId: PREP_SUBMITTED,
    title: 'Before you meet',
    submit: 'Save',
    privateMetadata: meeting.id,
    blocks: [
      section(`With *${nameOf(other)}*, ${meetingTime(meeting.startsAt, viewer, other)}`),
      ...questions.map(({ id, ask, atMost }) =>
        textArea({ id, label: ask, optional: id !== 'outcome', initial: answers.get(id), maxLength: atMost }),
      ),
      context(`${nameOf(other)} sees this; it goes in no channel. You can change it until you meet.`),
    ],
  });
}

/** What was answered, by question; an empty text takes an answer back. */
export function readPrep(state: FormState): Form<Record<Question, string>> {
  const read = readForm(state, {
    outcome: text({ max: 600, missing: 'Name the one outcome that matters most. One line is enough.' }),
    support: optionalText({ max: 1500 }),
    'went-well': optionalText({ max: 1500 }),
    leverage: optionalText({ max: 1500 }),
    better: optionalText({ max: 1500 }),
    differently: optionalText({ max: 1500 }),
    updates: optionalText({ max: 400 }),
  });
  if (!read.ok) return read;
  const { value } = read;
  return {
    ok: true,
    value: {
      outcome: value.outcome,
      support: value.support ?? '',
      'went-well': value['went-well'] ?? '',
      leverage: value.leverage ?? '',
      better: value.better ?? '',
      differently: value.differently ?? '',
      updates: value.updates ?? '',
    },
  };
}

/** Where a refusal is shown. */
export const prepErrors = (why: string): Record<string, string> => ({ outcome: why });

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

function ended(title: string, ...lines: (string | undefined)[]): Words {
  const all = [`*${title}*`, ...lines.filter((line) => line !== undefined)];
  return { text: all.join('\n').replaceAll('*', ''), blocks: [section(all.join('\n'))] };
}

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

export type Prepared = {
  meeting: PairedMeeting;
  leader: Person;
  partner: Person;
  answers: Answers;
  /** What stands in both columns, and what was kept since they last met. */
  rows: CommitmentRow[];
  kept: CommitmentRow[];
  agenda: PairedAgendaItem[];
  /** Of the last recap. */
  decisions?: string;
  now: Temporal.Instant;
  next?: Pick<Meeting, 'startsAt'>;
};

const columnsOf = ({ meeting, leader, partner, rows }: Prepared) => ({
  pair: { leaderId: leader.id, leaderName: leader.name, partnerName: partner.name, kind: meeting.kind },
  rows,
});

// Together they stay under what Slack takes in one message, also when every character is escaped.
const ANSWER_LINE = 220;
const DECISIONS_LINE = 400;
const LATE_LINE = 60;
const KEPT_ROWS = 3;
const COLUMN_ROWS = 5;
const AGENDA_ROWS = 5;

/** What the leader reads before the meeting: what is wanted, what stands on both sides, and questions to bring. */
export function briefMessage(prepared: Prepared & { isCurrent: boolean }): Words {
  const { isCurrent, meeting, leader, partner, answers, rows, kept, agenda, now, next } = prepared;
  const name = nameOf(partner);
  const became = whatBecame(meeting, { reader: leader, other: partner }, now, next);
  const time = meetingTime(meeting.startsAt, leader, partner);
  if (meeting.state !== 'planned') return ended(`${name}, ${time}`, became);
  if (!isCurrent) return ended(`${name}, ${time}`, became, 'The brief is made anew for it.');

  const title = isAhead(meeting, now) ? `${name}, ${soonTime(meeting.startsAt, leader, now)}` : `${name}, ${time}`;
  const outcome = outcomeOf(answers);
  const wants = outcome === undefined ? `*${name} has named no outcome yet.*` : `*${name} wants:* ${outcome}`;
  const decisions = prepared.decisions && said(prepared.decisions, DECISIONS_LINE);
  const late = (side: 'partner' | 'firm') => {
    const row = longestOverdue(rows, side, now);
    return row && said(row.text, LATE_LINE);
  };
  const asking = worthAsking({
    kind: meeting.kind,
    outcome: outcome !== undefined,
    firmLate: late('firm'),
    partnerLate: late('partner'),
    hasAgenda: agenda.length > 0,
    hasDecisions: decisions !== undefined,
    hasKept: kept.length > 0,
  });
  const reflections = questions.slice(1).flatMap(({ id, ask }) => {
    const answer = answers.get(id);
    return answer ? [{ ask, answer: said(answer, ANSWER_LINE) }] : [];
  });
  return {
    text: [
      title,
      wants.replaceAll('*', ''),
      ...reflections.map(({ ask, answer }) => `${ask} ${answer}`),
      columnsText(columnsOf(prepared), leader, now),
      ...kept.slice(0, KEPT_ROWS).map((row) => commitmentLine(row, leader, now)),
      ...agendaText(agenda, leader),
      ...(decisions ? [`Decided last time: ${decisions}`] : []),
      `Worth asking: ${asking.join(' ')}`,
    ].join('\n'),
    blocks: [
      section(`*${title}*\n${wants}`),
      context(
        `First, each other: ask how ${name} is.`,
        `${time} · ${meeting.minutes} minutes`,
        ...(became ? [became] : []),
      ),
      ...(reflections.length > 0
        ? [section(reflections.map(({ ask, answer }) => `_${ask}_\n${answer}`).join('\n'))]
        : []),
      pairColumns(columnsOf(prepared), leader, now, COLUMN_ROWS),
      ...keptBlocks(kept, leader, now),
      ...agendaBlocks(agenda, leader),
      ...(decisions ? [section(`*Decided last time*\n${decisions}`)] : []),
      section(['*Worth asking*', ...asking.map((question) => `• ${question}`)].join('\n')),
      actions(agendaButton(meeting.pairId), writeRecapButton(meeting.id), moveButton(meeting.id)),
    ],
  };
}

/** What the partner says is done, with *Not yet*. */
function keptBlocks(kept: CommitmentRow[], reader: Person, now: Temporal.Instant): KnownBlock[] {
  if (kept.length === 0) return [];
  const left = kept.length - KEPT_ROWS;
  return [
    section('*Kept since you last met*'),
    ...kept.slice(0, KEPT_ROWS).flatMap((row) => commitmentRow(row, reader, now, { buttons: 1 })),
    ...(left > 0 ? [context(`and ${left} more`)] : []),
  ];
}

const agendaBlocks = (agenda: PairedAgendaItem[], reader?: Person): KnownBlock[] =>
  agenda.length === 0 ? [] : [section(['*Agenda*', ...agendaLines(agenda, reader, AGENDA_ROWS)].join('\n'))];

const agendaText = (agenda: PairedAgendaItem[], reader?: Person): string[] =>
  agenda.length === 0 ? [] : ['Agenda', ...agendaLines(agenda, reader, AGENDA_ROWS)];

/** What both look at while they meet; read by both, so in the partner's days and times. */
export function cardMessage(prepared: Prepared & { isCurrent: boolean; isRecapped: boolean }): Words {
  const { meeting, leader, partner, answers, agenda, now, next, isCurrent, isRecapped } = prepared;
  const readers = { reader: partner, other: leader, shared: true };
  const title = `${nameOf(partner)} and ${nameOf(leader)}, ${meetingTime(meeting.startsAt, partner, leader)}`;
  const became = whatBecame(meeting, readers, now, next);
  if (!isCurrent || meeting.state === 'skipped' || meeting.state === 'replaced') return ended(title, became);
  // From here on the recap stands for it; both columns go on changing and would no longer be what was talked about.
  if (isRecapped) return ended(title, became);

  const outcome = outcomeOf(answers);
  const wanted =
    outcome === undefined ? `*What should it produce for ${nameOf(partner)}?*` : `*Outcome wanted:* ${outcome}`;
  const isOn = meeting.state === 'planned' && isBefore(now, endOf(meeting));
  const courtesy = 'First, each other: how are you?';
  return {
    text: [
      title,
      isOn ? courtesy : became,
      wanted.replaceAll('*', ''),
      columnsText(columnsOf(prepared), { id: '', locale: partner.locale }, now),
      ...agendaText(agenda),
    ]
      .filter(Boolean)
      .join('\n'),
    blocks: [
      section(`*${title}*\n${isOn ? courtesy : (became ?? '')}`),
      section(wanted),
      pairColumns(columnsOf(prepared), { id: '', locale: partner.locale }, now),
      ...agendaBlocks(agenda),
      ...cardButtons(meeting, isOn),
    ],
  };
}

function cardButtons(meeting: Meeting, isOn: boolean): KnownBlock[] {
  const rest = isOn
    ? [moveButton(meeting.id), skipButton(meeting.id)]
    : meeting.state === 'planned'
      ? [heldButton(meeting.id)]
      : [];
  return [actions(writeRecapButton(meeting.id, 'primary'), ...rest)];
}
