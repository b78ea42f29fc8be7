import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import pino from 'pino';
import type { Clock } from '../ground/clock.ts';
import { makeRehearsalClock } from './clock.ts';
import { makeDispatch } from './dispatch.ts';
import { makeEarlier } from './earlier.ts';
import { readManifest } from './manifest.ts';
import { makeResponses } from './response-url.ts';
import { isOurOwn, route } from './routes.ts';
import { declare, seed } from './seed.ts';
import type { RehearsalState } from './state.ts';
import { keepState, readState } from './state-file.ts';
import { makeTriggers } from './triggers.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

export type RehearsalOptions = {
  /** 0 picks a free one. */
  port: number;
  /** Where the workspace is kept; without it, it is forgotten on close. */
  statePath?: string;
  manifestPath?: string;
  /** Slack's pace; on unless said otherwise. */
  pacing?: boolean;
  /** Where signed requests go, in HTTP mode. */
  requestUrl?: string;
  log?: Logger;
};

export type Rehearsal = {
  url: string;
  port: number;
  state: RehearsalState;
  workspace: Workspace;
  clock: Clock;
  setRequestUrl(url: string | undefined): void;
  /** Has these paths answered by somebody else: the bot's health, on the one address that a person knows. */
  alsoServe(paths: string[], listener: RequestListener): void;
  /** Saves, ends every connection, and resolves when the port is free. */
  close(): Promise<void>;
};

const MANIFEST = new URL('../../manifest.yml', import.meta.url);

/** Opens the stand-in for Slack on the loopback interface: its Web API, its sockets, the control API and the page. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const log = options.log ?? pino({ level: 'silent' });
  const manifest = await readManifest(options.manifestPath ?? MANIFEST);
  const seedAnew = () => seed(manifest, Date.now());
  const state = (options.statePath && (await readState(options.statePath, log))) || seedAnew();
  declare(state.app, manifest);
  const file = options.statePath ? keepState(options.statePath, state, log) : undefined;

  const workspace = makeWorkspace(
    {
      state,
      url: '',
      requestUrl: options.requestUrl,
      log,
      pacing: options.pacing ?? true,
      seedAnew,
      save: () => file?.save(),
    },
    {
      triggers: () => makeTriggers(),
      responses: makeResponses,
      dispatch: makeDispatch,
      clock: makeRehearsalClock,
      earlier: makeEarlier,
    },
  );
  const server = createServer();
  const others = new Map<string, RequestListener>();
  serve(server, workspace, others);
  const port = await listen(server, options.port);
  workspace.url = `http://127.0.0.1:${port}`;

  return {
    url: workspace.url,
    port,
    state,
    workspace,
    clock: () => Temporal.Instant.fromEpochMilliseconds(workspace.now()),
    setRequestUrl(url) {
      workspace.requestUrl = url;
    },
    alsoServe(paths, listener) {
      for (const path of paths) others.set(path, listener);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      workspace.dispatch.clear();
      workspace.sockets.close();
      server.closeAllConnections();
      await closed;
      await file?.close();
    },
  };
}

/** Loopback only: whoever reaches this port can act as anybody. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function serve(server: Server, workspace: Workspace, others: Map<string, RequestListener>): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const other = others.get(request.url?.split('?')[0] ?? '/');
    if (other && isOurOwn(request)) return other(request, response);
    route(workspace, request, response).catch((error) => {
      workspace.log.error({ err: error, path: request.url?.split('?')[0] }, 'the stand-in failed to answer');
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('The stand-in failed to answer.');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (isOurOwn(request) && request.url?.startsWith('/socket?')) workspace.sockets.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
}
