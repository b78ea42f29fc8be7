import { expect, test } from '@jest/globals';
import { asWorkspace } from '../../src/db/as-workspace.ts';
import { refreshPeople } from '../../src/people/directory.ts';
import { findPerson } from '../../src/people/store.ts';
import { ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';
const known = (w: World, id: string) => asWorkspace(w.database.db, TEAM, (trx) => findPerson(trx, TEAM, id));
const changes = (w: World, id: string, change: Record<string, unknown>) => w.dana.act({ do: 'person', id, change });

async function agreed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.clicks('Accept');
}

/** Changes what Slack knows without telling the app, as when an event never arrives. */
function changesUnheard(w: World, id: string, change: Record<string, unknown>): void {
  Object.assign(w.rehearsal.state.people[id] ?? {}, change);
}

/** What Slack tells about somebody when it says something that is no longer so. */
const toldLate = (w: World, id: string, user: Record<string, unknown>) =>
  w.rehearsal.workspace.dispatch.event({ type: 'user_change', user: { id, team_id: TEAM, ...user } });

test('a new zone is known at once, and meetings are spoken in it', async () => {
  await using w = await world();
  await agreed(w);
  await changes(w, w.ana.id, { zone: 'Europe/London' });
  expect((await known(w, w.ana.id))?.zone).toBe('Europe/London');
  expect(await w.ana.sees()).toContain('Tue Mar 9, 5:00 PM (12:00 PM for Dana)');
  expect(await w.dana.sees()).toContain('(5:00 PM for Ana)');
});

test('news that comes late, twice or in the wrong order changes nothing that is so', async () => {
  await using w = await world();
  await agreed(w);
  await changes(w, w.ana.id, { zone: 'Europe/London' });
  const old = { name: 'ana', profile: { display_name: 'Ana' }, tz: 'America/Los_Angeles', locale: 'en-US' };
  await toldLate(w, w.ana.id, old);
  await toldLate(w, w.ana.id, old);
  await w.settles();
  expect((await known(w, w.ana.id))?.zone).toBe('Europe/London');
});

test('news that never comes is found the next day', async () => {
  await using w = await world();
  await agreed(w);
  changesUnheard(w, w.ana.id, { zone: 'Europe/London', locale: 'en-GB' });
  await w.moves('+1d');
  expect(await known(w, w.ana.id)).toMatchObject({ zone: 'Europe/London', locale: 'en-GB' });
});

test('what follows from news is done by the next tick where whoever heard it went no further', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.act({ do: 'close' });
  await ownedBy(w, w.mia);
  changesUnheard(w, w.mia.id, { deleted: true });
  await refreshPeople(w.bot.deps, TEAM, [w.mia.id]);
  expect(await known(w, w.mia.id)).toMatchObject({ active: false, newsDueAt: expect.anything() });
  await w.moves('+1m');
  expect(await known(w, w.mia.id)).toMatchObject({ active: false, newsDueAt: null });
  const owners = await asWorkspace(w.database.db, TEAM, (trx) =>
    trx.selectFrom('commitment').select('ownerId').execute(),
  );
  expect(owners).toEqual([{ ownerId: w.dana.id }]);
});

test('somebody who left is sent nothing more', async () => {
  await using w = await world();
  await agreed(w);
  await changes(w, w.ana.id, { deleted: true });
  expect((await known(w, w.ana.id))?.active).toBe(false);
  const toAna = () =>
    Object.values(w.rehearsal.state.conversations)
      .filter(({ members }) => members.includes(w.ana.id))
      .flatMap(({ messages }) => messages).length;
  const before = toAna();
  await w.moves('2027-03-08T20:00:00Z');
  expect(toAna()).toBe(before);
  expect(await w.dana.sees()).toContain('has left');
});

test('news about somebody who never had to do with Accord is not written down', async () => {
  await using w = await world();
  await changes(w, w.kiran.id, { zone: 'Asia/Tokyo' });
  expect(await known(w, w.kiran.id)).toBeUndefined();
});
