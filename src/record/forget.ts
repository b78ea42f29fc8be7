import type { Transaction } from 'kysely';
import { endPair } from '../cadence/ending.ts';
import { markDigestStale } from '../commitments/digest-store.ts';
import { giveUpHandOvers } from '../commitments/hand-over.ts';
import { handBackFrom, leaveNothingOpen } from '../commitments/leaving.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { findPairsEver, findPairsOf } from '../pairs/store.ts';
import { markHomeStale, type Person } from '../people/store.ts';
import { isOnRecord, type Removed, removeName, removePerson, removeWords } from './forget-store.ts';

/** What being forgotten came to; undefined where nothing was stored. */
export type Forgotten = (Removed & { ended: number }) | undefined;

/**
 * Forgets somebody at once: their one-on-ones end first, what the firm's leader owed goes to the firm's owner where one is
 * named, what else they owed will not be done, their words go, and nobody's name stands where theirs was.
 */
export async function forget(trx: Transaction<Database>, deps: Deps, person: Person): Promise<Forgotten> {
  const { workspaceId, id } = person;
  const now = deps.clock();
  if (!(await isOnRecord(trx, person))) {
    await removePerson(trx, person);
    return undefined;
  }
  const live = await findPairsOf(trx, workspaceId, id);
  for (const pair of live) await endPair(trx, deps, pair, id);
  await giveUpHandOvers(trx, deps, workspaceId, id);
  await handBackFrom(trx, deps, workspaceId, id);
  await leaveNothingOpen(trx, deps, person);
  const pairs = await findPairsEver(trx, workspaceId, id);
  const removed = await removeWords(trx, person);
  await markDigestStale(trx, workspaceId, now);
  await removeName(trx, person, `U-${deps.newId()}`, now);
  await markHomeStale(
    trx,
    workspaceId,
    pairs.flatMap(({ leaderId, partnerId }) => [leaderId, partnerId]),
    now,
  );
  return { ...removed, ended: live.length };
}
