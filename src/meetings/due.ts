import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { type Enqueued, enqueueAll, refreshAllPosted } from '../delivery/outbox.ts';
import type { Deps, DueWork } from '../deps.ts';
import { isBefore } from '../ground/zoned.ts';
import { findEverybody, markAllHomesStale, markAllPrivacyTold, type Person, type PersonKey } from '../people/store.ts';
import { planNext } from './planning.ts';
import { isUseful, nextStep, stepsOf, type TimedStep } from './rules.ts';
import { briefKey, cardKey, keepKey, keysAbout, nextDue, nudgeKey, openingKey, timesOf } from './schedule.ts';
import {
  findOutcomesNamed,
  lockPlanDue,
  lockStepsDue,
  type PairedMeeting,
  type StepsTaken,
  updateAllSteps,
} from './store.ts';

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
      if (meetings.length > 0) await write(trx, now, await decide(trx, deps, now, meetings));
      return meetings.length;
    },
  },
];

/** What a batch comes to: written by one statement a table, however many meetings there are. */
type Decided = {
  steps: StepsTaken[];
  messages: Enqueued[];
  refreshed: { workspaceId: string; key: string }[];
  stale: PersonKey[];
  privacyTold: PersonKey[];
};

async function decide(
  trx: Transaction<Database>,
  deps: Deps,
  now: Temporal.Instant,
  meetings: PairedMeeting[],
): Promise<Decided> {
  const couples = meetings.flatMap(({ workspaceId, leaderId, partnerId }) => [
    { workspaceId, id: leaderId },
    { workspaceId, id: partnerId },
  ]);
  const people = await findEverybody(trx, couples);
  const named = await findOutcomesNamed(trx, meetings);
  const decided: Decided = { steps: [], messages: [], refreshed: [], stale: [], privacyTold: [] };
  for (const meeting of meetings) {
    const leader = people.get(`${meeting.workspaceId} ${meeting.leaderId}`);
    const partner = people.get(`${meeting.workspaceId} ${meeting.partnerId}`);
    if (!leader || !partner) throw new Error('A meeting has lost its people');
    takeSteps(decided, deps, now, { meeting, leader, partner, isNamed: named.has(meeting.id) });
  }
  return decided;
}

async function write(
  trx: Transaction<Database>,
  now: Temporal.Instant,
  { steps, messages, refreshed, stale, privacyTold }: Decided,
): Promise<void> {
  await markAllHomesStale(trx, stale, now);
  await updateAllSteps(trx, steps);
  await enqueueAll(trx, messages);
  await refreshAllPosted(trx, refreshed, now);
  await markAllPrivacyTold(trx, privacyTold, now);
}

/** `isNamed`: the partner said what the meeting has to produce. */
type Standing = { meeting: PairedMeeting; leader: Person; partner: Person; isNamed: boolean };

function takeSteps(decided: Decided, deps: Deps, now: Temporal.Instant, standing: Standing): void {
  const { meeting, leader, partner } = standing;
  const { workspaceId, id } = meeting;
  const ended = { workspaceId, id, endedAt: now, dueStep: null, dueAt: null };
  if (meeting.pairState !== 'active') {
    const state = isBefore(now, meeting.startsAt) ? 'replaced' : 'unrecorded';
    decided.steps.push({ ...ended, stepsDone: meeting.stepsDone, state });
    refresh(decided, workspaceId, ...keysAbout(meeting));
    return;
  }
  decided.stale.push(leader, partner);
  const steps = stepsOf(timesOf(meeting, meeting.kind), leader, partner);
  const stepsDone = [...meeting.stepsDone];
  for (let next = nextStep(steps, stepsDone); next && !isBefore(now, next.at); next = nextStep(steps, stepsDone)) {
    stepsDone.push(next.step);
    if (next.step === 'close') {
      decided.steps.push({ ...ended, stepsDone, state: 'unrecorded' });
      refresh(decided, workspaceId, ...keysAbout(meeting));
      return;
    }
    // With one of the two gone there is nothing to prepare, and nobody to ask.
    if (isUseful(next, now) && leader.active && partner.active) say(decided, deps, now, standing, next);
  }
  decided.steps.push({ workspaceId, id, stepsDone, state: meeting.state, endedAt: null, ...nextDue(steps, stepsDone) });
}

function say(
  decided: Decided,
  deps: Deps,
  now: Temporal.Instant,
  standing: Standing,
  { step, useUntil }: TimedStep,
): void {
  const { meeting } = standing;
  const { workspaceId } = meeting;
  const message = messageOf(decided, standing, step);
  if (message)
    decided.messages.push({
      ...message,
      workspaceId,
      id: deps.newId(),
      notBefore: now,
      now,
      ...(useUntil && { expiresAt: useUntil }),
    });
  // What could be pressed until the meeting cannot be pressed any more.
  if (step === 'card') refresh(decided, workspaceId, openingKey(meeting.id), keepKey(meeting.id));
  // And the card asks whether they met.
  if (step === 'nudge') refresh(decided, workspaceId, cardKey(meeting));
}

const refresh = ({ refreshed }: Decided, workspaceId: string, ...keys: string[]) =>
  refreshed.push(...keys.map((key) => ({ workspaceId, key })));

function messageOf(
  decided: Decided,
  { meeting, partner, isNamed }: Standing,
  step: TimedStep['step'],
): Message | undefined {
  const { id, leaderId, partnerId } = meeting;
  const about = { meeting: id, moves: String(meeting.movedTimes) };
  const both = { people: [leaderId, partnerId] };
  switch (step) {
    case 'prep': {
      if (isNamed) return undefined;
      const isFirst = partner.privacyToldAt === null && !decided.privacyTold.includes(partner);
      if (isFirst) decided.privacyTold.push(partner);
      const first = isFirst ? { ...about, privacy: 'told' } : about;
      return { kind: 'opening-question', key: openingKey(id), about: first, to: { people: [partnerId] } };
    }
    case 'brief':
      return { kind: 'brief', key: briefKey(meeting), about, to: { people: [leaderId] } };
    case 'keep':
      return isNamed ? undefined : { kind: 'keep', key: keepKey(id), about, to: { people: [partnerId] } };
    case 'card':
      return { kind: 'card', key: cardKey(meeting), about, to: both };
    case 'nudge':
      return { kind: 'recap-nudge', key: nudgeKey(meeting), about, to: both };
    case 'close':
      return undefined;
  }
}
