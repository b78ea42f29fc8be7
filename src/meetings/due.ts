import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { type Enqueued, enqueueAll, refreshPosted } from '../delivery/outbox.ts';
import type { Deps, DueWork } from '../deps.ts';
import { isBefore } from '../ground/zoned.ts';
import { findPersonOrThrow, markHomeStale, markPrivacyTold, type Person } from '../people/store.ts';
import { planNext } from './planning.ts';
import { isUseful, nextStep, stepsOf, type TimedStep } from './rules.ts';
import { briefKey, cardKey, isOutcomeNamed, keepKey, nextDue, nudgeKey, openingKey, timesOf } from './schedule.ts';
import { lockPlanDue, lockStepsDue, type PairedMeeting, updateSteps } from './store.ts';

type Trx = Transaction<Database>;
type Message = Pick<Enqueued, 'kind' | 'key' | 'about' | 'to'>;

export const due: DueWork[] = [
  {
    subject: 'meeting plans',
    table: 'pair',
    column: 'planDueAt',
    async work(trx, deps, now, atMost) {
      const pairs = await lockPlanDue(trx, now, atMost);
      for (const pair of pairs) await planNext(trx, deps, pair);
      return pairs.length;
    },
  },
  {
    subject: 'meeting steps',
    table: 'meeting',
    column: 'dueAt',
    /** Each thing is said once, if it still makes sense, and otherwise counts as done unsaid. */
    async work(trx, deps, now, atMost) {
      const meetings = await lockStepsDue(trx, now, atMost);
      for (const meeting of meetings) await takeSteps(trx, deps, now, meeting);
      return meetings.length;
    },
  },
];

async function takeSteps(trx: Trx, deps: Deps, now: Temporal.Instant, meeting: PairedMeeting): Promise<void> {
  if (meeting.pairState !== 'active') {
    const state = isBefore(now, meeting.startsAt) ? 'replaced' : 'unrecorded';
    await updateSteps(trx, meeting, { state, endedAt: now, dueStep: null, dueAt: null });
    return;
  }
  const leader = await findPersonOrThrow(trx, meeting.workspaceId, meeting.leaderId);
  const partner = await findPersonOrThrow(trx, meeting.workspaceId, meeting.partnerId);
  const steps = stepsOf(timesOf(meeting, meeting.kind), leader, partner);
  const stepsDone = [...meeting.stepsDone];
  await markHomeStale(trx, meeting.workspaceId, [leader.id, partner.id], now);
  for (let next = nextStep(steps, stepsDone); next && !isBefore(now, next.at); next = nextStep(steps, stepsDone)) {
    stepsDone.push(next.step);
    if (next.step === 'close') {
      await updateSteps(trx, meeting, { stepsDone, state: 'unrecorded', endedAt: now, dueStep: null, dueAt: null });
      return;
    }
    if (isUseful(next, now)) await say(trx, deps, now, meeting, next, partner);
  }
  await updateSteps(trx, meeting, { stepsDone, ...nextDue(steps, stepsDone) });
}

async function say(
  trx: Trx,
  deps: Deps,
  now: Temporal.Instant,
  meeting: PairedMeeting,
  { step, useUntil }: TimedStep,
  partner: Person,
): Promise<void> {
  const { workspaceId } = meeting;
  const messages = await messagesOf(trx, now, meeting, step, partner);
  await enqueueAll(
    trx,
    messages.map((message) => ({
      ...message,
      workspaceId,
      id: deps.newId(),
      notBefore: now,
      now,
      ...(useUntil && { expiresAt: useUntil }),
    })),
  );
  // What could be pressed until the meeting cannot be pressed any more.
  if (step === 'card') await refreshPosted(trx, workspaceId, [openingKey(meeting.id), keepKey(meeting.id)], now);
  // And the card asks whether they met.
  if (step === 'nudge') await refreshPosted(trx, workspaceId, [cardKey(meeting)], now);
}

async function messagesOf(
  trx: Trx,
  now: Temporal.Instant,
  meeting: PairedMeeting,
  step: TimedStep['step'],
  partner: Person,
): Promise<Message[]> {
  const { id, leaderId, partnerId } = meeting;
  const about = { meeting: id, moves: String(meeting.movedTimes) };
  const both = { people: [leaderId, partnerId] };
  switch (step) {
    case 'prep': {
      if (await isOutcomeNamed(trx, meeting)) return [];
      const isFirst = partner.privacyToldAt === null;
      if (isFirst) await markPrivacyTold(trx, partner, now);
      const first = isFirst ? { ...about, privacy: 'told' } : about;
      return [{ kind: 'opening-question', key: openingKey(id), about: first, to: { people: [partnerId] } }];
    }
    case 'brief':
      return [{ kind: 'brief', key: briefKey(meeting), about, to: { people: [leaderId] } }];
    case 'keep':
      if (await isOutcomeNamed(trx, meeting)) return [];
      return [{ kind: 'keep', key: keepKey(id), about, to: { people: [partnerId] } }];
    case 'card':
      return [{ kind: 'card', key: cardKey(meeting), about, to: both }];
    case 'nudge':
      return [{ kind: 'recap-nudge', key: nudgeKey(meeting), about, to: both }];
    case 'close':
      return [];
  }
}
