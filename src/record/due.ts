import type { OutwardWork } from '../deps.ts';
import { forgetSome } from './forgetting.ts';

/** Asks Slack nothing, but takes many transactions: a few in each tick, so that what is to be said waits for no more. */
export const outward: OutwardWork[] = [
  { subject: 'record forgetting', table: 'forgetting', column: 'dueAt', batchesATick: 5, work: forgetSome },
];
