import { randomUUIDv7 } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import type { Database } from './db/schema.ts';
import type { DeliverySettings } from './delivery/compose.ts';
import type { Deps } from './deps.ts';
import type { Clock } from './ground/clock.ts';
import type { Meter } from './ground/meter.ts';
import { quietLogger, type Reception } from './reception.ts';
import { authorizer, findInstalled } from './setup/installation.ts';
import { type InstallSettings, installPages } from './setup/oauth.ts';
import { clientOptions, makeSlack, type SlackSettings } from './slack/client.ts';
import { door } from './slack/door.ts';
import { type Ahead, tick } from './tick.ts';
import { makeTicker } from './ticker.ts';

export const EVENTS_PATH = '/slack/events';
/** A listener's calls must be over while Slack still waits for its answer. */
const LISTENER_CALL_MS = 2_500;
/** From half a second to half a minute apart. */
const RECONNECT = { forever: true, minTimeout: 500, factor: 1.5, maxTimeout: 30_000, randomize: true };
/** The first goodbye waits for Slack's, the second does not. */
const GOODBYE_MS = 500;
/** How long a stop waits for the requests under way. */
const FINISH_WITHIN_MS = 9_000;

export type BotOptions = {
  db: Kysely<Database>;
  clock: Clock;
  log: Logger;
  client: SlackSettings;
  /** How requests from Slack come in. */
  from: { http: { signingSecret: string; install?: InstallSettings } } | { socket: { appToken: string } };
  delivery?: Partial<DeliverySettings>;
  newId?: () => string;
  meter?: Meter;
  /** Whom to tell that there is work; the ticker itself unless somebody stands between. */
  wake?: () => void;
};

/** The bot: everything between a database, a clock and Slack. */
export type Bot = {
  deps: Deps;
  app: Reception;
  /** Requests from Slack over HTTP; answers 404 to anything else. */
  listener: RequestListener;
  /** Opens the socket, where there is one. */
  connect(): Promise<void>;
  /** Works until no request is under way and nothing is due at this reading of the clock; says when there is something again. */
  settle(): Promise<Ahead>;
  /** Finishes the requests under way, within 10 s, and takes no new work. */
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
    meter: options.meter,
    slack: async (workspaceId) => {
      const token = (await findInstalled(db, workspaceId))?.token;
      if (!token) throw new Error(`No installation for workspace ${workspaceId}`);
      return clientFor(workspaceId, token);
    },
  };
  const { receiver, listener, hangUp } = receiverOf(options);
  const listenerOptions = clientOptions({ timeoutMs: LISTENER_CALL_MS, ...options.client });
  const app = buildApp(deps, { receiver, authorize: authorizer(db), clientOptions: listenerOptions });
  return {
    deps,
    app,
    listener,
    connect: async () => {
      if ('socket' in options.from) await app.start();
    },
    settle: async () => {
      await app.idle();
      return ticker.settle();
    },
    stop: async () => {
      // An answer needs the connection, so it is held until what came over it is answered.
      const answered = Promise.race([app.idle(), pause(FINISH_WITHIN_MS, undefined, { ref: false })]);
      await Promise.all([answered.then(hangUp), ticker.stop()]);
    },
  };
}

type Entrance = { receiver: Receiver; listener: RequestListener; hangUp: () => Promise<void> };

function receiverOf({ from, client, log, db, clock }: BotOptions): Entrance {
  if ('socket' in from) {
    const receiver = new SocketModeReceiver({
      appToken: from.socket.appToken,
      logger: quietLogger(log),
      // Without a way back to Slack there is nothing to do but to try again.
      installerOptions: { clientOptions: { ...clientOptions(client), retryConfig: RECONNECT } },
      processEventErrorHandler: async ({ error }) => {
        log.error({ err: error }, 'a request was not answered');
        return false;
      },
    });
    const hangUp = async () => {
      await Promise.race([receiver.client.disconnect(), pause(GOODBYE_MS, undefined, { ref: false })]);
      await receiver.client.disconnect();
    };
    return { receiver, hangUp, listener: (_request, response) => response.writeHead(404).end() };
  }
  const receiver = new HTTPReceiver({
    signingSecret: from.http.signingSecret,
    logger: quietLogger(log),
    signatureVerification: false, // the door has done it, more strictly
    endpoints: EVENTS_PATH,
    processEventErrorHandler: async ({ error, response }) => {
      log.error({ err: error }, 'a request was not answered');
      // Slack shows that it failed, or sends an event again.
      if (!response.headersSent) response.writeHead(500).end();
      return true;
    },
  });
  const listener = door(EVENTS_PATH, from.http.signingSecret, receiver.requestListener);
  const { install } = from.http;
  return {
    receiver,
    hangUp: async () => {},
    listener: install ? installPages(db, clock, install, clientOptions(client), listener) : listener,
  };
}
