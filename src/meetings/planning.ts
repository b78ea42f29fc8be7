import type { Transaction } from 'kysely';
import { nextOccurrence } from '../cadence/rules.ts';
import { findCadence, type PairedProposal, rhythmOf } from '../cadence/store.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { atWallTime, isBefore, later } from '../ground/zoned.ts';
import { type Pair, updatePair } from '../pairs/store.ts';
import { findPersonOrThrow, markHomeStale } from '../people/store.ts';
import { carryAnswers } from './answer-store.ts';
import { endOf, planNextAt, stepsOf } from './rules.ts';
import { nextDue, refreshMeeting } from './schedule.ts';
import {
  findLatestOccurrence,
  findPlanned,
  insertMeeting,
  type Meeting,
  type PairedMeeting,
  updateSteps,
} from './store.ts';

type Trx = Transaction<Database>;

/**
 * Plans what the agreed rhythm gives next, once, and says when to look again. May be asked at any time: where the next
 * one is planned already it only sets the time. What an earlier rhythm had planned gives way. While one of the two has
 * no account nothing is planned, until they are back; once the pair has ended nothing is.
 */
export async function planNext(trx: Trx, deps: Deps, pair: Pair): Promise<void> {
  const cadence = pair.state === 'active' ? await findCadence(trx, pair.workspaceId, pair.id) : undefined;
  const replaced = await replaceOthers(trx, deps, pair, cadence?.id);
  const lookAgain: LookAgain = cadence ? await planFrom(trx, deps, pair, cadence) : {};
  if (lookAgain.at) await updatePair(trx, pair, { planDueAt: lookAgain.at, pausedAt: null });
  else await updatePair(trx, pair, { planDueAt: null, ...(cadence && { pausedAt: pair.pausedAt ?? deps.clock() }) });
  if (lookAgain.planned)
    for (const old of replaced) await carryAnswers(trx, pair.workspaceId, old.id, lookAgain.planned.id);
  for (const old of replaced) await refreshMeeting(trx, deps, old);
}

/** When there is something to plan again; nothing while one of the two is gone. */
type LookAgain = { at?: Temporal.Instant; planned?: Meeting };

async function planFrom(trx: Trx, deps: Deps, pair: Pair, cadence: PairedProposal): Promise<LookAgain> {
  const now = deps.clock();
  const leader = await findPersonOrThrow(trx, pair.workspaceId, pair.leaderId);
  const partner = await findPersonOrThrow(trx, pair.workspaceId, pair.partnerId);
  if (!leader.active || !partner.active) return {};
  const rhythm = rhythmOf(cadence);
  const latest = await findLatestOccurrence(trx, pair.workspaceId, pair.id, cadence.id);
  const agreedAt = cadence.answeredAt ?? now;
  const ruled = latest ? atWallTime(latest.occurrenceOn, rhythm.wallTime, rhythm.zone) : agreedAt;
  const at = planNextAt(latest, ruled, now);
  if (at) return { at };

  // One after the other, also after a long outage: what passed meanwhile stands in the record and may have taken place.
  // What fell into a time when one of the two was gone did not.
  const next = nextOccurrence(rhythm, pair.pausedAt ? later(ruled, now) : ruled);
  const times = { startsAt: next.at, minutes: rhythm.minutes, bookedAt: now };
  const planned = await insertMeeting(trx, {
    workspaceId: pair.workspaceId,
    id: deps.newId(),
    pairId: pair.id,
    proposalId: cadence.id,
    occurrenceOn: next.on,
    ...times,
    state: 'planned',
    createdAt: now,
    ...nextDue(stepsOf({ ...times, kind: pair.kind }, leader, partner), []),
  });
  await markHomeStale(trx, pair.workspaceId, [leader.id, partner.id], now);
  return { at: endOf(times), planned };
}

/** What was planned by a rhythm that is no longer in force, or for a pair that has ended, and has not begun. One that has begun waits for its recap. */
async function replaceOthers(
  trx: Trx,
  deps: Deps,
  pair: Pair,
  cadenceId: string | undefined,
): Promise<PairedMeeting[]> {
  const now = deps.clock();
  const planned = await findPlanned(trx, pair.workspaceId, pair.id);
  const replaced = planned.filter(
    (meeting) =>
      (meeting.occurrenceOn !== null || pair.state !== 'active') &&
      meeting.proposalId !== cadenceId &&
      isBefore(now, meeting.startsAt),
  );
  for (const meeting of replaced)
    await updateSteps(trx, meeting, { state: 'replaced', endedAt: now, dueStep: null, dueAt: null });
  return replaced;
}
