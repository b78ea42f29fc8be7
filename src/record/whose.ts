import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { readTyped } from '../ground/slack-text.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPairsEver, type Pair } from '../pairs/store.ts';
import { findPeople, type Person } from '../people/store.ts';
import { findPairsLeft } from './store.ts';

type Trx = Transaction<Database>;

const NO_PAIR = 'You have no one-on-one there. Start one: `/accord with @name`.';

/** Every pair of the actor with the one who is named, the newest first; with nobody named, of the only one there is. */
export async function pairsMeant(
  trx: Trx,
  actor: Person,
  typed: string,
  word: 'record' | 'export',
): Promise<Outcome<Pair[]>> {
  const pairs = await findPairsEver(trx, actor.workspaceId, actor.id);
  const others = new Map(Map.groupBy(pairs, (pair) => otherOf(actor.id, pair)));
  const { text, mentions } = readTyped(typed.trim());
  const [mention] = mentions;
  if (mention) return found(others.get(mention.id) ?? (await leftWith(trx, actor, mention.id, word)));
  if (text.trim() !== '') return named(trx, actor, others, text, word);
  const living = [...others.values()].filter((theirs) => theirs.some(({ state }) => state === 'active'));
  const [only, ...more] = living.length > 0 ? living : [...others.values()];
  return more.length === 0 ? found(only ?? []) : sayWhose(word);
}

const found = (pairs: Pair[]): Outcome<Pair[]> => (pairs.length > 0 ? done(pairs) : refuse(NO_PAIR));
const sayWhose = (word: string) => refuse(`You have several one-on-ones. Say whose: \`/accord ${word} @name\`.`);

/** What was written in a pair that has another leader now is exported, and nothing of it is shown here. */
const leftWith = (trx: Trx, actor: Person, otherId: string, word: string): Promise<Pair[]> =>
  word === 'export' ? findPairsLeft(trx, actor.workspaceId, actor.id, otherId) : Promise.resolve([]);

async function named(
  trx: Trx,
  actor: Person,
  others: Map<string, Pair[]>,
  text: string,
  word: string,
): Promise<Outcome<Pair[]>> {
  const name = text.trim().replace(/^@/, '').toLowerCase();
  const people = await findPeople(trx, actor.workspaceId, [...others.keys()]);
  const meant = people.filter((person) =>
    [person.name, person.name.split(' ')[0], person.handle].some((one) => one?.toLowerCase() === name),
  );
  const [only, ...more] = meant;
  return more.length > 0 ? sayWhose(word) : found((only && others.get(only.id)) ?? []);
}
