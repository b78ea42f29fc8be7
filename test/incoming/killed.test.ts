import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type RawBuilder, sql } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type Between, listensBetween } from './beside.ts';

type Mode = 'HTTP' | 'Socket Mode';
type Acted = { ok: boolean; status: string; notice?: string; modal: object | null };

/** A bot in a process of its own, with a wire between it and the stand-in, over which its answers can be held back. */
class Killable {
  readonly mode: Mode;
  readonly rehearsal: Rehearsal;
  readonly database: FreshDatabase;
  readonly wire: Between;
  readonly #tcp: Tcp;
  bot: BotProcess | undefined;

  static async open(mode: Mode): Promise<Killable> {
    const rehearsal = await openRehearsal({ port: 0, pacing: false });
    const tcp = await holdableTcp(rehearsal.port);
    rehearsal.workspace.url = tcp.url;
    const all = new Killable(mode, rehearsal, await freshDatabase(), await listensBetween({ rehearsal }), tcp);
    await all.start();
    return all;
  }

  constructor(mode: Mode, rehearsal: Rehearsal, database: FreshDatabase, wire: Between, tcp: Tcp) {
    this.mode = mode;
    this.rehearsal = rehearsal;
    this.database = database;
    this.wire = wire;
    this.#tcp = tcp;
  }

  /** Starts the bot, or another one in its place. */
  async start(): Promise<void> {
    const { rehearsal, database } = this;
    this.#tcp.hold(false);
    this.wire.swallowAnswers(false);
    const app = { SLACK_APP_TOKEN: rehearsal.state.app.appToken, SLACK_SIGNING_SECRET: '' };
    const settings = this.mode === 'HTTP' ? {} : app;
    this.bot = await startBotProcess({ rehearsal, database, settings, slackApiUrl: `${this.#tcp.url}/api/` });
    this.wire.to = `${this.bot.url}/slack/events`;
    rehearsal.setRequestUrl(this.mode === 'HTTP' ? this.wire.url : undefined);
  }

  async kill(): Promise<void> {
    this.bot?.child.kill('SIGKILL');
    if (this.bot?.child.exitCode === null && this.bot.child.signalCode === null) await once(this.bot.child, 'exit');
    await this.#endLeases();
  }

  /** What the dead held in the middle of being sent comes back after a minute, which nobody has to wait for here. */
  async #endLeases(): Promise<void> {
    await asTick(this.database.db, (trx) =>
      sql`update outbox set lease_until = clock_timestamp() where state = 'sending'`.execute(trx),
    );
  }

  async act(as: string, what: Record<string, unknown>): Promise<Acted> {
    const body = JSON.stringify({ as, ...what });
    return (
      await fetch(`http://127.0.0.1:${this.rehearsal.port}/rehearsal/act`, { method: 'POST', body })
    ).json() as Promise<Acted>;
  }

  holdAnswers(): void {
    if (this.mode === 'HTTP') this.wire.swallowAnswers(true);
    else this.#tcp.hold(true);
  }

  async count(query: RawBuilder<{ n: number }>): Promise<number> {
    return asTick(this.database.db, async (trx) => (await query.execute(trx)).rows[0]?.n ?? 0);
  }

  async until(query: RawBuilder<{ n: number }>, n: number): Promise<void> {
    for (let tries = 0; (await this.count(query)) !== n; tries++) {
      if (tries > 1_000) throw new Error(`This did not become ${n}`);
      await pause(10);
    }
  }

  async untilSeen(as: string, words: string): Promise<void> {
    const sees = async () => (await fetch(`http://127.0.0.1:${this.rehearsal.port}/rehearsal/sees?as=${as}`)).text();
    for (let tries = 0; !(await sees()).includes(words); tries++) {
      if (tries > 1_000) throw new Error(`${as} did not see: ${words}`);
      await pause(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.wire[Symbol.asyncDispose]();
    await this.rehearsal.close();
    await this.#tcp.close();
    await this.database.drop();
  }
}

type Tcp = { url: string; hold(isHeld: boolean): void; close(): Promise<void> };

/** The way to the stand-in. Held, what a socket says to it goes no further. */
async function holdableTcp(port: number): Promise<Tcp> {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    let isSocketMode = false;
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    to.pipe(from);
    from.on('data', (chunk) => {
      isSocketMode ||= String(chunk).startsWith('GET /socket?');
      if (!isSocketMode || !isHeld) to.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(wanted) {
      isHeld = wanted;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const proposals = sql<{ n: number }>`select count(*)::int as n from proposal`;
const accepted = sql<{ n: number }>`select count(*)::int as n from proposal where state = 'accepted'`;
const moved = sql<{
  n: number;
}>`select count(*)::int as n from person where id = 'U0ANA00001' and zone = 'America/Denver'`;
const waiting = sql<{ n: number }>`
  select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
const underWay = sql<{ n: number }>`
  select count(*)::int as n from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`;

/** Kills the bot when it waits for this table, which is before it can commit anything there. */
async function killedBeforeCommit(on: Killable, table: string, acting: () => Promise<unknown>): Promise<unknown> {
  const acted = await on.database.db.transaction().execute(async (trx) => {
    await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(trx);
    let isAnswered = false;
    const answered = acting().finally(() => {
      isAnswered = true;
    });
    while ((await waiting.execute(trx)).rows[0]?.n === 0) {
      if (isAnswered) throw new Error(`It was answered without coming to the table: ${JSON.stringify(await answered)}`);
      await pause(5);
    }
    await on.kill();
    return { answered };
  });
  await on.until(underWay, 0);
  return acted.answered;
}

/** Kills the bot when what it does is committed, and before anybody hears of it. */
async function killedAfterCommit(
  on: Killable,
  seen: RawBuilder<{ n: number }>,
  acting: () => Promise<unknown>,
): Promise<unknown> {
  on.holdAnswers();
  const answered = acting();
  await on.until(seen, 1);
  await on.kill();
  return answered;
}

const opensForm = async (on: Killable): Promise<void> => {
  const opened = await on.act('dana', { do: 'command', text: '/accord with @ana' });
  expect(opened.modal).not.toBeNull();
};
const FAILED = { ok: false, notice: expect.any(String) };

/** The same over either connection, side by side. */
const overBoth = (promise: (on: Killable) => Promise<void>) => async () => {
  const kept = (['HTTP', 'Socket Mode'] as const).map(async (mode) => {
    await using on = await Killable.open(mode);
    await promise(on);
  });
  await Promise.all(kept);
};

describe('IN2 over HTTP and Socket Mode', () => {
  test(
    'killed before the commit: the form stays with a notice, nothing is saved, and it can be sent again',
    overBoth(async (on) => {
      await opensForm(on);
      const sent = await killedBeforeCommit(on, 'proposal', () => on.act('dana', { do: 'submit' }));
      expect(sent).toMatchObject({ ...FAILED, modal: expect.any(Object) });
      expect(await on.count(proposals)).toBe(0);
      await on.start();
      expect(await on.act('dana', { do: 'submit' })).toMatchObject({ ok: true });
      expect(await on.count(proposals)).toBe(1);
    }),
  );

  test(
    'killed after the commit, before the answer: the click shows that it failed, and it took effect once',
    overBoth(async (on) => {
      await opensForm(on);
      await on.act('dana', { do: 'submit' });
      await on.untilSeen('ana', 'proposes a standing one-on-one with you');
      const clicked = await killedAfterCommit(on, accepted, () => on.act('ana', { do: 'click', button: 'Accept' }));
      expect(clicked).toMatchObject(FAILED);
      await on.start();
      await on.act('ana', { do: 'click', button: 'Accept', stale: true });
      expect(await on.count(accepted)).toBe(1);
      expect(await on.count(proposals)).toBe(1);
    }),
  );

  test(
    'killed after the answer: what was saved is carried on by the next process',
    overBoth(async (on) => {
      await opensForm(on);
      expect(await on.act('dana', { do: 'submit' })).toMatchObject({ ok: true });
      await on.kill();
      await on.start();
      await on.untilSeen('ana', 'proposes a standing one-on-one with you');
      expect(await on.count(proposals)).toBe(1);
    }),
  );
});

const movesToDenver = (on: Killable) => on.act('ana', { do: 'person', id: 'ana', change: { zone: 'America/Denver' } });

test('IN2 an event whose process was killed before the commit takes effect when Slack sends it again', async () => {
  await using on = await Killable.open('HTTP');
  await opensForm(on);
  await killedBeforeCommit(on, 'person', () => movesToDenver(on));
  expect(await on.count(moved)).toBe(0);
  await on.start();
  const later = { method: 'POST', body: JSON.stringify({ to: '+2m' }) };
  await fetch(`http://127.0.0.1:${on.rehearsal.port}/rehearsal/clock`, later);
  await on.until(moved, 1);
});
