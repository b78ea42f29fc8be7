import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { asTick } from '../src/db/as-workspace.ts';
import { openDatabase } from '../src/db/open.ts';
import { deliveryBehind } from '../src/delivery/standing.ts';
import { makeMetrics } from '../src/metrics.ts';
import { openRehearsal } from '../src/rehearsal/server.ts';
import { requestName } from '../src/slack/request-name.ts';
import { workThrough } from '../src/work-through.ts';
import { ANA, DANA, delivering, PROMISES } from './delivery/delivering.ts';
import { startBotProcess } from './support/bot-process.ts';
import { freshDatabase, serverConnection, testSeal } from './support/database.ts';

type Figures = (name: string, labels?: Record<string, string>) => number | undefined;

/** Prometheus' text, by name and labels. */
function readFigures(text: string): Figures {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (name, labels = {}) => {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const line = lines.find((one) => one.split(/[ {]/, 1)[0] === name && wanted.every((label) => one.includes(label)));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
  };
}

/** Delivery with a meter, and what a scrape of it says. */
async function measured() {
  const bot = await delivering();
  const metrics = makeMetrics({ db: bot.db, clock: bot.deps.clock, log: bot.deps.log });
  bot.deps.meter = metrics.meter;
  return { bot, figures: async () => readFigures(await metrics.text()) };
}

test('the bot serves its figures beside its health, without a word of what people wrote', async () => {
  const database = await freshDatabase();
  const rehearsal = await openRehearsal({ port: 0, pacing: false });
  const bot = await startBotProcess({ rehearsal, database });
  try {
    const act = (as: string, what: object) =>
      fetch(`${rehearsal.url}/rehearsal/act`, { method: 'POST', body: JSON.stringify({ as, ...what }) });
    await act(DANA, { do: 'command', text: '/accord CANARY of Dana' });
    await act(DANA, { do: 'command', text: '/accord with @ana' });
    await act(DANA, { do: 'submit', fields: { 'What it is for': 'CANARY purpose' } });
    let text = '';
    let figures = readFigures(text);
    for (let tries = 0; tries < 100 && !figures('accord_message_late_seconds_count'); tries++) {
      await sleep(50);
      text = await (await fetch(`${bot.url}/metrics`)).text();
      figures = readFigures(text);
    }
    expect(figures('accord_message_attempts_total', { kind: 'proposal', outcome: 'posted' })).toBe(1);
    expect(figures('accord_message_late_seconds_count')).toBe(1);
    expect(figures('accord_request_seconds_count', { name: '/accord', outcome: 'answered' })).toBe(1);
    expect(figures('accord_request_seconds_count', { name: '/accord with', outcome: 'answered' })).toBe(1);
    expect(figures('accord_request_seconds_count', { name: 'cadence:rhythm-submitted' })).toBe(1);
    expect(figures('accord_due_lag_seconds', { subject: 'meeting steps' })).toBe(0);
    expect(figures('accord_tick_seconds_count')).toBeGreaterThan(0);
    const [idle = 0, inUse = 0] = ['idle', 'in use'].map((state) => figures('accord_pool_connections', { state }));
    // All of them may be at work just then, but there are some.
    expect(idle + inUse).toBeGreaterThan(0);
    expect(figures('accord_database_up')).toBe(1);
    expect(figures('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(text).not.toMatch(/CANARY|U0DANA|U0ANA|T0RIVER/);
    expect((await fetch(`${bot.url}/healthz`)).status).toBe(200);
  } finally {
    await bot.end();
    await rehearsal.close();
    await database.drop();
  }
}, 60_000);

test('what is due, in doubt and late is told by kind and state', async () => {
  const { bot, figures } = await measured();
  await using _ = bot;
  const { now } = bot.time;
  await bot.say({ key: 'later', notBefore: now.add({ hours: 1 }) });
  await bot.say({ key: 'late', notBefore: now.subtract({ minutes: 5 }) });
  await bot.say({ key: 'new', to: [DANA] });
  await bot.addWorkspace('T0OTHER001');
  await bot.say({ key: 'theirs', workspaceId: 'T0OTHER001', notBefore: now.subtract({ minutes: 2 }) });
  const before = await figures();
  expect(before('accord_outbox_messages', { kind: 'prompt', state: 'due' })).toBe(3);
  expect(before('accord_outbox_oldest_seconds', { kind: 'prompt', state: 'due' })).toBe(300);
  expect([before('accord_workspaces_behind'), before('accord_messages_behind')]).toEqual([2, 2]);
  expect(before('accord_behind_seconds')).toBe(300);
  expect(await deliveryBehind(bot.db, now)).toEqual({ workspaces: 2, due: 2, oldestSeconds: 300 });

  bot.fault({ method: 'chat.postMessage', fault: 'reset-before' });
  await bot.deliver();
  const after = await figures();
  expect(after('accord_outbox_in_doubt', { kind: 'prompt' })).toBe(1);
  expect(after('accord_message_attempts_total', { outcome: 'in_doubt' })).toBe(1);
  expect(after('accord_message_attempts_total', { outcome: 'posted' })).toBe(2);
  await bot.settle();
  const settled = await figures();
  expect(settled('accord_outbox_messages', { state: 'due' })).toBeUndefined();
  expect([settled('accord_workspaces_behind'), settled('accord_behind_seconds')]).toEqual([0, 0]);
});

test('a pause that Slack asks for, a target that refuses and a message nobody can word are counted', async () => {
  const { bot, figures } = await measured();
  await using _ = bot;
  bot.fault({ method: 'chat.postMessage', channel: PROMISES, fault: '429', retryAfter: 30 });
  bot.fault({ method: 'conversations.open', fault: 'error:user_disabled' });
  await bot.say({ key: 'digest', to: PROMISES });
  await bot.say({ key: 'gone', to: [ANA] });
  await bot.deliver();
  await bot.say({ key: 'strange', kind: 'strange', to: [DANA] });
  await bot.deliver();
  const counted = await figures();
  expect(counted('accord_rate_limits_total', { what: 'conversation' })).toBe(1);
  expect(counted('accord_rate_limit_wait_seconds_total', { what: 'conversation' })).toBe(30);
  expect(counted('accord_stopped_total', { what: 'conversation' })).toBe(1);
  expect(counted('accord_stopped_total', { what: 'message' })).toBe(1);
  expect(counted('accord_outbox_messages', { kind: 'strange', state: 'held' })).toBe(1);
  expect(counted('accord_message_attempts_total', { kind: 'prompt', outcome: 'retried' })).toBe(1);
});

test('a row that is set aside is counted under its subject', async () => {
  const { bot, figures } = await measured();
  await using _ = bot;
  const due = bot.time.now.subtract({ hours: 1 });
  await asTick(bot.db, (trx) => trx.updateTable('workspace').set({ checkDueAt: due }).execute());
  const work = async () => {
    throw new Error('poisoned');
  };
  await workThrough({ subject: 'a test', table: 'workspace', column: 'checkDueAt', work }, bot.deps, bot.time.now);
  expect((await figures())('accord_rows_set_aside_total', { subject: 'a test' })).toBe(1);
});

test('without its database the bot still tells what it knows by itself', async () => {
  const log = pino({ level: 'silent' });
  await using db = openDatabase({ connection: { ...serverConnection(), database: 'nowhere' }, seal: testSeal, log });
  const metrics = makeMetrics({ db, clock: Temporal.Now.instant, log });
  metrics.meter.failed('home');
  const figures = readFigures(await metrics.text());
  expect(figures('accord_database_up')).toBe(0);
  expect(figures('accord_behind_seconds')).toBeUndefined();
  expect(figures('accord_due_work_failures_total', { subject: 'home' })).toBe(1);
});

test.each([
  [{ command: '/accord', text: ' With @ana for pay talks' }, '/accord with'],
  [{ command: '/accord', text: 'my secret' }, '/accord'],
  [{ command: '/commit', text: 'with love' }, '/commit'],
  [{ type: 'block_actions', actions: [{ action_id: 'recap:confirm' }], view: { callback_id: 'x' } }, 'recap:confirm'],
  [{ type: 'view_submission', view: { callback_id: 'setup:settings-submitted' } }, 'setup:settings-submitted'],
  [{ type: 'message_action', callback_id: 'promise' }, 'promise'],
  [{ type: 'event_callback', event: { type: 'user_change' } }, 'user_change'],
  [{ actions: [{ action_id: 'what a person wrote' }] }, 'other'],
  [{ command: 'x'.repeat(99) }, 'other'],
  [{}, 'other'],
])('a request is named by what it is, never by what was typed: %j', (body, name) => {
  expect(requestName(body, ['with', 'ledger'])).toBe(name);
});
