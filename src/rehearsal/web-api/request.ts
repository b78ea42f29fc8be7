import type { IncomingMessage } from 'node:http';
import { type Refusal, refusal } from './method.ts';

/** Methods that read take form fields or a query only; a JSON body says nothing to them. */
const FORM_ONLY =
  /^(conversations\.(info|list|members|history|replies)|users\.|files\.|team\.|bots\.|oauth\.|chat\.getPermalink|api\.test$)/;

export type ApiRequest = { ok: true; args: Record<string, unknown>; token: string | undefined };

/** Reads the arguments in whichever of Slack's forms they came. The token comes in the header, or as an argument of a form. */
export async function readRequest(
  request: IncomingMessage,
  method: string,
  query: URLSearchParams,
  body: Buffer,
): Promise<ApiRequest | Refusal> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const asked = Object.fromEntries(query);
  if (request.method !== 'POST' || body.length === 0) return { ok: true, args: asked, token: bearer ?? asked.token };
  const type = request.headers['content-type'];
  if (!type) return refusal('missing_post_type');
  if (/^application\/json\b/i.test(type)) {
    const given = FORM_ONLY.test(method) ? { ok: true as const, args: {} } : readJson(body);
    return given.ok ? { ok: true, args: { ...asked, ...given.args }, token: bearer } : given;
  }
  const form = await readForm(type, body);
  if (!form) return refusal('invalid_post_type');
  return { ok: true, args: { ...asked, ...form }, token: bearer ?? form.token ?? asked.token };
}

function readJson(body: Buffer): { ok: true; args: Record<string, unknown> } | Refusal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return refusal('invalid_json');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refusal('json_not_object');
  return { ok: true, args: { ...parsed } };
}

async function readForm(type: string, body: Buffer): Promise<Record<string, string> | undefined> {
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return Object.fromEntries(new URLSearchParams(body.toString()));
  if (!/^multipart\/form-data\b/i.test(type)) return undefined;
  const parts = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(
    [...parts].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
