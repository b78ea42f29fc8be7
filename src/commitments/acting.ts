import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn, isBefore } from '../ground/zoned.ts';
import { hasLed } from '../pairs/hand-over.ts';
import { allowed } from '../pairs/permission.ts';
import type { Verb } from '../pairs/rules.ts';
import { dueDayEnds } from '../people/rules.ts';
import { findPeople, type Person } from '../people/store.ts';
import { announce } from './announce.ts';
import type { Change } from './change.ts';
import { lineBefore } from './digest-acts.ts';
import { digestChanged } from './digest-store.ts';
import { findHistory } from './event-store.ts';
import type { Facts } from './facts.ts';
import { ownerChanged, settle, slip } from './in-time.ts';
import { type Act, apply, askerOf, otherSideOf } from './rules.ts';
import { type CommitmentRow, findCommitment, findOfRecap, findStanding, lockCommitment } from './store.ts';
import { deleteCommitment, updateCommitment } from './write-store.ts';
import { GONE, lineFor } from './writing.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;

/** The verb of the permission table for each act. */
const verbs: Record<Act['act'], Verb> = {
  accept: 'answer ask',
  decline: 'answer ask',
  'take back': 'take ask back',
  done: 'finish commitment',
  'not yet': 'say not yet',
  'will not be done': 'finish commitment',
  move: 'move commitment',
  withdraw: 'withdraw commitment',
  agree: 'agree to change',
  reopen: 'finish commitment',
  'ask owner': 'name colleague',
  own: 'answer ownership',
  pass: 'answer ownership',
  date: 'undo own change',
  undo: 'undo own change',
  'reword for digest': 'reword for digest',
  'keep out of digest': 'keep out of digest',
  'put in digest': 'put in digest',
};

/** To keep something out of the digest is for its owner too; what the channel reads instead is for the pair. */
const verbOf = (wanted: Wanted): Verb =>
  wanted.act === 'reword for digest' && wanted.line === null ? 'keep out of digest' : verbs[wanted.act];

/** An act as a click or a form names it: the history that some need is looked up. */
export type Wanted =
  | Exclude<Act, { history: unknown }>
  | { act: 'undo'; eventId: string }
  | { act: 'date'; to: Temporal.PlainDate }
  | { act: 'reword for digest'; line: string | null }
  /** As it read before, or as it was promised. */
  | { act: 'put in digest' };

/** What came of an act: the row as it stands now, or that it is gone as if it had never been written. */
export type Acted = { row: CommitmentRow; gone: boolean };

/** One act by one person in one transaction: locked, allowed, decided, recorded, and told to whoever must hear. */
export async function act(trx: Trx, deps: Working, actor: Person, id: string, wanted: Wanted): Promise<Outcome<Acted>> {
  const { workspaceId } = actor;
  const found = await lockCommitment(trx, workspaceId, id);
  const owned = found && (await inHandsOf(trx, found));
  const thing = owned && { ...owned, addresseeId: otherSideOf(owned), authorId: askerOf(owned) ?? owned.writtenBy };
  if (!(await allowed(trx, deps, actor, verbOf(wanted), thing)) || !found || !owned) return refuse(GONE);
  const row = await takenInHand(trx, deps, found, owned.ownerId);

  const now = deps.clock();
  const asking = { now, today: dayIn(row.ownerZone, now), by: actor.id };
  const chosen = await actOf(trx, row, wanted);
  if (!chosen.ok) return chosen;
  const decided = apply(row, chosen.value, asking);
  if (!decided.ok) return decided;
  return done(await record(trx, deps, row, decided.value));
}

/** With what the rules have to know of the past. */
async function actOf(trx: Trx, row: CommitmentRow, wanted: Wanted): Promise<Outcome<Act>> {
  switch (wanted.act) {
    case 'undo':
    case 'date':
    case 'reword for digest':
      return done({ ...wanted, history: await findHistory(trx, row.workspaceId, row.id) });
    case 'put in digest': {
      const history = await findHistory(trx, row.workspaceId, row.id);
      const line = lineBefore(history) ?? (await safeLine(trx, row));
      return typeof line === 'string'
        ? done({ ...wanted, line, history })
        : refuse(`Not put in, because ${line.because}. *Reword for digest* says what the channel may read.`);
    }
    default:
      return done(wanted);
  }
}

/** Its own words where the channel may read them, or why it may not. */
async function safeLine(trx: Trx, row: CommitmentRow): Promise<string | { because: string }> {
  const people = await findPeople(trx, row.workspaceId, [row.leaderId, row.partnerId]);
  const { leaderId, partnerId } = row;
  const found = lineFor(row, { kind: 'contractor', leaderId, partnerId }, row.ownerName, people);
  return found.line ?? { because: found.because };
}

/** Opens what a recap asked of whoever confirms it; what has been answered or has lapsed meanwhile stays as it is. */
export async function confirmRecapRows(
  trx: Trx,
  deps: Working,
  confirmer: Person,
  recapId: string,
): Promise<CommitmentRow[]> {
  const rows = await findOfRecap(trx, confirmer.workspaceId, recapId);
  const opened: CommitmentRow[] = [];
  for (const row of rows.filter(({ state, ownerId }) => state === 'asked' && ownerId === confirmer.id)) {
    const accepted = await act(trx, deps, confirmer, row.id, { act: 'accept' });
    if (accepted.ok) opened.push(accepted.value.row);
  }
  return opened;
}

/**
 * A meeting was held: what was open after its day when it began has slipped once more. Call it once for each held meeting.
 * One that is said to be held before it has begun counts as held now. Needs `lockStanding`.
 */
export async function slipOverdue(
  trx: Trx,
  deps: Working,
  { workspaceId, pairId, startsAt }: { workspaceId: string; pairId: string; startsAt: Temporal.Instant },
): Promise<void> {
  const now = deps.clock();
  const metAt = isBefore(now, startsAt) ? now : startsAt;
  for (const { id } of await findStanding(trx, workspaceId, [pairId])) {
    const row = await lockCommitment(trx, workspaceId, id);
    if (!row) continue;
    const asking = { now, today: dayIn(row.ownerZone, now) };
    await record(trx, deps, row, slip(row, asking, dayIn(row.ownerZone, metAt)));
  }
}

/** What time did to a locked row. */
export function recordSettled(trx: Trx, deps: Working, row: CommitmentRow): Promise<Acted> {
  const now = deps.clock();
  return record(trx, deps, row, settle(row, { now, today: dayIn(row.ownerZone, now) }));
}

/**
 * Who answers for a firm-side item now. What is over keeps the name of whoever did it, but a leader who has handed the
 * pair over since has no more say in it: the leader of now has.
 */
export async function inHandsOf(trx: Trx, row: CommitmentRow): Promise<CommitmentRow> {
  if (row.side !== 'firm' || row.ownerId === row.leaderId || row.state === 'open') return row;
  const isFormer = await hasLed(trx, { workspaceId: row.workspaceId, id: row.pairId }, row.ownerId, row.lastAt);
  return isFormer ? { ...row, ownerId: row.leaderId } : row;
}

async function takenInHand(trx: Trx, deps: Working, row: CommitmentRow, ownerId: string): Promise<CommitmentRow> {
  if (row.ownerId === ownerId) return row;
  const now = deps.clock();
  const change = ownerChanged(row, row.ownerId, ownerId, { now, today: dayIn(row.ownerZone, now) });
  return (await record(trx, deps, row, change)).row;
}

/** Writes what an act, or time, has made of a locked row, and tells whoever must hear. */
export async function record(trx: Trx, deps: Working, row: CommitmentRow, change: Change): Promise<Acted> {
  if (change.gone) {
    await deleteCommitment(trx, row);
    await announce(trx, deps, undefined, row);
    return { row, gone: true };
  }
  const after = await save(trx, deps, row, change);
  if (change.events.length > 0) await announce(trx, deps, after, row, change);
  return { row: after, gone: false };
}

/** The same told to nobody: for many rows at once, whose people hear of them together. */
export async function save(
  trx: Trx,
  deps: Working,
  row: CommitmentRow,
  change: Change & { gone: false },
): Promise<CommitmentRow> {
  const events = change.events.map((event) => ({ ...event, id: deps.newId() }));
  const zone = await zoneOf(trx, row, change.facts.ownerId);
  await updateCommitment(trx, row, change.facts, events, fallsDueAt(change.facts, zone, deps.clock()));
  if (row.digestLine !== null && row.digestLine !== change.facts.digestLine) digestChanged(trx, row, deps.clock());
  if (events.length === 0) return row;
  const after = await findCommitment(trx, row.workspaceId, row.id);
  if (!after) throw new Error('What was changed is not there');
  return after;
}

async function zoneOf(trx: Trx, row: CommitmentRow, ownerId: string): Promise<string> {
  if (ownerId === row.ownerId) return row.ownerZone;
  const [owner] = await findPeople(trx, row.workspaceId, [ownerId]);
  return owner?.zone ?? row.ownerZone;
}

/** When time will have something to say again: at the end of a day that has not ended. */
function fallsDueAt(facts: Facts, zone: string, now: Temporal.Instant): Temporal.Instant | null {
  if (facts.state !== 'asked' && facts.state !== 'open') return null;
  const end = dueDayEnds(facts.dueOn, zone);
  return isBefore(now, end) ? end : null;
}
