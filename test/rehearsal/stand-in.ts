import { afterAll } from '@jest/globals';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { REHEARSAL_BOT_TOKEN } from '../../src/rehearsal/seed.ts';
import { openRehearsal, type Rehearsal, type RehearsalOptions } from '../../src/rehearsal/server.ts';

const opened: Rehearsal[] = [];
afterAll(() => Promise.all(opened.map((rehearsal) => rehearsal.close())));

/** A stand-in of its own, without pacing unless asked for, closed after the file's last test. */
export async function standIn(options: Partial<RehearsalOptions> = {}): Promise<Rehearsal> {
  const rehearsal = await openRehearsal({ port: 0, pacing: false, ...options });
  opened.push(rehearsal);
  return rehearsal;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => LogLevel.ERROR,
};

/** The client that the bot uses: no retries, so that a refusal is seen as it came. */
export const clientOf = ({ url }: Rehearsal, token: string | undefined = REHEARSAL_BOT_TOKEN): WebClient =>
  new WebClient(token, {
    slackApiUrl: `${url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2000,
    logger: silent,
  });

export type Refused = { error: string; [field: string]: unknown };

const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string';

/** What Slack refused with. Fails when the call went through. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused> {
  const outcome = await call.then(
    () => 'it went through',
    (error: unknown) => error,
  );
  if (typeof outcome === 'object' && outcome !== null && 'data' in outcome && isRefused(outcome.data))
    return outcome.data;
  throw new Error(`expected a refusal, got ${outcome}`);
}

/** A call as it goes over the wire, for what the client would not send. */
export const rawCall = ({ url }: Rehearsal, method: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/api/${method}`, {
    method: 'POST',
    ...init,
    headers: { authorization: `Bearer ${REHEARSAL_BOT_TOKEN}`, ...init.headers },
  });
