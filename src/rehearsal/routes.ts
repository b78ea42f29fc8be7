import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleControl } from './control.ts';
import { readPageFile } from './page-files.ts';
import { identify, missingScope } from './permissions.ts';
import type { StoredFile } from './state.ts';
import { receiveUpload } from './web-api/files.ts';
import { approve } from './web-api/oauth.ts';
import { serveMethod } from './web-api/serve.ts';
import type { Workspace } from './workspace.ts';

const BODY_AT_MOST = 32 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Sends each path to the part that answers it. */
export async function route(workspace: Workspace, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOurOwn(request)) return plain(response, 403, 'The rehearsal answers this machine only.');
  const url = new URL(request.url ?? '/', workspace.url);
  const [, first = '', second = ''] = url.pathname.split('/');
  switch (first) {
    case 'api':
      return answerMethod(workspace, second, request, response, url.searchParams);
    case 'rehearsal':
      return handleControl(workspace, request, response);
    case 'response':
      return answerResponseUrl(workspace, second, request, response);
    case 'upload':
      return takeUpload(workspace, second, request, response);
    case 'files':
      return giveFile(workspace, second, request, response, url.searchParams.get('as'));
    case 'oauth':
      return authorise(workspace, url, response);
    default:
      return givePageFile(url.pathname, response);
  }
}

/**
 * Asked by name of this machine, and not by a page of some other origin: the tokens here are no secret, so that a web
 * page elsewhere must not be able to use them through the browser of whoever rehearses.
 */
export function isOurOwn({ headers, method }: IncomingMessage): boolean {
  if (!LOOPBACK.test(headers.host ?? '')) return false;
  if (headers.origin !== undefined) return headers.origin === `http://${headers.host}`;
  const reads = method === 'GET' || method === 'HEAD';
  return reads || !['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']));
}

/** The whole body, or nothing when it is larger than anything Slack takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_AT_MOST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answerMethod(
  workspace: Workspace,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  workspace.traffic.underWay += 1;
  try {
    const body = await readBody(request);
    if (!body) return plain(response, 413, 'Request Entity Too Large');
    await serveMethod(workspace, name, request, response, query, body);
  } finally {
    workspace.traffic.underWay -= 1;
  }
}

async function answerResponseUrl(
  workspace: Workspace,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!body) return plain(response, 413, 'Request Entity Too Large');
  let given: unknown;
  try {
    given = JSON.parse(body.toString());
  } catch {
    return plain(response, 400, 'invalid_payload');
  }
  const answer = workspace.responses.receive(token, given);
  plain(response, answer.status, answer.body);
}

async function takeUpload(
  workspace: Workspace,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (!body) return plain(response, 413, 'Request Entity Too Large');
  const type = request.headers['content-type'] ?? '';
  const bytes = type.startsWith('multipart/form-data') ? await firstFile(type, body) : body;
  const answer = receiveUpload(workspace.uploads.get(id), bytes);
  plain(response, answer.status, answer.body);
}

async function firstFile(type: string, body: Buffer): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const [, value] of form) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
}

function giveFile(
  workspace: Workspace,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
  as: string | null,
): void {
  const file = workspace.state.files[id];
  if (!file || !mayRead(workspace, file, request, as)) plain(response, 404, 'No such file, or not yours to see.');
  else sendFile(file, response);
}

function sendFile(file: StoredFile, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': file.mimetype,
    // Whatever somebody uploaded must not run as a part of the page.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    'content-disposition': `${file.mimetype.startsWith('image/') ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
  response.end(Buffer.from(file.content, 'base64'));
}

function mayRead({ state }: Workspace, file: StoredFile, request: IncomingMessage, as: string | null): boolean {
  if (as !== null) return file.channels.some((id) => state.conversations[id]?.members.includes(as));
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return identify(state.app, token).ok && !missingScope(state.app, ['files:read']);
}

function authorise(workspace: Workspace, url: URL, response: ServerResponse): void {
  const asked = url.pathname === '/oauth/v2/authorize';
  const approved = asked ? approve(workspace, url.searchParams) : { error: 'not_found' };
  if ('error' in approved) plain(response, 400, `Something in this address is off: ${approved.error}`);
  else response.writeHead(302, { location: approved.location }).end();
}

async function givePageFile(path: string, response: ServerResponse): Promise<void> {
  const file = await readPageFile(path);
  if (!file) return plain(response, 404, 'Not found.');
  response.writeHead(200, {
    'content-type': file.type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(file.content);
}

function plain(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}
