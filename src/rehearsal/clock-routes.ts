import { z } from 'zod';
import { findPerson } from './act/place.ts';
import { markArrivals } from './arrivals.ts';
import type { Target } from './clock.ts';
import { type ControlRoute, controlRoute, no, said } from './control-route.ts';
import { iso } from './seen.ts';
import type { Workspace } from './workspace.ts';

const instant = z.string().transform((text, context) => {
  try {
    // Up to the next millisecond: whoever waits for an instant must find it reached.
    return Temporal.Instant.from(text).round({ smallestUnit: 'millisecond', roundingMode: 'ceil' }).epochMilliseconds;
  } catch {
    context.addIssue('an instant such as 2026-03-24T09:00:00Z');
    return z.NEVER;
  }
});
const step = z.templateLiteral(['+', z.number().int().positive(), z.enum(['m', 'h', 'd', 'w'])]);
/** Followers that have seen nothing yet leave the figures out. */
const seen = z.number().nullish();

/** A slip of the hand should not start to step through a century. */
const AT_MOST_MS = 10 * 366 * 24 * 3_600_000;

export const clockRoutes: ControlRoute[] = [
  controlRoute({
    method: 'GET',
    path: '/clock',
    about: 'Where the rehearsal clock stands, what is due next, and who follows it.',
    example: '$URL/rehearsal/clock',
    input: z.object({}),
    run: ({ workspace }) => said(clockSeen(workspace)),
  }),
  controlRoute({
    method: 'POST',
    path: '/clock',
    about:
      'Moves the clock: to "next", by "+1h", "+1d", "+1w", or to an instant, stopping at everything due on the way; "now" only waits until the app is settled. "outage": true jumps, as if the app had been down.',
    example: `-X POST $URL/rehearsal/clock -d '{"to":"next"}'`,
    input: z.object({
      to: z.union([z.literal('next'), z.literal('now'), step, instant]),
      outage: z.boolean().optional(),
      /** Days and weeks are counted on this person's calendar. */
      as: z.string().optional(),
    }),
    async run({ workspace, input, response }) {
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      const to = targetOf(workspace, input.to, input.as);
      const ahead = typeof to === 'number' ? to - workspace.now() : 0;
      if (ahead > AT_MOST_MS) return no(400, 'too_far', 'The clock moves ten years at most at once.');
      if (ahead < -60_000)
        return no(400, 'in_the_past', 'The clock only goes forward; POST /rehearsal/start-over sets it back.');
      const arrivals = markArrivals(workspace);
      const { steps, settled } = await workspace.clock.move({ to, outage: input.outage, signal: gone.signal });
      return said({ now: iso(workspace.now()), steps: steps.map(iso), settled, arrived: arrivals() });
    },
  }),
  controlRoute({
    method: 'POST',
    path: '/clock/follow',
    about: 'For an app that follows the clock: reports how far it is, and waits up to 25 s for news.',
    example: `-X POST $URL/rehearsal/clock/follow -d '{"id":"me"}'`,
    input: z.object({
      id: z.string().min(1),
      epoch: seen,
      revision: seen,
      at: instant.nullish(),
      next: instant.nullish(),
      working: z.boolean().optional(),
    }),
    async run({ workspace, input, response }) {
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      const { id, epoch, revision, at, next, working } = input;
      const report = {
        id,
        epoch: epoch ?? undefined,
        revision: revision ?? undefined,
        at: at ?? undefined,
        next: next ?? undefined,
        working,
      };
      const reading = await workspace.clock.follow(report, gone.signal);
      return said({ ...reading, now: iso(reading.now) });
    },
  }),
  controlRoute({
    method: 'DELETE',
    path: '/clock/follow',
    about: 'An app that followed the clock stops: nobody waits for it any more.',
    example: "-X DELETE '$URL/rehearsal/clock/follow?id=me'",
    input: z.object({ id: z.string().min(1) }),
    run({ workspace, input }) {
      workspace.clock.leave(input.id);
      return said({ ok: true });
    },
  }),
];

function clockSeen(workspace: Workspace) {
  const { now, offset, nextDue, settled } = workspace.clock.status();
  return {
    now: iso(now),
    offset,
    nextDue: nextDue === undefined ? null : iso(nextDue),
    settled,
    followers: workspace.clock.followers().map(({ id, at, next }) => ({
      id,
      at: at === undefined ? null : iso(at),
      next: next === undefined ? null : iso(next),
    })),
  };
}

/** Hours are hours; days and weeks keep the wall time of whoever moves the clock, across a change of summer time. */
function targetOf(workspace: Workspace, to: number | string, as: string | undefined): Target['to'] {
  if (typeof to === 'number' || to === 'next' || to === 'now') return to;
  const [, count = '0', unit = 'h'] = /^\+(\d+)([mhdw])$/.exec(to) ?? [];
  const zone = (as === undefined ? undefined : findPerson(workspace, as)?.zone) ?? 'UTC';
  const name = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks' }[unit] ?? 'hours';
  return Temporal.Instant.fromEpochMilliseconds(workspace.now())
    .toZonedDateTimeISO(zone)
    .add({ [name]: Number(count) }).epochMilliseconds;
}
