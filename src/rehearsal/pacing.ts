/** Calls a minute that Slack publishes for each tier; `posting` is one a second in each channel. */
export type Tier = 1 | 2 | 3 | 4 | 'posting' | 'unlimited';
/** Beside it Slack caps a workspace as a whole, at a figure that it does not publish. */
const POSTS_A_MINUTE = 600;
const CALLS_A_MINUTE = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;

export type Pacing = {
  on: boolean;
  /** Seconds to wait before this call may be made, or 0 when it may be made now, which counts it. */
  wait(method: string, tier: Tier, channel: string | undefined): number;
  /** Forgets what was counted. */
  clear(): void;
};

/** Slack's pace on the rehearsal clock. Stricter than Slack, which lets short bursts pass: what keeps to this keeps to Slack's. */
export function makePacing(on: boolean, now: () => number): Pacing {
  const posted = new Map<string, number>();
  const called = new Map<string, number[]>();

  const waitInChannel = (channel: string): number => {
    const last = posted.get(channel);
    const at = now();
    // A clock that was set back has nothing to wait for.
    if (last !== undefined && at >= last && at - last < 1000) return 1;
    const wait = waitInTier('posting', POSTS_A_MINUTE);
    if (wait === 0) posted.set(channel, at);
    return wait;
  };

  const waitInTier = (method: string, atMost: number): number => {
    const at = now();
    const recent = (called.get(method) ?? []).filter((then) => then <= at && at - then < 60_000);
    const oldest = recent[0];
    called.set(method, recent);
    if (oldest !== undefined && recent.length >= atMost) return Math.max(1, Math.ceil((oldest + 60_000 - at) / 1000));
    recent.push(at);
    return 0;
  };

  return {
    on,
    wait(method, tier, channel) {
      if (!this.on || tier === 'unlimited') return 0;
      if (tier === 'posting') return channel === undefined ? 0 : waitInChannel(channel);
      return waitInTier(method, CALLS_A_MINUTE[tier]);
    },
    clear() {
      posted.clear();
      called.clear();
    },
  };
}
