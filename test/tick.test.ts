import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick } from '../src/db/as-workspace.ts';
import { tick } from '../src/tick.ts';
import { agreed } from './commitments/paired.ts';
import { world } from './support/world.ts';

test('what due work leaves is sent and drawn by the same tick, though the clock goes on meanwhile', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.types('/commit ask Dana for the vendor list by Wednesday');
  let readings = 0;
  let woken = 0;
  const { deps } = w.bot;
  const later = deps.clock().add({ hours: 5 * 24 });
  const clock = () => later.add({ milliseconds: ++readings });
  const wake = () => {
    woken += 1;
  };
  await tick({ ...deps, clock, wake });

  const { rows } = await asTick(w.database.db, (trx) =>
    sql<{ lapsed: number; waiting: number; changes: number; stale: number }>`select
      (select count(*)::int from commitment where state = 'lapsed') as lapsed,
      (select count(*)::int from outbox where state = 'queued' and not_before <= ${clock()}) as waiting,
      (select count(*)::int from home_change) as changes,
      (select count(*)::int from person where home_stale_at <= ${clock()}) as stale`.execute(trx),
  );
  expect(rows).toEqual([{ lapsed: 1, waiting: 0, changes: 0, stale: 0 }]);
  expect(woken).toBe(0);
});
