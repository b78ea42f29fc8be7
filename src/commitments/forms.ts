import type { KnownBlock, ModalView } from '@slack/types';
import { spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { context, datePicker, modal, section, textInput, userSelect } from '../slack/blocks.ts';
import { day, type Form, type FormState, optionalText, person, readForm, text } from '../slack/form.ts';
import { DIGEST_LINE, lineField, lineReader } from './digest-views.ts';
import type { CommitmentRow } from './store.ts';

/** What an act still has to be told. */
export const ACT_FORMS = ['accept-late', 'decline', 'move', 'reopen', 'colleague', 'reword'] as const;
export type ActForm = (typeof ACT_FORMS)[number];
export const submittedOf = (form: ActForm): string => `commitment:${form}-submitted`;

const DUE = 'dueOn';
const COLLEAGUE = 'colleague';
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
      return { title: 'Reword for digest', submit: 'Save', blocks: [lineField(row.digestLine)] };
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
      return readForm(state, { [DIGEST_LINE]: lineReader() });
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
  reword: [DIGEST_LINE],
};

/** Under which field of this form a refusal is shown. */
export const actField = (form: ActForm, field: string | undefined): string => {
  const known = fieldsOf[form];
  return known.find((name) => name === field) ?? known[0] ?? LINE;
};
