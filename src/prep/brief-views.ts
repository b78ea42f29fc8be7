import type { KnownBlock } from '@slack/types';
import type { CommitmentRow } from '../commitments/store.ts';
import { columnsText, commitmentLine, commitmentRow, pairColumns } from '../commitments/views.ts';
import type { Words } from '../delivery/compose.ts';
import { isBefore } from '../ground/zoned.ts';
import type { PairedAgendaItem } from '../meetings/agenda-store.ts';
import { agendaButton, agendaLines } from '../meetings/agenda-views.ts';
import { endOf } from '../meetings/rules.ts';
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
import { actions, context, section } from '../slack/blocks.ts';
import { longestOverdue, questions, worthAsking } from './rules.ts';
import { type Answers, ended, outcomeOf, said } from './said.ts';

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
