import { expect, test } from '@jest/globals';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { findPersonOrThrow, scheduleBundle } from '../../src/people/store.ts';
import { lockBundleDue, setBundle } from '../../src/reminders/store.ts';
import { world } from '../support/world.ts';

test('what changes while somebody’s bundle is being made is looked at for the next one', async () => {
  await using w = await world();
  await w.ana.opensHome();
  const { db } = w.database;
  const ana = { workspaceId: w.rehearsal.state.team.id, id: w.ana.id };
  const find = () => asTick(db, (trx) => findPersonOrThrow(trx, ana.workspaceId, ana.id));
  const now = w.now();
  await asTick(db, (trx) => setBundle(trx, ana, { bundleDueAt: now }));

  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let changing = Promise.resolve();
  await asTick(db, async (trx) => {
    expect(await lockBundleDue(trx, now, 25)).toHaveLength(1);
    changing = asWorkspace(db, ana.workspaceId, async (other) => {
      scheduleBundle(other, [await findPersonOrThrow(other, ana.workspaceId, ana.id)], now);
      resolve();
    });
    await asked;
    // There was nothing to say, as far as this one could see.
    await setBundle(trx, ana, { bundleDueAt: null });
  });
  await changing;
  expect((await find()).bundleDueAt).not.toBeNull();
});
