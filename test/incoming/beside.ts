import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Bot, openBot } from '../../src/bot.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { openDatabase } from '../../src/db/open.ts';
import { testSeal } from '../support/database.ts';
import type { World } from '../support/world.ts';

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

/** A request as it goes over the wire. */
export type Sent = { headers: Record<string, string>; body: Buffer | string };
type How = { secret?: string; ageSeconds?: number; type?: string };

/** Signs as Slack does; with another secret or another age, as somebody else would. */
export function signed(w: World, body: Buffer | string, { secret, ageSeconds = 0, type = FORM }: How = {}): Sent {
  const timestamp = `${Math.floor(Date.now() / 1000) - ageSeconds}`;
  const key = secret ?? w.rehearsal.state.app.signingSecret;
  const signature = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
  const headers = {
    'content-type': type,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  return { headers, body };
}

export type Answered = { status: number; body: string; ms: number };

export async function send(url: string, { headers, body }: Sent): Promise<Answered> {
  const started = performance.now();
  const bytes = typeof body === 'string' ? body : new Uint8Array(body);
  const response = await fetch(url, { method: 'POST', headers, body: bytes });
  return { status: response.status, body: await response.text(), ms: performance.now() - started };
}

/** The address that the stand-in sends to now. */
export const addressOf = ({ rehearsal }: Pick<World, 'rehearsal'>): string => rehearsal.workspace.requestUrl ?? '';

export const command = ({ rehearsal: { state, workspace } }: World, text: string, more = {}): string =>
  new URLSearchParams({
    command: '/accord',
    text,
    team_id: state.team.id,
    user_id: 'U0DANA0001',
    channel_id: 'C0PROMISES',
    api_app_id: state.app.appId,
    trigger_id: workspace.triggers.issue('U0DANA0001'),
    response_url: workspace.responses.issue({ channel: 'C0PROMISES', userId: 'U0DANA0001' }),
    ...more,
  }).toString();

export const event = ({ rehearsal: { state } }: World, id: string, inner: Record<string, unknown>): string =>
  JSON.stringify({
    type: 'event_callback',
    team_id: state.team.id,
    api_app_id: state.app.appId,
    event_id: id,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ team_id: state.team.id, enterprise_id: null, user_id: state.app.botUserId, is_bot: true }],
    event: inner,
  });

export type Server = { url: string; [Symbol.asyncDispose](): Promise<void> };

export async function serve(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Another process's bot on the same database, with a pool of its own. */
export async function secondBot(w: World): Promise<Server & { bot: Bot }> {
  const log = pino({ level: 'silent' });
  const db = openDatabase({ connection: w.database.connection, seal: testSeal, log });
  const { url, state } = w.rehearsal;
  const from = { http: { signingSecret: state.app.signingSecret } };
  const bot = openBot({ db, clock: w.now, log, client: { slackApiUrl: `${url}/api/`, log }, from, wake: () => {} });
  const server = await serve(bot.listener);
  return {
    bot,
    url: server.url,
    async [Symbol.asyncDispose]() {
      await bot.stop();
      await server[Symbol.asyncDispose]();
      await db.destroy();
    },
  };
}

export type Between = Server & {
  /** What Slack sent, oldest first. */
  requests: Sent[];
  /** Where it goes on to; another process may take over. */
  to: string;
  /** While it does, what the app answers goes no further, as if its process had died with it. */
  swallowAnswers(swallows: boolean): void;
};

/** A wire between the stand-in and the app that remembers what went over it. */
export async function listensBetween(w: Pick<World, 'rehearsal'>): Promise<Between> {
  const requests: Sent[] = [];
  let swallows = false;
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' && /^(content-type|x-slack-)/.test(name) ? [[name, value]] : [],
      ),
    );
    requests.push({ headers, body });
    const answer = await send(between.to, { headers, body });
    if (swallows) {
      response.destroy();
      return;
    }
    const type = answer.body.startsWith('{') ? JSON_TYPE : 'text/plain';
    response.writeHead(answer.status, { 'content-type': type }).end(answer.body);
  };
  const server = await serve((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  const between: Between = {
    ...server,
    requests,
    to: addressOf(w),
    swallowAnswers(wanted) {
      swallows = wanted;
    },
  };
  w.rehearsal.setRequestUrl(server.url);
  return between;
}

/** How often the audit holds a verb, by which a test's own listener leaves its effect. */
export const audited = (w: World, verb: string): Promise<number> =>
  asTick(w.database.db, async (trx) => {
    const rows = await trx.selectFrom('audit').select('id').where('verb', '=', verb).execute();
    return rows.length;
  });
