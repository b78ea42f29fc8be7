import type { KnownBlock, ModalView } from '@slack/types';
import type { Words } from '../delivery/compose.ts';
import { spokenMeeting, spokenTime } from '../ground/days.ts';
import { escapeMrkdwn, quiet } from '../ground/slack-text.ts';
import { atWallTime, dayIn } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import {
  actions,
  button,
  context,
  datePicker,
  modal,
  radio,
  section,
  select,
  textInput,
  timePicker,
  withDispatch,
} from '../slack/blocks.ts';
import {
  choice,
  day,
  type Form,
  type FormState,
  optionalChoice,
  readForm,
  required,
  text,
  wallTime,
} from '../slack/form.ts';
import { calendarFile } from './calendar.ts';
import {
  type Complexity,
  describeRhythm,
  nextOccurrence,
  type On,
  occurrence,
  onAsOf,
  type Rhythm,
  type RhythmDraft,
} from './rules.ts';
import { type PairedProposal, rhythmOf } from './store.ts';

export const RHYTHM_SUBMITTED = 'cadence:rhythm-submitted';
export const COMPLEXITY_CHOSEN = 'complexity';
export const ACCEPT_PROPOSAL = 'cadence:accept';
export const COUNTER_PROPOSAL = 'cadence:counter';
export const DECLINE_PROPOSAL = 'cadence:decline';
export const RHYTHM_FITS = 'cadence:fits';
export const REOPEN_CADENCE = 'cadence:reopen';

const KIND = 'kind';
export const complexities = ['solo-top-producer', 'new-team-leader', 'firm-leads'] as const satisfies Complexity[];

type Recurrence = { label: string; rule: Pick<Rhythm, 'every' | 'interval'> & { monthlyBy: 'day' | 'weekday' | null } };
const recurrences = {
  'every-week': { label: 'Every week', rule: { every: 'weeks', interval: 1, monthlyBy: null } },
  'every-2-weeks': { label: 'Every 2 weeks', rule: { every: 'weeks', interval: 2, monthlyBy: null } },
  'every-3-weeks': { label: 'Every 3 weeks', rule: { every: 'weeks', interval: 3, monthlyBy: null } },
  'every-4-weeks': { label: 'Every 4 weeks', rule: { every: 'weeks', interval: 4, monthlyBy: null } },
  'monthly-weekday': {
    label: 'Every month, same weekday',
    rule: { every: 'months', interval: 1, monthlyBy: 'weekday' },
  },
  'monthly-day': { label: 'Every month, same date', rule: { every: 'months', interval: 1, monthlyBy: 'day' } },
  quarterly: { label: 'Every quarter, same weekday', rule: { every: 'quarters', interval: 1, monthlyBy: 'weekday' } },
} as const satisfies Record<string, Recurrence>;
type RecurrenceName = keyof typeof recurrences;
const recurrenceNames = Object.keys(recurrences) as RecurrenceName[];
const lengths = ['15', '30', '45', '60', '90'] as const;

/** What the form is about, carried through it as ids: the people proposed to, or the proposal that it answers. */
export type FormSubject = { partnerIds: string[] } | { pairId: string };

export type RhythmForm = {
  kind: 'contractor' | 'report';
  complexity: Complexity;
  purpose: string;
  draft: RhythmDraft & { monthlyBy: 'day' | 'weekday' | null };
};

/**
 * Slack keeps what somebody typed as long as a field keeps its name, so each complexity names its rhythm fields anew:
 * choosing another one fills in another rhythm.
 */
const named = (field: 'purpose' | 'recurrence' | 'anchor' | 'time' | 'zone' | 'minutes', complexity: Complexity) =>
  `${field}.${complexity}`;

export type RhythmModal = {
  subject: FormSubject;
  viewer: Person;
  others: Person[];
  kind: 'contractor' | 'report';
  complexity: Complexity;
  draft: RhythmForm['draft'];
  purpose: string;
  /** Kind and complexity are the leader's to say, at the start only. */
  isStart: boolean;
};

export function rhythmModal(form: RhythmModal): ModalView {
  const { complexity, draft, others, viewer } = form;
  const names = others.map((other) => escapeMrkdwn(other.name)).join(', ');
  const one = others.length === 1 ? others[0] : undefined;
  return modal({
    callbackId: RHYTHM_SUBMITTED,
    title: form.isStart ? 'Propose a rhythm' : 'Suggest a rhythm',
    submit: form.isStart ? 'Propose' : 'Suggest',
    privateMetadata: JSON.stringify({ ...form.subject, complexity }),
    blocks: [
      section(`With *${names}*. Nothing is on a calendar until you both agree.`),
      ...(form.isStart ? startFields(form) : []),
      select({
        id: named('recurrence', complexity),
        label: 'How often',
        choices: recurrenceNames.map((value) => ({ value, label: recurrences[value].label })),
        initial: recurrenceOf(draft),
      }),
      datePicker({ id: named('anchor', complexity), label: 'First day', initial: draft.anchor }),
      timePicker({ id: named('time', complexity), label: 'Time', initial: draft.wallTime }),
      select({
        id: named('zone', complexity),
        label: 'Time zone',
        hint: 'The meeting keeps this local time through daylight-saving changes.',
        choices: zonesOf([...others, viewer], draft.zone),
        initial: draft.zone,
      }),
      context(one ? bothTimes(draft, viewer, one) : 'One after the other, in the order you named them.'),
      select({
        id: named('minutes', complexity),
        label: 'Length',
        choices: lengths.map((minutes) => ({ value: minutes, label: `${minutes} minutes` })),
        initial: String(draft.minutes),
      }),
      textInput({ id: named('purpose', complexity), label: 'What it is for', initial: form.purpose, maxLength: 200 }),
    ],
  });
}

const startFields = ({ kind, complexity }: RhythmModal): KnownBlock[] => [
  radio({
    id: KIND,
    label: 'Who they are to the firm',
    choices: [
      { value: 'contractor', label: 'Independent contractor' },
      { value: 'report', label: 'Reports to me' },
    ],
    initial: kind,
  }),
  withDispatch(
    select({
      id: COMPLEXITY_CHOSEN,
      label: 'Their business',
      hint: 'Fills in a rhythm below. Change it as you like.',
      choices: [
        { value: 'solo-top-producer', label: 'Solo top producer' },
        { value: 'new-team-leader', label: 'New team leader' },
        { value: 'firm-leads', label: 'Works leads the firm provides' },
      ],
      initial: complexity,
    }),
  ),
];

/** What was filled in, or the problems by field as Slack shows them. Kind and complexity are asked at the start only. */
export function readRhythm(state: FormState, complexity: Complexity): Form<RhythmForm> {
  const read = readForm(withPlainNames(state, complexity), {
    [KIND]: optionalChoice(),
    recurrence: choice(recurrenceNames),
    anchor: day(),
    time: wallTime(),
    zone: required(optionalChoice(), 'Pick a time zone.'),
    minutes: choice(lengths),
    purpose: text({ max: 200, missing: 'Say in a few words what it is for.' }),
  });
  if (!read.ok) return { ok: false, errors: fieldErrors(read.errors, complexity) };
  const { recurrence, anchor, time, zone, minutes, purpose, kind } = read.value;
  return {
    ok: true,
    value: {
      kind: kind === 'report' ? 'report' : 'contractor',
      complexity,
      purpose,
      draft: { ...recurrences[recurrence].rule, anchor, wallTime: time, zone, minutes: Number(minutes) },
    },
  };
}

function withPlainNames({ values }: FormState, complexity: Complexity): FormState {
  const plain = (name: string) => name.replace(`.${complexity}`, '');
  return {
    values: Object.fromEntries(
      Object.values(values).flatMap((block) =>
        Object.entries(block).map(([name, input]) => [plain(name), { [plain(name)]: input }]),
      ),
    ),
  };
}

/** The same problems under the names that this form's fields have. `wallTime` is what the rules call the time. */
export const fieldErrors = (errors: Record<string, string>, complexity: Complexity): Record<string, string> =>
  Object.fromEntries(
    Object.entries(errors).map(([field, why]) => {
      const name = field === 'wallTime' ? 'time' : field;
      return [name === KIND || name === COMPLEXITY_CHOSEN ? name : `${name}.${complexity}`, why];
    }),
  );

const recurrenceOf = ({ every, interval, monthlyBy }: RhythmForm['draft']): RecurrenceName | undefined =>
  recurrenceNames.find((name) => {
    const { rule } = recurrences[name];
    return rule.every === every && rule.interval === interval && rule.monthlyBy === monthlyBy;
  });

const zonesOf = (people: Person[], current: string) =>
  [...new Map([...people.map((person) => [person.zone, person.name] as const), [current, ''] as const])].map(
    ([zone]) => ({ value: zone, label: zone.replaceAll('_', ' ') }),
  );

/** "9:00 for Ana is 12:00 for you." Said once, under the zone. */
function bothTimes(draft: RhythmForm['draft'], viewer: Person, other: Person): string {
  const at = atWallTime(draft.anchor, draft.wallTime, draft.zone);
  const mine = spokenTime(at, viewer.zone, viewer.locale);
  const theirs = spokenTime(at, other.zone, viewer.locale);
  return mine === theirs
    ? `You and ${escapeMrkdwn(other.name)} share this local time.`
    : `${theirs} for ${escapeMrkdwn(other.name)} is ${mine} for you.`;
}

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

export type ProposalMessage = {
  proposal: Pick<PairedProposal, 'id' | 'state' | 'pairId' | 'purpose' | 'toId'>;
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
  const reciprocal = [why, 'You set the outcome of each meeting; the firm’s promises are tracked like yours.']
    .filter(Boolean)
    .join(' ');
  const end = answered[proposal.state];
  return {
    text: [`${title}: ${line}.`, first, end ?? 'Accept, suggest another or decline in Slack.'].join(' '),
    blocks: [
      section(`*${title}*\n${line}\n${first}\n${reciprocal}`),
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

/**
 * The rhythm on the table as a form's draft. Its first day moves on to the next one that stands for the whole rule: the
 * 28th of February would turn "the 31st" into "the 28th".
 */
export function draftOf(proposal: PairedProposal, now: Temporal.Instant): RhythmForm['draft'] {
  const rhythm = rhythmOf(proposal);
  let next = nextOccurrence(rhythm, now);
  while (!isSameRule(onAsOf(next.on, rhythm.every, proposal.monthlyBy), rhythm.on))
    next = occurrence(rhythm, next.n + 1);
  return { ...rhythm, anchor: next.on, monthlyBy: proposal.monthlyBy };
}

const isSameRule = (one: On, other: On): boolean => JSON.stringify(one) === JSON.stringify(other);

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
    text: `Agreed with ${escapeMrkdwn(other.name)}: ${line}. First on ${first}. The calendar file is attached.`,
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
