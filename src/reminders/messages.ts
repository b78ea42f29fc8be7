import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { findPerson } from '../people/store.ts';
import { gatherBundle, isEmpty, readSince } from './bundle.ts';
import { isListening } from './rules.ts';
import { bundleWords } from './views.ts';

export const composers: Composers = { bundle: { compose: bundle, inDoubt: 'send-again' } };

/**
 * What was dealt with before it was sent is not said, and nothing at an hour that is no longer welcome: the next one says
 * it. Once it stands there, it shows what became of it.
 */
async function bundle(trx: Transaction<Database>, message: ComposedMessage): Promise<Words | undefined> {
  const { workspaceId, about, people, now, posted } = message;
  const person = await findPerson(trx, workspaceId, people[0] ?? '');
  if (!person?.active || (!posted && !isListening(person, now))) return undefined;
  const gathered = await gatherBundle(trx, person, {
    day: Temporal.PlainDate.from(about.day ?? ''),
    ...readSince(about),
    sentAt: Temporal.Instant.from(about.at ?? ''),
  });
  return isEmpty(gathered) && !posted ? undefined : bundleWords(gathered, person, now);
}
