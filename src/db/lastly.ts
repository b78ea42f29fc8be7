import type { Transaction } from 'kysely';
import type { Database } from './schema.ts';

type Trx = Transaction<Database>;

/**
 * Rows that transactions of all kinds write to are written last, and in this order: whoever holds one waits at most for
 * those behind it.
 */
const LAST = ['workspace', 'people'] as const;
type Place = (typeof LAST)[number];

const endings = new WeakMap<Trx, Map<Place, () => Promise<void>>>();

/** The whole of a transaction: the work, and what it left for the end. */
export async function toItsEnd<T>(trx: Trx, work: (trx: Trx) => Promise<T>): Promise<T> {
  const left = new Map<Place, () => Promise<void>>();
  endings.set(trx, left);
  const result = await work(trx);
  // What an ending leaves for the end comes too late.
  endings.delete(trx);
  for (const place of LAST) await left.get(place)?.();
  return result;
}

/** Work for the end of a transaction, over all that was asked of it there. Each place has one. */
export function lastly<T>(place: Place, work: (trx: Trx, asked: T[]) => Promise<void>): (trx: Trx, some: T[]) => void {
  const asked = new WeakMap<Trx, T[]>();
  return (trx, some) => {
    const left = endings.get(trx);
    const already = asked.get(trx);
    if (left && already) {
      already.push(...some);
      return;
    }
    if (!left || left.has(place)) throw new Error(`This transaction can leave nothing for ${place}`);
    const all = [...some];
    asked.set(trx, all);
    left.set(place, () => work(trx, all));
  };
}
