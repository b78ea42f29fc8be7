import type { Workspace } from './workspace.ts';

/** How far a follower is: it has worked through `at`, of this epoch and revision, and next wants to work at `next`. */
export type Report = {
  id: string;
  epoch: number | undefined;
  revision: number | undefined;
  at: number | undefined;
  next: number | undefined;
  /** It is still at it: says only that it lives. */
  working?: boolean;
};
/** `now` on the rehearsal clock was true at `real` on the machine's. */
export type Reading = { revision: number; epoch: number; now: number; real: number };

type Follower = { report: Report; heardAt: number; answer?: (reading: Reading) => void };

const POLL_MS = 25_000;
/** A follower holds a line open, also while it works: one without has died, unless it is back in a moment. */
const MAY_BE_AWAY_MS = 2000;

/** Who follows the clock. A follower is told by the answer to its report, which is held back until there is news. */
export function makeFollowers(workspace: Workspace) {
  const followers = new Map<string, Follower>();
  // Grows over a restart too, so that nobody takes an old reading for the newest.
  let revision = Date.now();

  const reading = (): Reading => {
    const real = Date.now();
    return { revision, epoch: workspace.state.epoch, now: real + workspace.state.clockOffset, real };
  };

  const isUpToDate = ({ report }: Follower) =>
    !report.working && report.revision === revision && report.epoch === workspace.state.epoch;

  const alive = (): Follower[] => {
    for (const [id, { answer, heardAt }] of followers)
      if (!answer && Date.now() - heardAt > MAY_BE_AWAY_MS) followers.delete(id);
    return [...followers.values()];
  };

  function answer(follower: Follower): void {
    follower.heardAt = Date.now();
    follower.answer?.(reading());
    follower.answer = undefined;
  }

  function follow(report: Report, signal: AbortSignal): Promise<Reading> {
    const before = followers.get(report.id);
    if (before) answer(before);
    // Until it is through it waits for what it said last. Whoever looks at the clock sees when that changes.
    const next = report.working ? before?.report.next : report.next;
    const follower: Follower = { report: { ...report, next }, heardAt: Date.now() };
    followers.set(report.id, follower);
    if (next !== before?.report.next) workspace.changed({ kind: 'clock' });
    if (!report.working && !isUpToDate(follower)) return Promise.resolve(reading());

    return new Promise((resolve) => {
      const ended = setTimeout(() => answer(follower), POLL_MS).unref();
      const broken = () => answer(follower);
      follower.answer = (news) => {
        clearTimeout(ended);
        signal.removeEventListener('abort', broken);
        resolve(news);
      };
      signal.addEventListener('abort', broken, { once: true });
    });
  }

  return {
    follow,
    list: () => alive().map(({ report }) => report),
    areUpToDate: () => alive().every(isUpToDate),
    leave: (id: string) => void followers.delete(id),
    /** Tells everybody that the clock was moved or the workspace started over: all have to report anew. */
    tell() {
      revision += 1;
      for (const follower of followers.values()) if (!follower.report.working) answer(follower);
    },
  };
}
