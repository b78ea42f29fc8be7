import { expect, test } from '@jest/globals';
import { live } from './year.ts';

const SEEDS = process.env.ACCORD_SEED ? [Number(process.env.ACCORD_SEED)] : [1, 2, 3];
const DAYS = Number(process.env.ACCORD_DAYS ?? 21);

test.each(SEEDS)(
  'TM5: a life out of seed %i, with kills, faults and clocks that jump, keeps every promise',
  async (seed) => {
    const lived = await live(seed, DAYS);
    expect(lived.meetings).toBeGreaterThan(0);
  },
  120_000,
);
