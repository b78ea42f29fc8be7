/** What a click carries: a button's value, or the chosen option's. Undefined for anything else. */
export function clickedValue(action: object): string | undefined {
  if ('selected_option' in action) return textIn(action.selected_option, 'value');
  return textIn(action, 'value');
}

/** The id that opens a modal: lives 3 seconds, once. */
export const triggerOf = (body: object): string => textIn(body, 'trigger_id') ?? '';

function textIn(holder: unknown, name: string): string | undefined {
  const value = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
