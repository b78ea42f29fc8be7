import type { OpenView } from '../state.ts';
import { CARRIES, type Element, elementsOf, isJson } from './elements.ts';

/** What Slack itself holds a form back for, by block id, before the app hears of it. */
export function incomplete(open: OpenView): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { element, block } of elementsOf(open.view.blocks)) {
    if (block.type !== 'input') continue;
    const problem = problemOf(element, held(open, block.block_id, element), block.optional === true);
    if (problem !== undefined) problems[block.block_id] = problem;
  }
  return problems;
}

function held(open: OpenView, blockId: string, element: Element): unknown {
  const entered = open.values[blockId]?.[element.action_id];
  return isJson(entered) ? entered[CARRIES[element.type] ?? 'value'] : undefined;
}

function problemOf(element: Element, value: unknown, optional: boolean): string | undefined {
  if (isEmpty(value)) return optional ? undefined : 'Please complete this required field.';
  if (typeof value !== 'string') return undefined;
  switch (element.type) {
    case 'plain_text_input':
      return lengthProblem(element, value);
    case 'number_input':
      return numberProblem(element, value);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

/** Blanks alone are something to Slack: it is for the app to refuse them. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function lengthProblem({ min_length: min, max_length: max }: Element, value: string): string | undefined {
  if (typeof min === 'number' && value.length < min) return `Please enter at least ${min} characters.`;
  const most = typeof max === 'number' ? max : 3000;
  return value.length > most ? `Please enter no more than ${most} characters.` : undefined;
}

function numberProblem(element: Element, value: string): string | undefined {
  const number = Number(value);
  const whole = element.is_decimal_allowed !== true;
  if (!Number.isFinite(number) || (whole && !Number.isInteger(number)))
    return whole ? 'Please enter a whole number.' : 'Please enter a number.';
  const { min_value: min, max_value: max } = element;
  if (min !== undefined && number < Number(min)) return `Please enter a number no lower than ${String(min)}.`;
  if (max !== undefined && number > Number(max)) return `Please enter a number no higher than ${String(max)}.`;
  return undefined;
}
