import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';

test('a leader proposes, the agent suggests another, the leader accepts, and both get the calendar file', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  const sent = await w.dana.submits('Propose a rhythm', { 'What it is for': 'operating support' });
  expect(sent.errors).toBeUndefined();
  await w.dana.act({ do: 'close' });
  expect(await w.ana.sees()).toContain('Dana proposes a standing one-on-one with you');

  await w.ana.clicks('Suggest another');
  await w.ana.submits('Suggest a rhythm', { 'How often': 'Every week' });
  await w.ana.act({ do: 'close' });
  expect(await w.ana.sees()).toContain('You suggested another rhythm.');
  expect(await w.dana.sees()).toContain('Ana proposes a standing one-on-one with you');

  await w.dana.clicks('Accept');
  expect(await w.dana.sees()).toContain('one-on-one.ics');
  expect(await w.ana.sees()).toContain('one-on-one.ics');
  expect(await w.database.count('proposal')).toBe(2);
});
