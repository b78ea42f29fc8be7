import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { met } from '../recap/met.ts';
import { ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

async function idOf(w: World, text: string): Promise<string> {
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().execute());
  const found = rows.find((row) => row.text === text);
  if (!found) throw new Error(`Nobody promised ${text}`);
  return found.id;
}

/** While somebody holds the first of two, the work waits for it and has not taken the second meanwhile. */
async function takesInOrder(w: World, first: string, second: string, work: () => Promise<unknown>): Promise<void> {
  const [firstId, secondId] = [await idOf(w, first), await idOf(w, second)];
  let isOver = false;
  let working: Promise<unknown> = Promise.resolve();
  try {
    await asTick(w.database.db, async (trx) => {
      await sql`select id from commitment where id = ${firstId} for update`.execute(trx);
      working = work().finally(() => {
        isOver = true;
      });
      const waits = async () => {
        const waiting = sql`select pid from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`;
        return (await waiting.execute(trx)).rows.length > 0;
      };
      while (!isOver && !(await waits()));
      expect(isOver).toBe(false);
      await sql`select id from commitment where id = ${secondId} for update nowait`.execute(trx);
    });
  } finally {
    await working;
  }
}

test('a recap that keeps what is due later takes what is due before it first', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/commit hang the yard signs in 2 days');
  await w.dana.types('/commit send the listing presentation tomorrow');
  await w.moves('+3d');
  await w.dana.types('/accord recap');
  await takesInOrder(w, 'send the listing presentation', 'hang the yard signs', () =>
    w.dana.submits('Recap', {
      Outcome: 'caught up',
      Decided: 'nothing new',
      'hang the yard signs (you, 1 day overdue)': 'Kept',
    }),
  );
  const ledger = (await w.dana.types('/accord ledger')).answer?.text;
  expect(ledger).toContain('◆ send the listing presentation, 2 days overdue; ◐ hang the yard signs, kept late');
});

test('what somebody who leaves hands back is taken by due day, whichever was written first', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia);
  await ownedBy(w, w.mia, { what: 'yard signs', by: '2027-03-10' });
  await takesInOrder(w, 'yard signs', 'vendor introduction', () =>
    w.dana.act({ do: 'person', id: w.mia.id, change: { deleted: true } }),
  );
  await w.moves('+1m');
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').select('ownerId').execute());
  expect(rows.map(({ ownerId }) => ownerId)).toEqual([w.dana.id, w.dana.id]);
});
