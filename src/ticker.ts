import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from './ground/clock.ts';
import type { Ahead } from './tick.ts';

/** A wait for Slack's pace is worked through while settling; a longer one (an outage of Slack's) is not waited for. */
const LONGEST_SETTLE_MS = 20_000;

/** Wishes that come closer are one tick: one for each of a hundred requests a second would take their time from them. */
const APART_MS = 250;

export type Ticker = {
  /** Runs a tick soon; several wishes at once are one tick. */
  wake: () => void;
  /** Ticks until nothing is left at this reading of the clock, and says when there is something again. */
  settle: () => Promise<Ahead>;
  /** Lets the tick under way come to its end and starts no other. */
  stop: () => Promise<void>;
};

/** One tick at a time in this process, and another one after it when somebody asked meanwhile. */
export function makeTicker(tick: (signal: AbortSignal) => Promise<Ahead>, clock: Clock, log: Logger): Ticker {
  const stopping = new AbortController();
  let running: Promise<Ahead> | undefined;
  let wanted = false;
  let retry: NodeJS.Timeout | undefined;
  let begun = Number.NEGATIVE_INFINITY;
  let settling = 0;

  const run = async (): Promise<Ahead> => {
    for (;;) {
      const early = begun + APART_MS - performance.now();
      if (early > 0 && settling === 0) await pause(early, undefined, { signal: stopping.signal }).catch(() => {});
      begun = performance.now();
      wanted = false;
      const ahead = await tick(stopping.signal);
      if (!wanted || stopping.signal.aborted) return ahead;
    }
  };

  const once = (): Promise<Ahead> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };

  const wake = (): void => {
    wanted = true;
    if (stopping.signal.aborted) return;
    once().then(
      ({ retryInMs }) => {
        clearTimeout(retry);
        if (retryInMs !== undefined && !stopping.signal.aborted) retry = setTimeout(wake, retryInMs);
      },
      (error) => log.error({ err: error }, 'a tick failed; the next one tries again'),
    );
  };

  const settle = (): Promise<Ahead> => {
    settling += 1;
    return untilSettled().finally(() => {
      settling -= 1;
    });
  };

  const untilSettled = async (): Promise<Ahead> => {
    const until = performance.now() + LONGEST_SETTLE_MS;
    for (;;) {
      wanted = true;
      const ahead = await once();
      const isDue = ahead.next !== undefined && Temporal.Instant.compare(ahead.next, clock()) <= 0;
      const mayWait = ahead.retryInMs !== undefined && performance.now() + ahead.retryInMs < until;
      if (stopping.signal.aborted || performance.now() > until || (!isDue && !mayWait)) return ahead;
      if (mayWait) await pause(ahead.retryInMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };

  return {
    wake,
    settle,
    stop: async () => {
      stopping.abort();
      clearTimeout(retry);
      await running?.catch(() => {});
    },
  };
}
