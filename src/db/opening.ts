import { AsyncLocalStorage } from 'node:async_hooks';
import { escapeLiteral } from 'pg';

/** What a transaction sets for itself alone, by the names that `set_config` knows; and whether it changes nothing. */
export type Opening = { settings: Record<string, string>; reads: boolean };

const current = new AsyncLocalStorage<Opening>();

/** A transaction that is begun in there begins so: its settings go with its BEGIN, which saves a round trip. */
export const opensWith = <T>(opening: Opening, work: () => Promise<T>): Promise<T> => current.run(opening, work);

/** The statement that begins a transaction here, and whether it only reads. */
export function opening(): { statement: string; reads: boolean } {
  const { settings, reads } = current.getStore() ?? { settings: {}, reads: false };
  const set = Object.entries(settings).map(
    ([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`,
  );
  const begin = reads ? 'begin read only' : 'begin';
  return { statement: set.length > 0 ? `${begin}; select ${set.join(', ')}` : begin, reads };
}
