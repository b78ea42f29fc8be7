import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { type Bot, openBot } from '../../src/bot.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/db/schema.ts';
import { type Act, act, actShape } from '../../src/rehearsal/act/act.ts';
import type { Answer } from '../../src/rehearsal/act/outcome.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { seedWorkspace } from '../../src/setup/installation.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { type FreshDatabase, freshDatabase, testSeal } from '../support/database.ts';

/** How long one call to Slack may take here, and the lease that leaves room for it. */
const TIMEOUT_MS = 300;
const DELIVERY = {
  channelMs: 0,
  workspaceMs: 0,
  timeoutMs: TIMEOUT_MS,
  settleMs: 30,
  leaseMs: 2_000,
  backoffMs: 10,
  retryAfterMs: 100,
};

/** One bot process, as far as the others can tell: its own connections, and its own way to Slack. */
export type RunningBot = {
  bot: Bot;
  db: Kysely<Database>;
  name: string;
  /** Milliseconds by which its machine's clock is off. */
  skew: number;
  /** Cuts its connections to the database; it makes new ones. */
  disconnect(): Promise<void>;
  /** As a SIGKILL: from now on nothing of it reaches Slack or the database, and what it had begun there is undone. */
  kill(): Promise<void>;
  /** Kills it at its n-th call to Slack from now on: before Slack hears of it, or before it hears of Slack. */
  killAtCall(n: number, when: 'before' | 'after'): void;
  /** Something else at that moment; the call goes on meanwhile. */
  atCall(n: number, when: 'before' | 'after', then: () => Promise<void>): void;
  isAlive(): boolean;
  died: Promise<void>;
  close(): Promise<void>;
};

/**
 * The product on a clock that stands still until it is moved, with bots that can be killed and opened anew on the same
 * database and the same Slack.
 */
export type Rig = {
  rehearsal: Rehearsal;
  database: FreshDatabase;
  time: { now: Temporal.Instant };
  /** The clock on the wall, Slack's too, stands there from now on. */
  setTime(to: Temporal.Instant): void;
  open(skew?: number): Promise<RunningBot>;
  /** What somebody does in Slack; requests go to the bot opened last. */
  does(as: string, what: Record<string, unknown>): Promise<Answer>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type RigOptions = {
  at: string;
  newId?: () => string;
  log?: string;
  /** One on a server of the test's own; else a fresh one on the server that all tests share. */
  database?: FreshDatabase;
};

export async function rig({ at, newId, log: level = 'silent', ...own }: RigOptions): Promise<Rig> {
  const log = pino({ level });
  const database = own.database ?? (await freshDatabase({ poolSize: 4 }));
  const rehearsal = await openRehearsal({ port: 0, pacing: false, log });
  const { state, workspace } = rehearsal;
  const time = { now: Temporal.Instant.from(at) };
  const opened: RunningBot[] = [];
  const server = await listen(createServer((request, response) => answerNobody(request, response)));
  let listener: Bot['listener'] | undefined;
  server.on('request', (request, response) => listener?.(request, response));
  rehearsal.setRequestUrl(`${urlOf(server)}/slack/events`);
  setTime(time.now);

  function answerNobody(request: IncomingMessage, _response: ServerResponse): void {
    if (!listener) request.socket.destroy();
  }

  function setTime(to: Temporal.Instant): void {
    time.now = to;
    state.clockOffset = to.epochMilliseconds - Date.now();
    workspace.dispatch.sendDue();
  }

  /** Nobody holds them any more; to wait for their end would show nothing. */
  const letLeasesEnd = () =>
    asTick(database.db, (trx) =>
      sql`update outbox set lease_until = clock_timestamp() where state = 'sending'`.execute(trx),
    );

  async function open(skew = 0): Promise<RunningBot> {
    const name = `bot_${opened.length}`;
    const db = openDatabase({
      connection: { ...database.connection, application_name: name },
      seal: testSeal,
      log,
      poolSize: 6,
    });
    let isAlive = true;
    const died = Promise.withResolvers<void>();
    const gate = await openGate(rehearsal.url);
    const client = { slackApiUrl: `${gate.url}/api/`, timeoutMs: TIMEOUT_MS, log };
    const running: RunningBot = {
      name,
      db,
      skew,
      bot: openBot({
        db,
        clock: () => time.now.add({ milliseconds: running.skew }),
        log,
        client,
        from: { http: { signingSecret: state.app.signingSecret } },
        wake: () => {},
        newId,
        delivery: DELIVERY,
      }),
      isAlive: () => isAlive,
      died: died.promise,
      disconnect: () => terminate(database, name),
      async kill() {
        if (!isAlive) return;
        isAlive = false;
        if (listener === running.bot.listener) listener = undefined;
        server.closeAllConnections();
        gate.shut();
        await terminate(database, name);
        await db.destroy();
        await gate.close();
        await letLeasesEnd();
        void running.bot.stop().catch(() => {});
        died.resolve();
      },
      killAtCall: (n, when) => gate.atCall(n, when, running.kill),
      atCall: gate.atCall,
      async close() {
        if (!isAlive) return;
        isAlive = false;
        await running.bot.stop();
        if (listener === running.bot.listener) listener = undefined;
        await db.destroy();
        await gate.close();
      },
    };
    opened.push(running);
    listener = running.bot.listener;
    const token = state.app.botToken ?? '';
    await seedWorkspace(db, makeSlack(client)('', token), token, () => time.now.add({ milliseconds: running.skew }));
    return running;
  }

  return {
    rehearsal,
    database,
    time,
    setTime,
    open,
    does: (as, what) => act(workspace, actShape.parse({ as, ...what }) satisfies Act),
    async [Symbol.asyncDispose]() {
      for (const one of opened) await one.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rehearsal.close();
      await database.drop();
    },
  };
}

/** Ends these connections from the server's side, as a restart of it would. */
async function terminate({ connection }: FreshDatabase, applicationName: string): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const mine = 'datname = current_database() and application_name = $1';
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${mine}`, [applicationName]);
  } finally {
    await client.end();
  }
}

/** One bot's way to Slack, which can be shut: then nothing passes in either direction any more. */
async function openGate(to: string) {
  let isShut = false;
  let calls = 0;
  let order: { at: number; when: 'before' | 'after'; then: () => Promise<void> } | undefined;
  const isNow = (call: number, when: 'before' | 'after') => order?.at === call && order.when === when;

  const server = await listen(
    createServer(async (request, response) => {
      calls += 1;
      const call = calls;
      try {
        const body = await readAll(request);
        if (isNow(call, 'before')) void order?.then();
        if (isShut) return void request.socket.resetAndDestroy();
        const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' && !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name)
            ? [[name, value]]
            : [],
        );
        const answer = await fetch(`${to}${request.url}`, {
          method: request.method,
          headers,
          ...(request.method !== 'GET' && { body: new Uint8Array(body) }),
        });
        const text = (await answer.text()).replaceAll(JSON.stringify(to).slice(1, -1), urlOf(server));
        if (isNow(call, 'after')) void order?.then();
        if (isShut) return void request.socket.resetAndDestroy();
        response.writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? 'application/json',
          ...(answer.headers.has('retry-after') && { 'retry-after': answer.headers.get('retry-after') ?? '' }),
          ...(answer.headers.has('x-oauth-scopes') && { 'x-oauth-scopes': answer.headers.get('x-oauth-scopes') ?? '' }),
        });
        response.end(text);
      } catch {
        // Slack broke off: so does its way here.
        request.socket?.resetAndDestroy();
      }
    }),
  );
  return {
    url: urlOf(server),
    atCall(n: number, when: 'before' | 'after', then: () => Promise<void>) {
      order = { at: calls + n, when, then };
    },
    shut() {
      isShut = true;
      server.closeAllConnections();
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

const readAll = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await Array.fromAsync(request));

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
