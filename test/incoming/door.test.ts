import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type World, world } from '../support/world.ts';
import { addressOf, command, FORM, type Sent, send, signed } from './beside.ts';
import { bodies } from './bodies.ts';

/** Ten thousand bodies with ACCORD_LONG=1. */
const BODIES = process.env.ACCORD_LONG === '1' ? 10_000 : 300;
const FOUR_MB = 4 * 1024 * 1024;

let w: World;
const heard: string[] = [];

beforeAll(async () => {
  w = await world();
  w.bot.app.use(async ({ next }) => {
    heard.push('a listener ran');
    await next();
  });
});
afterAll(() => w[Symbol.asyncDispose]());

const tamper = (sent: Sent): Sent => {
  const body = Buffer.from(sent.body);
  body[3] = (body[3] ?? 0) ^ 1;
  return { ...sent, body };
};
const without = ({ headers, body }: Sent, name: string): Sent => ({
  body,
  headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)),
});

const forgeries: [string, () => Sent][] = [
  ['one bit flipped', () => tamper(signed(w, command(w, 'help')))],
  ['another secret', () => signed(w, command(w, 'help'), { secret: 'not-the-secret' })],
  ['301 seconds old', () => signed(w, command(w, 'help'), { ageSeconds: 301 })],
  ['301 seconds ahead', () => signed(w, command(w, 'help'), { ageSeconds: -302 })],
  ['no signature', () => without(signed(w, command(w, 'help')), 'x-slack-signature')],
  ['no timestamp', () => without(signed(w, command(w, 'help')), 'x-slack-request-timestamp')],
  [
    'a timestamp that is no number',
    () => {
      const sent = signed(w, command(w, 'help'));
      return { ...sent, headers: { ...sent.headers, 'x-slack-request-timestamp': '1e9' } };
    },
  ],
];

test.each(forgeries)('IN5 %s: turned away with 401, and no listener runs', async (_what, forge) => {
  heard.length = 0;
  expect(await send(addressOf(w), forge())).toMatchObject({ status: 401, body: '' });
  expect(heard).toEqual([]);
});

test('IN5 the same request with Slack’s signature, up to five minutes old, is heard', async () => {
  heard.length = 0;
  const answer = await send(addressOf(w), signed(w, command(w, 'help'), { ageSeconds: 298 }));
  expect(answer.body).toContain('/accord with @name');
  expect(heard).toHaveLength(1);
});

test('IN8 an unsigned certificate check is answered, and what it carries reaches nobody', async () => {
  heard.length = 0;
  const smuggled = `ssl_check=1&${command(w, 'with <@U0ANA00001>')}`;
  const answer = await send(addressOf(w), { headers: { 'content-type': FORM }, body: smuggled });
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect(heard).toEqual([]);
});

/** Without saying beforehand how much it will be. */
const stream = (url: string, bytes: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const sending = request(url, { method: 'POST', headers: { 'content-type': FORM } });
    sending.on('response', (response) => resolve(response.resume().statusCode));
    sending.on('error', () => resolve(undefined));
    for (let sent = 0; sent < bytes; sent += 65_536) sending.write(Buffer.alloc(65_536, 'a'));
    sending.end();
  });

test('IN7 more than 4 MB are refused, whether announced or not, and the next request is heard', async () => {
  expect((await send(addressOf(w), signed(w, Buffer.alloc(FOUR_MB + 1, 'a')))).status).toBe(413);
  expect([413, undefined]).toContain(await stream(addressOf(w), 3 * FOUR_MB));
  expect((await send(addressOf(w), signed(w, command(w, 'help')))).status).toBe(200);
});

test(`IN7 ${BODIES} bodies of every kind, signed and not: each is answered in time and the bot goes on`, async () => {
  heard.length = 0;
  const lost: unknown[] = [];
  const note = (error: unknown) => lost.push(error);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  const before = await w.database.count('pair');
  const waiting = new Set<Promise<void>>();
  const slowest = { ms: 0 };
  const given = fc.sample(fc.tuple(bodies, fc.boolean()), { numRuns: BODIES, seed: 20_261_121 });
  for (const [{ type, body }, isSigned] of given) {
    const one = signed(w, body, { type, ...(!isSigned && { secret: 'not-the-secret' }) });
    const answered = send(addressOf(w), one).then(({ status, ms }) => {
      slowest.ms = Math.max(slowest.ms, ms);
      expect(isSigned ? [200, 400, 500] : [401]).toContain(status);
    });
    waiting.add(answered);
    answered.finally(() => waiting.delete(answered)).catch(() => {});
    if (waiting.size >= 8) await Promise.race(waiting);
  }
  await Promise.all(waiting);
  await w.bot.app.idle();
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  expect(lost).toEqual([]);
  expect(heard.length).toBeGreaterThan(BODIES / 4);
  expect(slowest.ms).toBeLessThan(3_000);
  expect(await w.database.count('pair')).toBe(before);
  expect((await send(addressOf(w), signed(w, command(w, 'help')))).body).toContain('/accord with @name');
}, 600_000);
