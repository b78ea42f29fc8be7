import type { RequestListener, ServerResponse } from 'node:http';
import { type Kysely, sql } from 'kysely';
import type { Database } from './db/schema.ts';
import { pathOf } from './slack/door.ts';

/** `/healthz`: this process answers. `/readyz`: so does its database. Everything else is for whoever stands behind. */
export function health(db: Kysely<Database>, behind: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' && pathOf(request) === '/healthz') return say(response, 200, 'ok');
    if (request.method === 'GET' && pathOf(request) === '/readyz') return ready(db, response);
    return behind(request, response);
  };
}

function ready(db: Kysely<Database>, response: ServerResponse): void {
  sql`select 1`.execute(db).then(
    () => say(response, 200, 'ok'),
    () => say(response, 503, 'the database does not answer'),
  );
}

function say(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${words}\n`);
}
