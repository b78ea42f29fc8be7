import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type FollowedClock, followClock } from '../../src/ground/follow-clock.ts';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { besideApp } from './bolt-app.ts';
import { clientOf } from './stand-in.ts';

const log = pino({ level: 'silent' });
const following: FollowedClock[] = [];
afterEach(() => Promise.all(following.splice(0).map((one) => one.stop())));

type Diary = { due: Temporal.Instant[]; done: string[] };

/** An app whose work is to post each instant of its diary when it has come. */
async function withDiary({ url, workspace }: Rehearsal, more: { id?: string } = {}) {
  const diary: Diary = { due: [], done: [] };
  const followed = await followClock({
    url,
    log,
    ...more,
    async work() {
      for (;;) {
        const next = diary.due.sort(Temporal.Instant.compare)[0];
        if (!next || Temporal.Instant.compare(next, followed?.clock() ?? next) > 0) return { next };
        diary.due.shift();
        await clientOf({ url } as Rehearsal).chat.postMessage({ channel: 'C0PROMISES', text: `due ${next}` });
        diary.done.push(next.toString());
      }
    },
  });
  following.push(followed);
  const inHours = (hours: number) =>
    Temporal.Instant.fromEpochMilliseconds(workspace.now()).add({ hours }).round('second');
  return { diary, followed, inHours };
}

test('a move of a week stops at every instant on the way, in order, and names what arrived for whom', async () => {
  const { rehearsal, control, sees } = await besideApp();
  const { diary, followed, inHours } = await withDiary(rehearsal);
  const due = [30, 5, 100, 400].map(inHours);
  diary.due.push(...due);

  const { body } = await control('clock', { to: '+1w' });
  expect(diary.done).toEqual([5, 30, 100].map((hours) => due[[30, 5, 100].indexOf(hours)]?.toString()));
  expect(body).toMatchObject({ settled: true });
  expect(body.steps).toHaveLength(4);
  expect(body.arrived).toContainEqual({
    who: 'Ana',
    userId: 'U0ANA00001',
    conversation: 'promises',
    conversationId: 'C0PROMISES',
    count: 3,
  });
  expect(await sees('ana', '#promises')).toMatch(/3 unread[\s\S]*due[\s\S]*due[\s\S]*due/);
  expect(Math.abs(followed.clock().epochMilliseconds - rehearsal.workspace.now())).toBeLessThan(50);
});

test('what was nudged into the diary after the last report is not missed', async () => {
  const { rehearsal, control } = await besideApp();
  const { diary, followed, inHours } = await withDiary(rehearsal);
  diary.due.push(inHours(2));
  followed.nudge();
  const { body } = await control('clock', { to: 'next' });
  expect(diary.done).toHaveLength(1);
  expect(body.steps).toHaveLength(1);
  expect((await control('clock')).body).toMatchObject({ settled: true, nextDue: null });
});

test('an outage is one jump: everything is due at once afterwards', async () => {
  const { rehearsal, control } = await besideApp();
  const { diary, inHours } = await withDiary(rehearsal);
  diary.due.push(inHours(2), inHours(4));
  const { body } = await control('clock', { to: '+1d', outage: true });
  expect(body).toMatchObject({ settled: true });
  expect(body.steps).toHaveLength(1);
  expect(diary.done).toHaveLength(2);
});

test('several followers are all waited for, and one that has left is not', async () => {
  const { rehearsal, control } = await besideApp();
  const one = await withDiary(rehearsal, { id: 'one' });
  const other = await withDiary(rehearsal, { id: 'other' });
  one.diary.due.push(one.inHours(1));
  other.diary.due.push(other.inHours(2));
  await control('clock', { to: '+3h' });
  expect([one.diary.done, other.diary.done].map(({ length }) => length)).toEqual([1, 1]);
  await other.followed.stop();
  expect((await control('clock')).body.followers).toMatchObject([{ id: 'one' }]);
  expect((await control('clock', { to: '+1h' })).body).toMatchObject({ settled: true });
});

test('the clock waits for a follower that takes longer than any line may be silent', async () => {
  const { rehearsal, control } = await besideApp();
  let done = 0;
  following.push(
    await followClock({
      url: rehearsal.url,
      log,
      async work() {
        await new Promise((resolve) => setTimeout(resolve, done === 0 ? 0 : 2300));
        done += 1;
        return { next: undefined };
      },
    }),
  );
  expect((await control('clock', { to: 'now' })).body).toMatchObject({ settled: true });
  expect(done).toBeGreaterThan(1);
});

test('a follower that died is waited for no longer than a moment', async () => {
  const { rehearsal, control } = await besideApp();
  const { revision, epoch } = (await control('clock/follow', { id: 'one' })).body;
  const died = new AbortController();
  const body = JSON.stringify({ id: 'one', revision, epoch });
  const poll = fetch(`${rehearsal.url}/rehearsal/clock/follow`, { method: 'POST', body, signal: died.signal });
  const isHeldOpen = async () => (await control('clock')).body.settled === true;
  while (!(await isHeldOpen()));
  died.abort();
  await expect(poll).rejects.toThrow();
  expect((await control('clock', { to: '+1h' })).body).toMatchObject({ settled: true });
  expect((await control('clock')).body.followers).toEqual([]);
});

test('starting over sets the clock back and tells followers of the new epoch', async () => {
  const { rehearsal, control } = await besideApp();
  const epochs: number[] = [];
  following.push(
    await followClock({
      url: rehearsal.url,
      log,
      work: async () => ({ next: undefined }),
      onEpoch: async (epoch) => void epochs.push(epoch),
    }),
  );
  await control('clock', { to: '+1w' });
  expect((await control('start-over', {})).body).toMatchObject({ epoch: 2, settled: true });
  expect(epochs).toEqual([1, 2]);
  expect(following[0]?.clock().epochMilliseconds).toBeLessThan(Date.now() + 1000);
});

test('work that fails is tried again before the clock goes on', async () => {
  const { rehearsal, control } = await besideApp();
  let tries = 0;
  following.push(
    await followClock({
      url: rehearsal.url,
      log,
      async work() {
        tries += 1;
        if (tries === 3) throw new Error('the database is away');
        return { next: undefined };
      },
    }),
  );
  await control('clock', { to: 'now' });
  expect((await control('clock', { to: '+1h' })).body).toMatchObject({ settled: true });
  expect(tries).toBeGreaterThan(3);
});

test.each(['https://slack.com', 'https://rivermark.slack.com/', 'http://api.SLACK.com.:80'])(
  'a clock at %s is never followed',
  async (url) => {
    const work = async () => ({ next: undefined });
    await expect(followClock({ url, log, work })).rejects.toThrow('cannot be followed');
  },
);

test('the clock does not go back, and not further than ten years ahead', async () => {
  const { control, rehearsal } = await besideApp();
  const past = Temporal.Instant.fromEpochMilliseconds(rehearsal.workspace.now()).subtract({ hours: 1 }).toString();
  expect(await control('clock', { to: past })).toMatchObject({ status: 400, body: { error: 'in_the_past' } });
  expect(await control('clock', { to: '+600w' })).toMatchObject({ status: 400, body: { error: 'too_far' } });
  expect(await control('clock', { to: 'tomorrow' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_arguments' },
  });
});

test('a day is a day on the calendar of whoever moves the clock', async () => {
  const { control, rehearsal } = await besideApp();
  const inNewYork = (instant: unknown) =>
    Temporal.Instant.from(String(instant))
      .toZonedDateTimeISO('America/New_York')
      .toPlainTime()
      .round('minute')
      .toString();
  const march = Temporal.PlainDateTime.from('2027-03-13T09:00').toZonedDateTime('America/New_York').toInstant();
  await control('clock', { to: march.toString() });
  const before = inNewYork(rehearsal.clock());
  const { body } = await control('clock', { to: '+1d', as: 'dana' });
  expect(inNewYork(body.now)).toBe(before);
});
