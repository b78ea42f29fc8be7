/**
 * Where the page is, kept in the address after the `#` so that going back, reloading and a second tab do what one
 * expects: who one is, what lies open (a conversation, the app's Home, or its messages), and which thread beside it.
 */
export type Place = { as: string; at?: string; thread?: string };

export function readPlace(hash: string): Place | undefined {
  const [as, at, thread] = hash.replace(/^#/, '').split('/').map(decodeURIComponent);
  return as ? { as, ...(at && { at }), ...(thread && { thread }) } : undefined;
}

export const addressOf = ({ as, at, thread }: Place): string =>
  `#${[as, at, thread].flatMap((part) => (part ? [encodeURIComponent(part)] : [])).join('/')}`;

export const isSamePlace = (one: Place, other: Place): boolean => addressOf(one) === addressOf(other);

/** The app's Home, and its direct message before it has an id. */
export const HOME = 'home';
export const APP = 'app';
