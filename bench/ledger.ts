// How long App Home and the ledger of a leader of 40 pairs with 50 commitments each take to be gathered and drawn, alone in
// their firm and in one of a million commitments; beside the one query that a person would write by hand for the same screen.
//   npm run bench bench/ledger.ts [commitments in the firm] [runs]
import { sql, type Transaction } from 'kysely';
import { ALL_PAIRS, firstPage } from '../src/commitments/ledger-modal.ts';
import { drawLedger, ledgerAnswer } from '../src/commitments/listeners/ledger.ts';
import { asWorkspace, startDeadline } from '../src/db/as-workspace.ts';
import type { Database } from '../src/db/schema.ts';
import type { Asked } from '../src/deps.ts';
import { gatherHome } from '../src/home/gather.ts';
import { homeView } from '../src/home/views.ts';
import { findPersonOrThrow } from '../src/people/store.ts';
import { fill, workspaceOf } from '../test/support/fill.ts';
import { EACH, foundLeader, PAIRS, pairOf } from '../test/support/leader.ts';
import { openBenchDatabase, quietDeps } from './database.ts';
import { shown, spreadOf } from './measure.ts';

const COMMITMENTS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 60);
const WARM = 10;
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');
const FIRM = workspaceOf(0);
const LEADER = 'LMEASURED';
const founding = { firm: FIRM, leader: LEADER, now: NOW };

const { db, close } = await openBenchDatabase();
const deps = quietDeps(db, NOW);

const byHand = {
  /** Each pair with its next and last meeting and what is open, overdue and asked on both sides. */
  home: sql`
    select p.id, o.name, o.zone,
      (select min(starts_at) from meeting m where m.workspace_id = p.workspace_id and m.pair_id = p.id
        and m.state = 'planned' and m.starts_at > ${NOW}::timestamptz) as next_at,
      (select max(starts_at) from meeting m where m.workspace_id = p.workspace_id and m.pair_id = p.id
        and m.state = 'held' and m.starts_at <= ${NOW}::timestamptz) as held_at, c.*
    from pair p
    join person o on o.workspace_id = p.workspace_id and o.id = p.partner_id
    cross join lateral (
      select count(*) filter (where side = 'firm' and state = 'open') as firm_open,
        count(*) filter (where side = 'firm' and state = 'open' and due_on < '2027-03-01') as firm_overdue,
        count(*) filter (where side = 'partner' and state = 'open') as partner_open,
        count(*) filter (where side = 'partner' and state = 'open' and due_on < '2027-03-01') as partner_overdue,
        count(*) filter (where state = 'asked') as asked
      from commitment c where c.workspace_id = p.workspace_id and c.pair_id = p.id and c.state in ('asked', 'open')) c
    where p.workspace_id = ${FIRM} and p.leader_id = ${LEADER} and p.state = 'active'`,
  /** Counts and rates of each pair. */
  ledger: sql`
    select c.pair_id, c.side, count(*) filter (where c.state = 'open') as open,
      count(*) filter (where c.state = 'open' and due_on < '2027-03-01') as overdue,
      count(*) filter (where c.state = 'kept' and first_unkept_on is null and due_on >= '2026-12-07') as kept,
      count(*) filter (where c.state in ('kept', 'open', 'missed') and due_on between '2026-12-07' and '2027-02-28') as due
    from commitment c join pair p on p.workspace_id = c.workspace_id and p.id = c.pair_id
    where c.workspace_id = ${FIRM} and p.leader_id = ${LEADER} and p.state = 'active'
      and (c.state in ('asked', 'open') or c.due_on >= '2026-12-07')
    group by 1, 2`,
  /** The open rows of one pair with their owners. */
  pair: sql`
    select c.*, o.name, o.zone from commitment c join person o on o.workspace_id = c.workspace_id and o.id = c.owner_id
    where c.workspace_id = ${FIRM} and c.pair_id = ${pairOf(7)} and c.state in ('asked', 'open') order by c.due_on`,
};

const inFirm = <T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> => asWorkspace(db, FIRM, work);
const asked = async (): Promise<Asked> => ({
  workspaceId: FIRM,
  actor: await inFirm((trx) => findPersonOrThrow(trx, FIRM, LEADER)),
  deadline: startDeadline(60_000),
  once: { key: '', isSaved: true },
});

const said = (value: unknown): number => JSON.stringify(value).length;
const screens: [string, keyof typeof byHand, (who: Asked) => Promise<unknown>][] = [
  ['App Home', 'home', ({ actor }) => inFirm(async (trx) => said(homeView(await gatherHome(trx, actor, NOW))))],
  ['/accord ledger', 'ledger', async (who) => said(await ledgerAnswer(deps, who, ALL_PAIRS))],
  ['/accord ledger @person', 'pair', async (who) => said(await ledgerAnswer(deps, who, pairOf(7)))],
  ['every row, a page of all', 'ledger', (who) => drawn(who, ALL_PAIRS)],
  ['every row, a page of one', 'pair', (who) => drawn(who, pairOf(7))],
];

async function drawn(who: Asked, scope: string): Promise<number> {
  return said(await drawLedger(deps, who, firstPage(scope)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function measure(where: string): Promise<void> {
  console.log(`\n${PAIRS} pairs × ${EACH} commitments, ${where}; ${RUNS} runs each, in turn`);
  for (const [screen, hand, work] of screens) {
    const times: { ours: number; hand: number }[] = [];
    for (let n = -WARM; n < RUNS; n++) {
      const who = { ...(await asked()), once: { key: `bench:${crypto.randomUUID()}`, isSaved: false } };
      const run = {
        ours: await timed(() => work(who)),
        hand: await timed(() => inFirm((trx) => byHand[hand].execute(trx))),
      };
      if (n >= 0) times.push(run);
    }
    const [ours, theirs] = [spreadOf(times.map((one) => one.ours)), spreadOf(times.map((one) => one.hand))];
    const ratio = (ours.median / theirs.median).toFixed(1);
    console.log(
      `${screen.padEnd(26)} ${shown(ours, 'ms', 1).padEnd(30)} by hand ${shown(theirs, 'ms', 1).padEnd(30)} ${ratio} ×`,
    );
  }
}

await fill(db, { pairs: 1, pairsAWorkspace: 1, now: NOW });
await foundLeader(db, founding);
await measure('alone in their firm');

await sql`truncate workspace cascade`.execute(db);
const begun = performance.now();
await fill(db, { pairs: COMMITMENTS / 2, pairsAWorkspace: COMMITMENTS / 2, now: NOW });
await foundLeader(db, founding);
console.log(
  `\n${COMMITMENTS.toLocaleString('en')} more in the firm, made in ${Math.round((performance.now() - begun) / 1000)} s`,
);
await measure(`in a firm of ${COMMITMENTS.toLocaleString('en')}`);
await close();
