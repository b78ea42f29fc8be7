import { z } from 'zod';

/** Arguments come as form fields, where everything is text, or as JSON, where it may be what it is. */

export const text = z.string();
export const id = z.string().min(1);

export const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0', ''] })]);

export const count = (most: number) => z.coerce.number().int().min(1).max(most);

/** `U1,U2`, or a JSON array, or an array. */
export const idList = z.union([
  z.array(z.string()),
  z.string().transform((value) => {
    const parsed = value.startsWith('[') ? parseJson(value) : undefined;
    return Array.isArray(parsed) ? parsed.map(String) : value.split(',').filter((one) => one !== '');
  }),
]);

/** A structure, or JSON text of one. What is no JSON stays the text that it was, and fails where it is looked at. */
export const structure = z
  .unknown()
  .transform((value) => (typeof value === 'string' ? (parseJson(value) ?? value) : value));

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A page of a list, and the cursor of the next one as Slack writes it: opaque, and empty at the end. */
export function page<Item>(
  items: Item[],
  cursor: string | undefined,
  limit: number,
): { items: Item[]; response_metadata: { next_cursor: string } } | 'invalid_cursor' {
  const from = cursor ? readCursor(cursor) : 0;
  if (from === undefined || from > items.length) return 'invalid_cursor';
  const next = from + limit;
  return {
    items: items.slice(from, next),
    response_metadata: { next_cursor: next < items.length ? writeCursor(next) : '' },
  };
}

const writeCursor = (from: number): string => Buffer.from(`next:${from}`).toString('base64');
function readCursor(cursor: string): number | undefined {
  const from = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  return from === undefined ? undefined : Number(from);
}
