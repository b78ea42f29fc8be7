import type { KnownBlock, ModalView } from '@slack/types';
import { escapeMrkdwn, quiet, shorten } from '../ground/slack-text.ts';
import { context, datePicker, modal, radio, section, select, textArea, userSelect } from '../slack/blocks.ts';
import {
  choice,
  day,
  type Form,
  type FormState,
  optionalChoice,
  optionalPerson,
  readForm,
  text,
} from '../slack/form.ts';
import type { DigestLine } from './digest-line.ts';
import { DIGEST_LINE, lineField, lineReader } from './digest-views.ts';

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
  /** What the digest would name it as, or why it would not: looked at before it is saved. */
  digest?: DigestLine;
  /** Where the words come from: a message's channel and timestamp, carried as ids. */
  metadata: string;
};

const fieldOf = { when: DUE, who: PAIR, what: WHAT, owner: WHO } as const;

export function commitModal({ pairs, draft, question, digest, metadata }: CommitForm): ModalView {
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
      ...(digest ? [section(lookSaid(digest)), lineField(digest.line)] : []),
      ...(only
        ? [context(withSaid(only, digest !== undefined))]
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

const withSaid = ({ otherName }: PairChoice, besideTheLine: boolean): string =>
  `With ${quiet(shorten(otherName, 75))}. ${besideTheLine ? 'The channel reads that line. The rest stays between you two and whoever owns it.' : 'Only the two of you see this, and whoever owns it.'}`;

/** Said above everything that was filled in, since it is what is new in the form. */
const lookSaid = (digest: DigestLine): string =>
  digest.line === null
    ? `*Not saved yet: the weekly digest would count it without naming it, because ${quiet(shorten(digest.because, 150))}.*\nWrite what the channel may read, or leave the line empty.`
    : '*Not saved yet: the weekly digest would name it like this.*';

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
  /** What the channel may read; null when the line was left empty, undefined before anybody was shown it. */
  line: string | null | undefined;
};

export function readCommit(state: FormState): Form<CommitAnswer> {
  const read = readForm(state, {
    [PAIR]: optionalChoice(),
    [WHO]: choice(['promise', 'ask']),
    [WHAT]: text({ missing: 'Say what, in a line.' }),
    [DUE]: day('Pick a day: a commitment says by when.'),
    [PRIORITY]: choice(['now', 'later']),
    [COLLEAGUE]: optionalPerson(),
    [DIGEST_LINE]: lineReader(),
  });
  if (!read.ok) return read;
  const { pair, who, what, dueOn, priority, colleague, line } = read.value;
  const isShown = DIGEST_LINE in state.values;
  const shown = isShown ? (line ?? null) : undefined;
  return {
    ok: true,
    value: { pairId: pair, act: who, text: what, dueOn, priority, colleagueId: colleague, line: shown },
  };
}

/** Under which field a refusal of the rules is shown. */
export const commitField = (field: string | undefined): string =>
  field !== undefined && [PAIR, DUE, WHO, COLLEAGUE, DIGEST_LINE].includes(field) ? field : WHAT;
