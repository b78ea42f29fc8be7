import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';

test('what somebody sets for themselves is what the form shows the next time', async () => {
  await using w = await world();
  await w.ana.types('/accord settings');
  await w.ana.submits('Settings', {
    'How much you hear': 'Quiet',
    'Messages are welcome from': '07:30',
    until: '16:00',
    'Working days': ['Monday', 'Tuesday'],
    'The opening question of a meeting comes': '2 days before',
  });
  await w.ana.types('/accord settings');
  const shown = JSON.stringify(await w.ana.modal());
  console.log(await w.ana.sees());
  expect(shown).toContain('"initial_time":"07:30"');
});
