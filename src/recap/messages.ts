import type { Transaction } from 'kysely';
import { findCommitment } from '../commitments/store.ts';
import { commitmentLine, offerButton } from '../commitments/views.ts';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { findMeeting } from '../meetings/store.ts';
import { roleOf } from '../pairs/rules.ts';
import { findPersonOrThrow } from '../people/store.ts';
import { actions } from '../slack/blocks.ts';
import { shownRecap } from './shown.ts';
import { findCurrentRecap } from './store.ts';
import { keptAnswered, keptByOwnerWords, nudgeAnswered, nudgeWords, recapWords } from './views.ts';

export const composers: Composers = {
  recap: { compose: recap, inDoubt: 'send-again' },
  'recap-nudge': { compose: nudge, inDoubt: 'send-again' },
  'kept-by-owner': { compose: keptByOwner, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;

async function recap(
  trx: Trx,
  { workspaceId, about, people, now, posted }: ComposedMessage,
): Promise<Words | undefined> {
  const current = await findCurrentRecap(trx, workspaceId, about.meeting ?? '');
  const shown = current && (await shownRecap(trx, current, now));
  // With one of the two gone nobody could confirm it.
  if (!shown || !people.every((id) => id === shown.leader.id || id === shown.partner.id)) return undefined;
  if (!posted && !(shown.leader.active && shown.partner.active)) return undefined;
  return recapWords(shown);
}

async function nudge(trx: Trx, { workspaceId, about, people, posted }: ComposedMessage): Promise<Words | undefined> {
  const meeting = await findMeeting(trx, workspaceId, about.meeting ?? '');
  if (!meeting || people.some((id) => roleOf(id, meeting) === undefined)) return undefined;
  const isWritten = (await findCurrentRecap(trx, workspaceId, meeting.id)) !== undefined;
  const waits = !isWritten && meeting.state === 'planned' && meeting.pairState === 'active';
  if (!waits) return posted ? nudgeAnswered(isWritten, meeting) : undefined;
  const leader = await findPersonOrThrow(trx, workspaceId, meeting.leaderId);
  const partner = await findPersonOrThrow(trx, workspaceId, meeting.partnerId);
  if (!posted && !(leader.active && partner.active)) return undefined;
  return nudgeWords(meeting.id, meeting.startsAt, leader, partner);
}

async function keptByOwner(
  trx: Trx,
  { workspaceId, about, people, posted, now }: ComposedMessage,
): Promise<Words | undefined> {
  const row = await findCommitment(trx, workspaceId, about.commitment ?? '');
  if (!row || !people.includes(row.ownerId)) return undefined;
  const reader = await findPersonOrThrow(trx, workspaceId, row.ownerId);
  if (!reader.active) return undefined;
  if (row.state !== 'open') {
    return posted ? keptAnswered(commitmentLine(row, reader, now)) : undefined;
  }
  const by = await findPersonOrThrow(trx, workspaceId, about.by ?? '');
  return keptByOwnerWords(row, by, actions(offerButton('done', row, 'primary')));
}
