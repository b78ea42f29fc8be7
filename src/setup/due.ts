import type { DueWork, OutwardWork } from '../deps.ts';
import { followNews } from './news.ts';
import { deletePurgeable } from './store.ts';
import { checkWorkspaces } from './upkeep.ts';

/** A whole firm's rows go with one; so not many in one transaction. */
const PURGED_AT_ONCE = 5;

export const due: DueWork[] = [
  {
    subject: 'setup purge',
    table: 'workspace',
    column: 'purgeDueAt',
    isUpkeep: true,
    work: (trx, _deps, now, atMost) => deletePurgeable(trx, now, Math.min(atMost, PURGED_AT_ONCE)),
  },
];

export const outward: OutwardWork[] = [
  { subject: 'news of people', table: 'person', column: 'newsDueAt', batchesATick: 2, work: followNews },
  {
    subject: 'setup check',
    table: 'workspace',
    column: 'checkDueAt',
    isUpkeep: true,
    work: checkWorkspaces,
  },
];
