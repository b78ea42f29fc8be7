import { randomUUIDv7 } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { buildApp, failureWords } from './app.ts';
import type { Database } from './db/schema.ts';
import type { DeliverySettings } from './delivery/compose.ts';
import type { AccordApp, Deps } from './deps.ts';
import type { Clock } from './ground/clock.ts';
import { authorizer, findInstalled } from './setup/installation.ts';
import { clientOptions, makeSlack, type SlackSettings } from './slack/client.ts';
import { door } from './slack/door.ts';
import { answerAtTheDoor } from './slack/failure.ts';
import { type Ahead, tick } from './tick.ts';
import { makeTicker } from './ticker.ts';

export const EVENTS_PATH = '/slack/events';

export type BotOptions = {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  client: SlackSettings;
  /** How requests from Slack come in. */
  from: { http: { signingSecret: string } } | { socket: { appToken: string } };
  delivery?: Partial<DeliverySettings>;
  newId?: () => string;
  /** Whom to tell that there is work; the ticker itself unless somebody stands between. */
  wake?: () => void;
};

/** The bot: everything between a database, a clock and Slack. */
export type Bot = {
  deps: Deps;
  /** Requests from Slack over HTTP; answers 404 to anything else. */
  listener: RequestListener;
  /** Opens the socket, where there is one. */
  connect(): Promise<void>;
  /** Works until nothing is due at this reading of the clock; says when there is something again. */
  settle(): Promise<Ahead>;
  /** Takes no new work and waits for what is under way. */
  stop(): Promise<void>;
};

export function openBot(options: BotOptions): Bot {
  const { db, clock, log } = options;
  const ticker = makeTicker((signal) => tick(deps, options.delivery, signal), clock, log);
  const clientFor = makeSlack(options.client);
  const deps: Deps = {
    db,
    clock,
    log,
    newId: options.newId ?? randomUUIDv7,
    wake: options.wake ?? ticker.wake,
    slack: async (workspaceId) => {
      const token = (await findInstalled(db, workspaceId))?.token;
      if (!token) throw new Error(`No installation for workspace ${workspaceId}`);
      return clientFor(workspaceId, token);
    },
  };
  const { receiver, listener } = receiverOf(options);
  const app = buildApp(deps, { receiver, authorize: authorizer(db), clientOptions: clientOptions(options.client) });
  return {
    deps,
    listener,
    connect: async () => {
      if ('socket' in options.from) await app.start();
    },
    settle: ticker.settle,
    stop: async () => {
      await disconnect(app, options);
      await ticker.stop();
    },
  };
}

async function disconnect(app: AccordApp, { from }: BotOptions): Promise<void> {
  if ('socket' in from) await app.stop();
}

function receiverOf({ from, client, log }: BotOptions): { receiver: Receiver; listener: RequestListener } {
  if ('socket' in from) {
    const receiver = new SocketModeReceiver({
      appToken: from.socket.appToken,
      installerOptions: { clientOptions: clientOptions(client) },
    });
    return { receiver, listener: (_request, response) => response.writeHead(404).end() };
  }
  const receiver = new HTTPReceiver({
    signingSecret: from.http.signingSecret,
    signatureVerification: false, // the door has done it, more strictly
    endpoints: EVENTS_PATH,
    // The answer waits for the listener, so that nothing is acknowledged that was not saved.
    processBeforeResponse: true,
    processEventErrorHandler: async ({ error, request, response }) => {
      log.error({ err: error }, 'a request could not be worked on');
      answerAtTheDoor(request, response, failureWords(error));
      return false;
    },
  });
  return { receiver, listener: door(EVENTS_PATH, from.http.signingSecret, receiver.requestListener) };
}
