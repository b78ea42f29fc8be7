import type { Transaction } from 'kysely';
import { nextOccurrence, type Rhythm } from '../cadence/rules.ts';
import { findCadence, rhythmOf } from '../cadence/store.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { atWallTime, dayIn, later } from '../ground/zoned.ts';
import { planNext } from '../meetings/planning.ts';
import { lockWithPair, moveMeeting } from '../meetings/schedule.ts';
import { findPlanned, type PairedMeeting, updateMeeting } from '../meetings/store.ts';
import type { Pair } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';

type Trx = Transaction<Database>;
export type NextByRhythm = { at: Temporal.Instant; rhythm: Rhythm };

/** When the rhythm has them meet again after this meeting: what is planned, else what it gives. */
export async function nextByRhythm(
  trx: Trx,
  meeting: PairedMeeting,
  now: Temporal.Instant,
): Promise<NextByRhythm | undefined> {
  const cadence = await findCadence(trx, meeting.workspaceId, meeting.pairId);
  if (!cadence) return undefined;
  const rhythm = rhythmOf(cadence);
  const after = later(now, meeting.startsAt);
  const planned = await findFollowing(trx, meeting, after);
  return { at: planned?.startsAt ?? nextOccurrence(rhythm, after).at, rhythm };
}

async function findFollowing(
  trx: Trx,
  meeting: PairedMeeting,
  after: Temporal.Instant,
): Promise<PairedMeeting | undefined> {
  const planned = await findPlanned(trx, meeting.workspaceId, meeting.pairId);
  return planned.find(({ id, startsAt }) => id !== meeting.id && Temporal.Instant.compare(after, startsAt) < 0);
}

/** The day in which the form shows and takes the next review point: the rhythm's own, else the viewer's. */
export const nextZone = (rhythm: Rhythm | undefined, viewer: Pick<Person, 'zone'>): string =>
  rhythm?.zone ?? viewer.zone;

/** The instant that a chosen day stands for. The proposed day keeps its instant; another keeps the time of day. */
export function nextReview(
  on: Temporal.PlainDate | undefined,
  proposed: Temporal.Instant | undefined,
  rhythm: Rhythm | undefined,
  meeting: Pick<PairedMeeting, 'startsAt'>,
  viewer: Pick<Person, 'zone'>,
): Temporal.Instant | undefined {
  if (!on) return undefined;
  const zone = nextZone(rhythm, viewer);
  if (proposed && dayIn(zone, proposed).equals(on)) return proposed;
  const time = rhythm?.wallTime ?? meeting.startsAt.toZonedDateTimeISO(zone).toPlainTime();
  return atWallTime(on, time, zone);
}

/**
 * Moves the meeting that the rhythm gives to the day agreed on. Both agreed at the meeting, so it counts as nobody's
 * move. Needs this meeting held, so that the next one can be planned.
 */
export async function moveNext(
  trx: Trx,
  deps: Deps,
  writer: Person,
  { meeting, pair }: { meeting: PairedMeeting; pair: Pair },
  at: Temporal.Instant,
): Promise<void> {
  await planNext(trx, deps, pair);
  const following = await findFollowing(trx, meeting, later(deps.clock(), meeting.startsAt));
  const next = following && (await lockWithPair(trx, following));
  if (!next) return;
  const moved = await moveMeeting(trx, deps, next, writer.id, at);
  if (moved.ok) await updateMeeting(trx, next.meeting, { countedMoves: next.meeting.countedMoves });
}
