import { expect, test } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { met } from '../recap/met.ts';
import { asksToLead, ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

type Row = RawBuilder<unknown>;

/** What was promised in these words. */
async function promise(w: World, text: string): Promise<Row> {
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().execute());
  const found = rows.find((row) => row.text === text);
  if (!found) throw new Error(`Nobody promised ${text}`);
  return sql`select id from commitment where id = ${found.id} for update`;
}

const person = ({ id }: { id: string }): Row => sql`select id from person where id = ${id} for update`;
const message = (kind: string): Row => sql`select id from outbox where kind = ${kind} for update`;
const planned = sql`select id from meeting where state = 'planned' for update`;

/** While somebody holds the first of two, the work waits for it and has not taken the second meanwhile. */
async function takesInOrder(w: World, first: Row, second: Row, work: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  let working: Promise<unknown> = Promise.resolve();
  try {
    await asTick(w.database.db, async (trx) => {
      expect((await first.execute(trx)).rows).toHaveLength(1);
      working = work().finally(() => {
        isOver = true;
      });
      const waits = async () => {
        const waiting = sql`select pid from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`;
        return (await waiting.execute(trx)).rows.length > 0;
      };
      while (!isOver && !(await waits()));
      expect(isOver).toBe(false);
      expect((await sql`${second} nowait`.execute(trx)).rows).toHaveLength(1);
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
  const [first, second] = [await promise(w, 'send the listing presentation'), await promise(w, 'hang the yard signs')];
  await takesInOrder(w, first, second, () =>
    w.dana.submits('Recap', {
      Outcome: 'caught up',
      Decided: 'nothing new',
      'hang the yard signs (you, 1 day overdue)': 'Kept',
    }),
  );
  const ledger = (await w.dana.types('/accord ledger')).answer?.text;
  expect(ledger).toContain('◆ send the listing presentation, 2 days overdue; ◐ hang the yard signs, kept late');
});

test('a recap takes what is planned, which it may move, before what was promised', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/commit hang the yard signs in 2 days');
  await w.moves('+1d');
  await w.dana.types('/accord recap');
  const following = sql`select id from meeting where state = 'planned' and starts_at > ${w.now()} for update`;
  await takesInOrder(w, following, await promise(w, 'hang the yard signs'), () =>
    w.dana.submits('Recap', { Outcome: 'caught up', Decided: 'nothing new' }),
  );
  expect(await w.database.count('recap')).toBe(1);
});

test('what somebody who leaves hands back is taken by due day, whichever was written first', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia);
  await ownedBy(w, w.mia, { what: 'yard signs', by: '2027-03-10' });
  await takesInOrder(w, await promise(w, 'yard signs'), await promise(w, 'vendor introduction'), () =>
    w.dana.act({ do: 'person', id: w.mia.id, change: { deleted: true } }),
  );
  await w.moves('+1m');
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').select('ownerId').execute());
  expect(rows.map(({ ownerId }) => ownerId)).toEqual([w.dana.id, w.dana.id]);
});

test('whoever is forgotten has what they promised, and kept, taken before the messages of a one-on-one that ends', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.types('/commit two comps by Mar 11');
  await w.ana.opensHome();
  await w.ana.clicks('Done', { in: 'home', row: 'two comps' });
  await asksToLead(w, w.mia);
  await w.ana.types('/accord export');
  await takesInOrder(w, await promise(w, 'two comps'), message('hand-over'), () => w.ana.clicks('Be forgotten'));
  expect(await w.ana.sees()).toContain('You are forgotten.');
});

test('whoever takes a one-on-one over takes what is planned before what was promised', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 11');
  await asksToLead(w, w.mia);
  await takesInOrder(w, planned, await promise(w, 'listing presentation'), () => w.mia.clicks('Take over'));
  expect(await w.dana.sees()).toContain('leads the one-on-one with Ana from now on.');
});

test('hours that somebody sets take what is planned before the one who set them', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.types('/accord settings');
  await takesInOrder(w, planned, person(w.ana), () => w.ana.submits('Settings', {}));
});

test('what somebody cannot take over any more is given up before the one who cannot is taken', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await asksToLead(w, w.mia);
  await takesInOrder(w, message('hand-over'), person(w.mia), () =>
    w.dana.act({ do: 'person', id: w.mia.id, change: { guest: 'multi' } }),
  );
  expect(await w.dana.sees()).toContain('Mia could not take over your one-on-one with Ana, so it is still yours.');
});

test('that two have met is noted on what is overdue before their messages', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('2027-03-10T19:00:00Z');
  await takesInOrder(w, await promise(w, 'yard signs'), message('card'), () => w.dana.clicks('We met'));
});

test('whoever snoozes the reminders takes their message first', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('+1d');
  await takesInOrder(w, message('bundle'), person(w.dana), () => w.dana.clicks('Snooze until Monday'));
});

test('whoever takes something off an agenda takes its pair first', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.types('/accord agenda price of Oak Street');
  await w.ana.types('/accord agenda');
  const [pair, item] = [sql`select id from pair for update`, sql`select id from agenda_item for update`];
  await takesInOrder(w, pair, item, () => w.ana.clicks('Remove'));
  const removed = await asTick(w.database.db, (trx) => trx.selectFrom('agendaItem').select('removedAt').execute());
  expect(removed).not.toEqual([{ removedAt: null }]);
});
