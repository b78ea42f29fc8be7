import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { spokenTime } from '../ground/days.ts';
import { escapeMrkdwn } from '../ground/slack-text.ts';
import { atWallTime } from '../ground/zoned.ts';
import type { Pair } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';
import {
  actions,
  context,
  datePicker,
  divider,
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
  optionalOneOf,
  readForm,
  required,
  text,
  wallTime,
} from '../slack/form.ts';
import {
  type Complexity,
  nextOccurrence,
  type On,
  occurrence,
  onAsOf,
  type Rhythm,
  type RhythmDraft,
} from './rules.ts';
import { type PairedProposal, rhythmOf } from './store.ts';
import { endButton, handOverButton } from './views.ts';

export const RHYTHM_SUBMITTED = 'cadence:rhythm-submitted';
export const COMPLEXITY_CHOSEN = 'complexity';

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

/** What was on a pair's table when a form was opened; null where there was nothing. */
export type Basis = { id: string; state: string } | null;
/** What the form is about, carried through it as ids: the people proposed to, or the proposal that it answers. */
export type FormSubject = { partnerIds: string[] } | { pairId: string; basis: Basis };

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
  /** The agreed pair whose rhythm it is, where whoever looks at it may also end it. */
  ofPair?: Pick<Pair, 'id' | 'leaderId'>;
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
      ...(form.ofPair && one ? lifeOf(form.ofPair, viewer, one) : []),
    ],
  });
}

/** What else may become of a pair: either side ends it, its leader hands it over. */
const lifeOf = ({ id, leaderId }: Pick<Pair, 'id' | 'leaderId'>, viewer: Person, other: Person): KnownBlock[] => [
  divider(),
  actions(...(viewer.id === leaderId ? [handOverButton(id)] : []), endButton(id, other)),
];

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
    [KIND]: optionalOneOf(['contractor', 'report']),
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
      kind: kind ?? 'contractor',
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

const subjectShape = z.intersection(
  z.object({ complexity: z.enum(complexities) }),
  z.union([
    z.object({ partnerIds: z.array(z.string().max(20)).min(1).max(20) }),
    z.object({ pairId: z.uuid(), basis: z.object({ id: z.uuid(), state: z.string() }).nullable() }),
  ]),
);

/** What the form carried; undefined when it is not as we made it. */
export function readSubject(metadata: string): z.infer<typeof subjectShape> | undefined {
  try {
    return subjectShape.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
