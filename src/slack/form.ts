/**
 * Reading a submitted modal. One name a field: an input's block id is its action id, and the errors are keyed by it, as
 * Slack wants them in `response_action: "errors"`.
 */

export type Form<T> = { ok: true; value: T } | { ok: false; errors: Record<string, string> };

/** What Slack sends for one input in `view.state.values`; only the properties that readers use. */
export type InputState = {
  value?: string | null;
  selected_date?: string | null;
  selected_time?: string | null;
  selected_option?: { value?: string } | null;
  selected_options?: { value?: string }[] | null;
  selected_user?: string | null;
  selected_users?: string[] | null;
  selected_channel?: string | null;
  selected_conversation?: string | null;
};
export type FormState = { values: Record<string, Record<string, InputState>> };

/** A reader answers with the value, or with the sentence that is shown under the field. */
export type Reader<T> = (field: InputState) => { value: T } | { problem: string };
type ReadBy<R> = { [K in keyof R]: R[K] extends Reader<infer T> ? T : never };

/** Reads every field, so that all problems are shown at once. */
export function readForm<R extends Record<string, Reader<unknown>>>(state: FormState, readers: R): Form<ReadBy<R>> {
  const errors: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [id, reader] of Object.entries(readers)) {
    const read = reader(state.values[id]?.[id] ?? {});
    if ('problem' in read) errors[id] = read.problem;
    else values[id] = read.value;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: isComplete(values, readers) ? values : unreachable() };
}

/** Every reader has given its value, so the record has the type that the readers spell out. */
function isComplete<R extends Record<string, Reader<unknown>>>(
  values: Record<string, unknown>,
  readers: R,
): values is ReadBy<R> & Record<string, unknown> {
  return Object.keys(readers).every((id) => id in values);
}

function unreachable(): never {
  throw new Error('a form was read without all its fields');
}

const present = <T>(value: T | null | undefined, problem: string): { value: T } | { problem: string } =>
  value === null || value === undefined ? { problem } : { value };

type TextRule = { max?: number; missing?: string };

/** Trimmed; never empty. */
export const text =
  ({ max = 3000, missing = 'Write at least one line.' }: TextRule = {}): Reader<string> =>
  (field) => {
    const value = field.value?.trim() ?? '';
    if (value === '') return { problem: missing };
    return value.length > max ? { problem: `At most ${max} characters; this has ${value.length}.` } : { value };
  };

/** Trimmed; undefined when nothing was written. */
export const optionalText =
  (rule: TextRule = {}): Reader<string | undefined> =>
  (field) =>
    field.value?.trim() ? text(rule)(field) : { value: undefined };

const dayOf = (iso: string): Temporal.PlainDate | undefined => {
  try {
    return Temporal.PlainDate.from(iso);
  } catch {
    return undefined;
  }
};

export const day =
  (missing = 'Pick a day.'): Reader<Temporal.PlainDate> =>
  (field) =>
    present(field.selected_date ? dayOf(field.selected_date) : undefined, missing);

/** None is an answer too; what is no day did not come from our form. */
export const optionalDay =
  (missing = 'Pick a day.'): Reader<Temporal.PlainDate | undefined> =>
  (field) =>
    field.selected_date ? day(missing)(field) : { value: undefined };

export const wallTime =
  (missing = 'Pick a time.'): Reader<Temporal.PlainTime> =>
  (field) => {
    const at = /^([01]\d|2[0-3]):[0-5]\d$/.test(field.selected_time ?? '') ? field.selected_time : undefined;
    return at ? { value: Temporal.PlainTime.from(at) } : { problem: missing };
  };

/** One of the values that the form offered: anything else did not come from our form. */
export const choice =
  <const V extends string>(offered: readonly V[], missing = 'Pick one.'): Reader<V> =>
  (field) =>
    present(
      offered.find((value) => value === field.selected_option?.value),
      missing,
    );

/** The same where none is an answer too. */
export const optionalOneOf =
  <const V extends string>(offered: readonly V[], missing = 'Pick one.'): Reader<V | undefined> =>
  (field) =>
    field.selected_option ? choice(offered, missing)(field) : { value: undefined };

/** A choice whose values are ids, which the caller checks. */
export const optionalChoice = (): Reader<string | undefined> => (field) => ({
  value: field.selected_option?.value,
});

/** The ticked ones, in the order offered; none is an answer too. */
export const choices =
  <const V extends string>(offered: readonly V[]): Reader<V[]> =>
  (field) => {
    const ticked = (field.selected_options ?? []).map((option) => option.value);
    return { value: offered.filter((value) => ticked.includes(value)) };
  };

/** Ticked boxes whose values are ids, which the caller checks. */
export const ticked = (): Reader<string[]> => (field) => ({
  value: (field.selected_options ?? []).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
});

export const person =
  (missing = 'Pick a person.'): Reader<string> =>
  (field) =>
    present(field.selected_user, missing);

export const optionalPerson = (): Reader<string | undefined> => (field) => ({
  value: field.selected_user ?? undefined,
});

export const people =
  (missing = 'Pick at least one person.'): Reader<string[]> =>
  (field) =>
    field.selected_users && field.selected_users.length > 0 ? { value: field.selected_users } : { problem: missing };

export const channel =
  (missing = 'Pick a channel.'): Reader<string> =>
  (field) =>
    present(field.selected_conversation ?? field.selected_channel, missing);

export const optionalChannel = (): Reader<string | undefined> => (field) => ({
  value: field.selected_conversation ?? field.selected_channel ?? undefined,
});

/** A reader whose absence is a problem. */
export const required =
  <T>(reader: Reader<T | undefined>, missing: string): Reader<T> =>
  (field) => {
    const read = reader(field);
    return 'problem' in read ? read : present(read.value, missing);
  };
