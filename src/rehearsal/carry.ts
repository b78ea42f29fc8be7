import { createHmac } from 'node:crypto';
import type { Envelope } from './socket.ts';
import type { AppAnswer, Workspace } from './workspace.ts';

const DEADLINE_MS = 3000;

export type Delivery = {
  type: Envelope['type'];
  payload: Record<string, unknown>;
  retry?: { number: number; reason: string };
};
/** `noRetry`: the app asked not to be sent this again. */
export type Attempt = { answer: AppAnswer; noRetry: boolean };

/** One attempt, within Slack's 3 seconds: to a connected Socket Mode client, else signed to the request URL. */
export const carry = (workspace: Workspace, delivery: Delivery): Promise<Attempt> =>
  workspace.sockets.count() > 0 ? overSocket(workspace, delivery) : overHttp(workspace, delivery);

async function overSocket(workspace: Workspace, { type, payload, retry }: Delivery): Promise<Attempt> {
  const answer = await workspace.sockets.send({
    type,
    payload,
    acceptsResponsePayload: type !== 'events_api',
    timeoutMs: DEADLINE_MS,
    ...(retry && { retryAttempt: retry.number, retryReason: retry.reason }),
  });
  if (answer.status === 'acked') return { answer: { status: 'acked', body: answer.payload }, noRetry: false };
  return { answer: { status: answer.status === 'timeout' ? 'timeout' : 'failed' }, noRetry: false };
}

async function overHttp(workspace: Workspace, { type, payload, retry }: Delivery): Promise<Attempt> {
  if (workspace.requestUrl === undefined) return { answer: { status: 'failed' }, noRetry: false };
  const body = bodyOf(type, payload);
  // Signed by the machine's clock, wherever the rehearsal clock stands: the app checks it against its own.
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac('sha256', workspace.state.app.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const response = await fetch(workspace.requestUrl, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
        accept: 'application/json,*/*',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
        ...(retry && { 'x-slack-retry-num': `${retry.number}`, 'x-slack-retry-reason': retry.reason }),
      },
      body,
      signal: deadline,
    });
    return await readAnswer(response);
  } catch {
    return { answer: { status: deadline.aborted ? 'timeout' : 'failed' }, noRetry: false };
  }
}

function bodyOf(type: Delivery['type'], payload: Record<string, unknown>): string {
  if (type === 'events_api') return JSON.stringify(payload);
  if (type === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return new URLSearchParams(Object.entries(payload).map(([name, value]) => [name, String(value)])).toString();
}

async function readAnswer(response: Response): Promise<Attempt> {
  const noRetry = response.headers.get('x-slack-no-retry') === '1';
  const text = await response.text();
  if (response.status < 200 || response.status > 299)
    return { answer: { status: 'failed', httpStatus: response.status }, noRetry };
  return { answer: { status: 'acked', body: text === '' ? undefined : jsonOr(text) }, noRetry };
}

function jsonOr(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
