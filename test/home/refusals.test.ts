import { expect, test } from '@jest/globals';
import { ACCEPT_PROPOSAL } from '../../src/cadence/views.ts';
import { actionIdOf } from '../../src/commitments/views.ts';
import { forgeHomeClick } from '../support/forge.ts';
import { world } from '../support/world.ts';

test.each([
  ['a proposal that is not open any more', ACCEPT_PROPOSAL, /not open for you any more/],
  ['a commitment that is somebody else’s', actionIdOf('done'), /not there any more/],
])('clicking, on a Home drawn before, %s is told why in a small window', async (_what, actionId, words) => {
  await using w = await world();
  await w.ana.types('/accord help');
  const answer = await forgeHomeClick(w, w.ana.id, { actionId, value: '0190c0de-0000-7000-8000-000000000000' });
  expect(answer.status).toBe('acked');
  expect(JSON.stringify((await w.ana.modal())?.view.blocks)).toMatch(words);
});
