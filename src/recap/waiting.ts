import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Asked, Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { readTyped } from '../ground/slack-text.ts';
import { findLatestBegun, findNextMeeting, type PairedMeeting } from '../meetings/store.ts';
import { allowed } from '../pairs/permission.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPairsOf, type Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { findCurrentRecap } from './store.ts';

const NO_MEETING = 'There is no meeting to write up there yet. `/accord cadence` shows the rhythm.';
const NO_PAIR = 'You have no one-on-one there yet. Start one: `/accord with @name`.';
const SAY_WHOSE = 'You have several one-on-ones. Say whose: `/accord recap @name`.';

type Trx = Transaction<Database>;

/** The last meeting that began and has no recap, else the next; of the one pair that is meant or that has one waiting. */
export async function waitingMeeting(
  trx: Trx,
  deps: Deps,
  { workspaceId, actor }: Asked,
  rest: string,
): Promise<Outcome<PairedMeeting>> {
  const pairs = await findPairsOf(trx, workspaceId, actor.id);
  const meant = rest.trim() === '' ? pairs : await named(trx, pairs, actor, rest);
  if (meant.length === 0) {
    if (rest.trim() !== '') await allowed(trx, deps, actor, 'write recap', undefined);
    return refuse(NO_PAIR);
  }
  const waiting: PairedMeeting[] = [];
  for (const pair of meant) waiting.push(...(await unwritten(trx, deps, pair)));
  const [only] = waiting;
  if (only && waiting.length === 1) return done(only);
  const [pair] = meant;
  if (meant.length > 1 || !pair) return refuse(SAY_WHOSE);
  const next = await findNextMeeting(trx, workspaceId, pair.id, deps.clock());
  return next ? done(next) : refuse(NO_MEETING);
}

async function unwritten(trx: Trx, deps: Deps, { workspaceId, id }: Pair): Promise<PairedMeeting[]> {
  const latest = await findLatestBegun(trx, workspaceId, id, deps.clock());
  if (!latest || latest.state === 'skipped') return [];
  return (await findCurrentRecap(trx, workspaceId, latest.id)) ? [] : [latest];
}

/** By mention, or by a first or whole name among one's own pairs. */
async function named(trx: Trx, pairs: Pair[], actor: Person, rest: string): Promise<Pair[]> {
  const typed = readTyped(rest);
  const [mention] = typed.mentions;
  if (mention) return pairs.filter((pair) => otherOf(actor.id, pair) === mention.id);
  const name = typed.text.trim().replace(/^@/, '').toLowerCase();
  const people = await findPeople(
    trx,
    actor.workspaceId,
    pairs.map((pair) => otherOf(actor.id, pair)),
  );
  const meant = people.filter((person) =>
    [person.name, person.name.split(' ')[0], person.handle].some((one) => one?.toLowerCase() === name),
  );
  return pairs.filter((pair) => meant.some(({ id }) => id === otherOf(actor.id, pair)));
}
