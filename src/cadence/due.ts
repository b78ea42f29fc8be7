import { enqueue } from '../delivery/outbox.ts';
import type { DueWork } from '../deps.ts';
import { updatePair } from '../pairs/store.ts';
import { lockReviewDue } from './store.ts';

const QUARTER_HOURS = 91 * 24;
/** Nobody is asked about a rhythm that has moved on since. */
const ASK_LASTS_HOURS = 14 * 24;

export const due: DueWork[] = [
  {
    subject: 'cadence review',
    table: 'pair',
    column: 'reviewDueAt',
    /** Every quarter both are asked, in one click, whether the rhythm still fits. */
    async work(trx, deps, now, atMost) {
      const pairs = await lockReviewDue(trx, now, atMost);
      for (const pair of pairs) {
        for (const reader of pair.state === 'active' ? [pair.leaderId, pair.partnerId] : []) {
          await enqueue(trx, {
            workspaceId: pair.workspaceId,
            id: deps.newId(),
            kind: 'rhythm-check',
            key: `rhythm-check:${pair.id}:${reader}:${pair.reviewDueAt}`,
            about: { pair: pair.id, reader },
            to: { people: [reader] },
            notBefore: now,
            expiresAt: now.add({ hours: ASK_LASTS_HOURS }),
            now,
          });
        }
        const again = pair.state === 'active' ? now.add({ hours: QUARTER_HOURS }) : null;
        await updatePair(trx, pair, { reviewDueAt: again });
      }
      return pairs.length;
    },
  },
];
