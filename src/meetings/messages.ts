import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { roleOf } from '../pairs/rules.ts';
import { findPersonOrThrow } from '../people/store.ts';
import { findMeeting, findNextMeeting } from './store.ts';
import { type ChangeMessage, movedAgainMessage, movedMessage, skippedMessage } from './views.ts';

export const composers: Composers = {
  'meeting-moved': { compose: moved, inDoubt: 'send-again' },
  'meeting-skipped': { compose: skipped, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;

async function moved(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const change = await changeOf(trx, message);
  if (!change) return undefined;
  const isLast = Number(message.about.moves) === change.meeting.movedTimes;
  // Moved again, or called off, before it was ever told: the newer line says it.
  if (!message.posted && (!isLast || change.meeting.state !== 'planned')) return undefined;
  return isLast ? movedMessage(change) : movedAgainMessage(change);
}

async function skipped(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const change = await changeOf(trx, message);
  return change?.meeting.state === 'skipped' ? skippedMessage(change) : undefined;
}

async function changeOf(trx: Trx, { workspaceId, about, now }: ComposedMessage): Promise<ChangeMessage | undefined> {
  const meeting = await findMeeting(trx, workspaceId, about.meeting ?? '');
  if (!meeting) return undefined;
  if (roleOf(about.reader ?? '', meeting) === undefined) return undefined;
  const isLeader = about.reader === meeting.leaderId;
  const reader = await findPersonOrThrow(trx, workspaceId, isLeader ? meeting.leaderId : meeting.partnerId);
  const other = await findPersonOrThrow(trx, workspaceId, isLeader ? meeting.partnerId : meeting.leaderId);
  if (!reader.active) return undefined;
  return { meeting, reader, other, now, next: await findNextMeeting(trx, workspaceId, meeting.pairId, now) };
}
