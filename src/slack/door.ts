import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse as parseForm } from 'node:querystring';

const LARGEST_BODY = 4 * 1024 * 1024;
/** Slack's own advice, in both directions: an older or a later timestamp is a replay or a forgery. */
const TOLERANCE_SECONDS = 300;

/**
 * Stands before Bolt, which accepts timestamps up to a day ahead and throws out of reach on a signed `null`. Lets in
 * what Slack signed, within five minutes, as an object; the body is handed on already read.
 */
export function door(path: string, signingSecret: string, inside: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method !== 'POST' || pathOf(request) !== path) return enter(inside, request, response);
    readBody(request)
      .then((body) => {
        if (body === undefined) return turnAway(response, 413);
        if (isCertificateCheck(request, body)) return turnAway(response, 200);
        if (!isSigned(request, body, signingSecret)) return turnAway(response, 401);
        if (!isObject(request, body)) return turnAway(response, 400);
        enter(inside, Object.assign(request, { rawBody: body }), response);
      })
      .catch(() => turnAway(response, 400));
  };
}

function enter(inside: RequestListener, request: IncomingMessage, response: ServerResponse): void {
  try {
    inside(request, response);
  } catch {
    turnAway(response, 404); // Bolt throws for every address that it does not serve.
  }
}

function turnAway(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}

export const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

/** The whole body; undefined when it is larger than anything Slack sends. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Slack's unsigned probe of our certificate: answered, and nothing else in it is ever looked at. */
const isCertificateCheck = (request: IncomingMessage, body: Buffer): boolean =>
  request.headers['x-slack-signature'] === undefined && isForm(request) && parseForm(body.toString()).ssl_check === '1';

function isSigned(request: IncomingMessage, body: Buffer, secret: string): boolean {
  const { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp } = request.headers;
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function isObject(request: IncomingMessage, body: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const payload = isForm(request) ? parseForm(text).payload : text;
    if (payload === undefined) return true;
    const value: unknown = JSON.parse(String(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const isForm = (request: IncomingMessage): boolean =>
  (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
