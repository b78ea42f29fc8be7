import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseForm } from 'node:querystring';

/** What Slack's body says about where a failure has to be shown. */
export type FailedRequest = {
  command?: unknown;
  type?: unknown;
  view?: { blocks?: { type?: string; block_id?: string }[] };
  response_url?: unknown;
  trigger_id?: unknown;
};

/**
 * The acknowledgement that shows a failure where the person typed: a command answers in its channel, a form keeps all
 * that was typed and says it under its first field. Undefined where Slack offers no such place (a click, a shortcut).
 */
export function failureAnswer(body: FailedRequest, words: string): Record<string, unknown> | undefined {
  if (typeof body.command === 'string') return { response_type: 'ephemeral', text: words };
  if (body.type !== 'view_submission') return undefined;
  const field = body.view?.blocks?.find((block) => block.type === 'input')?.block_id;
  return field ? { response_action: 'errors', errors: { [field]: words } } : undefined;
}

/**
 * Answers a request that Bolt gave up on before it came to a listener. Where the words cannot be shown, a 500 makes Slack
 * show its own, or send an event again.
 */
export function answerAtTheDoor(
  request: IncomingMessage & { rawBody?: Buffer },
  response: ServerResponse,
  words: string,
): void {
  if (response.headersSent) return;
  const answer = failureAnswer(readBody(request), words);
  if (!answer) {
    response.writeHead(500).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function readBody({ rawBody, headers }: IncomingMessage & { rawBody?: Buffer }): FailedRequest {
  const text = rawBody?.toString() ?? '{}';
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return {};
  const form = parseForm(text);
  return typeof form.payload === 'string' ? JSON.parse(form.payload) : form;
}
