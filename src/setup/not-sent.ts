import type { Selectable, Transaction } from 'kysely';
import type { Database, WorkspaceTable } from '../db/schema.ts';
import { channelAt, peopleAt } from '../delivery/address.ts';
import type { Stopped } from '../delivery/compose.ts';
import { enqueue } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { findPairBetween, findPairsOf, type Pair } from '../pairs/store.ts';
import { findPeople } from '../people/store.ts';
import { checkSoon, findWorkspace } from './store.ts';

type Trx = Transaction<Database>;
type Firm = Pick<Selectable<WorkspaceTable>, 'digestConfiguredBy' | 'ownerId'>;

/** Says that something could not be sent. What stops of this kind is said to nobody: one never follows from another. */
export const NOT_SENT = 'not-sent';
/** After that it is no news any more. */
const LASTS = { hours: 3 * 24 };

/** Slack's words for somebody who is not there any more, rather than for what Accord may not do. */
const GONE = ['user_disabled', 'user_not_found', 'users_not_found', 'user_not_visible', 'invalid_users'];

/**
 * Tells once who can mend what Slack refuses for good: a channel whoever set up the digest, a person who is gone whoever
 * leads them, a message alone the owner of the firm. Where a whole workspace refuses, nobody can be told there: the log
 * says it, and its token is looked at at once.
 */
export async function tellWhoCanMend(trx: Trx, deps: Deps, stopped: Stopped): Promise<void> {
  const { workspaceId, address, kind, reason, what } = stopped;
  const now = deps.clock();
  deps.log.error(
    { workspace: workspaceId, kind, what, reason },
    'something was refused for good and waits for a person',
  );
  if (kind === NOT_SENT) return;
  if (what === 'workspace') return checkSoon(trx, workspaceId, now);

  const firm = await findWorkspace(trx, workspaceId);
  const told = firm && (await whoCanMend(trx, firm, stopped));
  if (!told) return;
  const readers = await findPeople(trx, workspaceId, told.readers);
  for (const { id } of readers.filter(({ active }) => active)) {
    await enqueue(trx, {
      workspaceId,
      id: deps.newId(),
      kind: NOT_SENT,
      // A second refusal of the same day is no more news than the first.
      key: `${NOT_SENT}:${told.about}:${id}:${now.toString().slice(0, 10)}`,
      about: { what: told.about, address, reason, ...(told.person && { person: told.person }) },
      to: { people: [id] },
      notBefore: now,
      expiresAt: now.add(LASTS),
      now,
    });
  }
}

type Told = { readers: string[]; about: string; person?: string };

async function whoCanMend(trx: Trx, firm: Firm, { workspaceId, address, reason, what, kind }: Stopped) {
  const present = (ids: (string | null)[]): string[] => ids.filter((id) => id !== null);
  if (channelAt(address) && (what === 'conversation' || kind === 'digest')) {
    const [reader] = await activeOf(trx, workspaceId, present([firm.digestConfiguredBy, firm.ownerId]));
    return reader && { readers: [reader], about: what === 'conversation' ? 'channel' : 'channel-message' };
  }
  if (what === 'message') return { readers: present([firm.ownerId]), about: 'message' };
  if (!GONE.includes(reason)) return undefined;
  return whoMissesThem(trx, workspaceId, peopleAt(address), present([firm.ownerId]));
}

/** Whoever leads somebody who is gone can decide what becomes of it; the firm's owner, where that is the leader. */
async function whoMissesThem(
  trx: Trx,
  workspaceId: string,
  gone: string[],
  owner: string[],
): Promise<Told | undefined> {
  const [one, other] = gone;
  if (!one) return undefined;
  const between = other ? await findPairBetween(trx, workspaceId, one, other) : undefined;
  const pairs: Pair[] = between ? [between] : await findPairsOf(trx, workspaceId, one);
  const person = between?.partnerId ?? one;
  const leaders = pairs.filter(({ partnerId }) => partnerId === person).map(({ leaderId }) => leaderId);
  if (pairs.length === 0) return undefined;
  const readers = leaders.length > 0 ? leaders : owner;
  return { readers: [...new Set(readers)].filter((id) => id !== person), about: `person:${person}`, person };
}

async function activeOf(trx: Trx, workspaceId: string, ids: string[]): Promise<string[]> {
  const active = (await findPeople(trx, workspaceId, ids)).filter((person) => person.active).map(({ id }) => id);
  return ids.filter((id) => active.includes(id));
}
