import type { Transaction } from 'kysely';
import { endPair } from '../cadence/ending.ts';
import { markDigestStale } from '../commitments/digest-store.ts';
import { giveUpHandOvers } from '../commitments/hand-over.ts';
import { findAsksOf, handBackFrom, leaveSome } from '../commitments/leaving.ts';
import { findForFirm, findOpenOf } from '../commitments/owner-store.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { findHandOversTo } from '../pairs/hand-over.ts';
import { findPairsOf, lockPairs } from '../pairs/store.ts';
import { markHomeStale, type Person } from '../people/store.ts';
import {
  findReach,
  isOnRecord,
  lockReach,
  type Removed,
  removeName,
  removePerson,
  removeWords,
} from './forget-store.ts';
import { beginCombing, beginForgetting } from './forgetting-store.ts';

type Trx = Transaction<Database>;

/** What being forgotten came to; undefined where nothing was stored. */
export type Forgotten = (Removed & { ended: number }) | undefined;

/** With more promises and asks, or one-on-ones, than these it takes longer than a request may. */
const PROMISES_IN_A_REQUEST = 25;
const PAIRS_IN_A_REQUEST = 10;

/** Forgets somebody at once, or leaves it to the tick where there is too much of theirs. */
export async function askToForget(trx: Trx, deps: Deps, person: Person): Promise<Forgotten | 'begun'> {
  const { workspaceId, id } = person;
  const live = await findPairsOf(trx, workspaceId, id);
  const promises = await countSome(trx, person, PROMISES_IN_A_REQUEST + 1);
  if (promises <= PROMISES_IN_A_REQUEST && live.length <= PAIRS_IN_A_REQUEST) return forget(trx, deps, person);
  await beginForgetting(trx, person, { id: deps.newId(), ended: live.length, now: deps.clock() });
  return 'begun';
}

/** How many promises and asks would be changed, as far as it is asked. */
async function countSome(trx: Trx, person: Person, atMost: number): Promise<number> {
  const { workspaceId, id } = person;
  const open = await findOpenOf(trx, workspaceId, id, atMost);
  const asked = await findAsksOf(trx, person, atMost);
  const forFirm = await findForFirm(trx, workspaceId, id, { afterId: undefined, atMost });
  return new Set([...open.map((row) => row.id), ...asked.map((row) => row.id), ...forFirm]).size;
}

/**
 * Forgets somebody: their one-on-ones end first, what the firm's leader owed goes to the firm's owner where one is named,
 * what else they owed will not be done, their words go, and nobody's name stands where theirs was.
 */
export async function forget(trx: Trx, deps: Deps, person: Person): Promise<Forgotten> {
  const { workspaceId, id } = person;
  const now = deps.clock();
  if (!(await isOnRecord(trx, person))) {
    await removePerson(trx, person);
    return undefined;
  }
  const asked = (await findHandOversTo(trx, workspaceId, id)).map(({ pairId }) => pairId);
  const { pairs, commitments } = await findReach(trx, person);
  await lockReach(trx, person, { pairs: [...pairs, ...asked], commitments });
  const ended = await endSome(trx, deps, person, Number.POSITIVE_INFINITY);
  const reach = await findReach(trx, person);
  await handBackFrom(trx, deps, workspaceId, id);
  while ((await leaveSome(trx, deps, person, PROMISES_IN_A_REQUEST)) > 0);
  const removed = await removeWords(trx, person, reach);
  const instead = `U-${deps.newId()}`;
  await removeName(trx, person, reach, instead, now);
  await markDigestStale(trx, workspaceId, now);
  await beginCombing(trx, person, { id: deps.newId(), instead, now });
  await markHomeStale(trx, workspaceId, reach.others, now);
  return { ...removed, ended };
}

/**
 * Ends some of somebody's one-on-ones, and what they were asked to take over; returns how many ended. The asks go first:
 * one that they are taking over at this moment is among their one-on-ones then.
 */
export async function endSome(trx: Trx, deps: Deps, person: Person, atMost: number): Promise<number> {
  const { workspaceId, id } = person;
  const asked = (await findHandOversTo(trx, workspaceId, id)).map(({ pairId }) => pairId);
  const known = (await findPairsOf(trx, workspaceId, id)).slice(0, atMost);
  await lockPairs(trx, workspaceId, [...asked, ...known.map((pair) => pair.id)]);
  await giveUpHandOvers(trx, deps, workspaceId, id);
  const live = (await findPairsOf(trx, workspaceId, id)).slice(0, atMost);
  for (const pair of live) await endPair(trx, deps, pair, id);
  return live.length;
}
