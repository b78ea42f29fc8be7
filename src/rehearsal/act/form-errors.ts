import type { OpenView } from '../state.ts';

const shown = new WeakMap<OpenView, { hash: string; errors: Record<string, string> }>();

/** The problems under the fields of a form: they stay until it is submitted again or shows something else. */
export const setFormErrors = (open: OpenView, errors: Record<string, string>): void => {
  shown.set(open, { hash: open.hash, errors });
};

export function formErrors(open: OpenView): Record<string, string> | undefined {
  const last = shown.get(open);
  return last && last.hash === open.hash && Object.keys(last.errors).length > 0 ? last.errors : undefined;
}
