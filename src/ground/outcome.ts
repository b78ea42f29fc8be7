/** A refusal is a value: `why` is shown to the person as it stands, `field` names the form field that it belongs to. */
export type Refused = { ok: false; why: string; field?: string };
export type Done<T> = { ok: true; value: T };
export type Outcome<T> = Done<T> | Refused;

export const done = <T>(value: T): Done<T> => ({ ok: true, value });
export const refuse = (why: string, field?: string): Refused =>
  field === undefined ? { ok: false, why } : { ok: false, why, field };
