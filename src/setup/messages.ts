import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { isStillHeld, isStillStopped } from '../delivery/held.ts';
import { findPerson } from '../people/store.ts';
import { NOT_SENT } from './not-sent.ts';
import { channelRefuses, digestWaits, messageWaits, personIsGone } from './not-sent-words.ts';
import { findWorkspace } from './store.ts';

export const composers: Composers = { [NOT_SENT]: { compose: notSent, inDoubt: 'send-again' } };

type Trx = Transaction<Database>;

/** Mended meanwhile, there is nothing to say. */
async function notSent(trx: Trx, { workspaceId, about, people, posted }: ComposedMessage): Promise<Words | undefined> {
  const { what = '', address = '', reason = '', person = '' } = about;
  const reader = await findPerson(trx, workspaceId, people[0] ?? '');
  if (posted || !reader?.active) return undefined;
  if (what === 'message') return (await isStillHeld(trx, workspaceId)) ? messageWaits() : undefined;
  if (what === 'channel-message')
    return (await isStillHeld(trx, workspaceId, address)) ? digestWaits(address) : undefined;
  if (!(await isStillStopped(trx, workspaceId, address))) return undefined;
  if (what !== 'channel') {
    const gone = await findPerson(trx, workspaceId, person);
    return gone && personIsGone(gone.name);
  }
  const firm = await findWorkspace(trx, workspaceId);
  return firm?.digestChannelId === address ? channelRefuses(address, reason) : undefined;
}
