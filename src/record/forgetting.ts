import type { Transaction } from 'kysely';
import { markDigestStale } from '../commitments/digest-store.ts';
import { leaveSome } from '../commitments/leaving.ts';
import { asTick } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import { enqueue, isOnItsWay } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { isBefore } from '../ground/zoned.ts';
import { findPerson, markHomeStale, type Person } from '../people/store.ts';
import { endSome, forget } from './forget.ts';
import { findReach, lockReach, removeWords } from './forget-store.ts';
import { claimForgetting, combSome, endForgetting, type Forgetting, updateForgetting } from './forgetting-store.ts';

type Trx = Transaction<Database>;

export const FORGOTTEN = 'forgotten';
/** In one transaction: little enough that nobody waits long for a row of theirs. */
const PAIRS_AT_ONCE = 10;
const PROMISES_AT_ONCE = 50;
/** The last word to somebody goes out before their name does, if it can be brought to them by then. */
const TOLD_WITHIN = { hours: 24 };
const LOOK_AGAIN_AFTER = { minutes: 1 };

/** One step of one person's being forgotten, in a transaction of its own. Returns how many it took: one, or none is due. */
export async function forgetSome(deps: Deps, now: Temporal.Instant): Promise<number> {
  const row = await asTick(deps.db, (trx) => claimForgetting(trx, now));
  if (!row) return 0;
  await asTick(deps.db, async (trx) => {
    const dueAt = await step(trx, deps, row, now);
    if (dueAt) await updateForgetting(trx, row, { dueAt });
  });
  return 1;
}

/** When it goes on; undefined where nothing is left to do. */
async function step(
  trx: Trx,
  deps: Deps,
  row: Forgetting,
  now: Temporal.Instant,
): Promise<Temporal.Instant | undefined> {
  if (row.step === 'combing') return comb(trx, row, now);
  const person = await findPerson(trx, row.workspaceId, row.personId);
  if (!person) return endForgetting(trx, row).then(() => undefined);
  if (row.step === 'leaving') return leave(trx, deps, row, person, now);
  const waits = await isOnItsWay(trx, row.workspaceId, keyOf(row));
  if (waits && isBefore(now, row.askedAt.add(TOLD_WITHIN))) return now.add(LOOK_AGAIN_AFTER);
  await forget(trx, deps, person);
  return undefined;
}

async function leave(
  trx: Trx,
  deps: Deps,
  row: Forgetting,
  person: Person,
  now: Temporal.Instant,
): Promise<Temporal.Instant> {
  if ((await endSome(trx, deps, person, PAIRS_AT_ONCE)) > 0) return now;
  if ((await leaveSome(trx, deps, person, PROMISES_AT_ONCE)) > 0) return now;
  const reach = await findReach(trx, person);
  await lockReach(trx, person, reach);
  const removed = await removeWords(trx, person, reach);
  await markHomeStale(trx, row.workspaceId, reach.others, now);
  const counts = Object.entries({ ...removed, ended: row.ended }).map(([what, count]) => [what, String(count)]);
  await enqueue(trx, {
    workspaceId: row.workspaceId,
    id: deps.newId(),
    kind: FORGOTTEN,
    key: keyOf(row),
    about: Object.fromEntries(counts),
    to: { people: [person.id] },
    notBefore: now,
    now,
  });
  await markDigestStale(trx, row.workspaceId, now);
  await updateForgetting(trx, row, { step: 'telling' });
  return now.add(LOOK_AGAIN_AFTER);
}

const keyOf = ({ id }: Forgetting): string => `forgotten:${id}`;

async function comb(trx: Trx, row: Forgetting, now: Temporal.Instant): Promise<Temporal.Instant | undefined> {
  const combedTo = await combSome(trx, row);
  if (combedTo === undefined && row.combing === 'commitment_event') await endForgetting(trx, row);
  else if (combedTo === undefined) await updateForgetting(trx, row, { combing: 'commitment_event', combedTo: null });
  else await updateForgetting(trx, row, { combedTo });
  return combedTo === undefined && row.combing === 'commitment_event' ? undefined : now;
}
