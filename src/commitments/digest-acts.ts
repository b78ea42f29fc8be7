import { refuse } from '../ground/outcome.ts';
import { type Asking, type Changed, type Standing, type StoredEvent, stale } from './change.ts';
import type { EventVerb } from './facts.ts';
import { changing } from './in-time.ts';

export const DIGEST_VERBS = [
  'reworded for digest',
  'kept out of digest',
  'put in digest',
] as const satisfies EventVerb[];

const ONLY_THE_FIRMS = 'Only what the firm promised can be in the digest.';

/** From then on it is counted and not named. */
export function keepOut(one: Standing, asking: Asking): Changed {
  if (one.side !== 'firm') return refuse(ONLY_THE_FIRMS);
  if (one.state !== 'open' && one.state !== 'asked') return stale(one);
  if (one.digestLine === null) return refuse('It is kept out of the digest already.');
  return changing(one, { digestLine: null }, 'kept out of digest', asking);
}

/** The channel may read these words. Whoever kept it out is the one to put it back, as long as it is theirs. */
export function putInDigest(
  one: Standing,
  line: string,
  history: StoredEvent[],
  asking: Asking,
  verb: 'reworded for digest' | 'put in digest',
): Changed {
  if (one.side !== 'firm') return refuse(ONLY_THE_FIRMS);
  if (one.state !== 'open' && one.state !== 'asked') return stale(one);
  const keeper = one.digestLine === null ? keptOutBy(history) : undefined;
  const isTheirs = keeper !== asking.by && [one.leaderId, one.partnerId, one.ownerId].some((id) => id === keeper);
  if (isTheirs) return refuse('Somebody else kept it out of the digest, so it is for them to put it back in.', 'line');
  const words = line.trim();
  if (words === one.digestLine) return refuse('It reads like that already.', 'line');
  return changing(one, { digestLine: words }, verb, asking);
}

/** Who emptied its line last; nobody where its own words did when it was written. */
const keptOutBy = (history: StoredEvent[]): string | undefined =>
  history.find(({ before, after }) => typeof before.digestLine === 'string' && after.digestLine === null)?.by ??
  undefined;

/** What the channel read before it was kept out. */
export const lineBefore = (history: StoredEvent[]): string | undefined => {
  const kept = history.find(({ before }) => typeof before.digestLine === 'string');
  return typeof kept?.before.digestLine === 'string' ? kept.before.digestLine : undefined;
};
