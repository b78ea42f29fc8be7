import { expect, test } from '@jest/globals';
import { live } from './year.ts';

const { ACCORD_SEED: only, ACCORD_DAYS: days, ACCORD_LONG: isLong } = process.env;

const many = (seeds: number, length: number) => Array.from({ length: seeds }, (_, n) => ({ seed: n + 1, length }));

/** A failing one tells the command that lives it again. */
const lives = only
  ? [{ seed: Number(only), length: Number(days ?? 21) }]
  : isLong
    ? [...many(1, 365), ...many(1_000, 3)]
    : many(3, 21);

test.concurrent.each(lives)(
  'TM5: $length days out of seed $seed, with kills, faults and clocks that jump: every promise holds',
  async ({ seed, length }) => {
    const lived = await live(seed, length);
    expect(lived.meetings).toBeGreaterThan(0);
  },
  isLong ? 3_600_000 : 120_000,
);
