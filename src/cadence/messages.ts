import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { findPair } from '../pairs/store.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { proposalReason } from './rules.ts';
import { findCadence, findProposal, type PairedProposal, rhythmOf } from './store.ts';
import { agreedMessage, declinedMessage, endedMessage, fitMessage, proposalMessage, rhythmLine } from './views.ts';

export const composers: Composers = {
  proposal: { compose: proposal, inDoubt: 'send-again' },
  'proposal-declined': { compose: declined, inDoubt: 'send-again' },
  agreed: { compose: agreed, inDoubt: 'send-again' },
  'rhythm-check': { compose: rhythmCheck, inDoubt: 'send-again' },
  'pair-ended': { compose: ended, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;

async function proposal(trx: Trx, { workspaceId, about, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const found = await findProposal(trx, workspaceId, about.proposal ?? '');
  // Taken back or answered before it was ever seen: there is nothing to say.
  if (!found || (found.state !== 'open' && !posted)) return undefined;
  const reader = await findPersonOrThrow(trx, workspaceId, found.toId);
  const author = await findPersonOrThrow(trx, workspaceId, found.byId);
  if (!reader.active) return undefined;
  const isStart = found.byId === found.leaderId && found.complexity !== null;
  return proposalMessage({
    proposal: found,
    rhythm: rhythmOf(found),
    why: isStart && found.complexity ? proposalReason(found.complexity, rhythmOf(found)) : undefined,
    reader,
    author,
    now,
  });
}

async function declined(trx: Trx, { workspaceId, about }: ComposedMessage): Promise<Words | undefined> {
  const found = await findProposal(trx, workspaceId, about.proposal ?? '');
  if (found?.state !== 'declined') return undefined;
  const reader = await findPersonOrThrow(trx, workspaceId, found.byId);
  if (!reader.active) return undefined;
  return declinedMessage(await findPersonOrThrow(trx, workspaceId, found.toId), found.pairId);
}

async function agreed(trx: Trx, { workspaceId, about, now }: ComposedMessage): Promise<Words | undefined> {
  const found = await findProposal(trx, workspaceId, about.proposal ?? '');
  if (found?.state !== 'accepted' || found.pairState !== 'active') return undefined;
  const { reader, other, leader, partner } = await readers(trx, found, about.reader ?? '');
  if (!reader.active) return undefined;
  return agreedMessage({ proposal: found, rhythm: rhythmOf(found), reader, other, leader, partner, now });
}

async function rhythmCheck(trx: Trx, { workspaceId, about, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const pair = await findPair(trx, workspaceId, about.pair ?? '');
  const cadence = pair && (await findCadence(trx, workspaceId, pair.id));
  if (!cadence || pair.state !== 'active' || posted) return undefined;
  const { reader, other } = await readers(trx, cadence, about.reader ?? '');
  if (!reader.active || !other.active) return undefined;
  return fitMessage(pair.id, other, rhythmLine(rhythmOf(cadence), reader, other, now));
}

async function ended(trx: Trx, { workspaceId, about, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const pair = await findPair(trx, workspaceId, about.pair ?? '');
  if (pair?.state !== 'ended' || posted) return undefined;
  const { reader, other } = await readers(trx, pair, about.reader ?? '');
  if (!reader.active) return undefined;
  const by = await findPersonOrThrow(trx, workspaceId, about.by ?? '');
  const cadence = await findCadence(trx, workspaceId, pair.id);
  return endedMessage({ pair, by, reader, other, now, ...(cadence && { rhythm: rhythmOf(cadence) }) });
}

async function readers(
  trx: Trx,
  { workspaceId, leaderId, partnerId }: Pick<PairedProposal, 'workspaceId' | 'leaderId' | 'partnerId'>,
  readerId: string,
): Promise<Record<'reader' | 'other' | 'leader' | 'partner', Person>> {
  const leader = await findPersonOrThrow(trx, workspaceId, leaderId);
  const partner = await findPersonOrThrow(trx, workspaceId, partnerId);
  const [reader, other] = readerId === leaderId ? [leader, partner] : [partner, leader];
  return { reader, other, leader, partner };
}
