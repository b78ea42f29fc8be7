import { enqueue } from '../delivery/outbox.ts';
import type { DueWork } from '../deps.ts';
import { updatePair } from '../pairs/store.ts';
import { nextWelcome } from '../people/rules.ts';
import { findPeople } from '../people/store.ts';
import { lockReviewDue } from './store.ts';

const QUARTER_HOURS = 91 * 24;
/** Nobody is asked about a rhythm that has moved on since. */
const ASK_LASTS_HOURS = 14 * 24;

export const due: DueWork[] = [
  {
    subject: 'cadence review',
    table: 'pair',
    column: 'reviewDueAt',
    /** Every quarter both are asked, in one click and in their hours, whether the rhythm still fits. */
    async work(trx, deps, now, atMost) {
      const pairs = await lockReviewDue(trx, now, atMost);
      for (const pair of pairs) {
        const ids = pair.state === 'active' ? [pair.leaderId, pair.partnerId] : [];
        for (const person of await findPeople(trx, pair.workspaceId, ids)) {
          const reader = person.id;
          await enqueue(trx, {
            workspaceId: pair.workspaceId,
            id: deps.newId(),
            kind: 'rhythm-check',
            key: `rhythm-check:${pair.id}:${reader}:${pair.reviewDueAt}`,
            about: { pair: pair.id, reader },
            to: { people: [reader] },
            notBefore: nextWelcome(person, now),
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
