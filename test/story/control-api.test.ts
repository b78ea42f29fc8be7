import { test } from '@jest/globals';
import { world } from '../support/world.ts';
import { byControlApi } from './control-api.ts';
import { sixWeeks } from './story.ts';

test('six weeks of one relationship, through the control API', async () => {
  await using w = await world();
  await sixWeeks(byControlApi(w));
}, 120_000);
