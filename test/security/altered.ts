import type { Input } from './forged.ts';

const JUNK = 'x-forged';

/** The same with each thing that it carries altered, one at a time: value, option, metadata, and each choice of a form. */
export function altered(input: Input): Input[] {
  if (input.kind === 'action')
    return [
      ...(input.value === undefined ? [] : [{ ...input, value: JUNK }]),
      ...(input.option === undefined ? [] : [{ ...input, option: JUNK }]),
      ...(input.form ? [{ ...input, form: { ...input.form, metadata: JUNK } }] : []),
    ];
  if (input.kind !== 'view') return [];
  const { values = {} } = input;
  const chosen = Object.entries(values).flatMap(([field, value]) => {
    const forged = alteredChoice(value);
    return forged ? [{ ...input, values: { ...values, [field]: forged } }] : [];
  });
  return [...(carriesNothing(input) ? [] : [{ ...input, metadata: JUNK }]), ...chosen];
}

const carriesNothing = ({ metadata }: { metadata: string }): boolean => metadata === '{}';

/** Undefined for what people type themselves. */
function alteredChoice(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('selected_option' in value) return { ...value, selected_option: { value: JUNK } };
  if ('selected_date' in value) return { ...value, selected_date: '2027-02-31' };
  if ('selected_time' in value) return { ...value, selected_time: '25:61' };
  if ('selected_user' in value) return { ...value, selected_user: 'U0NOBODY01' };
  if ('selected_users' in value) return { ...value, selected_users: ['U0NOBODY01'] };
  return undefined;
}
