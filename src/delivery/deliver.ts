import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { asTick } from '../db/as-workspace.ts';
import type { Deps } from '../deps.ts';
import {
  type Claimed,
  claimDue,
  dropExpired,
  giveBack,
  isAnythingDue,
  takeBackExpiredLeases,
  waitForClaim,
} from './claim.ts';
import { DELIVERY, type Delivery } from './compose.ts';
import { errorForLog } from './failures.ts';
import { nextDelivery } from './outbox.ts';
import { type Sender, send } from './send.ts';

export type Delivered = {
  /** Messages that Slack shows now, new or updated. */
  sent: number;
  /** When the next message falls due on the product's clock. */
  next: Temporal.Instant | undefined;
  /** In how many real milliseconds a message that is due may be tried, where only pace or Slack is waited for. */
  retryInMs: number | undefined;
};

/** A claim that found everything just taken by another process asks again after this. */
const CONTENDED_MS = 10;

/**
 * Sends what is due until nothing more may be sent right now. Any number of processes may do so at once; each may die at
 * any point. With the signal aborted it claims nothing more and finishes what is on its way.
 */
export async function deliver(deps: Deps, delivery: Delivery, signal?: AbortSignal): Promise<Delivered> {
  const { composers, onStopped } = delivery;
  const settings = { ...DELIVERY, ...delivery.settings };
  const sent = await sendAll({ deps, composers, onStopped, settings }, signal);
  const now = deps.clock();
  return asTick(deps.db, async (trx) => ({
    sent,
    next: await nextDelivery(trx, now),
    retryInMs: await waitForClaim(trx, now),
  }));
}

async function sendAll(sender: Sender, signal: AbortSignal | undefined): Promise<number> {
  const { deps, settings } = sender;
  const onTheirWay = new Set<Promise<void>>();
  let sent = 0;

  const start = (row: Claimed, leaseEndsAt: number): void => {
    const way = send(sender, row, leaseEndsAt)
      .then((shown) => {
        if (shown) sent += 1;
      })
      .catch((error) =>
        deps.log.error({ kind: row.kind, outbox: row.id, ...errorForLog(error) }, 'a message is left in doubt'),
      )
      .finally(() => onTheirWay.delete(way));
    onTheirWay.add(way);
  };

  try {
    while (!signal?.aborted) {
      const leaseEndsAt = performance.now() + settings.leaseMs;
      const claimed = await claim(sender, settings.lanes - onTheirWay.size);
      for (const row of claimed) start(row, leaseEndsAt);
      if (onTheirWay.size === 0 && !(await isContended(deps))) break;
      await someRoom(onTheirWay, settings.lanes);
    }
  } finally {
    await Promise.all(onTheirWay);
  }
  return sent;
}

async function claim({ deps, settings }: Sender, free: number): Promise<Claimed[]> {
  if (free <= 0) return [];
  const now = deps.clock();
  const leaseToken = randomUUID();
  try {
    return await asTick(deps.db, async (trx) => {
      if (!(await isAnythingDue(trx, now))) return [];
      await takeBackExpiredLeases(trx, settings);
      await dropExpired(trx, now);
      return claimDue(trx, now, free, leaseToken, settings);
    });
  } catch (error) {
    await asTick(deps.db, (trx) => giveBack(trx, leaseToken)).catch(() => undefined);
    throw error;
  }
}

/** Half of the lanes at once make a claim worth its while; a slow message does not keep the others waiting for that. */
async function someRoom(onTheirWay: Set<Promise<void>>, lanes: number): Promise<void> {
  if (onTheirWay.size === 0) return;
  await Promise.race(onTheirWay);
  const soon = sleep(CONTENDED_MS);
  let waited = false;
  void soon.then(() => {
    waited = true;
  });
  while (!waited && onTheirWay.size > lanes / 2) await Promise.race([soon, ...onTheirWay]);
}

/** Whether there is something to send that another process held in the moment of our claim. */
async function isContended({ db, clock }: Deps): Promise<boolean> {
  const ms = await asTick(db, (trx) => waitForClaim(trx, clock()));
  if (ms !== 0) return false;
  await sleep(CONTENDED_MS);
  return true;
}
