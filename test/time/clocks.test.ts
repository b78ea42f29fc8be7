import { expect, test } from '@jest/globals';
import pg from 'pg';
import { asTick } from '../../src/db/as-workspace.ts';
import { type Rig, type RunningBot, rig } from './rig.ts';

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';
const HOUR = 3_600_000;
const at = (text: string) => Temporal.Instant.from(text);

/** Dana and Ana meet on Tuesday 9 March at 17:00Z, 9:00 for Ana; each owes the other something by Thursday the 4th. */
async function agreed(w: Rig, { bot }: RunningBot): Promise<void> {
  await w.does(DANA, { do: 'command', text: '/accord with @ana' });
  await w.does(DANA, { do: 'submit', fields: { 'First day': '2027-03-09', Time: '09:00' } });
  await w.does(DANA, { do: 'close' });
  await bot.settle();
  await w.does(ANA, { do: 'click', button: 'Accept' });
  await w.does(ANA, { do: 'command', text: '/commit two comps by Mar 4' });
  await w.does(DANA, { do: 'command', text: '/commit yard signs by Mar 4' });
  await bot.settle();
}

/** Through everything that is due until then, by whichever clock these bots have. */
async function moves(w: Rig, bots: RunningBot[], to: string): Promise<void> {
  for (;;) {
    const due: Temporal.Instant[] = [];
    for (const { bot, skew } of bots) {
      const { next } = await bot.settle();
      if (next) due.push(next.subtract({ milliseconds: skew }));
    }
    const [next] = due.toSorted(Temporal.Instant.compare);
    if (!next || Temporal.Instant.compare(next, at(to)) > 0) break;
    if (Temporal.Instant.compare(next, w.time.now) > 0) w.setTime(next);
  }
  w.setTime(at(to));
  for (const { bot } of bots) await bot.settle();
}

/** What was posted to people, and how often, by what it is about. */
const said = (w: Rig) => {
  const posted = Object.values(w.rehearsal.state.conversations).flatMap(({ messages }) => messages);
  const ids = posted.flatMap(({ metadata }) => (metadata ? [String(metadata.event_payload.outbox)] : []));
  return asTick(w.database.db, async (trx) => {
    const rows = await trx.selectFrom('outbox').selectAll().where('id', 'in', ids).orderBy('postedAt').execute();
    return rows.map(({ id, kind }) => `${kind} ×${ids.filter((one) => one === id).length}`);
  });
};

/** One meeting of two people who owe each other something, from the agreement to the nudge. */
const ONCE = [
  'proposal ×1',
  ...['bundle ×1', 'bundle ×1', 'bundle ×1', 'bundle ×1', 'bundle ×1', 'bundle ×1'],
  ...['brief ×1', 'card ×1', 'keep ×1', 'opening-question ×1', 'recap-nudge ×1'],
].toSorted();

/** Named the day before, on the day, and on the first working day after: three bundles each. */
const THE_DAY_AFTER = '2027-03-10T22:00:00Z';

test.each([-2, 2])(
  'TM2: one of two bots whose clock is %i h off says nothing twice, and nothing is lost',
  async (hours) => {
    await using w = await rig({ at: '2027-03-01T14:00:00Z' });
    const wrong = await w.open(hours * HOUR);
    const right = await w.open();
    await agreed(w, right);
    await moves(w, [wrong, right], THE_DAY_AFTER);
    expect((await said(w)).toSorted()).toEqual(ONCE);
  },
);

test.each([-2, 2])(
  'TM2: a clock that jumps by %i h, and back again, says nothing twice and loses nothing',
  async (hours) => {
    await using w = await rig({ at: '2027-03-01T14:00:00Z' });
    const running = await w.open();
    await agreed(w, running);
    // Each time when something has just been said, and something else is about to be.
    for (const moment of [
      '2027-03-03T14:05:00Z',
      '2027-03-08T17:05:00Z',
      '2027-03-09T16:30:00Z',
      '2027-03-10T17:00:00Z',
    ]) {
      await moves(w, [running], moment);
      running.skew = hours * HOUR;
      await running.bot.settle();
      running.skew = 0;
      await running.bot.settle();
    }
    await moves(w, [running], THE_DAY_AFTER);
    expect((await said(w)).toSorted()).toEqual(ONCE);
  },
);

/** The server's own clock is everybody's; in this database it is read through one that can be set. */
async function withClockOfItsOwn(w: Rig): Promise<(hours: number) => Promise<void>> {
  const client = async (statement: string) => {
    const admin = new pg.Client(w.database.connection);
    await admin.connect();
    await admin.query(statement).finally(() => admin.end());
  };
  await client(`
    create schema shifted;
    create table shifted.clock (off interval);
    insert into shifted.clock values ('0 h');
    create function shifted.clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + off from shifted.clock';
    grant usage on schema shifted to public;
    grant select on shifted.clock to public;
    alter database ${w.database.connection.database} set search_path = shifted, public, pg_catalog`);
  return (hours) => client(`update shifted.clock set off = interval '${hours} h'`);
}

test('TM2: a database clock that jumps ahead takes a sender for dead; what it posted is found and not said again', async () => {
  await using w = await rig({ at: '2027-03-01T14:00:00Z' });
  const shift = await withClockOfItsOwn(w);
  const running = await w.open();
  await agreed(w, running);
  await moves(w, [running], '2027-03-08T16:50:00Z');

  w.rehearsal.workspace.faults.add({ method: 'chat.postMessage', fault: 'timeout-after', times: 1 });
  w.setTime(at('2027-03-08T17:00:00Z'));
  const other = await w.open();
  const sending = running.bot.settle();
  await shift(2);
  await other.bot.settle();
  await sending;
  await moves(w, [running, other], THE_DAY_AFTER);
  expect((await said(w)).toSorted()).toEqual(ONCE);
});

test('TM2: a database clock that jumps back holds up what had to wait, until it is right again', async () => {
  await using w = await rig({ at: '2027-03-01T14:00:00Z' });
  const shift = await withClockOfItsOwn(w);
  const running = await w.open();
  await agreed(w, running);
  await moves(w, [running], '2027-03-08T16:50:00Z');

  w.rehearsal.workspace.faults.add({ method: 'chat.postMessage', fault: '429', retryAfter: 1, times: 1 });
  w.setTime(at('2027-03-08T17:00:00Z'));
  const sending = running.bot.settle();
  await shift(-2);
  await sending;
  await shift(0);
  await moves(w, [running], THE_DAY_AFTER);
  expect((await said(w)).toSorted()).toEqual(ONCE);
});
