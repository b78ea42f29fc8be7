import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { asTick } from '../src/db/as-workspace.ts';
import type { Database } from '../src/db/schema.ts';
import { peopleAt } from '../src/delivery/address.ts';
import { enqueue } from '../src/delivery/outbox.ts';
import { openRehearsal, type Rehearsal } from '../src/rehearsal/server.ts';
import { type BotProcess, startBotProcess } from './support/bot-process.ts';
import { freshDatabase } from './support/database.ts';

const DANA = 'U0DANA0001';
const AGENTS = { ana: 'U0ANA00001', marcus: 'U0MARCUS01', kiran: 'U0KIRAN001' };

/** Slack, some of whose methods take their time before they do anything. `under` counts the calls that wait so. */
async function slowSlack(rehearsal: Rehearsal) {
  const takes = new Map<string, number>();
  const under = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const method = request.url?.replace('/api/', '') ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (takes.has(method)) under.set(method, (under.get(method) ?? 0) + 1);
    await sleep(takes.get(method) ?? 0);
    const { 'content-type': type = '', authorization = '' } = request.headers;
    const headers = { 'content-type': type, authorization };
    const answer = await fetch(`${rehearsal.url}${request.url}`, {
      method: 'POST',
      headers,
      body: Buffer.concat(chunks),
    });
    const sent = { 'content-type': answer.headers.get('content-type') ?? '' };
    response.writeHead(answer.status, sent).end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    takes,
    async isUnder(method: string, many: number): Promise<void> {
      while ((under.get(method) ?? 0) < many) await sleep(10);
    },
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

type Answer = { status: string; modal: { view: { title: { text: string } } } | null };

async function act(rehearsal: Rehearsal, what: object): Promise<Answer> {
  const body = JSON.stringify({ as: DANA, ...what });
  return (await fetch(`${rehearsal.url}/rehearsal/act`, { method: 'POST', body })).json() as Promise<Answer>;
}

async function propose(rehearsal: Rehearsal, agent: string): Promise<void> {
  await act(rehearsal, { do: 'command', text: `/accord with @${agent}` });
  await act(rehearsal, { do: 'submit', fields: {} });
  await act(rehearsal, { do: 'close' });
}

/** Everything that was enqueued, once more under another key: it goes where the first one is on its way to. */
async function sayAgain(db: Kysely<Database>): Promise<void> {
  await asTick(db, async (trx) => {
    for (const { workspaceId, kind, key, about, address, notBefore } of await trx
      .selectFrom('outbox')
      .selectAll()
      .execute()) {
      const to = { people: peopleAt(address) };
      const id = crypto.randomUUID();
      await enqueue(trx, { workspaceId, id, kind, key: `${key}:again`, about, to, notBefore, now: notBefore });
    }
  });
}

/** How many messages of the bot stand in front of each agent. */
const messages = ({ state }: Rehearsal): number[] =>
  Object.values(AGENTS).map(
    (agent) =>
      Object.values(state.conversations).find(
        ({ kind, members }) => kind === 'im' && members.includes(agent) && members.includes(state.app.botUserId),
      )?.messages.length ?? 0,
  );

test('OUT10: asked to end while it sends and while a listener runs, it finishes both; what waits goes out after a start', async () => {
  const database = await freshDatabase();
  const rehearsal = await openRehearsal({ port: 0, pacing: false });
  const slack = await slowSlack(rehearsal);
  const environment = { rehearsal, database, slackApiUrl: slack.url };
  let bot: BotProcess | undefined = await startBotProcess(environment);
  try {
    slack.takes.set('chat.postMessage', 2_000);
    for (const agent of Object.keys(AGENTS)) await propose(rehearsal, agent);
    await slack.isUnder('chat.postMessage', 3);
    await sayAgain(database.db);
    slack.takes.set('views.open', 1_500);
    const asking = act(rehearsal, { do: 'command', text: '/accord settings' });
    await slack.isUnder('views.open', 1);

    const { code, ms } = await bot.end();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    expect((await asking).modal?.view.title.text).toBe('Settings');

    const rows = await asTick(database.db, (trx) => trx.selectFrom('outbox').select(['state', 'inDoubt']).execute());
    expect(rows.map(({ state, inDoubt }) => `${state} ${inDoubt}`).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'posted false'),
      ...Array.from({ length: 3 }, () => 'queued false'),
    ]);
    expect(messages(rehearsal)).toEqual([1, 1, 1]);

    slack.takes.clear();
    bot = await startBotProcess(environment);
    for (let tries = 0; tries < 200 && messages(rehearsal).includes(1); tries++) await sleep(50);
    expect(messages(rehearsal)).toEqual([2, 2, 2]);
    expect((await bot.end()).code).toBe(0);
  } finally {
    bot?.child.kill('SIGKILL');
    slack.close();
    await rehearsal.close();
    await database.drop();
  }
}, 60_000);

test('OUT10: a connection that never asks anything does not keep it', async () => {
  const database = await freshDatabase();
  const rehearsal = await openRehearsal({ port: 0, pacing: false });
  const bot = await startBotProcess({ rehearsal, database });
  try {
    const { hostname, port } = new URL(bot.url);
    const idler = connect(Number(port), hostname);
    idler.on('error', () => undefined);
    await new Promise((resolve) => idler.once('connect', resolve));
    const half = 'POST /slack/events HTTP/1.1\r\ncontent-length: 100\r\nhost: x\r\n\r\nhalf of';
    await new Promise<void>((resolve) => idler.write(half, () => resolve()));
    const { code, ms } = await bot.end();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  } finally {
    bot.child.kill('SIGKILL');
    await rehearsal.close();
    await database.drop();
  }
}, 60_000);
