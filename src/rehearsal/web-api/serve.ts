import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../faults.ts';
import { identify, missingScope } from '../permissions.ts';
import type { Workspace } from '../workspace.ts';
import { methods } from './index.ts';
import { type Answer, type Method, type Refusal, refusal } from './method.ts';
import { readRequest } from './request.ts';

type Reply = { status: number; headers: Record<string, string>; body: string };

/** Answers `/api/<method>` as Slack would, or as the fault says that was asked for. */
export async function serveMethod(
  workspace: Workspace,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  body: Buffer,
): Promise<void> {
  const given = await readRequest(request, name, query, body);
  carryOut(given.ok ? answerCall(workspace, name, given, request) : asReply(given), response);
}

type Outcome = Reply | 'hang' | 'reset' | { cut: Reply };

function answerCall(
  workspace: Workspace,
  name: string,
  { args, token }: { args: Record<string, unknown>; token: string | undefined },
  { headers }: IncomingMessage,
): Outcome {
  const method = methods.get(name);
  if (!method) return asReply(refusal('unknown_method', { req_method: name }));
  const channel = textOf(args.channel) ?? textOf(args.channel_id);
  const fault = workspace.faults.take(name, channel);
  const instead = fault && insteadOf(fault);
  if (instead) return instead;

  const refused = whyNot(workspace, method, token);
  if (refused) return asReply(refused, scopeHeaders(workspace, method, token));
  const wait = workspace.pacing.wait(name, method.tier, channel && paceKey(workspace, channel));
  if (wait > 0) return tooMany(wait);
  const answer = method.answer({ workspace, raw: args, token, headers });
  const reply = asReply(answer, scopeHeaders(workspace, method, token));
  return fault ? spoiled(fault, reply) : reply;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A post to a person and one to the direct message with them keep the same pace. */
function paceKey({ state }: Workspace, channel: string): string {
  const direct = state.conversations[channel];
  if (direct?.kind !== 'im') return channel;
  return direct.members.find((member) => member !== state.app.botUserId) ?? channel;
}

function whyNot({ state: { app } }: Workspace, method: Method, token: string | undefined): Refusal | undefined {
  if (method.token === 'none') return undefined;
  const who = identify(app, token);
  if (!who.ok) return who;
  if (who.kind !== method.token) return refusal('not_allowed_token_type');
  return missingScope(app, method.scopes);
}

const scopeHeaders = ({ state: { app } }: Workspace, method: Method, token: string | undefined) => ({
  ...(token !== undefined && token === app.botToken && { 'x-oauth-scopes': app.scopes.join(',') }),
  ...(method.scopes.length > 0 && { 'x-accepted-oauth-scopes': method.scopes.join(',') }),
});

const JSON_TYPE = 'application/json; charset=utf-8';
const asReply = (answer: Answer, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body: JSON.stringify(answer),
});

const tooMany = (seconds: number | undefined): Reply => ({
  status: 429,
  headers: { 'content-type': JSON_TYPE, ...(seconds !== undefined && { 'retry-after': String(seconds) }) },
  body: JSON.stringify(refusal('ratelimited')),
});

const PAGE = '<!DOCTYPE html><html><head><title>Server Error | Slack</title></head><body>Server Error</body></html>';
const page = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: PAGE,
});
const EMPTY: Reply = { status: 200, headers: { 'content-type': JSON_TYPE }, body: '' };

/** What happens in place of the call; nothing for faults that let it take effect first. */
function insteadOf({ fault, retryAfter }: Fault): Outcome | undefined {
  if (fault.startsWith('error:')) return asReply(refusal(fault.slice('error:'.length)));
  switch (fault) {
    case '429':
      return tooMany(retryAfter);
    case '429-no-header':
      return tooMany(undefined);
    case '200-ratelimited':
      return asReply(refusal('ratelimited'));
    case '500':
      return page(500);
    case 'html':
      return page(200);
    case 'empty':
      return EMPTY;
    case 'timeout-before':
      return 'hang';
    case 'reset-before':
      return 'reset';
    default:
      return undefined;
  }
}

/** The call took effect; its answer does not arrive as it should. */
function spoiled({ fault }: Fault, reply: Reply): Outcome {
  switch (fault) {
    case 'timeout-after':
      return 'hang';
    case 'reset-after':
      return 'reset';
    case 'reset-mid-body':
      return { cut: reply };
    case '500-after':
      return page(500);
    case 'html-after':
      return page(200);
    case 'empty-after':
      return EMPTY;
    case 'cut-json':
      return { ...reply, body: reply.body.slice(0, reply.body.length / 2) };
    default:
      return reply;
  }
}

function carryOut(outcome: Outcome, response: ServerResponse): void {
  // A call that hangs is left open: it ends when the caller gives up, or with the stand-in.
  if (outcome === 'hang') return;
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = 'cut' in outcome ? outcome.cut : outcome;
  response.writeHead(status, {
    ...headers,
    'cache-control': 'private, no-cache, no-store, must-revalidate',
    'content-length': Buffer.byteLength(body),
  });
  if (!('cut' in outcome)) response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.socket?.resetAndDestroy());
}
