import type { KnownBlock, ModalView } from '@slack/types';
import { spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import { checkboxes, context, modal, radio, section } from '../slack/blocks.ts';
import { type Form, type FormState, optionalOneOf, readForm, ticked } from '../slack/form.ts';
import { inOneLine, MOST_ROWS_OF_BOTH } from './rules.ts';
import type { RecapShown } from './views.ts';

export const CONFIRMATION_SUBMITTED = 'recap:confirmed';
const PRODUCED = 'produced';
const TALKED = 'talked';
const KEEP_OUT = 'keepOut';
/** Slack shows ten boxes. */
const BOXES = 10;

export type ConfirmModal = { shown: RecapShown; viewer: Person; other: Person };

/** One click on the message, one here: what the confirmation adds is optional. */
export function confirmModal({ shown, viewer, other }: ConfirmModal): ModalView {
  const mine = shown.rows.filter((row) => row.state === 'asked' && row.ownerId === viewer.id);
  const accepted = mine.map(
    (row) =>
      `○ ${spokenDate(row.dueOn, dayIn(viewer.zone, shown.now), viewer.locale)}: ${quiet(shorten(inOneLine(row.text), 100))}`,
  );
  return modal({
    callbackId: CONFIRMATION_SUBMITTED,
    title: 'Confirm the recap',
    submit: 'Confirm',
    privateMetadata: shown.recap.id,
    blocks: [
      ...(accepted.length > 0 ? [section('*You accept*')] : []),
      ...accepted.slice(0, MOST_ROWS_OF_BOTH).map((line) => context(line)),
      radio({
        id: PRODUCED,
        label: 'Was the outcome produced?',
        optional: true,
        choices: [
          { value: 'yes', label: 'Yes' },
          { value: 'partly', label: 'Partly' },
          { value: 'no', label: 'No' },
        ],
      }),
      radio({
        id: TALKED,
        label: 'Who did most of the talking?',
        optional: true,
        choices: [
          { value: 'me', label: 'I did' },
          { value: 'other', label: shorten(other.name, 75) },
          { value: 'even', label: 'About even' },
        ],
      }),
      ...keepOut(shown),
    ],
  });
}

/** The lines that the channel will read, once it is confirmed. */
function keepOut({ rows }: RecapShown): KnownBlock[] {
  const lines = rows.flatMap(({ id, side, state, digestLine }) =>
    side === 'firm' && (state === 'asked' || state === 'open') && digestLine !== null
      ? [{ value: id, label: shorten(inOneLine(digestLine), 75) }]
      : [],
  );
  if (lines.length === 0) return [];
  return [
    checkboxes({
      id: KEEP_OUT,
      label: 'Keep out of the digest',
      hint: 'The channel reads these lines with their owner’s name. What is kept out is counted and not named.',
      optional: true,
      choices: lines.slice(0, BOXES),
    }),
  ];
}

export type ConfirmAnswer = {
  produced: 'yes' | 'partly' | 'no' | null;
  talkedMost: 'me' | 'other' | 'even' | null;
  /** The commitments to keep out of the digest, as far as the form may say so. */
  keepOut: string[];
};

export function readConfirmation(state: FormState): Form<ConfirmAnswer> {
  const read = readForm(state, {
    [PRODUCED]: optionalOneOf(['yes', 'partly', 'no']),
    [TALKED]: optionalOneOf(['me', 'other', 'even']),
    [KEEP_OUT]: ticked(),
  });
  if (!read.ok) return read;
  const { produced = null, talked = null, keepOut } = read.value;
  return { ok: true, value: { produced, talkedMost: talked, keepOut } };
}

/** Where a refusal of a confirmation is shown. */
export const confirmErrors = (why: string): Record<string, string> => ({ [PRODUCED]: why });
