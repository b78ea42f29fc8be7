import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ControlRoute, no, type Said } from './control-route.ts';
import { CONTROL_ROUTES } from './control-routes.ts';
import type { Workspace } from './workspace.ts';

const BODY_AT_MOST = 4 * 1024 * 1024;

/** Answers everything under /rehearsal/: what people do and see, the clock, and what is made to go wrong. */
export async function handleControl(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', workspace.url);
  const path = url.pathname.replace(/\/$/, '') || '/';
  const there = CONTROL_ROUTES.filter((route) => `/rehearsal${route.path}`.replace(/\/$/, '') === path);
  const route = there.find(({ method }) => method === request.method);
  if (!route) return answer(response, there.length > 0 ? wrongMethod(there) : noSuchRoute);

  const input = request.method === 'POST' ? await readJson(request) : Object.fromEntries(url.searchParams);
  if (input === undefined) return answer(response, notJson);
  const said = await route.answer({ workspace, input, request, response });
  if (said) answer(response, said);
}

function answer(response: ServerResponse, { status = 200, body }: Said): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(isText ? body : `${JSON.stringify(body)}\n`);
}

const noSuchRoute = no(404, 'no_such_route', 'GET /rehearsal/ lists the routes.');
const notJson = no(400, 'invalid_json', 'The body is one JSON object.');
const wrongMethod = (routes: ControlRoute[]): Said =>
  no(405, 'wrong_method', `It takes ${routes.map(({ method }) => method).join(' or ')}.`);

/** An empty body is an empty object; nothing where it is no JSON object or too large. */
async function readJson(request: IncomingMessage): Promise<object | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_AT_MOST) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
