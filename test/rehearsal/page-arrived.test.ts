import { expect, test } from '@jest/globals';
import type { Arrival } from '../../src/rehearsal/page/api.ts';
import { gather } from '../../src/rehearsal/page/arrived.ts';

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';
const arrival = (userId: string, who: string, conversation: string, conversationId: string, count = 1): Arrival => ({
  userId,
  who,
  conversation,
  conversationId,
  count,
});

test('what arrived is one entry a person, that leads to where the most came', () => {
  const arrived = [
    arrival(ANA, 'Ana Flores', 'Accord', 'D01'),
    arrival(ANA, 'Ana Flores', 'Accord, Dana Reyes', 'C09', 2),
    arrival(DANA, 'Dana Reyes', 'Accord, Ana Flores', 'C09', 2),
  ];
  expect(gather(arrived, DANA)).toEqual([
    { label: 'Ana', count: 3, as: ANA, at: 'C09' },
    { label: 'Dana', count: 2, as: DANA, at: 'C09' },
  ]);
});

test('a channel is one entry however many are in it, opened as whoever one is', () => {
  const arrived = [
    arrival(ANA, 'Ana Flores', 'promises', 'C0PROMISES'),
    arrival(DANA, 'Dana Reyes', 'promises', 'C0PROMISES'),
  ];
  expect(gather(arrived, DANA)).toEqual([{ label: '#promises', count: 1, as: DANA, at: 'C0PROMISES' }]);
  expect(gather(arrived, 'U0OTTO0001')).toEqual([{ label: '#promises', count: 1, as: ANA, at: 'C0PROMISES' }]);
});
