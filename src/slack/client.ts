import {
  type FetchFunction,
  LogLevel,
  type Logger as SlackLogger,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import type { Logger } from 'pino';

/** The client of one workspace, kept as long as its token is the same. */
export type SlackFor = (workspaceId: string, token: string) => WebClient;

export type SlackSettings = {
  /** Where the Web API is; Slack's own when absent. */
  slackApiUrl?: string;
  /** How long one call may take, in milliseconds. */
  timeoutMs?: number;
  log: Logger;
};

export const SLACK_TIMEOUT_MS = 10_000;
/** How long to leave Slack alone when it refuses for now and does not say for how long. */
export const UNSAID_RETRY_AFTER_S = 30;

/**
 * For clients that say at once what happened to a call and never repeat it, since only the caller knows what a repetition
 * would do; that call no host but Slack's; and that log nothing of what people wrote.
 */
export const clientOptions = ({ slackApiUrl, timeoutMs = SLACK_TIMEOUT_MS, log }: SlackSettings): WebClientOptions => ({
  ...(slackApiUrl !== undefined && { slackApiUrl }),
  timeout: timeoutMs,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
  fetch: fetchFromSlack(slackApiUrl),
  logger: quietLogger(log),
});

export function makeSlack(settings: SlackSettings): SlackFor {
  const options = clientOptions(settings);
  const clients = new Map<string, { token: string; client: WebClient }>();

  return (workspaceId, token) => {
    const known = clients.get(workspaceId);
    if (known?.token === token) return known.client;
    const client = new WebClient(token, options);
    clients.set(workspaceId, { token, client });
    return client;
  };
}

/**
 * Tokens and texts go to Slack's own hosts and nowhere else, whatever an address in a request or a redirect says. A 429
 * that does not say how long gets half a minute: the client knows no error for it.
 */
const fetchFromSlack =
  (apiUrl = 'https://slack.com/api/'): FetchFunction =>
  async (url, init) => {
    if (!isSlackHost(new URL(url), new URL(apiUrl))) throw new TypeError('This address is not one of Slack');
    const response = await fetch(url, { ...init, redirect: 'error' });
    if (response.status !== 429 || Number.parseInt(response.headers.get('retry-after') ?? '', 10) > 0) return response;
    await response.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(UNSAID_RETRY_AFTER_S) } });
  };

/** The API's host and those below it: answers go to hooks.slack.com, files to files.slack.com. One machine is one host. */
export function isSlackHost(url: URL, api: URL): boolean {
  if (api.protocol === 'https:' && url.protocol !== 'https:') return false;
  const isLoopback = ({ hostname }: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (
    url.hostname === api.hostname || url.hostname.endsWith(`.${api.hostname}`) || (isLoopback(url) && isLoopback(api))
  );
}

/** The client's own debug lines hold texts and tokens, its warnings what Slack quotes: only where Slack pointed is kept. */
function quietLogger(log: Logger): SlackLogger {
  const pointed = (level: 'warn' | 'error') => (message: unknown) => {
    const pointer = typeof message === 'string' ? /\[json-pointer:(\/[\w/]*)\]/.exec(message)?.[1] : undefined;
    if (pointer) log[level]({ pointer }, 'Slack remarked on an argument');
  };
  return {
    debug: () => {},
    info: () => {},
    warn: pointed('warn'),
    error: pointed('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
