import type { KnownBlock, ModalView } from '@slack/types';
import { isPast, overdueFirst } from '../commitments/offers.ts';
import type { CommitmentRow } from '../commitments/store.ts';
import { overdue, spokenDate } from '../ground/days.ts';
import { shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { meetingTime, nameOf } from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import {
  actions,
  button,
  context,
  datePicker,
  divider,
  modal,
  section,
  select,
  textArea,
  textInput,
  withDispatch,
} from '../slack/blocks.ts';
import {
  choice,
  type Form,
  type FormState,
  optionalChoice,
  optionalDay,
  optionalText,
  readForm,
} from '../slack/form.ts';
import { type CarriedDraft, fieldOf, inOneLine, MOST_ROWS, type RecapDraft, type RowDraft } from './rules.ts';
import { fiveLines, type RecapShown, SHOW_RECAP } from './views.ts';

export const RECAP_SUBMITTED = 'recap:submitted';
export const ADD_ROW = 'recap:add-row';
/** The choice beside a carried-over promise is told at once, so that a day can be asked for. */
export const CARRIED_CHOSEN = /^carried\./;

export const OUTCOME = 'outcome';
const DECISIONS = 'decisions';
const NEXT = 'next';
const TEXT = 2000;
const WHAT = 500;
const MOST_CARRIED = 18;
/** Of Slack's hundred blocks, those that are neither a row's four nor a carried-over promise's two. */
const OTHER_BLOCKS = 23;

/** What the form is about, carried through it as ids. */
export type RecapForm = {
  meeting: string;
  /** The version that it corrects. */
  corrects?: string;
  /** Names the rows in their order. */
  rows: string[];
};

export type RecapModal = {
  form: RecapForm;
  viewer: Person;
  other: Person;
  startsAt: Temporal.Instant;
  carried: CommitmentRow[];
  draft: RecapDraft;
  /** What the rhythm gives next, with the time of day that stays when another day is picked. */
  nextAt?: Temporal.Instant;
  /** What the other one has written meanwhile. */
  first?: RecapShown;
  now: Temporal.Instant;
};

export function recapModal(shown: RecapModal): ModalView {
  const { form, viewer, other, startsAt, draft, nextAt, now } = shown;
  const room = Math.floor((100 - OTHER_BLOCKS - draft.rows.length * 4) / 2);
  const carried = overdueFirst(shown.carried, now).slice(0, Math.max(0, Math.min(MOST_CARRIED, room)));
  const left = shown.carried.length - carried.length;
  const early = Temporal.Instant.compare(now, startsAt) < 0 ? ' It has not begun: saving says that it was held.' : '';
  return modal({
    callbackId: RECAP_SUBMITTED,
    title: form.corrects ? 'Correct recap' : 'Recap',
    submit: form.corrects ? 'Correct' : 'Save',
    privateMetadata: JSON.stringify(form),
    blocks: [
      ...(shown.first ? writtenFirst(shown.first, viewer, other) : []),
      section(`With *${nameOf(other)}*, ${meetingTime(startsAt, viewer, other)}.${early}`),
      textArea({
        id: OUTCOME,
        label: 'Outcome',
        hint: 'What this meeting produced.',
        initial: draft.outcome,
        maxLength: TEXT,
      }),
      textArea({
        id: DECISIONS,
        label: 'Decided',
        hint: 'One line each. If nothing was decided, say so.',
        initial: draft.decisions,
        maxLength: TEXT,
      }),
      ...(carried.length > 0
        ? [
            divider(),
            section('*Carried over*'),
            context(`Only its owner says done: marking one of ${nameOf(other)}’s kept asks ${nameOf(other)}.`),
          ]
        : []),
      ...carried.flatMap((row) => carriedFields(row, draft.carried, shown)),
      ...(left > 0 ? [context(`and ${left} more that stand as they are: \`/accord ledger\``)] : []),
      divider(),
      section('*Who will do what by when*'),
      context('At most three `now` a side stay doable. Rows left empty are left out.'),
      ...draft.rows.flatMap((row, place) => rowFields(row, place + 1, shown)),
      ...(draft.rows.length < MOST_ROWS ? [actions(button('Add a row', ADD_ROW))] : []),
      divider(),
      datePicker({
        id: NEXT,
        label: 'Next review point',
        hint: nextAt
          ? `By the rhythm: ${shownTime(nextAt, viewer, other)}. Another day keeps the time of day.`
          : 'No rhythm is agreed; pick a day if you like.',
        optional: true,
        initial: draft.nextOn,
      }),
    ],
  });
}

/** Plain text needs no escaping, and a name has to stay short. */
const shownTime = (at: Temporal.Instant, viewer: Person, other: Person): string =>
  meetingTime(at, viewer, { ...other, name: shorten(other.name, 75) });

const writtenFirst = (first: RecapShown, viewer: Person, other: Person): KnownBlock[] => [
  section(
    `*${first.recap.writtenBy === viewer.id ? 'You have' : `${nameOf(other)} has`} written this recap meanwhile.* Yours is below as you typed it, with the rows of both. Sending it corrects the first one.`,
  ),
  ...fiveLines(first).map((line) => context(line)),
  actions(button('Show', SHOW_RECAP, first.recap.id)),
  divider(),
];

function carriedFields(row: CommitmentRow, drafts: CarriedDraft[], { viewer, now }: RecapModal): KnownBlock[] {
  const draft = drafts.find(({ id }) => id === row.id);
  const today = dayIn(row.ownerZone, now);
  const day = isPast(row, now)
    ? overdue(row.dueOn.until(today).days)
    : `due ${spokenDate(row.dueOn, today, viewer.locale)}`;
  const whose = row.ownerId === viewer.id ? 'you' : shorten(row.ownerName, 75);
  const label = `${shorten(inOneLine(row.text), 150)} (${whose}, ${day})`;
  return [
    withDispatch(
      select({
        id: fieldOf('carried', row.id),
        label,
        choices: [
          { value: 'open', label: 'Still open' },
          { value: 'kept', label: 'Kept' },
          ...(isOfPair(row) ? [{ value: 'moved', label: 'Moved' }] : []),
        ],
        initial: draft?.choice ?? 'open',
      }),
    ),
    ...(draft?.choice === 'moved' && isOfPair(row)
      ? [
          datePicker({
            id: fieldOf('to', row.id),
            label: `New day: ${shorten(inOneLine(row.text), 60)}`,
            optional: true,
            initial: draft.to,
          }),
        ]
      : []),
  ];
}

/** A colleague's day is the colleague's to move. */
const isOfPair = (row: CommitmentRow): boolean => row.ownerId === row.leaderId || row.ownerId === row.partnerId;

const rowFields = (row: RowDraft, place: number, { other }: RecapModal): KnownBlock[] => [
  select({
    id: fieldOf('who', row.key),
    label: `Row ${place}: who`,
    choices: [
      { value: 'me', label: 'Me' },
      { value: 'other', label: shorten(other.name, 75) },
    ],
    initial: row.who,
  }),
  textInput({
    id: fieldOf('what', row.key),
    label: `Row ${place}: what`,
    optional: true,
    initial: row.what,
    maxLength: WHAT,
  }),
  datePicker({ id: fieldOf('by', row.key), label: `Row ${place}: by when`, optional: true, initial: row.by }),
  select({
    id: fieldOf('priority', row.key),
    label: `Row ${place}: priority`,
    choices: [
      { value: 'now', label: 'Now' },
      { value: 'later', label: 'Later', description: 'Out of reminders until its day.' },
    ],
    initial: row.priority,
  }),
];

/** What was typed so far, or what is too long by field. Whether it is enough is for the rules to say. */
export function readRecap(state: FormState, rowKeys: readonly string[]): Form<RecapDraft> {
  const whole = readForm(state, {
    [OUTCOME]: optionalText({ max: TEXT }),
    [DECISIONS]: optionalText({ max: TEXT }),
    [NEXT]: optionalDay(),
  });
  const carried = Object.keys(state.values).flatMap((field) =>
    CARRIED_CHOSEN.test(field) ? [readCarried(state, field)] : [],
  );
  const rows = rowKeys.map((key) => readRow(state, key));
  const errors = Object.assign({}, ...[whole, ...rows].map((read) => (read.ok ? {} : read.errors)));
  if (!whole.ok || Object.keys(errors).length > 0) return { ok: false, errors };
  const { outcome, decisions, next } = whole.value;
  return {
    ok: true,
    value: { outcome, decisions, nextOn: next, carried, rows: rows.flatMap((row) => (row.ok ? [row.value] : [])) },
  };
}

function readCarried(state: FormState, field: string): CarriedDraft {
  const id = field.slice(field.indexOf('.') + 1);
  const to = fieldOf('to', id);
  const read = readForm(state, { [field]: optionalChoice(), [to]: optionalDay() });
  const chosen = read.ok ? read.value[field] : undefined;
  const day = read.ok ? read.value[to] : undefined;
  return {
    id,
    choice: chosen === 'kept' || chosen === 'moved' ? chosen : 'open',
    ...(day instanceof Temporal.PlainDate && { to: day }),
  };
}

function readRow(state: FormState, key: string): Form<RowDraft> {
  const of = <T>(part: Parameters<typeof fieldOf>[0], reader: T) => ({ [fieldOf(part, key)]: reader });
  const who = readForm(state, of('who', choice(['me', 'other'])));
  const what = readForm(state, of('what', optionalText({ max: WHAT })));
  const by = readForm(state, of('by', optionalDay()));
  const priority = readForm(state, of('priority', optionalChoice()));
  if (!what.ok) return what;
  return {
    ok: true,
    value: {
      key,
      who: who.ok && who.value[fieldOf('who', key)] === 'other' ? 'other' : 'me',
      what: what.value[fieldOf('what', key)],
      by: by.ok ? by.value[fieldOf('by', key)] : undefined,
      priority: priority.ok && priority.value[fieldOf('priority', key)] === 'later' ? 'later' : 'now',
    },
  };
}
