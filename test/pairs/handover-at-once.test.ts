import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { refreshPeople } from '../../src/people/directory.ts';
import { findPersonOrThrow } from '../../src/people/store.ts';
import { tick } from '../../src/tick.ts';
import { agreed } from '../commitments/paired.ts';
import { asksToLead } from '../support/handing.ts';
import { inTurn } from '../support/queue.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';

async function asked(w: World): Promise<void> {
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Friday');
  await asksToLead(w, w.mia);
}

const becomesGuest = (w: World) => () => w.dana.act({ do: 'person', id: w.mia.id, change: { guest: 'multi' } });
/** Held by whoever takes it over after the ask is answered, and by whoever gives it up after it is withdrawn. */
const promise = sql`select id from commitment for update`;
const message = sql`select id from outbox where kind = 'hand-over' for update`;

const stands = (w: World) =>
  asTick(w.database.db, async (trx) => {
    const pair = await trx.selectFrom('pair').selectAll().executeTakeFirstOrThrow();
    const { ownerId } = await trx.selectFrom('commitment').selectAll().executeTakeFirstOrThrow();
    const handOver = await trx.selectFrom('handOver').selectAll().executeTakeFirstOrThrow();
    const told = await trx.selectFrom('outbox').select('id').where('kind', '=', 'not-taken-over').execute();
    return { ask: handOver.state, pair: pair.state, leader: pair.leaderId, owner: ownerId, told: told.length };
  });

/** Another process finds out by itself, and does what follows. */
const isFoundToBeGuest = (w: World) => async () => {
  Object.assign(w.rehearsal.state.people[w.mia.id] ?? {}, { guest: 'multi' });
  await refreshPeople(w.bot.deps, TEAM, [w.mia.id]);
  await tick(w.bot.deps);
};

test('taken over a moment before whoever did is forgotten: it was theirs, so it ends, and nobody hears that it could not be', async () => {
  await using w = await world();
  await asked(w);
  await w.mia.types('/accord export');
  const takes = () => w.mia.clicks('Take over');
  await inTurn(w, promise, takes, () => w.mia.clicks('Be forgotten'));
  expect(await stands(w)).toMatchObject({ ask: 'taken', pair: 'ended', told: 0 });
  expect(await w.mia.sees()).not.toContain('That did not work');
  expect(await w.ana.sees()).toContain('Somebody who left ended your one-on-one.');
  const seen = await w.dana.sees();
  expect(seen).toContain('leads the one-on-one with Ana from now on.');
  expect(seen).not.toContain('could not take over');
});

test('taken over a moment before whoever did becomes a guest: it is theirs, and nobody hears otherwise', async () => {
  await using w = await world();
  await asked(w);
  const takes = () => w.mia.clicks('Take over');
  await inTurn<unknown>(w, promise, takes, isFoundToBeGuest(w));
  const { id } = w.mia;
  expect(await stands(w)).toEqual({ ask: 'taken', pair: 'active', leader: id, owner: id, told: 0 });
  for (const one of [w.dana, w.mia]) expect(await one.sees()).not.toContain('That did not work');
  expect(await w.dana.sees()).not.toContain('could not take over');
  const person = await asTick(w.database.db, (trx) => findPersonOrThrow(trx, TEAM, id));
  expect(person).toMatchObject({ kind: 'guest', newsDueAt: null });
});

test.each([
  ['taken over', 'Take over'],
  ['declined', 'Decline'],
])('given up a moment before it is %s: it stays with the leader, who hears so once', async (_what, button) => {
  await using w = await world();
  await asked(w);
  await inTurn(w, message, becomesGuest(w), () => w.mia.clicks(button));
  const { dana } = w;
  const stood = { ask: 'withdrawn', pair: 'active', leader: dana.id, owner: dana.id, told: 1 };
  expect(await stands(w)).toEqual(stood);
  const seen = await dana.sees();
  expect(seen.split('Mia could not take over your one-on-one with Ana, so it is still yours.')).toHaveLength(2);
  expect(seen).not.toMatch(/Mia (leads|does not take over)/);
  expect(await w.ana.sees()).not.toMatch(/Mia|has ended/);
  expect(await w.mia.sees()).toContain('That is not open for you any more.');
});
