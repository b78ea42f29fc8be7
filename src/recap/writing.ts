import type { Transaction } from 'kysely';
import { act, slipOverdue, type Wanted } from '../commitments/acting.ts';
import { type CommitmentRow, findOfRecap, findStanding, lockStanding } from '../commitments/store.ts';
import { writeCommitments } from '../commitments/writing.ts';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import { enqueue } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { isBefore } from '../ground/zoned.ts';
import { lockWithPair, markHeld } from '../meetings/schedule.ts';
import { lockPlanned, type Meeting, type PairedMeeting } from '../meetings/store.ts';
import { allowed } from '../pairs/permission.ts';
import { roleOf, sideOf } from '../pairs/rules.ts';
import type { Pair } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';
import { moveNext, nextByRhythm, nextReview } from './next.ts';
import { type CarriedDraft, correctionOf, type FullDraft, type FullRow, isNew } from './rules.ts';
import {
  findCurrentRecap,
  findVersions,
  insertAsks,
  insertRecap,
  type PairedRecap,
  type Recap,
  replaceRecap,
} from './store.ts';
import { recapKey } from './views.ts';

type Trx = Transaction<Database>;
type Held = { meeting: PairedMeeting; pair: Pair };

export const NOT_YOURS = 'That recap is not there any more, or not yours. `/accord recap` opens the one that waits.';
/** Why a promise changed, as its history says it. */
export const CORRECTED = 'Corrected in the recap';
export const MOVED = 'Moved in the recap';

/** What came of sending the form: saved, or somebody else's version stands that the sender has not seen. */
export type Saved = { kind: 'saved' } | { kind: 'shown first'; recap: PairedRecap };

/**
 * Writes a recap or corrects the version that the writer saw, in one transaction: the meeting is held, what was said of
 * carried-over promises is done or asked, the rows are written, and both are shown it.
 */
export async function saveRecap(
  trx: Trx,
  deps: Deps,
  writer: Person,
  meetingId: string,
  corrects: string | undefined,
  draft: FullDraft,
): Promise<Outcome<Saved>> {
  const held = await lockWithPair(trx, { workspaceId: writer.workspaceId, id: meetingId });
  if (!(await allowed(trx, deps, writer, corrects ? 'correct recap' : 'write recap', held?.meeting)) || !held)
    return refuse(NOT_YOURS);
  const { meeting } = held;
  const current = await findCurrentRecap(trx, writer.workspaceId, meetingId);
  if (current && current.id !== corrects) {
    const kind = isSentTwice(current, writer, draft, deps.clock()) ? 'saved' : 'shown first';
    return done({ kind, recap: current });
  }
  const earlier = current ? await findVersions(trx, writer.workspaceId, meetingId) : [];
  if (current) await replaceRecap(trx, current);
  const byRhythm = await nextByRhythm(trx, meeting, deps.clock());
  const nextAt = nextReview(draft.nextOn, current?.nextAt ?? byRhythm?.at, byRhythm?.rhythm, meeting, writer);

  const recap = await insertRecap(trx, {
    workspaceId: writer.workspaceId,
    id: deps.newId(),
    meetingId,
    version: (current?.version ?? 0) + 1,
    writtenBy: writer.id,
    writtenAt: deps.clock(),
    outcome: seal(draft.outcome),
    decisions: seal(draft.decisions),
    nextAt: nextAt ?? null,
    state: 'posted',
  });
  if (!recap) throw new Error('Two recaps of a meeting whose row is locked');
  const wasPlanned = meeting.state === 'planned';
  await lockPlanned(trx, meeting.workspaceId, [meeting.pairId]);
  await lockStanding(trx, meeting);
  const carried = await findCarried(trx, meeting, earlier);
  await markKept(trx, deps, writer, recap, carried, draft.carried);
  // A meeting that was skipped or went unrecorded adds no slip, also when it is recorded later.
  if ((await markHeld(trx, deps, held)) && wasPlanned) await slipOverdue(trx, deps, meeting);
  await moveCarried(trx, deps, writer, recap, carried, draft.carried);
  await writeRows(trx, deps, writer, held, recap, earlier, draft);
  if (nextAt && byRhythm && !nextAt.equals(byRhythm.at)) await moveNext(trx, deps, writer, held, nextAt);
  await show(trx, deps, meeting);
  return done({ kind: 'saved' });
}

/** The same words by the same writer a moment ago: a form that Slack, or a finger, sent twice. */
const isSentTwice = (current: Recap, writer: Person, draft: FullDraft, now: Temporal.Instant): boolean =>
  current.writtenBy === writer.id &&
  current.outcome === draft.outcome &&
  current.decisions === draft.decisions &&
  isBefore(now, current.writtenAt.add({ seconds: 10 }));

export const idsOf = (rows: readonly CommitmentRow[]): string[] => rows.map(({ id }) => id);

/** The promises that a meeting finds open: all of the pair's, but those that its own recap wrote. */
export async function findCarried(
  trx: Trx,
  { workspaceId, pairId }: Pick<Meeting, 'workspaceId' | 'pairId'>,
  versions: readonly Pick<Recap, 'id'>[],
): Promise<CommitmentRow[]> {
  const standing = await findStanding(trx, workspaceId, [pairId]);
  return standing.filter((row) => row.state === 'open' && !versions.some(({ id }) => id === row.recapId));
}

/** Everything that the versions of a meeting's recap wrote and that was not taken back. */
export async function findRows(
  trx: Trx,
  workspaceId: string,
  versions: readonly Pick<Recap, 'id'>[],
): Promise<CommitmentRow[]> {
  const rows: CommitmentRow[] = [];
  for (const { id } of versions) rows.push(...(await findOfRecap(trx, workspaceId, id)));
  return rows;
}

async function markKept(
  trx: Trx,
  deps: Deps,
  writer: Person,
  recap: Recap,
  carried: CommitmentRow[],
  drafts: CarriedDraft[],
): Promise<void> {
  for (const row of chosen(carried, drafts, 'kept')) {
    if (row.ownerId === writer.id) await act(trx, deps, writer, row.id, { act: 'done' });
    else await insertAsks(trx, [askOf(recap, row.id, 'kept')]);
    const isColleagues = row.ownerId !== row.leaderId && row.ownerId !== row.partnerId;
    if (isColleagues) await askColleague(trx, deps, writer, row);
  }
}

async function moveCarried(
  trx: Trx,
  deps: Deps,
  writer: Person,
  recap: Recap,
  carried: CommitmentRow[],
  drafts: CarriedDraft[],
): Promise<void> {
  for (const row of chosen(carried, drafts, 'moved')) {
    const to = drafts.find(({ id }) => id === row.id)?.to;
    if (!to) continue;
    if (row.ownerId === writer.id) await act(trx, deps, writer, row.id, { act: 'move', to, reason: MOVED });
    // Also what is one's own: a further new date waits for the other side, whose confirmation agrees to it.
    await insertAsks(trx, [askOf(recap, row.id, 'moved', to)]);
  }
}

const chosen = (carried: CommitmentRow[], drafts: CarriedDraft[], choice: CarriedDraft['choice']): CommitmentRow[] =>
  carried.filter((row) => drafts.some((draft) => draft.id === row.id && draft.choice === choice));

const askOf = (
  { workspaceId, id }: Recap,
  commitmentId: string,
  wants: 'kept' | 'moved' | 'dropped',
  dueOn?: Temporal.PlainDate,
) => ({
  workspaceId,
  recapId: id,
  commitmentId,
  wants,
  dueOn: dueOn ?? null,
});

/** The owner is not of the pair, so no confirmation reaches them. */
async function askColleague(trx: Trx, deps: Deps, writer: Person, row: CommitmentRow): Promise<void> {
  const now = deps.clock();
  await enqueue(trx, {
    workspaceId: row.workspaceId,
    id: deps.newId(),
    kind: 'kept-by-owner',
    key: `kept-by-owner:${row.id}:${row.ownerId}`,
    about: { commitment: row.id, by: writer.id },
    to: { people: [row.ownerId] },
    notBefore: now,
    expiresAt: now.add({ hours: 7 * 24 }),
    now,
  });
}

async function writeRows(
  trx: Trx,
  deps: Deps,
  writer: Person,
  { meeting, pair }: Held,
  recap: Recap,
  earlier: readonly PairedRecap[],
  { rows, cleared }: FullDraft,
): Promise<void> {
  const standing = (await findRows(trx, writer.workspaceId, earlier)).filter(isStanding);
  const corrected: FullRow[] = [];
  for (const row of standing) {
    const edited = rows.find(({ key }) => key === row.id);
    // A row that the form did not show stays as it is.
    if (edited || cleared.includes(row.id))
      corrected.push(...(await correctRow(trx, deps, writer, recap, row, edited)));
  }
  const role = roleOf(writer.id, meeting);
  if (!role) throw new Error('Only the two of the pair write its recap');
  const mine = sideOf(role);
  const entries = [...corrected, ...rows.filter(({ key }) => isNew(key))].map(({ who, what, by, priority }) => ({
    side: (who === 'me') === (mine === 'firm') ? ('firm' as const) : ('partner' as const),
    text: what,
    dueOn: by,
    priority,
  }));
  const written = await writeCommitments(trx, deps, pair, writer, entries, { recapId: recap.id });
  // The form was checked under the same clock: this can only be a surprise, and nothing of it may stay.
  if (!written.ok) throw new Error(`A checked row was refused: ${written.why}`);
}

type StandingCommitment = CommitmentRow & { state: 'asked' | 'open' };
export const isStanding = (row: CommitmentRow): row is StandingCommitment =>
  row.state === 'asked' || row.state === 'open';

/** Does what a correction makes of one row; returns what has to be written anew. */
async function correctRow(
  trx: Trx,
  deps: Deps,
  writer: Person,
  recap: Recap,
  row: StandingCommitment,
  edited: FullRow | undefined,
): Promise<FullRow[]> {
  const correction = correctionOf(row, edited, writer.id);
  const own = (wanted: Wanted) => act(trx, deps, writer, row.id, wanted);
  switch (correction.step) {
    case 'leave':
      return [];
    case 'accept':
      await own({ act: 'accept' });
      return [];
    case 'take back':
      await own({ act: 'take back' });
      break;
    case 'decline':
      await own({ act: 'decline', line: CORRECTED });
      break;
    case 'move':
    case 'ask to move':
      if (correction.step === 'move') await own({ act: 'move', to: correction.to, reason: CORRECTED });
      await insertAsks(trx, [askOf(recap, row.id, 'moved', correction.to)]);
      return [];
    case 'withdraw':
      if (await takeBackAtOnce(trx, deps, writer, row)) break;
      await own({ act: 'withdraw', reason: CORRECTED });
      await insertAsks(trx, [askOf(recap, row.id, 'dropped')]);
      break;
    case 'ask to drop':
      await insertAsks(trx, [askOf(recap, row.id, 'dropped')]);
      break;
  }
  return correction.anew ? [{ ...correction.anew, key: 'new0' }] : [];
}

/** What was written a moment ago and touched by nobody since is taken back as if it had never been written. */
async function takeBackAtOnce(trx: Trx, deps: Deps, writer: Person, row: CommitmentRow): Promise<boolean> {
  if (row.lastVerb !== 'promised' || row.lastBy !== writer.id) return false;
  return (await act(trx, deps, writer, row.id, { act: 'undo', eventId: row.lastId })).ok;
}

/** Posts the recap to both, or brings the posted one up to date. */
export async function show(
  trx: Trx,
  deps: Deps,
  { workspaceId, id, leaderId, partnerId }: PairedMeeting,
): Promise<void> {
  const now = deps.clock();
  await enqueue(trx, {
    workspaceId,
    id: deps.newId(),
    kind: 'recap',
    key: recapKey({ id, leaderId }),
    about: { meeting: id },
    to: { people: [leaderId, partnerId] },
    notBefore: now,
    now,
  });
}
