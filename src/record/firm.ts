import { type Kysely, sql } from 'kysely';
import { figuresOf, LONG_WINDOW, type PairFigures, SHORT_WINDOW } from '../commitments/figures.ts';
import { findFirmRows, findWorkspaceZone } from '../commitments/ledger-store.ts';
import type { Database } from '../db/schema.ts';
import { dayIn, startOfDay } from '../ground/zoned.ts';
import { mayLead } from '../pairs/rules.ts';
import { findPeople, type Person } from '../people/store.ts';

/** What the owner of the firm sees of a leader: counts, and nothing of any partner's side. */
export type LeaderCounts = {
  leader: Pick<Person, 'id' | 'name'>;
  pairs: number;
  /** In the 28 days that ended yesterday, and today. */
  held: number;
  firm: PairFigures['firm'];
};

/** Whether the settings name them as the owner of the firm. To administer the Slack workspace gives nothing here. */
export async function isOwner(db: Kysely<Database>, viewer: Person): Promise<boolean> {
  const named = await db
    .selectFrom('workspace')
    .select('id')
    .where('id', '=', viewer.workspaceId)
    .where('ownerId', '=', viewer.id)
    .executeTakeFirst();
  return named !== undefined && mayLead(viewer);
}

/** Each leader's counts, the ones with most one-on-ones first. */
export async function findLeaderCounts(
  db: Kysely<Database>,
  workspaceId: string,
  now: Temporal.Instant,
): Promise<LeaderCounts[]> {
  const zone = await findWorkspaceZone(db, workspaceId);
  const today = dayIn(zone, now);
  const since = startOfDay(today.subtract({ days: SHORT_WINDOW }), zone);
  const pairs = await findCountedPairs(db, workspaceId, since, now);
  const from = today.subtract({ days: LONG_WINDOW });
  const counted = Map.groupBy(await findFirmRows(db, { workspaceId }, from, now), (row) => row.leaderId);
  const led = Map.groupBy(pairs, ({ leaderId }) => leaderId);
  const people = await findPeople(db, workspaceId, [...led.keys()]);
  return people
    .map((leader) => {
      const theirs = led.get(leader.id) ?? [];
      return {
        leader: { id: leader.id, name: leader.name },
        pairs: theirs.filter(({ state }) => state === 'active').length,
        held: theirs.reduce((sum, { held }) => sum + held, 0),
        firm: figuresOf(counted.get(leader.id) ?? [], today).firm,
      };
    })
    .filter(({ pairs, held, firm }) => pairs + held + firm.long.due > 0)
    .sort((a, b) => b.pairs - a.pairs || (a.leader.name < b.leader.name ? -1 : 1));
}

type CountedPair = { id: string; leaderId: string; state: string; held: number };

async function findCountedPairs(
  db: Kysely<Database>,
  workspaceId: string,
  since: Temporal.Instant,
  now: Temporal.Instant,
): Promise<CountedPair[]> {
  const { rows } = await sql<CountedPair>`
    select p.id, p.leader_id, p.state, (
      select count(*)::int from meeting m
      where m.workspace_id = p.workspace_id and m.pair_id = p.id and m.state = 'held'
        and m.starts_at >= ${since}::timestamptz and m.starts_at <= ${now}::timestamptz) as held
    from pair p
    where p.workspace_id = ${workspaceId} and p.state in ('active', 'ended')`.execute(db);
  return rows;
}
