import { setTimeout as pause } from 'node:timers/promises';
import { makeFollowers, type Reading, type Report } from './followers.ts';
import type { Workspace } from './workspace.ts';

/** Longest real time that one step waits for the app to work through what became due. */
const SETTLES_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 4;

/** `now` moves nothing and waits until the app is settled; `next` is the next instant that anybody waits for. */
export type Target = { to: 'now' | 'next' | number; outage?: boolean; signal?: AbortSignal };
export type Moved = { steps: number[]; settled: boolean };

/**
 * The rehearsal clock: the machine's plus an offset that only grows, until the workspace is started over. Moving it
 * stops at each instant that a follower or a retry waits for, so that a week shows a week's messages in their order.
 */
export type RehearsalClock = {
  /** One move at a time: a second one waits for the first. */
  move(target: Target): Promise<Moved>;
  status(): { now: number; offset: number; nextDue: number | undefined; settled: boolean };
  followers(): Report[];
  /** Takes a follower's report, and answers when there is something that it has not seen. */
  follow(report: Report, signal: AbortSignal): Promise<Reading>;
  leave(id: string): void;
};

export function makeRehearsalClock(workspace: Workspace): RehearsalClock {
  const followers = makeFollowers(workspace);
  let last: Promise<unknown> = Promise.resolve();

  const dueTimes = () => [...followers.list().flatMap(({ next }) => next ?? []), ...workspace.dispatch.retries()];
  const nextDue = (): number | undefined => dueTimes().sort((a, b) => a - b)[0];
  const isQuiet = () => workspace.traffic.underWay === 0 && workspace.dispatch.underWay() === 0;
  const isSettled = () => isQuiet() && followers.areUpToDate() && (nextDue() ?? Infinity) > workspace.now();

  async function settle(signal?: AbortSignal): Promise<boolean> {
    const until = performance.now() + SETTLES_WITHIN_MS;
    while (!isSettled()) {
      if (performance.now() > until || signal?.aborted) return false;
      await pause(LOOK_EVERY_MS);
    }
    return true;
  }

  function set(to: number): void {
    if (to > workspace.now()) workspace.state.clockOffset = to - Date.now();
    followers.tell();
    workspace.dispatch.sendDue();
    workspace.changed({ kind: 'clock' });
  }

  /** First the app works through the present: what just happened may have given it something to do on the way. */
  async function step({ to, signal }: Target): Promise<Moved> {
    followers.tell();
    const steps: number[] = [];
    let settled = await settle(signal);
    if (to === 'now') return { steps, settled };
    const target = to === 'next' ? (nextDue() ?? workspace.now()) : to;
    while (settled && workspace.now() < target) {
      const stop = Math.min(nextDue() ?? target, target);
      steps.push(stop);
      set(stop);
      settled = await settle(signal);
    }
    return { steps, settled };
  }

  /** The app was down all the while, so that everything is due at once. */
  async function jump({ to, signal }: Target): Promise<Moved> {
    const target = to === 'next' ? (nextDue() ?? workspace.now()) : to === 'now' ? workspace.now() : to;
    set(target);
    return { steps: [target], settled: await settle(signal) };
  }

  workspace.onChange(({ kind }) => {
    if (kind === 'reset') followers.tell();
  });

  return {
    move(target) {
      const moved = last.then(() => (target.outage ? jump(target) : step(target)));
      last = moved.catch(() => {});
      return moved;
    },
    status: () => ({
      now: workspace.now(),
      offset: workspace.state.clockOffset,
      nextDue: nextDue(),
      settled: isSettled(),
    }),
    followers: followers.list,
    follow: followers.follow,
    leave: followers.leave,
  };
}
