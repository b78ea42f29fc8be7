import type { Transaction } from 'kysely';
import { act, confirmRecapRows, type Wanted } from '../commitments/acting.ts';
import { otherSideOf } from '../commitments/rules.ts';
import { type CommitmentRow, findCommitment, lockCommitments } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { lockWithPair } from '../meetings/schedule.ts';
import { allowed } from '../pairs/permission.ts';
import { findPersonOrThrow, markHomeStale, type Person } from '../people/store.ts';
import { type Confirmation, confirmRecap, findAsks, findRecap, findVersions, type PairedRecap } from './store.ts';
import { CORRECTED, findRows, idsOf, MOVED, NOT_YOURS, show } from './writing.ts';

type Trx = Transaction<Database>;

/** The other one's word: opens what was asked of them, and does what the recap said of their promises. */
export async function confirm(
  trx: Trx,
  deps: Deps,
  confirmer: Person,
  recapId: string,
  answer: Omit<Confirmation, 'by' | 'at'>,
  keepOut: readonly string[] = [],
): Promise<Outcome<PairedRecap>> {
  const found = await findRecap(trx, confirmer.workspaceId, recapId);
  if (!(await allowed(trx, deps, confirmer, 'confirm recap', found)) || !found) return refuse(NOT_YOURS);
  const held = await lockWithPair(trx, { workspaceId: confirmer.workspaceId, id: found.meetingId });
  if (!held) return refuse(NOT_YOURS);
  const now = deps.clock();
  if (!(await confirmRecap(trx, found, { ...answer, by: confirmer.id, at: now }))) {
    await show(trx, deps, held.meeting);
    return refuse('It was answered or corrected meanwhile. The conversation shows how it stands now.');
  }
  const versions = await findVersions(trx, confirmer.workspaceId, found.meetingId);
  const asks = await findAsks(trx, confirmer.workspaceId, [recapId]);
  const written = idsOf(await findRows(trx, confirmer.workspaceId, versions));
  await lockCommitments(trx, confirmer.workspaceId, [...written, ...asks.map((ask) => ask.commitmentId)]);
  for (const version of versions) await confirmRecapRows(trx, deps, confirmer, version.id);
  const writer = await findPersonOrThrow(trx, confirmer.workspaceId, found.writtenBy);
  for (const ask of asks) {
    const row = await findCommitment(trx, confirmer.workspaceId, ask.commitmentId);
    if (row?.state === 'open') await settleAsk(trx, deps, row, ask, confirmer, writer);
  }
  await keepOutOfDigest(trx, deps, confirmer, found, keepOut);
  await show(trx, deps, held.meeting);
  await markHomeStale(trx, confirmer.workspaceId, [found.leaderId, found.partnerId], now);
  return done(found);
}

/** What the form offered to keep out; any other id in it names nothing. */
async function keepOutOfDigest(
  trx: Trx,
  deps: Deps,
  confirmer: Person,
  { workspaceId, meetingId }: PairedRecap,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await findRows(trx, workspaceId, await findVersions(trx, workspaceId, meetingId));
  for (const row of rows.filter(({ id }) => ids.includes(id)))
    await act(trx, deps, confirmer, row.id, { act: 'keep out of digest' });
}

/** With the confirmation both have said it: the owner by whichever of the two acts it was, the other side by the other. */
async function settleAsk(
  trx: Trx,
  deps: Deps,
  row: CommitmentRow,
  { wants, dueOn }: { wants: 'kept' | 'moved' | 'dropped'; dueOn: Temporal.PlainDate | null },
  confirmer: Person,
  writer: Person,
): Promise<void> {
  if (row.ownerId === confirmer.id) await act(trx, deps, confirmer, row.id, actOf({ wants, dueOn }));
  const after = await findCommitment(trx, row.workspaceId, row.id);
  if (after?.state !== 'open') return;
  const waits = wants === 'dropped' ? after.wantsWithdrawal : dueOn !== null && after.wantedDueOn?.equals(dueOn);
  const agrees = [confirmer, writer].find(({ id }) => id === otherSideOf(after));
  if (waits && agrees) await act(trx, deps, agrees, row.id, { act: 'agree' });
}

function actOf({ wants, dueOn }: { wants: 'kept' | 'moved' | 'dropped'; dueOn: Temporal.PlainDate | null }): Wanted {
  if (wants === 'moved' && dueOn !== null) return { act: 'move', to: dueOn, reason: MOVED };
  return wants === 'kept' ? { act: 'done' } : { act: 'withdraw', reason: CORRECTED };
}
