import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { makeTicker } from '../src/ticker.ts';

const log = pino({ level: 'silent' });

function counting() {
  let ticks = 0;
  const tick = async () => {
    ticks += 1;
    return { next: undefined, retryInMs: undefined };
  };
  return { ticker: makeTicker(tick, () => Temporal.Now.instant(), log), ticks: () => ticks };
}

test('the first wish is a tick at once, and wishes without end are a few ticks a second', async () => {
  const { ticker, ticks } = counting();
  ticker.wake();
  expect(ticks()).toBe(1);
  for (const until = performance.now() + 350; performance.now() < until; await turn()) ticker.wake();
  await ticker.stop();
  expect(ticks()).toBeGreaterThan(1);
  expect(ticks()).toBeLessThanOrEqual(5);
});

test('whoever waits until all is settled is not kept waiting by that', async () => {
  const { ticker, ticks } = counting();
  const begun = performance.now();
  for (let n = 0; n < 50; n++) await ticker.settle();
  expect(ticks()).toBe(50);
  expect(performance.now() - begun).toBeLessThan(1_000);
  await ticker.stop();
});
