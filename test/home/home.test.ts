import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';

test('somebody new sees what this is and begins from one button', async () => {
  await using w = await world();
  await w.mia.opensHome();
  expect(await w.mia.sees('home')).toContain('One-on-ones that both sides hold each other to');

  await w.mia.clicks('Start a one-on-one');
  await w.mia.submits('Start a one-on-one', { 'With whom': ['@marcus'] });
  await w.mia.submits('Propose a rhythm', {});
  expect(await w.marcus.sees()).toContain('Mia Chen proposes a standing one-on-one with you');
});

test('a pair sees its next meeting and both columns, each from their own side', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.opensHome();
  const before = await w.ana.sees('home');
  console.log(before);
  await w.ana.clicks('Accept', { in: 'home' });
  console.log(await w.ana.sees('home'));
  await w.dana.types('/commit send Ana the listing presentation by Friday');
  await w.ana.types('/commit two comps by Thursday');
  await w.dana.opensHome();
  console.log(await w.dana.sees('home'));
  console.log(await w.ana.sees('home'));
});
