import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { may } from '../pairs/rules.ts';
import { findPersonOrThrow } from '../people/store.ts';
import { agreementWords, askWords, ownWords } from './answers.ts';
import { findHistory } from './event-store.ts';
import { otherSideOf } from './rules.ts';
import { findCommitment } from './store.ts';

export const composers: Composers = {
  ask: { compose: ask, inDoubt: 'send-again' },
  own: { compose: own, inDoubt: 'send-again' },
  agreement: { compose: agreement, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;

/** Taken back, answered or lapsed before it was ever seen: there is nothing to say. */
async function ask(trx: Trx, { workspaceId, about, people, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const { row, reader, asker } = await parts(trx, workspaceId, about, people);
  if (!reader.active || (!posted && row?.state !== 'asked')) return undefined;
  if (row && !may(reader, 'see commitment', row)) return undefined;
  return askWords(row, reader, asker, now);
}

async function own(trx: Trx, { workspaceId, about, people, now, posted }: ComposedMessage): Promise<Words | undefined> {
  const { row, reader, asker } = await parts(trx, workspaceId, about, people);
  if (!reader.active || (!posted && row?.askedOwnerId !== reader.id)) return undefined;
  return ownWords(row, reader, asker, now);
}

async function agreement(
  trx: Trx,
  { workspaceId, about, people, now, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const { row, reader } = await parts(trx, workspaceId, about, people);
  const waits = row?.state === 'open' && (row.wantedDueOn !== null || row.wantsWithdrawal);
  if (!reader.active || (!posted && !waits) || (row && otherSideOf(row) !== reader.id)) return undefined;
  const events = row ? await findHistory(trx, workspaceId, row.id) : [];
  const reason = events.find(({ verb }) => verb === 'wanted move' || verb === 'wanted withdrawal')?.reason;
  return agreementWords(row, reader, reason, now);
}

async function parts(trx: Trx, workspaceId: string, about: Record<string, string>, people: string[]) {
  const reader = await findPersonOrThrow(trx, workspaceId, people[0] ?? '');
  const row = await findCommitment(trx, workspaceId, about.commitment ?? '');
  const asker = about.asker ? (await findPersonOrThrow(trx, workspaceId, about.asker)).name : '';
  return { row, reader, asker };
}
