import { sql } from 'kysely';
import pino from 'pino';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import type { Composers, DeliverySettings, Stopped, Words } from '../../src/delivery/compose.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { listHeld, release } from '../../src/delivery/held.ts';
import { type Enqueued, enqueue, enqueueAll, refreshPosted } from '../../src/delivery/outbox.ts';
import type { Deps } from '../../src/deps.ts';
import type { FaultOrder } from '../../src/rehearsal/faults.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/server.ts';
import { makeSlack } from '../../src/slack/client.ts';
import { freshDatabase } from '../support/database.ts';

export const FIRM = 'T0RIVER001';
export const ANA = 'U0ANA00001';
export const DANA = 'U0DANA0001';
export const MARCUS = 'U0MARCUS01';
export const PROMISES = 'C0PROMISES';

/** Pauses of a few milliseconds, so that nobody waits for real time. */
export const QUICK: DeliverySettings = {
  lanes: 8,
  channelMs: 0,
  workspaceMs: 0,
  leaseMs: 60_000,
  timeoutMs: 400,
  settleMs: 20,
  retryAfterMs: 300,
  backoffMs: 10,
};

/** Full figures instead of the short form. */
export const LONG = process.env.ACCORD_LONG === '1';

type Fact = string | Words | undefined | Error | (() => Promise<string | undefined>);

export type Message = {
  key: string;
  to?: string[] | string;
  kind?: string;
  notBefore?: Temporal.Instant;
  expiresAt?: Temporal.Instant;
  workspaceId?: string;
};

/** A database, a Slack and one bot between them, whose messages say what `facts` says under their key. */
export async function delivering(settings: Partial<DeliverySettings> = {}) {
  const database = await freshDatabase({ poolSize: 20 });
  const { db } = database;
  const slack = await openRehearsal({ port: 0, pacing: false });
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const clientFor = makeSlack({ slackApiUrl: `${slack.url}/api/`, timeoutMs: QUICK.timeoutMs, log });
  const time = { now: slack.clock() };
  const facts = new Map<string, Fact>();
  const stopped: Stopped[] = [];

  const deps: Deps = {
    db,
    slack: async (workspaceId) => clientFor(workspaceId, slack.state.app.botToken ?? 'xoxb-revoked'),
    clock: () => time.now,
    log,
    wake: () => {},
    newId: () => crypto.randomUUID(),
  };
  const compose = async (_: unknown, { about }: { about: Record<string, string> }): Promise<Words | undefined> => {
    const fact = facts.get(about.thing ?? '');
    const said = typeof fact === 'function' ? await fact() : fact;
    if (said instanceof Error) throw said;
    return typeof said === 'string' ? { text: said } : said;
  };
  const composers: Composers = {
    prompt: { compose, inDoubt: 'send-again' },
    digest: { compose, inDoubt: 'hold' },
  };
  const delivery = {
    composers,
    onStopped: async (_: unknown, what: Stopped) => void stopped.push(what),
    settings: { ...QUICK, ...settings },
  };
  await addWorkspace(FIRM);

  async function addWorkspace(id: string): Promise<void> {
    // The token is only looked at for being there: the client above has its own.
    await asTick(db, (trx) =>
      sql`insert into workspace (id, token, scopes) values (${id}, '\\x00', ${slack.state.app.scopes})`.execute(trx),
    );
  }

  const enqueued = (message: Message): Enqueued => {
    const { key, to = [ANA], kind = 'prompt', notBefore = time.now, expiresAt, workspaceId = FIRM } = message;
    return {
      workspaceId,
      id: deps.newId(),
      kind,
      key,
      about: { thing: key },
      to: typeof to === 'string' ? { channel: to } : { people: to },
      notBefore,
      ...(expiresAt && { expiresAt }),
      now: time.now,
    };
  };

  return {
    database,
    db,
    deps,
    slack,
    delivery,
    facts,
    stopped,
    logged,
    time,
    addWorkspace,
    addChannel: (n: number) => addChannel(slack, n),
    fault: (order: FaultOrder) => slack.workspace.faults.add(order),
    deliver: (signal?: AbortSignal) => deliver(deps, delivery, signal),
    /** Says `fact` under the key; the same key again says that it changed. */
    async say(message: Message, fact: Fact = `words of ${message.key}`): Promise<void> {
      facts.set(message.key, fact);
      await asWorkspace(db, message.workspaceId ?? FIRM, (trx) => enqueue(trx, enqueued(message)));
    },
    /** Many at once; each says its key. */
    async sayAll(messages: Message[]): Promise<void> {
      for (let n = 0; n < messages.length; n += 1000) {
        const rows = messages.slice(n, n + 1000).map((message) => enqueued(message));
        await asTick(db, (trx) => enqueueAll(trx, rows));
      }
      for (const { key } of messages) facts.set(key, key);
    },
    async changed(key: string, fact: Fact): Promise<void> {
      facts.set(key, fact);
      await asWorkspace(db, FIRM, (trx) => refreshPosted(trx, FIRM, [key], time.now));
    },
    uninstall: () => asTick(db, (trx) => trx.updateTable('workspace').set({ token: null }).execute()),
    grant: (scopes: string[]) => {
      slack.state.app.scopes = scopes;
      return asTick(db, (trx) => trx.updateTable('workspace').set({ scopes }).execute());
    },
    held: () => asTick(db, (trx) => listHeld(trx)),
    release: (which: { reason?: string }) => asTick(db, (trx) => release(trx, { workspaceId: FIRM, ...which })),
    count: (state: string) =>
      asTick(db, async (trx) => {
        const { rows } = await sql<{ n: number }>`select count(*) as n from outbox where state = ${state}`.execute(trx);
        return rows[0]?.n;
      }),
    row: (key: string) =>
      asTick(db, (trx) => trx.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirstOrThrow()),
    /** Until nothing waits for a pause any more. */
    async settle(): Promise<number> {
      let sent = 0;
      for (const until = performance.now() + 20_000; performance.now() < until; ) {
        const delivered = await deliver(deps, delivery);
        sent += delivered.sent;
        if (delivered.retryInMs === undefined) return sent;
        await new Promise((resolve) => setTimeout(resolve, Math.min(delivered.retryInMs ?? 0, 1000)));
      }
      throw new Error('Delivery does not settle');
    },
    /** What stands in the conversation of the bot with these people, or in a channel. */
    seen: (where: string[] | string = [ANA]) => textsIn(slack, where),
    /** Everything that was posted, oldest first, by where it stands: a channel, or the people beside the bot. */
    order: () => postedIn(slack),
    async [Symbol.asyncDispose](): Promise<void> {
      await slack.close();
      await database.drop();
    },
  };
}

/** A channel of the stand-in with the bot in it. */
export function addChannel({ state }: Rehearsal, n: number): string {
  const id = `C0NUMBER${String(n).padStart(4, '0')}`;
  const rest = { archived: false, sharedWith: [], createdAt: 0, messages: [], read: {} };
  state.conversations[id] = { id, kind: 'channel', name: `number-${n}`, members: [state.app.botUserId], ...rest };
  return id;
}

function textsIn({ state }: Rehearsal, where: string[] | string): string[] {
  const conversation =
    typeof where === 'string'
      ? state.conversations[where]
      : Object.values(state.conversations).find(
          ({ kind, members }) =>
            (kind === 'im' || kind === 'mpim') &&
            members.length === where.length + 1 &&
            where.every((person) => members.includes(person)),
        );
  return (conversation?.messages ?? []).map(({ text }) => text);
}

const postedIn = ({ state }: Rehearsal): { where: string; ts: string }[] =>
  Object.values(state.conversations)
    .flatMap(({ id, kind, members, messages }) => {
      const others = members.filter((member) => member !== state.app.botUserId).toSorted();
      const where = kind === 'im' || kind === 'mpim' ? others.join('+') : id;
      return messages.map(({ ts }) => ({ where, ts }));
    })
    .toSorted((a, b) => a.ts.localeCompare(b.ts));
