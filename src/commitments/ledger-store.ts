import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { dayIn } from '../ground/zoned.ts';
import { type FigureRow, figuresOf, LONG_WINDOW, type PairFigures } from './figures.ts';
import { type CommitmentRow, findKeptSince, findStanding } from './store.ts';

/** One or several pairs, or the firm's side over all pairs, of these kinds where they are named. */
export type FigureScope = { workspaceId: string } & (
  | { pairIds: readonly string[] }
  | { side: 'firm'; kinds?: readonly ('contractor' | 'report')[] }
);

/** What may count in a window that begins at `from`; `figures.ts` decides what does. */
export async function findFigureRows(
  db: Kysely<Database>,
  scope: FigureScope,
  from: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<FigureRow[]> {
  if ('pairIds' in scope && scope.pairIds.length === 0) return [];
  const found = await db
    .selectFrom('commitment')
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .select(['commitment.pairId', 'side', 'commitment.state', 'dueOn', 'firstUnkeptOn', 'owner.zone as ownerZone'])
    .where('commitment.workspaceId', '=', scope.workspaceId)
    .where('commitment.state', 'in', ['open', 'kept', 'missed', 'withdrawn'])
    // No due day is earlier than the first that passed, so this leaves out nothing.
    .where('dueOn', '>=', from)
    .where((eb) =>
      'pairIds' in scope
        ? eb('commitment.pairId', 'in', scope.pairIds)
        : eb.and([eb('side', '=', 'firm'), eb('pair.kind', 'in', scope.kinds ?? ['contractor', 'report'])]),
    )
    .execute();
  return found.map(({ ownerZone, ...row }) => ({ ...row, ownerToday: dayIn(ownerZone, now) }));
}

/** Kept, fallen due and the rest of a pair's ledger are counted in the workspace's own days. */
export async function findWorkspaceZone(db: Kysely<Database>, workspaceId: string): Promise<string> {
  const { zone } = await db
    .selectFrom('workspace')
    .select('zone')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return zone;
}

export type PairLedger = { rows: CommitmentRow[]; figures: PairFigures };

const STILL_SHOWN = { hours: 7 * 24 };

/** What stands in these pairs' columns, what was kept in the last seven days, and both sides' rates. */
export async function findLedgers(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, PairLedger>> {
  const today = dayIn(await findWorkspaceZone(db, workspaceId), now);
  const lapsedSince = today.subtract({ days: 14 });
  const standing = await findStanding(db, workspaceId, pairIds, lapsedSince);
  const kept = await findKeptSince(db, workspaceId, pairIds, now.subtract(STILL_SHOWN));
  const counted = await findFigureRows(db, { workspaceId, pairIds }, today.subtract({ days: LONG_WINDOW }), now);
  const all = Map.groupBy([...standing, ...kept], (row) => row.pairId);
  const figures = Map.groupBy(counted, (row) => row.pairId);
  return new Map(
    pairIds.map((id) => [id, { rows: all.get(id) ?? [], figures: figuresOf(figures.get(id) ?? [], today) }]),
  );
}
