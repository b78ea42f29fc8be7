import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { PoolClient } from 'pg';

/**
 * Put at the front of a statement that is run over and over and costs more to plan than to run: each connection parses it
 * once and keeps its plan, for the role that ran it. Only where the best plan is the same for all values, and the text
 * too: a list in it is one array.
 */
export const PREPARED = sql.raw('/* prepared */');

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `accord_${createHash('sha256').update(text).digest('base64url')}`;
  names.set(text, name);
  return name;
}

const MARKED = /^(select )?\/\* prepared \*\//;
const isMarked = (text: unknown): text is string => typeof text === 'string' && MARKED.test(text);

/**
 * What PostgreSQL says of a plan whose table has got another shape since (a newer version of the product migrated), and of
 * a statement that this connection takes to be prepared and is not.
 */
const OUTDATED = ['0A000', '26000'];

/**
 * Kysely hands no name on to `pg`, which prepares what has one: this connection gives one to what is marked. Once a plan
 * is out of date the connection prepares everything anew.
 */
export function keepsPrepared(client: PoolClient): void {
  const send = client.query.bind(client);
  let generation = 0;
  const query = (text: unknown, values: unknown[], ...rest: unknown[]) => {
    if (!isMarked(text)) return Reflect.apply(send, client, [text, values, ...rest]);
    const sent = send({ name: `${nameOf(text)}_${generation}`, text, values });
    sent.catch((error) => {
      if (OUTDATED.includes(error.code)) generation += 1;
    });
    return sent;
  };
  Object.assign(client, { query });
}
