import type { KnownBlock, ModalView } from '@slack/types';
import { spokenDate } from '../ground/days.ts';
import { escapeMrkdwn, quiet, shorten } from '../ground/slack-text.ts';
import {
  context,
  datePicker,
  modal,
  radio,
  section,
  select,
  textArea,
  textInput,
  userSelect,
} from '../slack/blocks.ts';
import {
  choice,
  day,
  type Form,
  type FormState,
  optionalChoice,
  optionalPerson,
  optionalText,
  person,
  readForm,
  text,
} from '../slack/form.ts';
import type { CommitmentRow } from './store.ts';

/** The form behind `/commit` alone, a line that left a question open, and *Make this a commitment*. */
export const COMMIT_SUBMITTED = 'commitment:written';
const PAIR = 'pair';
const WHO = 'who';
const WHAT = 'what';
const DUE = 'dueOn';
const PRIORITY = 'priority';
const COLLEAGUE = 'colleague';

export type PairChoice = { pairId: string; otherName: string; role: 'leader' | 'partner' };

export type CommitForm = {
  pairs: PairChoice[];
  draft: {
    pairId?: string;
    act?: 'promise' | 'ask';
    text?: string;
    dueOn?: Temporal.PlainDate;
    priority?: 'now' | 'later';
    colleagueId?: string;
  };
  /** The question that a typed line left open, shown where it is answered. */
  question?: { field: 'when' | 'who' | 'what' | 'owner'; why: string };
  /** Where the words come from: a message's channel and timestamp, carried as ids. */
  metadata: string;
};

const fieldOf = { when: DUE, who: PAIR, what: WHAT, owner: WHO } as const;

export function commitModal({ pairs, draft, question, metadata }: CommitForm): ModalView {
  // Where it is not clear with whom, the one there is has to be chosen as well.
  const [only] = pairs.length === 1 && question?.field !== 'who' ? pairs : [];
  const asked = (field: string) =>
    question && fieldOf[question.field] === field ? { hint: shorten(question.why, 300) } : {};
  const other = only ? shorten(only.otherName, 50) : 'the other one';
  return modal({
    callbackId: COMMIT_SUBMITTED,
    title: 'Make a commitment',
    submit: 'Save',
    privateMetadata: metadata,
    blocks: [
      ...(question ? [section(`*${escapeMrkdwn(question.why)}*`)] : []),
      ...(only
        ? [context(`With ${quiet(shorten(only.otherName, 75))}. Only the two of you see this, and whoever owns it.`)]
        : [
            select({
              id: PAIR,
              label: 'With whom',
              choices: pairs.map(({ pairId, otherName }) => ({ value: pairId, label: otherName })),
              initial: draft.pairId,
              ...asked(PAIR),
            }),
          ]),
      radio({
        id: WHO,
        label: 'Who does it',
        choices: [
          { value: 'promise', label: 'I do: a promise' },
          { value: 'ask', label: `I ask ${other}`, description: 'It opens when they accept.' },
        ],
        initial: draft.act ?? 'promise',
        ...asked(WHO),
      }),
      textArea({ id: WHAT, label: 'What', initial: draft.text, maxLength: 3000, ...asked(WHAT) }),
      datePicker({ id: DUE, label: 'By when', initial: draft.dueOn, ...asked(DUE) }),
      select({
        id: PRIORITY,
        label: 'Priority',
        choices: [
          { value: 'now', label: 'Now' },
          { value: 'later', label: 'Later', description: 'Out of reminders until its day.' },
        ],
        initial: draft.priority ?? 'now',
      }),
      ...(pairs.some(({ role }) => role === 'leader') ? [colleagueField(draft.colleagueId)] : []),
    ],
  });
}

const colleagueField = (initial: string | undefined): KnownBlock =>
  userSelect({
    id: COLLEAGUE,
    label: 'A colleague who would own it',
    hint: 'For a promise of the firm’s. They read the text and for whom it is; it is yours until they accept.',
    optional: true,
    initial,
  });

export type CommitAnswer = {
  pairId: string | undefined;
  act: 'promise' | 'ask';
  text: string;
  dueOn: Temporal.PlainDate;
  priority: 'now' | 'later';
  colleagueId: string | undefined;
};

export function readCommit(state: FormState): Form<CommitAnswer> {
  const read = readForm(state, {
    [PAIR]: optionalChoice(),
    [WHO]: choice(['promise', 'ask']),
    [WHAT]: text({ missing: 'Say what, in a line.' }),
    [DUE]: day('Pick a day: a commitment says by when.'),
    [PRIORITY]: choice(['now', 'later']),
    [COLLEAGUE]: optionalPerson(),
  });
  if (!read.ok) return read;
  const { pair, who, what, dueOn, priority, colleague } = read.value;
  return { ok: true, value: { pairId: pair, act: who, text: what, dueOn, priority, colleagueId: colleague } };
}

/** Under which field a refusal of the rules is shown. */
export const commitField = (field: string | undefined): string =>
  field !== undefined && [PAIR, DUE, WHO, COLLEAGUE].includes(field) ? field : WHAT;

// What an act still has to be told.

export const ACT_FORMS = ['accept-late', 'decline', 'move', 'reopen', 'colleague', 'reword'] as const;
export type ActForm = (typeof ACT_FORMS)[number];
export const submittedOf = (form: ActForm): string => `commitment:${form}-submitted`;

const REASON = 'reason';
const LINE = 'line';

/** The form of an act on one row. `metadata` holds the row's id and where it was clicked. */
export function actModal(
  form: ActForm,
  row: CommitmentRow,
  metadata: string,
  locale: string,
  today: Temporal.PlainDate,
): ModalView {
  const { title, submit, blocks } = formOf(form, row, today);
  const what = `${quiet(shorten(row.text, 300))} · ${spokenDate(row.dueOn, today, locale)}`;
  return modal({
    callbackId: submittedOf(form),
    title,
    submit,
    privateMetadata: metadata,
    blocks: [section(what), ...blocks],
  });
}

function formOf(
  form: ActForm,
  row: CommitmentRow,
  today: Temporal.PlainDate,
): { title: string; submit: string; blocks: KnownBlock[] } {
  const next = Temporal.PlainDate.compare(today, row.dueOn) > 0 ? today : row.dueOn;
  switch (form) {
    case 'accept-late':
      return { title: 'Accept with a new day', submit: 'Accept', blocks: [datePicker({ id: DUE, label: 'By when' })] };
    case 'decline':
      return { title: 'Decline', submit: 'Decline', blocks: [declineLine(row)] };
    case 'move':
      return {
        title: 'Give it a new day',
        submit: 'Move',
        blocks: [
          datePicker({ id: DUE, label: 'New day', initial: next.add({ days: 7 }) }),
          textInput({ id: REASON, label: 'Why', maxLength: 300 }),
          context(moveRule(row, today)),
        ],
      };
    case 'reopen':
      return { title: 'Reopen', submit: 'Reopen', blocks: [textInput({ id: REASON, label: 'Why', maxLength: 300 })] };
    case 'colleague':
      return {
        title: 'Ask a colleague',
        submit: 'Ask',
        blocks: [
          userSelect({ id: COLLEAGUE, label: 'Who would own it' }),
          context(
            `They read the text and “for ${quiet(shorten(row.partnerName, 75))}”, nothing else. It is yours until they accept.`,
          ),
        ],
      };
    case 'reword':
      return { title: 'Reword for digest', submit: 'Save', blocks: rewordFields(row) };
  }
}

const declineLine = (row: CommitmentRow): KnownBlock =>
  row.side === 'firm'
    ? textInput({
        id: LINE,
        label: 'Why the firm will not do it',
        hint: `${row.partnerName} reads this.`,
        maxLength: 300,
      })
    : textInput({ id: LINE, label: 'A line, if you like', optional: true, maxLength: 300 });

function moveRule(row: CommitmentRow, today: Temporal.PlainDate): string {
  const other = quiet(shorten(row.side === 'firm' ? row.partnerName : row.leaderName, 75));
  if (row.firstUnkeptOn !== null || Temporal.PlainDate.compare(today, row.dueOn) > 0)
    return 'Its day has passed, so it counts as one miss; done now, it is kept late.';
  return row.moves === 0
    ? 'The first new day in time is no miss.'
    : `It was moved before, so this one stands when ${other} agrees before its day ends.`;
}

const rewordFields = (row: CommitmentRow): KnownBlock[] => [
  textInput({
    id: LINE,
    label: 'What the channel reads',
    hint: 'No client, no address, nobody but its owner. Left empty, it is counted but not named.',
    initial: row.digestLine ?? undefined,
    optional: true,
    maxLength: 150,
  }),
];

export type ActAnswer = { dueOn?: Temporal.PlainDate; reason?: string; line?: string; colleagueId?: string };

/** What was filled in for this act. Whether the firm may decline without a line is for the rules to say. */
export function readAct(form: ActForm, state: FormState): Form<ActAnswer> {
  switch (form) {
    case 'accept-late':
      return readForm(state, { [DUE]: day() });
    case 'move':
      return readForm(state, { [DUE]: day(), [REASON]: text({ max: 300, missing: 'Say in a few words why.' }) });
    case 'reopen':
      return readForm(state, { [REASON]: text({ max: 300, missing: 'Say in a few words why.' }) });
    case 'decline':
      return readForm(state, { [LINE]: optionalText({ max: 300 }) });
    case 'reword':
      return readForm(state, { [LINE]: optionalText({ max: 150 }) });
    case 'colleague': {
      const read = readForm(state, { [COLLEAGUE]: person() });
      return read.ok ? { ok: true, value: { colleagueId: read.value.colleague } } : read;
    }
  }
}

const fieldsOf: Record<ActForm, string[]> = {
  'accept-late': [DUE],
  decline: [LINE],
  move: [DUE, REASON],
  reopen: [REASON],
  colleague: [COLLEAGUE],
  reword: [LINE],
};

/** Under which field of this form a refusal is shown. */
export const actField = (form: ActForm, field: string | undefined): string => {
  const known = fieldsOf[form];
  return known.find((name) => name === field) ?? known[0] ?? LINE;
};
