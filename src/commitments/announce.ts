import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import { type Enqueued, enqueueAll, refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { refreshUpcoming } from '../meetings/schedule.ts';
import { bundleKey } from '../people/rules.ts';
import { findPeople, markHomeStale, type Person, scheduleBundle } from '../people/store.ts';
import type { CommitmentEvent } from './facts.ts';
import { otherSideOf } from './rules.ts';
import type { CommitmentRow } from './store.ts';

type Trx = Transaction<Database>;
type Working = Pick<Deps, 'clock' | 'newId'>;

/**
 * Whoever must hear of it: asks go out by themselves, the rest waits for the day's bundle; what was posted is edited.
 * `people`, where they are known: both of the pair, and the colleague whom it names.
 */
export async function announce(
  trx: Trx,
  deps: Working,
  now: CommitmentRow | undefined,
  before: CommitmentRow | undefined,
  { events = [], people: known }: { events?: CommitmentEvent[]; people?: Person[] } = {},
): Promise<void> {
  const row = now ?? before;
  if (!row) return;
  const at = deps.clock();
  const concerned = [row.leaderId, row.partnerId, row.ownerId, row.askedOwnerId, before?.ownerId, before?.askedOwnerId];
  const ids = new Set(concerned.filter((id) => typeof id === 'string'));
  const people = known?.filter(({ id }) => ids.has(id)) ?? (await findPeople(trx, row.workspaceId, [...ids]));
  const posted = [
    ...(before ? messageKeys(row, people) : []),
    ...people.flatMap(({ id, bundledOn }) => (bundledOn ? [bundleKey(id, bundledOn)] : [])),
  ];
  await refreshPosted(trx, row.workspaceId, posted, at);
  if (now)
    await enqueueAll(
      trx,
      asksOf(now, before, events).map((ask) => ({ ...ask, id: deps.newId(), notBefore: at, now: at })),
    );
  await refreshUpcoming(trx, deps, row.workspaceId, row.pairId);
  await markHomeStale(
    trx,
    row.workspaceId,
    people.map(({ id }) => id),
    at,
  );
  scheduleBundle(trx, people, at);
}

type Ask = Pick<Enqueued, 'workspaceId' | 'kind' | 'key' | 'about' | 'to'>;

/** What waits for one person's word and has not been put to them yet. A recap carries its own asks. */
function asksOf(row: CommitmentRow, before: CommitmentRow | undefined, events: CommitmentEvent[]): Ask[] {
  const { workspaceId, id } = row;
  const asks: Ask[] = [];
  if (!before && row.state === 'asked' && row.recapId === null)
    asks.push({
      workspaceId,
      kind: 'ask',
      key: askKey(id),
      about: { commitment: id, asker: row.askedBy ?? '', pair: row.pairId },
      to: { people: [row.ownerId] },
    });
  // Somebody else answers for the firm now: the ask is put to them.
  if (before && row.state === 'asked' && row.ownerId !== before.ownerId)
    asks.push({
      workspaceId,
      kind: 'ask',
      key: askedAnewKey(row),
      about: { commitment: id, asker: row.askedBy ?? '', pair: row.pairId },
      to: { people: [row.ownerId] },
    });
  if (row.askedOwnerId !== null && row.askedOwnerId !== (before?.askedOwnerId ?? null))
    asks.push({
      workspaceId,
      kind: 'own',
      key: ownKey(id, row.askedOwnerId),
      about: { commitment: id, colleague: row.askedOwnerId, asker: row.leaderId },
      to: { people: [row.askedOwnerId] },
    });
  if (events.some(({ verb }) => verb === 'wanted move' || verb === 'wanted withdrawal'))
    asks.push({
      workspaceId,
      kind: 'agreement',
      key: agreementKey(row, row.moves),
      about: { commitment: id, moves: String(row.moves) },
      to: { people: [otherSideOf(row)] },
    });
  return asks;
}

export const askKey = (id: string): string => `ask:${id}`;
const askedAnewKey = ({ id, ownerId }: CommitmentRow): string => `ask:${id}:${ownerId}`;
const ownKey = (id: string, colleagueId: string): string => `own:${id}:${colleagueId}`;
/** One message for each new date that was agreed before: asking for another day instead edits the message. */
const agreementKey = (row: CommitmentRow, moves: number): string => `agreement:${row.id}:${otherSideOf(row)}:${moves}`;

const messageKeys = (row: CommitmentRow, people: Person[]): string[] => [
  askKey(row.id),
  askedAnewKey(row),
  ...people.map((person) => ownKey(row.id, person.id)),
  ...Array.from({ length: row.moves + 1 }, (_, moves) => agreementKey(row, moves)),
];
