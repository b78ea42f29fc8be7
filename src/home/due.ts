import { asTick } from '../db/as-workspace.ts';
import type { DueWork, OutwardWork } from '../deps.ts';
import { drawHome } from './publish.ts';
import { claimStale, markChanged } from './store.ts';

const TAKEN_AT_ONCE = 20;
const DRAWN_AT_ONCE = 4;

/** Whatever an earlier subject changed is on the Homes that show it: it stands behind them all. */
export const due: DueWork[] = [
  {
    subject: 'changes of Homes',
    table: 'homeChange',
    column: 'at',
    work: (trx, _deps, now, atMost) => markChanged(trx, now, atMost),
  },
];

export const outward: OutwardWork[] = [
  {
    subject: 'home',
    table: 'person',
    column: 'homeStaleAt',
    async work(deps, now, signal) {
      const { taken, count } = await asTick(deps.db, (trx) => claimStale(trx, now, TAKEN_AT_ONCE));
      for (let from = 0; from < taken.length && !signal?.aborted; from += DRAWN_AT_ONCE) {
        await Promise.all(taken.slice(from, from + DRAWN_AT_ONCE).map((one) => drawHome(deps, one)));
      }
      return count;
    },
  },
];
