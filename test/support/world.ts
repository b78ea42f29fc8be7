import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { pino } from 'pino';
import { type Bot, openBot } from '../../src/bot.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import type { DeliverySettings } from '../../src/delivery/compose.ts';
import { followClock } from '../../src/ground/follow-clock.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { seedWorkspace } from '../../src/setup/installation.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { freshDatabase } from './database.ts';
import { type Persona, persona } from './persona.ts';

export type WorldOptions = {
  /** The clock's reading at the start: a day ahead of every real one, or the instant given (never in the past). */
  at?: string;
  pacing?: boolean;
  delivery?: Partial<DeliverySettings>;
  /** Socket Mode instead of signed HTTP. */
  socket?: boolean;
};

/** A Monday morning in New York, two weeks before its clocks change. */
const START = '2027-03-01T14:00:00Z';

/**
 * The whole product, for real: PostgreSQL, the stand-in for Slack, the bot over signed HTTP, and a clock that only tests
 * move. Close it at the end of each test (`await using`).
 *
 *     await using w = await world();
 *     await w.dana.types('/accord with @ana');
 *     await w.dana.submits('Propose a rhythm', {});
 *     await w.moves('+1d');
 *     expect(await w.ana.sees()).toContain('…');
 */
export type World = {
  dana: Persona;
  ana: Persona;
  marcus: Persona;
  kiran: Persona;
  mia: Persona;
  otto: Persona;
  gus: Persona;
  bot: Bot;
  rehearsal: Rehearsal;
  database: Awaited<ReturnType<typeof freshDatabase>> & { count(table: string): Promise<number> };
  now(): Temporal.Instant;
  /** Moves the clock ("next", "+1h", "+1d", "+1w" or an instant), stepping through everything due on the way. */
  moves(to: string): Promise<Moved>;
  /** Waits until the bot has nothing left to do at this reading of the clock. */
  settles(): Promise<void>;
  control(path: string, body?: unknown): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type Moved = {
  now: string;
  settled: boolean;
  steps: string[];
  arrived: { who: string; conversation: string; count: number }[];
};

export async function world(options: WorldOptions = {}): Promise<World> {
  const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' });
  const database = await freshDatabase();
  const rehearsal = await openRehearsal({ port: 0, pacing: options.pacing ?? false, log });
  const control = (path: string, body?: unknown) => call(rehearsal.url, path, body);
  await control('clock', { to: options.at ?? START });

  let bot: Bot | undefined;
  const followed = await followClock({
    url: rehearsal.url,
    log,
    work: async () => (await bot?.settle()) ?? { next: undefined },
  });
  const client = { slackApiUrl: `${rehearsal.url}/api/`, log };
  const { appToken, botToken = '', signingSecret } = rehearsal.state.app;
  bot = openBot({
    db: database.db,
    clock: followed.clock,
    log,
    client,
    from: options.socket ? { socket: { appToken } } : { http: { signingSecret } },
    wake: followed.nudge,
    delivery: { channelMs: 0, workspaceMs: 0, settleMs: 200, ...options.delivery },
  });
  await seedWorkspace(database.db, makeSlack(client)('', botToken), botToken, followed.clock);
  const server = createServer(bot.listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  rehearsal.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  await bot.connect();

  const running = bot;
  const settles = async () => {
    await control('clock', { to: 'now' });
  };
  const person = (id: string) => persona(id, control, settles);
  return {
    dana: person('U0DANA0001'),
    ana: person('U0ANA00001'),
    marcus: person('U0MARCUS01'),
    kiran: person('U0KIRAN001'),
    mia: person('U0MIA00001'),
    otto: person('U0OTTO0001'),
    gus: person('U0GUS00001'),
    bot,
    rehearsal,
    database: {
      ...database,
      async count(table) {
        const counted = sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`;
        return asTick(database.db, async (trx) => (await counted.execute(trx)).rows[0]?.n ?? 0);
      },
    },
    now: followed.clock,
    moves: async (to) => (await control('clock', { to })) as Moved,
    settles,
    control,
    async [Symbol.asyncDispose]() {
      await followed.stop();
      await running.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rehearsal.close();
      await database.drop();
    },
  };
}

async function call(url: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/rehearsal/${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}
