/** Everything random of one simulation comes out of one of these, so that its seed brings all of it back. */
export type Random = {
  /** From 0 up to and without 1. */
  next(): number;
  /** From `from` to `to`, both included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Ids as `deps.newId` makes them: ordered by the instant, then by the order in which they were asked for. */
  id(at: Temporal.Instant): string;
};

/** Mulberry32: small, and good enough to throw dice with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  let counted = 0;
  const bits = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => bits() / 2 ** 32;
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick(from) {
      const picked = from[whole(0, from.length - 1)];
      if (picked === undefined) throw new RangeError('There is nothing to pick from');
      return picked;
    },
    id(at) {
      counted += 1;
      const time = at.epochMilliseconds.toString(16).padStart(12, '0');
      const count = counted.toString(16).padStart(8, '0');
      const [a, b] = [count.slice(0, 3), count.slice(3)];
      const tail = bits().toString(16).padStart(8, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-8${b.slice(0, 3)}-${b.slice(3)}${tail}00`;
    },
  };
}
