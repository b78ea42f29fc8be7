import type { OutwardWork } from '../deps.ts';
import { forgetSome } from './forgetting.ts';

/** Asks Slack nothing, but takes many transactions, and nothing that is due waits for them. */
export const outward: OutwardWork[] = [
  { subject: 'record forgetting', table: 'forgetting', column: 'dueAt', work: forgetSome },
];
