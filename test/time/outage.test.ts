import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { agreed, planned } from '../meetings/agreed.ts';
import { type World, world } from '../support/world.ts';
import { type Rig, type RunningBot, rig } from './rig.ts';

/** What was posted, by kind; and what was given up, with the reason. */
const outbox = (w: World) =>
  asTick(w.database.db, async (trx) => {
    const rows = await trx.selectFrom('outbox').selectAll().orderBy('seq').execute();
    return rows.map(({ kind, address, postedAt, reason }) => `${kind} to ${address}: ${postedAt ? 'posted' : reason}`);
  });

const since = async (w: World, before: string[]) => (await outbox(w)).slice(before.length).toSorted();

/** Jumps, as if nothing of Accord had run meanwhile. */
async function outage(w: World, to: string): Promise<void> {
  await w.control('clock', { to, outage: true });
  await w.settles();
}

const [DANA, ANA] = ['U0DANA0001', 'U0ANA00001'];

test('TM3: after 26 hours each person gets one bundle, and what is past its use is not said at all', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit yard signs by Mar 8');
  await w.dana.types('/commit lead routing by Mar 9');
  await w.ana.types('/commit two comps by Mar 9');
  await w.ana.types('/commit ask @dana vendor introduction by Mar 12');
  // All of Tuesday's meeting, from the opening question to the card, falls into the time when nobody was there.
  await w.moves('2027-03-08T16:50:00Z');
  const before = await outbox(w);
  await outage(w, '2027-03-09T18:50:00Z');

  expect(await since(w, before)).toEqual([`bundle to ${ANA}: posted`, `bundle to ${DANA}: posted`]);
  const bundle = await w.dana.sees();
  expect(bundle).toContain('yard signs, 1 day overdue');
  expect(bundle).toContain('lead routing, today');
  expect(await w.ana.sees()).not.toContain('what should it produce for you?');

  await w.moves('2027-03-10T18:00:00Z');
  expect(await since(w, before)).toContain(`recap-nudge to ${ANA}+${DANA}: posted`);
  expect((await planned(w)).map(({ occurrenceOn }) => String(occurrenceOn))).toEqual(['2027-03-09', '2027-03-23']);
});

test('TM3: an opening question that is still of use comes late rather than never', async () => {
  await using w = await world();
  await agreed(w);
  await w.moves('2027-03-07T15:00:00Z');
  const before = await outbox(w);
  await outage(w, '2027-03-08T17:30:00Z');
  expect(await since(w, before)).toEqual([`opening-question to ${ANA}: posted`]);
});

test('TM3: a bot that died over a bundle and came back when its hours were over says it all in the next one', async () => {
  await using w = await rig({ at: '2027-03-01T14:00:00Z' });
  const first = await w.open();
  const settles = async ({ bot }: RunningBot, at: string) => {
    w.setTime(Temporal.Instant.from(at));
    await bot.settle();
  };
  await w.does(DANA, { do: 'command', text: '/accord with @ana' });
  await w.does(DANA, { do: 'submit' });
  await w.does(DANA, { do: 'close' });
  await settles(first, '2027-03-01T14:05:00Z');
  await w.does(ANA, { do: 'click', button: 'Accept' });
  await w.does(DANA, { do: 'command', text: '/commit yard signs by Mar 4' });
  await w.does(DANA, { do: 'command', text: '/commit ask @ana two comps by Mar 12' });
  await settles(first, '2027-03-03T12:00:00Z');
  await w.does(ANA, { do: 'click', button: 'Accept' });
  await settles(first, '2027-03-03T13:59:00Z');

  // Wednesday's bundle, which has Ana's answer in it, is on its way when the bot dies.
  first.killAtCall(1, 'before');
  w.setTime(Temporal.Instant.from('2027-03-03T14:00:00Z'));
  await Promise.allSettled([first.bot.settle(), first.died]);
  const second = await w.open();
  await settles(second, '2027-03-03T23:30:00Z');
  expect(textsTo(w, DANA)).not.toContain('yard signs, tomorrow');

  await settles(second, '2027-03-04T14:00:00Z');
  expect(textsTo(w, DANA)).toContain('yard signs, today');
  expect(textsTo(w, DANA)).toContain('Ana accepted');
});

const textsTo = ({ rehearsal }: Rig, id: string): string =>
  Object.values(rehearsal.state.conversations)
    .filter(({ members }) => members.includes(id))
    .flatMap(({ messages }) => messages.map(({ text }) => text))
    .join('\n');
