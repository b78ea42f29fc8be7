import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

export type Envelope = {
  type: 'slash_commands' | 'events_api' | 'interactive';
  payload: Record<string, unknown>;
  acceptsResponsePayload: boolean;
  retryAttempt?: number;
  retryReason?: string;
  /** How long to wait for the acknowledgement. */
  timeoutMs: number;
};

export type SocketAnswer =
  | { status: 'acked'; payload?: unknown }
  | { status: 'timeout' }
  /** Nobody is connected, or who had it left before answering. */
  | { status: 'no_client' };

/** The Socket Mode clients that are connected. Each envelope goes to one of them, in turn. */
export type Sockets = {
  count(): number;
  send(envelope: Envelope): Promise<SocketAnswer>;
  /** A one-time address for `apps.connections.open`. */
  ticket(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Asks every client to connect anew, as Slack does now and then. */
  refresh(): void;
  close(): void;
};

/** Slack keeps ten connections of an app and closes any further one. */
const CONNECTIONS_AT_MOST = 10;
/** The client takes 30 s without a ping for a dead connection. */
const PING_EVERY_MS = 10_000;
const TICKET_LIVES_MS = 30_000;

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });
type Client = { socket: WebSocket; waiting: Map<string, (answer: SocketAnswer) => void>; ping: NodeJS.Timeout };

export function makeSockets(where: { url: () => string; appId: () => string }): Sockets {
  // Loaded with the first client: most rehearsals run over HTTP and need not hold it in memory.
  let server: WebSocketServer | undefined;
  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { WebSocketServer } = await import('ws');
    server ??= new WebSocketServer({ noServer: true });
    server.handleUpgrade(request, socket, head, join);
  };
  const tickets = new Map<string, number>();
  const clients: Client[] = [];
  let turn = 0;

  const leave = (client: Client) => {
    const at = clients.indexOf(client);
    if (at >= 0) clients.splice(at, 1);
    clearInterval(client.ping);
    for (const answered of client.waiting.values()) answered({ status: 'no_client' });
    client.waiting.clear();
  };

  const join = (socket: WebSocket) => {
    if (clients.length >= CONNECTIONS_AT_MOST) {
      socket.send(
        JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'rehearsal' } }),
      );
      return socket.close();
    }
    const client: Client = { socket, waiting: new Map(), ping: setInterval(() => socket.ping(), PING_EVERY_MS) };
    client.ping.unref();
    clients.push(client);
    socket.on('close', () => leave(client));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => acknowledged(client, String(data)));
    socket.send(JSON.stringify(hello(where.appId(), clients.length)));
  };

  return {
    count: () => clients.length,
    ticket() {
      const ticket = randomUUID();
      tickets.set(ticket, Date.now() + TICKET_LIVES_MS);
      return `${where.url().replace(/^http/, 'ws')}/socket?ticket=${ticket}&app_id=${where.appId()}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('ticket') ?? '';
      const goodUntil = tickets.get(ticket);
      tickets.delete(ticket);
      if (goodUntil === undefined || goodUntil < Date.now()) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      accept(request, socket, head).catch(() => socket.destroy());
    },
    send(envelope) {
      turn += 1;
      const client = clients[turn % Math.max(1, clients.length)];
      return client ? deliver(client, envelope) : Promise.resolve({ status: 'no_client' });
    },
    refresh() {
      for (const { socket } of clients)
        socket.send(
          JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'rehearsal' } }),
        );
    },
    close() {
      for (const client of [...clients]) {
        leave(client);
        client.socket.terminate();
      }
      server?.close();
    },
  };
}

const hello = (appId: string, connections: number) => ({
  type: 'hello',
  num_connections: connections,
  debug_info: { host: 'rehearsal', build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: appId },
});

function deliver(client: Client, envelope: Envelope): Promise<SocketAnswer> {
  const id = randomUUID();
  return new Promise((resolve) => {
    const answered = (answer: SocketAnswer) => {
      clearTimeout(deadline);
      client.waiting.delete(id);
      resolve(answer);
    };
    const deadline = setTimeout(() => answered({ status: 'timeout' }), envelope.timeoutMs);
    client.waiting.set(id, answered);
    client.socket.send(
      JSON.stringify({
        envelope_id: id,
        type: envelope.type,
        payload: envelope.payload,
        accepts_response_payload: envelope.acceptsResponsePayload,
        ...(envelope.retryAttempt !== undefined && {
          retry_attempt: envelope.retryAttempt,
          retry_reason: envelope.retryReason ?? '',
        }),
      }),
    );
  });
}

/** Anything else that a client says means nothing to Slack. */
function acknowledged(client: Client, said: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(said);
  } catch {
    return;
  }
  const ack = acknowledgement.safeParse(parsed);
  if (ack.success) client.waiting.get(ack.data.envelope_id)?.({ status: 'acked', payload: ack.data.payload });
}
