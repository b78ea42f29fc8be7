import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { dayIn } from '../ground/zoned.ts';
import { findHandedOver } from '../pairs/hand-over.ts';
import { mayLead } from '../pairs/rules.ts';
import { findPairsEver } from '../pairs/store.ts';
import { findFirmOwner, findPerson, type Person } from '../people/store.ts';
import { record, save } from './acting.ts';
import { announce } from './announce.ts';
import { ownerLeft, settle } from './in-time.ts';
import { findAskedBy, findForFirm, findOpenOf } from './owner-store.ts';
import { apply } from './rules.ts';
import { type CommitmentRow, lockCommitment, lockCommitments } from './store.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;

const AT_ONCE = 500;

/**
 * Somebody has left: what they owned for the firm, or were asked to, is the leader's again, however much it is. Where no
 * leader is left it is the firm's owner's, if the settings name one. Needs all of it locked.
 */
export async function handBackFrom(trx: Trx, deps: Working, workspaceId: string, personId: string): Promise<void> {
  let afterId: string | undefined;
  do afterId = await handBackSome(trx, deps, workspaceId, personId, { afterId, atMost: AT_ONCE });
  while (afterId !== undefined);
}

/** The same for some of it: those after `afterId`, by id. Returns how far it came; undefined at the end. */
export async function handBackSome(
  trx: Trx,
  deps: Working,
  workspaceId: string,
  personId: string,
  some: { afterId: string | undefined; atMost: number },
): Promise<string | undefined> {
  const firmOwner = await findFirmOwner(trx, workspaceId);
  const ids = await findForFirm(trx, workspaceId, personId, some);
  await lockCommitments(trx, workspaceId, ids);
  for (const id of ids) await handBack(trx, deps, workspaceId, id, personId, firmOwner);
  return ids.at(-1);
}

async function handBack(
  trx: Trx,
  deps: Working,
  workspaceId: string,
  id: string,
  personId: string,
  firmOwner: Person | undefined,
): Promise<void> {
  const now = deps.clock();
  const row = await lockCommitment(trx, workspaceId, id);
  if (!row) return;
  const heir = await heirOf(trx, row, personId, firmOwner);
  const asking = { now, today: dayIn(row.ownerZone, now) };
  if (heir !== personId) await record(trx, deps, row, ownerLeft(row, personId, asking, heir));
}

/** The leader, else the firm's owner, unless it was promised to that one. */
async function heirOf(
  trx: Trx,
  { workspaceId, leaderId, partnerId }: CommitmentRow,
  goneId: string,
  firmOwner: Person | undefined,
): Promise<string> {
  const leader = leaderId === goneId ? undefined : await findPerson(trx, workspaceId, leaderId);
  const isAble = firmOwner !== undefined && firmOwner.id !== goneId && firmOwner.id !== partnerId && mayLead(firmOwner);
  return isAble && !leader?.active ? firmOwner.id : leaderId;
}

/**
 * Somebody leaves for good: what they asked for is taken back, what they owned for the firm is the heir's, and what is
 * still theirs will not be done. Takes at most so many at once and says how many; again, until it says none.
 */
export async function leaveSome(trx: Trx, deps: Working, leaver: Person, atMost: number): Promise<number> {
  const { workspaceId, id } = leaver;
  const asked = await findAsksOf(trx, leaver, atMost);
  const open = await findOpenOf(trx, workspaceId, id, atMost - asked.length);
  await lockCommitments(
    trx,
    workspaceId,
    [...asked, ...open].map((one) => one.id),
  );
  for (const one of asked) await takeBack(trx, deps, one);

  const now = deps.clock();
  const firmOwner = await findFirmOwner(trx, workspaceId);
  // None of these is asked any more, whatever became of it.
  let left = asked.length;
  for (const [place, one] of open.entries()) {
    const row = await lockCommitment(trx, workspaceId, one.id);
    if (!row) continue;
    const heir = row.side === 'firm' ? await heirOf(trx, row, id, firmOwner) : id;
    if (heir !== id) {
      await record(trx, deps, row, ownerLeft(row, id, { now, today: dayIn(row.ownerZone, now) }, heir));
      left++;
      continue;
    }
    const given = apply(row, { act: 'will not be done' }, { now, today: dayIn(row.ownerZone, now), by: id });
    if (!given.ok || given.value.gone) continue;
    const after = await save(trx, deps, row, given.value);
    left++;
    const isWaitedFor = row.wantedDueOn !== null || row.wantsWithdrawal || row.askedOwnerId !== null;
    if (isWaitedFor || place === open.length - 1) await announce(trx, deps, after, row, given.value);
  }
  return left;
}

/** Some of what somebody asked for that nobody has answered, also in what they have handed over since. */
export async function findAsksOf(trx: Trx, { workspaceId, id }: Person, atMost: number): Promise<CommitmentRow[]> {
  const pairs = (await findPairsEver(trx, workspaceId, id)).map((pair) => pair.id);
  return findAskedBy(trx, workspaceId, id, [...pairs, ...(await findHandedOver(trx, workspaceId, id))], atMost);
}

/** An ask goes with whoever made it, and nobody has to allow that; one whose day has ended has lapsed. */
async function takeBack(trx: Trx, deps: Working, { workspaceId, id }: CommitmentRow): Promise<void> {
  const row = await lockCommitment(trx, workspaceId, id);
  if (!row) return;
  const now = deps.clock();
  const settled = settle(row, { now, today: dayIn(row.ownerZone, now) });
  await record(trx, deps, row, settled.facts.state === 'asked' ? { gone: true } : settled);
}
