import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { App, HTTPReceiver, type Logger, LogLevel } from '@slack/bolt';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { standIn } from './stand-in.ts';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => LogLevel.ERROR,
};

const opened: { stop(): Promise<unknown> }[] = [];
afterAll(() => Promise.all(opened.map((app) => app.stop())));

export type Says = { status: number; body: Record<string, unknown> };
export type BesideApp = {
  app: App;
  rehearsal: Rehearsal;
  /** What a person does, and what came of it. */
  acts(as: string, what: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** POST where there is a body, else GET. */
  control(path: string, body?: unknown, method?: string): Promise<Says>;
  sees(as: string, where?: string): Promise<string>;
};

/** Something in the app's place that answers as it is told; `hears` collects what it was sent. */
export async function insteadOfApp(
  rehearsal: Rehearsal,
  answers: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<{ hears: IncomingMessage[] }> {
  const hears: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    hears.push(request);
    request.resume();
    answers(request, response, hears.length);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  opened.push({
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  });
  rehearsal.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return { hears };
}

/** A stand-in with a small Bolt app on its other side, over signed HTTP. */
export async function besideApp(): Promise<BesideApp> {
  const rehearsal = await standIn();
  const { signingSecret, botToken } = rehearsal.state.app;
  const receiver = new HTTPReceiver({
    signingSecret,
    processBeforeResponse: true,
    logger: silent,
    unhandledRequestTimeoutMillis: 200,
  });
  const app = new App({
    receiver,
    token: botToken,
    logger: silent,
    clientOptions: { slackApiUrl: `${rehearsal.url}/api/`, retryConfig: { retries: 0 } },
  });
  const server = await receiver.start(0);
  opened.push({
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  });
  const { port } = server.address() as AddressInfo;
  rehearsal.setRequestUrl(`http://127.0.0.1:${port}/slack/events`);

  return { app, rehearsal, ...handlesOf(rehearsal) };
}

/** What a test takes hold of the workspace by, whatever is on its other side. */
export function handlesOf(rehearsal: Rehearsal): Pick<BesideApp, 'acts' | 'control' | 'sees'> {
  const control = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
    const response = await fetch(`${rehearsal.url}/rehearsal/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    control,
    acts: async (as, what) => (await control('act', { as, ...what })).body,
    async sees(as, where) {
      const query = new URLSearchParams({ as, ...(where && { in: where }) });
      return (await fetch(`${rehearsal.url}/rehearsal/sees?${query}`)).text();
    },
  };
}
