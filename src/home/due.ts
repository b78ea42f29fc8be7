import { asTick } from '../db/as-workspace.ts';
import type { OutwardWork } from '../deps.ts';
import { drawHome } from './publish.ts';
import { claimStale, markChanged } from './store.ts';

const CHANGES_AT_ONCE = 500;
const TAKEN_AT_ONCE = 20;
const DRAWN_AT_ONCE = 4;

/** Whatever an earlier subject changed is on the Homes that show it. */
const work: OutwardWork['work'] = async (deps, now, signal) => {
  const { taken, count } = await asTick(deps.db, async (trx) => {
    await markChanged(trx, now, CHANGES_AT_ONCE);
    return claimStale(trx, now, TAKEN_AT_ONCE);
  });
  for (let from = 0; from < taken.length && !signal?.aborted; from += DRAWN_AT_ONCE) {
    await Promise.all(taken.slice(from, from + DRAWN_AT_ONCE).map((one) => drawHome(deps, one)));
  }
  return count;
};

export const outward: OutwardWork[] = [
  { subject: 'changes of Homes', table: 'homeChange', column: 'at', work },
  /** Those that are left of it, could not be drawn, or are to be left alone for a while. */
  { subject: 'home', table: 'person', column: 'homeStaleAt', work },
];
