import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import { asTick } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { type Claimed, claimDue, giveBack, look, sweep, waitForClaim } from './claim.ts';
import { DELIVERY, type Delivery } from './compose.ts';
import { errorForLog } from './failures.ts';
import type { Sender } from './not-sent.ts';
import { nextDelivery } from './outbox.ts';
import { makeRecorder } from './recording.ts';
import { type Batch, send } from './send.ts';
import { makeTurns } from './turns.ts';
import { wordTogether } from './words.ts';

export type Delivered = {
  /** Messages that Slack shows now, new or updated. */
  sent: number;
  /** When the next message falls due on the product's clock. */
  next: Temporal.Instant | undefined;
  /** In how many real milliseconds a message that is due may be tried, where only pace or Slack is waited for. */
  retryInMs: number | undefined;
};

/** The others are being claimed, worded or written down: the database works while Slack does. */
const PART_WITH_SLACK = 1 / 4;
/** Made together they may take two seconds, and a turn with Slack a moment; no longer. */
const FRESH_MS = 3_000;
/** While each claim fills the lanes, there is more: whether anything is to be swept is looked at every so often. */
const LOOK_EVERY_MS = 200;
/** A claim that found everything just taken by another process asks again after this. */
const CONTENDED_MS = 10;

/**
 * Sends what is due until nothing more may be sent right now. Any number of processes may do so at once; each may die at
 * any point. With the signal aborted it claims nothing more and finishes what is on its way.
 */
export async function deliver(deps: Deps, delivery: Delivery, signal?: AbortSignal): Promise<Delivered> {
  const settings = { ...DELIVERY, ...delivery.settings };
  const recorder = makeRecorder(deps.db, settings);
  const turns = makeTurns(settings.lanes * PART_WITH_SLACK, signal);
  const sender = { ...delivery, deps, settings, recorder, turns };
  const lanes = makeLanes(sender);
  try {
    let lookAt = 0;
    while (!signal?.aborted) {
      const begun = performance.now();
      const free = lanes.free();
      const mayLook = begun >= lookAt;
      if (mayLook) lookAt = begun + LOOK_EVERY_MS;
      const { claimed, ahead } = await claim(sender, free, { isIdle: lanes.areEmpty(), mayLook });
      if (claimed.length < free) lookAt = 0;
      lanes.start(claimed, begun + settings.leaseMs);
      if (ahead && ahead.retryInMs !== 0) return { ...ahead, sent: lanes.sent() };
      await (ahead ? sleep(CONTENDED_MS) : lanes.someRoom());
    }
  } finally {
    await lanes.allDone();
  }
  return { ...(await asTick(deps.db, (trx) => lookAhead(trx, deps.clock()))), sent: lanes.sent() };
}

type Ahead = Omit<Delivered, 'sent'>;

/** What may be sent now; when that is nothing and nothing is on its way either, also what is ahead. */
async function claim(
  { deps, settings }: Sender,
  atMost: number,
  { isIdle, mayLook }: { isIdle: boolean; mayLook: boolean },
): Promise<{ claimed: Claimed[]; ahead?: Ahead }> {
  if (atMost <= 0) return { claimed: [] };
  const now = deps.clock();
  const leaseToken = randomUUID();
  try {
    return await asTick(deps.db, async (trx) => {
      const { isDue, isToSweep } = mayLook ? await look(trx, now) : { isDue: true, isToSweep: false };
      if (isToSweep) await sweep(trx, now, settings);
      const claimed = isDue || isToSweep ? await claimDue(trx, now, atMost, leaseToken, settings) : [];
      return isIdle && claimed.length === 0 ? { claimed, ahead: await lookAhead(trx, now) } : { claimed };
    });
  } catch (error) {
    await asTick(deps.db, (trx) => giveBack(trx, leaseToken)).catch(() => undefined);
    throw error;
  }
}

const lookAhead = async (trx: Transaction<Database>, now: Temporal.Instant): Promise<Ahead> => ({
  next: await nextDelivery(trx, now),
  retryInMs: await waitForClaim(trx, now),
});

/** The messages on their way in this process. */
function makeLanes(sender: Sender) {
  const { deps, settings } = sender;
  const onTheirWay = new Set<Promise<void>>();
  let sent = 0;

  return {
    sent: () => sent,
    free: () => settings.lanes - onTheirWay.size,
    areEmpty: () => onTheirWay.size === 0,
    allDone: () => Promise.all(onTheirWay),
    start(claimed: Claimed[], leaseEndsAt: number): void {
      if (claimed.length === 0) return;
      const words = wordTogether(deps, sender.composers, claimed);
      const freshUntil = performance.now() + FRESH_MS;
      const batch: Batch = { leaseEndsAt, words, freshUntil, slack: oneClientEach(deps) };
      for (const row of claimed) {
        const way = send(sender, row, batch)
          .then((shown) => {
            if (shown) sent += 1;
          })
          .catch((error) => {
            deps.log.error({ kind: row.kind, outbox: row.id, ...errorForLog(error) }, 'a message is left in doubt');
            deps.meter?.attempted(row.kind, 'in_doubt');
          })
          .finally(() => onTheirWay.delete(way));
        onTheirWay.add(way);
      }
    },
    /** Half of the lanes at once make a claim worth its while; slow messages do not keep the others waiting for that. */
    async someRoom(): Promise<void> {
      if (onTheirWay.size === 0) return;
      await Promise.race(onTheirWay);
      let isSoon = false;
      const soon = sleep(CONTENDED_MS).then(() => {
        isSoon = true;
      });
      while (!isSoon && onTheirWay.size > settings.lanes / 2) await Promise.race([soon, ...onTheirWay]);
    },
  };
}

/** Asks once a workspace. */
function oneClientEach({ slack }: Deps): Deps['slack'] {
  const clients = new Map<string, ReturnType<Deps['slack']>>();
  return (workspaceId) => {
    const client = clients.get(workspaceId) ?? slack(workspaceId);
    clients.set(workspaceId, client);
    return client;
  };
}
