import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import { dayIn } from '../ground/zoned.ts';
import type { Pair } from '../pairs/store.ts';
import { countOf } from './counts.ts';
import { type FigureRow, figuresOf, LONG_WINDOW } from './figures.ts';
import type { Dated } from './offers.ts';
import { type CommitmentRow, findKeptSince, findStanding } from './store.ts';
import type { Summary } from './summary.ts';

/** Commitments that are alike in all that figures and counts are made of. */
export type Alike = FigureRow & { ownerZone: string; count: number };

function alike(db: Kysely<Database>, workspaceId: string) {
  return db
    .selectFrom('commitment')
    .select(['side', 'commitment.state', 'dueOn', 'firstUnkeptOn'])
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
    .where('commitment.workspaceId', '=', workspaceId)
    .groupBy(['side', 'commitment.state', 'dueOn', 'firstUnkeptOn']);
}

/** The owners' zones are looked up afterwards: joined, a large firm's people are read from end to end. */
async function withZones<T extends { ownerId: string }>(
  db: Kysely<Database>,
  workspaceId: string,
  rows: readonly T[],
): Promise<(T & { ownerZone: string })[]> {
  if (rows.length === 0) return [];
  const owners = [...new Set(rows.map(({ ownerId }) => ownerId))];
  const found = await db
    .selectFrom('person')
    .select(['id', 'zone'])
    .where('workspaceId', '=', workspaceId)
    .where('id', 'in', owners)
    .execute();
  const zones = new Map(found.map(({ id, zone }) => [id, zone]));
  return rows.flatMap((row) => {
    const ownerZone = zones.get(row.ownerId);
    return ownerZone === undefined ? [] : [{ ...row, ownerZone }];
  });
}

function withToday<T extends { ownerZone: string }>(
  rows: readonly T[],
  now: Temporal.Instant,
): (T & { ownerToday: Temporal.PlainDate })[] {
  const zones = new Set(rows.map(({ ownerZone }) => ownerZone));
  const today = new Map([...zones].map((zone) => [zone, dayIn(zone, now)]));
  return rows.map((row) => ({ ...row, ownerToday: today.get(row.ownerZone) ?? dayIn(row.ownerZone, now) }));
}

type Counting = ExpressionBuilder<Database, 'commitment'>;

/** What may count in a window that begins at `from`. No due day is earlier than the first that passed, so nothing is left out. */
const since = (from: Temporal.PlainDate) => (eb: Counting) =>
  eb.and([eb('commitment.state', 'in', ['open', 'kept', 'missed', 'withdrawn']), eb('commitment.dueOn', '>=', from)]);

/** What may count in these pairs in a window that begins at `from`; `figures.ts` decides what does. */
export async function findFigureRows(
  db: Kysely<Database>,
  { workspaceId, pairIds }: { workspaceId: string; pairIds: readonly string[] },
  from: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<Alike[]> {
  if (pairIds.length === 0) return [];
  const counted = await alike(db, workspaceId)
    .select('ownerId')
    .where('commitment.pairId', 'in', pairIds)
    .where(since(from))
    .groupBy('ownerId')
    .execute();
  return withToday(await withZones(db, workspaceId, counted), now);
}

/** The same of the firm's side over all pairs, or those of these kinds, for each of its leaders. */
export async function findFirmRows(
  db: Kysely<Database>,
  { workspaceId, kinds = ['contractor', 'report'] }: { workspaceId: string; kinds?: readonly Kind[] },
  from: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<(Alike & { leaderId: string })[]> {
  const counted = alike(db, workspaceId)
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .innerJoin('person as owner', (join) =>
      join.onRef('owner.workspaceId', '=', 'commitment.workspaceId').onRef('owner.id', '=', 'commitment.ownerId'),
    )
    .select(['pair.leaderId', 'owner.zone as ownerZone'])
    .where('side', '=', 'firm') // the partial index's predicate
    .where('pair.kind', 'in', kinds)
    .where(since(from))
    .groupBy(['pair.leaderId', 'owner.zone']);
  return withToday(await counted.execute(), now);
}

type Kind = 'contractor' | 'report';

const STILL_SHOWN = { hours: 7 * 24 };
const LAPSED_SHOWN = { days: 14 };

/** Kept, fallen due and the rest of a pair's ledger are counted in the workspace's own days. */
export async function findWorkspaceZone(db: Kysely<Database>, workspaceId: string): Promise<string> {
  const { zone } = await db
    .selectFrom('workspace')
    .select('zone')
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return zone;
}

/** Both columns of each of these pairs in figures: what stands, and both sides' rates. */
export async function findSummaries(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, Summary>> {
  if (pairIds.length === 0) return new Map();
  return summariesOn(db, workspaceId, pairIds, dayIn(await findWorkspaceZone(db, workspaceId), now), now);
}

async function summariesOn(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  today: Temporal.PlainDate,
  now: Temporal.Instant,
): Promise<Map<string, Summary>> {
  const counts = since(today.subtract({ days: LONG_WINDOW }));
  const found = await alike(db, workspaceId)
    .select(['commitment.pairId', 'ownerId'])
    .where('commitment.pairId', 'in', pairIds)
    .where((eb) => eb.or([eb('commitment.state', 'in', ['asked', 'open']), counts(eb)]))
    .groupBy(['commitment.pairId', 'ownerId'])
    .execute();
  const all = Map.groupBy(withToday(await withZones(db, workspaceId, found), now), ({ pairId }) => pairId);
  return new Map(pairIds.map((id) => [id, summaryOf(all.get(id) ?? [], today, now)]));
}

function summaryOf(rows: Alike[], today: Temporal.PlainDate, now: Temporal.Instant): Summary {
  const counted = (side: 'partner' | 'firm') =>
    countOf(
      rows.filter((row) => row.side === side),
      now,
    );
  return { counts: { partner: counted('partner'), firm: counted('firm') }, figures: figuresOf(rows, today) };
}

/** As much of a commitment as decides where it stands in a ledger; its words are read where it is shown. */
export type LedgerLine = Dated &
  Pick<
    CommitmentRow,
    'id' | 'pairId' | 'side' | 'leaderId' | 'partnerId' | 'askedOwnerId' | 'wantedDueOn' | 'wantsWithdrawal'
  >;

const MOST_LINES = 4000;

/** Every line of these pairs: what stands, and what was kept in the last seven days. */
export async function findLines(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<LedgerLine[]> {
  if (pairIds.length === 0) return [];
  const lapsedSince = dayIn(await findWorkspaceZone(db, workspaceId), now).subtract(LAPSED_SHOWN);
  const keptSince = now.subtract(STILL_SHOWN);
  const lines = db
    .selectFrom('commitment')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'commitment.workspaceId').onRef('pair.id', '=', 'commitment.pairId'),
    )
    .select(['commitment.id', 'commitment.pairId', 'side', 'ownerId', 'commitment.state', 'dueOn', 'firstUnkeptOn'])
    .select(['askedOwnerId', 'wantedDueOn', 'wantsWithdrawal', 'pair.leaderId', 'pair.partnerId'])
    .where('commitment.workspaceId', '=', workspaceId)
    .where('commitment.pairId', 'in', pairIds)
    .limit(MOST_LINES);
  const standing = await lines
    .where((eb) =>
      eb.or([
        eb('commitment.state', 'in', ['asked', 'open']),
        eb.and([eb('commitment.state', '=', 'lapsed'), eb('dueOn', '>=', lapsedSince)]),
      ]),
    )
    .execute();
  const kept = await lines
    .where('commitment.state', '=', 'kept')
    .where('commitment.changedAt', '>=', keptSince)
    .where('commitment.keptAt', '>=', keptSince)
    .execute();
  return withToday(await withZones(db, workspaceId, [...standing, ...kept]), now);
}

/** A pair's figures with every row behind them. */
export type PairLedger = Summary & { rows: CommitmentRow[] };

/**
 * The pairs that stand in somebody's ledger, oldest first: those in force, and those that have ended while something of
 * theirs is still open, waits for an answer or may still be said not to be done.
 */
export function findPairsInLedger(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
  now: Temporal.Instant,
): Promise<Pair[]> {
  return db
    .selectFrom('pair')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where((eb) => eb.or([eb('leaderId', '=', personId), eb('partnerId', '=', personId)]))
    .where((eb) => {
      const standing = eb
        .selectFrom('commitment as one')
        .select('one.id')
        .whereRef('one.workspaceId', '=', 'pair.workspaceId')
        .whereRef('one.pairId', '=', 'pair.id')
        .where((is) =>
          is.or([
            is('one.state', 'in', ['asked', 'open']),
            is.and([is('one.state', '=', 'kept'), is('one.keptAt', '>=', now.subtract(STILL_SHOWN))]),
          ]),
        );
      return eb.or([eb('state', '=', 'active'), eb.and([eb('state', '=', 'ended'), eb.exists(standing)])]);
    })
    .orderBy('createdAt')
    .execute();
}

/** What stands in these pairs' columns, what was kept in the last seven days, and all of it in figures. */
export async function findLedgers(
  db: Kysely<Database>,
  workspaceId: string,
  pairIds: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, PairLedger>> {
  if (pairIds.length === 0) return new Map();
  const today = dayIn(await findWorkspaceZone(db, workspaceId), now);
  const summaries = await summariesOn(db, workspaceId, pairIds, today, now);
  const standing = await findStanding(db, workspaceId, pairIds, today.subtract(LAPSED_SHOWN));
  const kept = await findKeptSince(db, workspaceId, pairIds, now.subtract(STILL_SHOWN));
  const rows = Map.groupBy([...standing, ...kept], (row) => row.pairId);
  return new Map([...summaries].map(([id, summary]) => [id, { ...summary, rows: rows.get(id) ?? [] }]));
}
