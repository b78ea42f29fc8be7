import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';

type Following = {
  /** Where the clock stands, without the path. */
  url: string;
  /** Tells several processes of one app apart. */
  id?: string;
  log: Pick<Logger, 'warn' | 'error'>;
  /** Does everything that is due, and says when there is something to do again. Never called twice at a time. */
  work: () => Promise<{ next: Temporal.Instant | undefined }>;
  /** Called at the start and whenever everything was started over, before any work: what is known is of another epoch. */
  onEpoch?: (epoch: number) => Promise<void>;
};

export type FollowedClock = {
  clock: Clock;
  /** Something happened that may have given us work: does it, and reports anew. */
  nudge(): void;
  /** Resolves when the work under way has ended. */
  stop(): Promise<void>;
};

type Reading = { revision: number; epoch: number; now: string; real: number };

const WAIT_AFTER_FAILURE_MS = 500;
/** Work that is due but could not be done is tried again after this. */
const TRY_AGAIN_MS = 100;
/** Work that takes no longer needs no sign of life. */
const SOON_MS = 100;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Follows a clock that somebody else moves. Whenever it moves, and whenever it reaches what `work` waits for, the work
 * is done and reported, so that whoever moves the clock knows when everybody is through. Resolves when the clock has
 * been read for the first time.
 */
export async function followClock({ url, id = randomUUID(), log, work, onEpoch }: Following): Promise<FollowedClock> {
  refuseSlack(url);
  const stopping = new AbortController();
  let seen: Reading | undefined;
  let offset = 0;
  let at: Temporal.Instant | undefined;
  let next: Temporal.Instant | undefined;
  let nudged = Promise.withResolvers<void>();
  const clock: Clock = () => Temporal.Instant.fromEpochMilliseconds(Date.now() + offset);

  /** Reports how far we are; answered when there is something that we have not seen. */
  function report(): { reading: Promise<Reading | undefined>; abort(): void } {
    const abandoned = new AbortController();
    const body = { id, epoch: seen?.epoch, revision: seen?.revision, at: at?.toString(), next: next?.toString() };
    const reading = post(url, body, AbortSignal.any([abandoned.signal, stopping.signal])).catch(async (error) => {
      if (abandoned.signal.aborted || stopping.signal.aborted) return undefined;
      log.warn({ err: error }, 'the followed clock does not answer; trying again');
      await pauseUnless(stopping.signal);
      return undefined;
    });
    return { reading, abort: () => abandoned.abort() };
  }

  /** While work takes its time, a line held open says that we live. */
  function holdLine(): AbortController {
    const ended = new AbortController();
    const hold = async () => {
      while (!ended.signal.aborted)
        await post(url, { id, working: true }, ended.signal).catch(() => pauseUnless(ended.signal));
    };
    const slow = setTimeout(hold, SOON_MS);
    ended.signal.addEventListener('abort', () => clearTimeout(slow));
    return ended;
  }

  /** Whether there was news in it. */
  async function take(reading: Reading | undefined): Promise<boolean> {
    if (!reading || (reading.revision === seen?.revision && reading.epoch === seen.epoch)) return false;
    offset = Temporal.Instant.from(reading.now).epochMilliseconds - reading.real;
    const startedOver = reading.epoch !== seen?.epoch;
    seen = reading;
    if (startedOver) await onEpoch?.(reading.epoch);
    return true;
  }

  async function workThrough(): Promise<void> {
    nudged = Promise.withResolvers<void>();
    const begun = clock();
    const line = holdLine();
    try {
      ({ next } = await work());
      at = begun;
    } catch (error) {
      log.error({ err: error }, 'work that was due failed');
      next = begun; // It is still due.
    } finally {
      line.abort();
    }
  }

  async function goOn(): Promise<void> {
    await workThrough();
    let reported = report();
    while (!stopping.signal.aborted) {
      const due = dueIn(next, clock());
      const news = await Promise.race([reported.reading.then((reading) => ({ reading })), nudged.promise, due.reached]);
      due.forget();
      // The report stays open while we work: whoever waits for us would take a closed one for our death.
      if (!news || (await take(news.reading))) await workThrough();
      reported.abort();
      reported = report();
    }
    reported.abort();
  }

  await take(await post(url, { id }, stopping.signal));
  const ended = goOn().catch((error) => log.error({ err: error }, 'no longer following the clock'));
  return {
    clock,
    nudge: () => nudged.resolve(),
    async stop() {
      stopping.abort();
      nudged.resolve();
      await ended;
      await leave(url, id);
    },
  };
}

/** A real workspace has no clock to move: an address there is a mistake, and would tell Slack of it. */
function refuseSlack(url: string): void {
  const { hostname } = new URL(url);
  if (/(^|\.)slack\.com\.?$/i.test(hostname)) throw new Error(`A clock at ${hostname} cannot be followed.`);
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<Reading> {
  const response = await fetch(new URL('/rehearsal/clock/follow', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  const reading: unknown = await response.json();
  if (!response.ok || !isReading(reading)) throw new Error(`The clock answered ${response.status}.`);
  return reading;
}

/** Before the next try; over at once where there is to be none. */
const pauseUnless = (over: AbortSignal): Promise<void> =>
  pause(WAIT_AFTER_FAILURE_MS, undefined, { signal: over }).catch(() => undefined);

/** So that nobody waits for us. Whoever is gone cannot be told, and need not. */
async function leave(url: string, id: string): Promise<void> {
  const address = new URL(`/rehearsal/clock/follow?id=${encodeURIComponent(id)}`, url);
  await fetch(address, { method: 'DELETE', signal: AbortSignal.timeout(1000) }).catch(() => {});
}

const isReading = (value: unknown): value is Reading =>
  typeof value === 'object' &&
  value !== null &&
  'revision' in value &&
  typeof value.revision === 'number' &&
  'epoch' in value &&
  typeof value.epoch === 'number' &&
  'now' in value &&
  typeof value.now === 'string' &&
  'real' in value &&
  typeof value.real === 'number';

/** Time goes by without anybody moving the clock, too. */
function dueIn(next: Temporal.Instant | undefined, now: Temporal.Instant): { reached: Promise<void>; forget(): void } {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  if (!next) return { reached, forget: () => {} };
  const wait = Math.max(next.epochMilliseconds - now.epochMilliseconds, TRY_AGAIN_MS);
  const timer = setTimeout(resolve, Math.min(wait, LONGEST_TIMER_MS)).unref();
  return { reached, forget: () => clearTimeout(timer) };
}
