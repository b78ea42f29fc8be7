import { setImmediate as breath } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { refreshPosted } from '../../src/delivery/outbox.ts';
import { delivering, FIRM } from '../delivery/delivering.ts';
import { type Rig, type RunningBot, rig } from './rig.ts';

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';

/** Dana and Ana meet on Tuesday 9 March at 17:00Z, 9:00 for Ana. It is a day and a few minutes before. */
async function aDayBefore(): Promise<{ w: Rig; running: RunningBot } & AsyncDisposable> {
  const w = await rig({ at: '2027-03-01T14:00:00Z' });
  const running = await w.open();
  await w.does(DANA, { do: 'command', text: '/accord with @ana' });
  await w.does(DANA, { do: 'submit', fields: { 'First day': '2027-03-09', Time: '09:00' } });
  await w.does(DANA, { do: 'close' });
  await running.bot.settle();
  await w.does(ANA, { do: 'click', button: 'Accept' });
  await running.bot.settle();
  await w.does(DANA, { do: 'command', text: '/commit yard signs by Mar 8' });
  for (const moment of ['2027-03-05T15:00:00Z', '2027-03-08T13:50:00Z']) {
    w.setTime(Temporal.Instant.from(moment));
    await running.bot.settle();
  }
  return { w, running, [Symbol.asyncDispose]: () => w[Symbol.asyncDispose]() };
}

const MANY = 1_000;

/** Something comes due while Slack takes nothing, then something changes, and only then Slack takes messages again. */
async function between({ w, running }: { w: Rig; running: RunningBot }, due: string, change: () => Promise<unknown>) {
  const { faults } = w.rehearsal.workspace;
  faults.add({ method: 'chat.postMessage', fault: 'error:service_unavailable', times: MANY });
  w.setTime(Temporal.Instant.from(due));
  let isSettled = false;
  const sending = running.bot.settle().finally(() => {
    isSettled = true;
  });
  const attempts = async (more: number): Promise<void> => {
    const left = () => faults.list()[0]?.times ?? 0;
    for (const until = left() - more; left() > until && !isSettled; ) await breath();
  };
  await attempts(1);
  await change();
  await running.bot.app.idle();
  // What is on its way when Slack is back was worded after the change.
  await attempts(2);
  faults.clear();
  await sending;
  await running.bot.settle();
}

const last = (w: Rig, kind: string) =>
  asTick(w.database.db, async (trx) => {
    const rows = await trx.selectFrom('outbox').selectAll().where('kind', '=', kind).orderBy('seq', 'desc').execute();
    return rows[0]?.postedAt ? 'posted' : `${rows[0]?.state}: ${rows[0]?.reason}`;
  });

const seenBy = (w: Rig, id: string): string =>
  Object.values(w.rehearsal.state.conversations)
    .filter(({ members }) => members.includes(id))
    .flatMap(({ messages }) => messages.map(({ text }) => text))
    .join('\n');

const OPENING = '2027-03-08T17:00:00Z';
const BUNDLE = '2027-03-08T14:00:00Z';

describe('TM4: what changed after a message was enqueued is looked at again when it is sent', () => {
  test('a meeting that was called off is not asked about', async () => {
    await using day = await aDayBefore();
    await between(day, OPENING, async () => {
      await day.w.does(DANA, { do: 'click', button: 'Skip', in: 'home' });
      await day.w.does(DANA, { do: 'submit' });
    });
    expect(await last(day.w, 'opening-question')).toBe('dropped: no longer true');
  });

  test('a meeting that was moved is asked about at its new time', async () => {
    await using day = await aDayBefore();
    await between(day, OPENING, async () => {
      await day.w.does(DANA, { do: 'click', button: 'Move', in: 'home' });
      await day.w.does(DANA, { do: 'submit', fields: { Day: '2027-03-10', Time: '13:00' } });
    });
    expect(seenBy(day.w, ANA)).not.toContain('Tomorrow 9:00 AM with Dana');
  });

  test('a new zone is the one that times are spoken in', async () => {
    await using day = await aDayBefore();
    await between(day, OPENING, () => day.w.does(ANA, { do: 'person', id: ANA, change: { zone: 'America/Chicago' } }));
    expect(seenBy(day.w, ANA)).toContain('Tomorrow 11:00 AM with Dana');
  });

  test('somebody who was deactivated is sent nothing', async () => {
    await using day = await aDayBefore();
    await between(day, OPENING, () => day.w.does(DANA, { do: 'person', id: ANA, change: { deleted: true } }));
    expect(await last(day.w, 'opening-question')).toBe('dropped: no longer true');
  });

  test('a bundle does not reach somebody who snoozed meanwhile; what it had to say comes when they are back', async () => {
    await using day = await aDayBefore();
    const { w, running } = day;
    await between(day, BUNDLE, () => w.does(DANA, { do: 'click', button: 'Snooze until Monday' }));
    expect(await last(w, 'bundle')).toBe('dropped: no longer true');
    w.setTime(Temporal.Instant.from('2027-03-15T13:00:00Z'));
    await running.bot.settle();
    expect(seenBy(w, DANA)).toContain('yard signs, 7 days overdue');
  });
});

test('OUT12: a message is not worded from the old facts while a change to them is being committed', async () => {
  await using d = await delivering();
  await d.say({ key: 'opening' }, 'tomorrow at 9:00');
  const changing = Promise.withResolvers<void>();
  const changed = asWorkspace(d.db, FIRM, async (trx) => {
    await refreshPosted(trx, FIRM, ['opening'], d.time.now);
    await changing.promise;
  });
  const delivered = d.deliver();
  for (let looks = 0; looks < 20; looks++) expect(await d.count('posted')).toBe(0);
  d.facts.set('opening', 'tomorrow at 13:00');
  changing.resolve();
  await changed;
  await delivered;
  await d.settle();
  expect(d.seen()).toEqual(['tomorrow at 13:00']);
});
