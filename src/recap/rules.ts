/** One row of the form: who will do what by when. */
export type RowDraft = {
  /** Names its fields: a fresh name, or the id of the commitment that it corrects. */
  key: string;
  who: 'me' | 'other';
  what?: string;
  by?: Temporal.PlainDate;
  priority: 'now' | 'later';
};
export type FullRow = RowDraft & { what: string; by: Temporal.PlainDate };

export type CarriedChoice = 'kept' | 'moved' | 'open';
export type CarriedDraft = { id: string; choice: CarriedChoice; to?: Temporal.PlainDate };

/** What was typed so far, complete or not. */
export type RecapDraft = {
  outcome?: string;
  decisions?: string;
  carried: CarriedDraft[];
  rows: RowDraft[];
  nextOn?: Temporal.PlainDate;
};
export type FullDraft = Omit<RecapDraft, 'rows'> & {
  outcome: string;
  decisions: string;
  rows: FullRow[];
  /** The rows of earlier versions that were emptied. */
  cleared: string[];
};

/** A carried-over promise as far as the form's rules need it. */
export type CarriedItem = { id: string; dueOn: Temporal.PlainDate; ownerToday: Temporal.PlainDate };

/** By field name, as Slack shows them. */
export type Problems = Record<string, string>;

/** Rows that one writes; where two wrote at once, the form shows those of both. */
export const MOST_ROWS = 10;
export const MOST_ROWS_OF_BOTH = 19;
export const fieldOf = (part: 'who' | 'what' | 'by' | 'priority' | 'carried' | 'to', key: string): string =>
  `${part}.${key}`;

const PASSED = 'That day has passed. Pick a day from today on.';
const isBeforeDay = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) < 0;

/** A row that nobody filled in: left out without a word. */
export const isEmpty = ({ what, by }: Pick<RowDraft, 'what' | 'by'>): boolean => !what && !by;

/** The day that the form proposed for the next review, and today, both where the rhythm counts them. */
export type NextPoint = { proposed?: Temporal.PlainDate; today: Temporal.PlainDate };

/** Every problem at once. `standing` are the rows that are corrected, as the form showed them; `todayOf` is the day it is where the one who would owe it lives. */
export function checkDraft(
  draft: RecapDraft,
  carried: readonly CarriedItem[],
  todayOf: Record<RowDraft['who'], Temporal.PlainDate>,
  next: NextPoint,
  standing: readonly RowDraft[] = [],
): { ok: true; draft: FullDraft } | { ok: false; problems: Problems } {
  const problems: Problems = {};
  if (!draft.outcome) problems.outcome = 'Write at least one line.';
  if (!draft.decisions) problems.decisions = 'Write at least one line.';
  const rows = draft.rows.filter((row) => !isEmpty(row));
  for (const row of rows) Object.assign(problems, problemsOfRow(row, standing, todayOf[row.who]));
  for (const choice of draft.carried) Object.assign(problems, problemsOfChoice(choice, carried));
  if (draft.nextOn && !isAhead(draft.nextOn, next)) problems.next = 'Pick a day from tomorrow on.';
  if (Object.keys(problems).length > 0 || !draft.outcome || !draft.decisions) return { ok: false, problems };
  const cleared = draft.rows.filter((row) => isEmpty(row) && !isNew(row.key)).map(({ key }) => key);
  const { outcome, decisions } = draft;
  return { ok: true, draft: { ...draft, outcome, decisions, rows: rows.filter(isFull), cleared } };
}

const isAhead = (on: Temporal.PlainDate, { proposed, today }: NextPoint): boolean =>
  proposed?.equals(on) === true || isBeforeDay(today, on);

const isFull = (row: RowDraft): row is FullRow => row.what !== undefined && row.by !== undefined;

function problemsOfRow(row: RowDraft, standing: readonly RowDraft[], today: Temporal.PlainDate): Problems {
  const { key, what, by } = row;
  if (!what) return { [fieldOf('what', key)]: 'Say what, or clear the day.' };
  if (!by) return { [fieldOf('by', key)]: 'Pick a day.' };
  // A row that stands keeps its day, also one that has passed since.
  const stands = standing.some((one) => isUnchanged(one, row));
  return isBeforeDay(by, today) && !stands ? { [fieldOf('by', key)]: PASSED } : {};
}

const isUnchanged = (one: RowDraft, row: RowDraft): boolean =>
  one.key === row.key &&
  one.who === row.who &&
  one.what === row.what &&
  one.priority === row.priority &&
  one.by !== undefined &&
  row.by?.equals(one.by) === true;

function problemsOfChoice({ id, choice, to }: CarriedDraft, carried: readonly CarriedItem[]): Problems {
  const item = carried.find((one) => one.id === id);
  if (!item || choice !== 'moved') return {};
  if (to === undefined) return { [fieldOf('to', id)]: 'Pick its new day.' };
  if (isBeforeDay(to, item.ownerToday)) return { [fieldOf('to', id)]: PASSED };
  return to.equals(item.dueOn) ? { [fieldOf('to', id)]: 'It is due on that day already. Pick another.' } : {};
}

/** Chosen as moved before a day could be picked: the form has to show the picker first. */
export const wantsDays = ({ carried }: RecapDraft, shown: readonly string[]): boolean =>
  carried.some(({ id, choice, to }) => choice === 'moved' && to === undefined && !shown.includes(id));

const NEW = /^new\d+$/;
export const isNew = (key: string): boolean => NEW.test(key);
export const newKey = (rows: readonly { key: string }[]): string => {
  const taken = rows.map(({ key }) => Number(NEW.test(key) ? key.slice(3) : 0));
  return `new${Math.max(0, ...taken) + 1}`;
};

/** A row of an earlier version as it stands. */
export type StandingRow = {
  id: string;
  state: 'asked' | 'open';
  ownerId: string;
  text: string;
  dueOn: Temporal.PlainDate;
  priority: 'now' | 'later';
};

/** What becomes of a row in a correction, before the other side has confirmed it. */
export type Correction =
  | { step: 'leave' }
  | { step: 'accept' }
  /** Taken back or declined by the corrector, whose word it is; `anew` writes the corrected row. */
  | { step: 'take back' | 'decline' | 'withdraw'; anew?: FullRow }
  | { step: 'move'; to: Temporal.PlainDate }
  /** It is accepted by somebody else: that one is asked. */
  | { step: 'ask to move'; to: Temporal.PlainDate }
  | { step: 'ask to drop'; anew?: FullRow };

/**
 * A correction changes at once what is the corrector's own to change; another's accepted promise changes only by asking.
 * Leaving in what was asked of oneself is accepting it: it was written by oneself. What was asked of the other side is the
 * corrector's, also where a leader before wrote it.
 */
export function correctionOf(row: StandingRow, edited: FullRow | undefined, by: string): Correction {
  const isOwn = row.ownerId === by;
  if (edited && isSame(row, edited, isOwn)) return { step: row.state === 'asked' && isOwn ? 'accept' : 'leave' };
  const anew = edited;
  if (row.state === 'asked') return { step: isOwn ? 'decline' : 'take back', anew };
  if (edited && isSame({ ...row, dueOn: edited.by }, edited, isOwn))
    return isOwn ? { step: 'move', to: edited.by } : { step: 'ask to move', to: edited.by };
  return isOwn ? { step: 'withdraw', anew } : { step: 'ask to drop', anew };
}

function isSame(row: StandingRow, edited: FullRow, isOwn: boolean): boolean {
  const who = isOwn ? 'me' : 'other';
  return (
    edited.who === who && edited.what === row.text && edited.by.equals(row.dueOn) && edited.priority === row.priority
  );
}

/** What was written on several lines, in one: "relist on Monday; stop the portal ads". */
export const inOneLine = (text: string): string =>
  text
    .split(/\s*\n\s*/)
    .map((line) => line.replace(/^[-•*–]\s+/, '').trim())
    .filter((line) => line !== '')
    .map((line, place, lines) => (place < lines.length - 1 ? line.replace(/[.;,]$/, '') : line))
    .join('; ');
