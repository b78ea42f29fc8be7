import { expect, test } from '@jest/globals';
import { asTick } from '../src/db/as-workspace.ts';
import type { DueWork } from '../src/deps.ts';
import { workThrough } from '../src/work-through.ts';
import { world } from './support/world.ts';

test('a row that cannot be worked on is put off, and everything behind it is done', async () => {
  await using w = await world();
  const { deps } = w.bot;
  const now = w.now();
  const ids = ['U0DANA0001', 'U0ANA00001', 'U0MARCUS01'];
  for (const id of ids) await w.control('act', { as: id, do: 'command', text: '/accord help' });
  await asTick(deps.db, (trx) =>
    trx
      .updateTable('person')
      .set({ bundleDueAt: now.subtract({ hours: 1 }) })
      .where('id', 'in', ids)
      .execute(),
  );

  const done: string[] = [];
  const work: DueWork = {
    subject: 'a test',
    table: 'person',
    column: 'bundleDueAt',
    async work(trx, _deps, at, atMost) {
      const due = trx
        .selectFrom('person')
        .select('id')
        .where('bundleDueAt', 'is not', null)
        .where('bundleDueAt', '<=', at);
      const people = await due.orderBy('bundleDueAt').limit(atMost).forUpdate().skipLocked().execute();
      for (const { id } of people) {
        if (id === 'U0ANA00001') throw new Error('poisoned');
        await trx.updateTable('person').set({ bundleDueAt: null }).where('id', '=', id).execute();
      }
      done.push(...people.map(({ id }) => id));
      return people.length;
    },
  };
  await workThrough(work, deps, now);

  const rows = await asTick(deps.db, (trx) =>
    trx.selectFrom('person').select(['id', 'bundleDueAt']).where('id', 'in', ids).orderBy('id').execute(),
  );
  expect(
    rows.map(({ id, bundleDueAt }) => `${id} ${bundleDueAt && Temporal.Instant.compare(bundleDueAt, now) > 0}`),
  ).toEqual(['U0ANA00001 true', 'U0DANA0001 null', 'U0MARCUS01 null']);
  expect(new Set(done)).toEqual(new Set(['U0DANA0001', 'U0MARCUS01']));
});
