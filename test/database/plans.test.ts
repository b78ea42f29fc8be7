import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode, sql, type Transaction } from 'kysely';
import { pino } from 'pino';
import * as cadence from '../../src/cadence/due.ts';
import * as commitments from '../../src/commitments/due.ts';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { toItsEnd } from '../../src/db/lastly.ts';
import type { Database } from '../../src/db/schema.ts';
import { seal } from '../../src/db/sealed.ts';
import { claimDue, look, sweep, waitForClaim } from '../../src/delivery/claim.ts';
import { DELIVERY } from '../../src/delivery/compose.ts';
import { nextDelivery, refreshPosted } from '../../src/delivery/outbox.ts';
import type { Deps, DueWork } from '../../src/deps.ts';
import * as digestMessages from '../../src/digest/messages.ts';
import { claimDigests, claimStaleDigests, findDigestItems } from '../../src/digest/store.ts';
import { gatherHome } from '../../src/home/gather.ts';
import { claimStale, markChanged } from '../../src/home/store.ts';
import * as meetings from '../../src/meetings/due.ts';
import { findPersonOrThrow } from '../../src/people/store.ts';
import * as prepMessages from '../../src/prep/messages.ts';
import { askToForget } from '../../src/record/forget.ts';
import { beginCombing, beginForgetting, claimForgetting, combSome } from '../../src/record/forgetting-store.ts';
import * as reminders from '../../src/reminders/due.ts';
import * as reminderMessages from '../../src/reminders/messages.ts';
import { claimChecks, claimNews, findUnheardOf } from '../../src/setup/store.ts';
import { findWaiting } from '../../src/tick.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { fill, workspaceOf } from '../support/fill.ts';

const PAIRS = process.env.ACCORD_LONG ? 1_000_000 : 20_000;
const NOW = Temporal.Instant.from('2027-03-01T14:00:00Z');
const DUE_BY = NOW.toZonedDateTimeISO('UTC').toPlainDate().add({ days: 7 });
const FIRM = workspaceOf(3);
/** Somebody of that firm, and who leads them. */
const [PARTNER, LEADER] = ['P00000350', 'L00000034'];

let fresh: FreshDatabase;
const deps: Deps = {
  get db() {
    return fresh.db;
  },
  slack: () => Promise.reject(new Error('Nobody is asked here')),
  clock: () => NOW,
  log: pino({ level: 'silent' }),
  wake: () => {},
  newId: () => crypto.randomUUID(),
};

beforeAll(async () => {
  fresh = await freshDatabase();
  await fill(fresh.db, { pairs: PAIRS, pairsAWorkspace: 100, now: NOW });
  await asTick(fresh.db, async (trx) => {
    const posted = sql`insert into outbox (workspace_id, id, kind, key, about, address, state, not_before, send_by,
        created_at, posted_at, channel_id, ts)
      select workspace_id, id, 'brief', 'brief:' || id, '{}', leader_id, 'posted', created_at, created_at, created_at,
        created_at, 'D' || leader_id, id::text from pair`;
    await sql`insert into conversation (workspace_id, address, channel_id)
      select distinct workspace_id, leader_id, 'D' || leader_id from pair
      union all select workspace_id, partner_id, 'D' || partner_id from pair`.execute(trx);
    await sql`insert into workspace_pace (workspace_id) select id from workspace`.execute(trx);
    await posted.execute(trx);
    await sql`update outbox set state = 'queued', not_before = ${NOW}, send_by = ${NOW}
      where workspace_id = ${FIRM} and id in (select id from pair where workspace_id = ${FIRM} limit 20)`.execute(trx);
    // A little of everything is due in one firm.
    for (const [table, column] of [
      ['pair', 'plan_due_at'],
      ['pair', 'review_due_at'],
      ['meeting', 'due_at'],
      ['person', 'bundle_due_at'],
      ['person', 'home_stale_at'],
      ['person', 'news_due_at'],
      ['commitment', 'falls_due_at'],
      ['workspace', 'digest_due_at'],
      ['workspace', 'digest_stale_at'],
      ['workspace', 'check_due_at'],
    ] as const)
      await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${NOW}
        where ctid in (select ctid from ${sql.table(table)} order by ${sql.ref(table === 'workspace' ? 'id' : 'workspace_id')} limit 20)`.execute(
        trx,
      );
    const texts = trx.updateTable('commitment').set({ text: seal('two comps') });
    await texts.where('workspaceId', '=', FIRM).execute();
    await sql`update pair set agreed_at = ${NOW} where plan_due_at = ${NOW}`.execute(trx);
    await sql`insert into home_change (workspace_id, person_id, at)
      select workspace_id, leader_id, ${NOW} from pair where plan_due_at = ${NOW}`.execute(trx);
  });
  for (const table of ['outbox', 'conversation', 'workspace_pace', 'pair', 'meeting', 'person', 'commitment'])
    await sql`vacuum analyze ${sql.table(table)}`.execute(fresh.db);
}, 1_200_000);

afterAll(() => fresh.drop(), 60_000);

/** Does this on the server and looks at the plan of every statement of it: which tables were read from end to end. */
async function readsAll(
  trx: Transaction<Database>,
  work: (trx: Transaction<Database>) => Promise<unknown>,
): Promise<string[]> {
  const seen: { node: RootOperationNode; queryId: Parameters<KyselyPlugin['transformQuery']>[0]['queryId'] }[] = [];
  const spy: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      seen.push({ node, queryId });
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await toItsEnd(trx.withPlugin(spy), work);
  expect(seen.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const { node, queryId } of seen) {
    const query = trx.getExecutor().compileQuery(node, queryId);
    const explained = CompiledQuery.raw(`explain ${query.sql}`, [...query.parameters]);
    const { rows } = await trx.executeQuery<Record<string, string>>(explained);
    const plan = rows.map((row) => Object.values(row)[0] ?? '');
    const whole = plan.filter((line) => LARGE.some((table) => line.includes(`Seq Scan on ${table}`)));
    if (whole.length > 0) found.push(`${query.sql}\n${plan.join('\n')}`);
  }
  return found;
}

/** What grows with the number of pairs; workspaces are few enough to be read from end to end. */
const LARGE = ['person', 'pair', 'proposal', 'meeting', 'commitment', 'commitment_event', 'outbox', 'conversation'];

/** For the tick, over all firms; undone afterwards. */
const asTheTick = (work: (trx: Transaction<Database>) => Promise<unknown>) =>
  undone((whenUndone) => asTick(fresh.db, whenUndone), work);
/** For a listener, in one firm. */
const asListener = (work: (trx: Transaction<Database>) => Promise<unknown>) =>
  undone((whenUndone) => asWorkspace(fresh.db, FIRM, whenUndone), work);

class Undone extends Error {}

async function undone(
  transaction: (work: (trx: Transaction<Database>) => Promise<never>) => Promise<never>,
  work: (trx: Transaction<Database>) => Promise<unknown>,
): Promise<string[]> {
  let found: string[] = [];
  await transaction(async (trx) => {
    found = await readsAll(trx, work);
    throw new Undone();
  }).catch((error) => {
    if (!(error instanceof Undone)) throw error;
  });
  return found;
}

const dueWork: DueWork[] = [...cadence.due, ...meetings.due, ...commitments.due, ...reminders.due];

describe(`DB4: with ${PAIRS.toLocaleString('en')} pairs no hot query reads a whole table`, () => {
  test('the tick looks for what is due', async () => {
    expect(await asTheTick(findWaiting)).toEqual([]);
  });

  test.each(dueWork.map((work) => [work.subject, work] as const))('%s', async (_, { work }) => {
    expect(
      await asTheTick(async (trx) => {
        expect(await work(trx, deps, NOW, 500)).toBeGreaterThan(0);
      }),
    ).toEqual([]);
  });

  const outward: [string, (trx: Transaction<Database>) => Promise<unknown>][] = [
    ['digests that are due', (trx) => claimDigests(trx, NOW, NOW, 8)],
    ['digests to edit', (trx) => claimStaleDigests(trx, NOW, NOW, 8)],
    ['what a digest names', (trx) => findDigestItems(trx, FIRM, ['contractor'], DUE_BY, NOW)],
    ['Homes that changed', (trx) => markChanged(trx, NOW, 500)],
    ['Homes that are stale', (trx) => claimStale(trx, NOW, 20)],
    ['people of whom there is news', (trx) => claimNews(trx, NOW, 10)],
    ['workspaces to check', (trx) => claimChecks(trx, NOW, 4)],
    ['people to ask about', (trx) => findUnheardOf(trx, FIRM, NOW.add({ hours: 1 }), 50)],
  ];
  test.each(outward)('%s', async (_, work) => {
    expect(await asTheTick(work)).toEqual([]);
  });

  const delivery: [string, (trx: Transaction<Database>) => Promise<unknown>][] = [
    ['whether anything is to be sent', (trx) => look(trx, NOW)],
    ['the claim', (trx) => claimDue(trx, NOW, 10, crypto.randomUUID(), DELIVERY)],
    ['the sweep', (trx) => sweep(trx, NOW, DELIVERY)],
    ['when the next message may go', (trx) => waitForClaim(trx, NOW)],
    ['when the next message is due', (trx) => nextDelivery(trx, NOW)],
  ];
  test.each(delivery)('delivery: %s', async (_, work) => {
    expect(await asTheTick(work)).toEqual([]);
  });

  test('a change of what was posted', async () => {
    expect(await asListener((trx) => refreshPosted(trx, FIRM, ['brief:x', 'card:x'], NOW))).toEqual([]);
  });

  test.each([PARTNER, LEADER])('the Home of %s, with the ledger', async (id) => {
    expect(await asListener(async (trx) => gatherHome(trx, await findPersonOrThrow(trx, FIRM, id), NOW))).toEqual([]);
  });

  test.each([PARTNER, LEADER])('being forgotten, asked for by %s', async (id) => {
    expect(
      await asListener(async (trx) => {
        const forgotten = await askToForget(trx, deps, await findPersonOrThrow(trx, FIRM, id));
        expect(forgotten).toMatchObject({ ended: id === LEADER ? 10 : 1 });
      }),
    ).toEqual([]);
  });

  test('one step of being forgotten, and of combing what was said', async () => {
    const combing = { id: crypto.randomUUID(), instead: 'U-nobody', now: NOW };
    expect(
      await asTheTick(async (trx) => {
        const person = await findPersonOrThrow(trx, FIRM, LEADER);
        await beginForgetting(trx, person, { id: crypto.randomUUID(), ended: 0, now: NOW });
        await beginCombing(trx, person, combing);
        const claimed = await claimForgetting(trx, NOW);
        if (!claimed) throw new Error('Nobody is being forgotten');
        await combSome(trx, claimed);
        await combSome(trx, { ...claimed, combing: 'commitment_event' });
      }),
    ).toEqual([]);
  });

  const composers = { ...prepMessages.composers, ...reminderMessages.composers, ...digestMessages.composers };
  const said = { workspaceId: FIRM, now: NOW, posted: false, channel: undefined };
  const since = { day: '2027-03-01', since: '2027-02-20T00:00:00Z', before: '', at: NOW.toString() };
  const messages: [string, string[], Record<string, string>][] = [
    ['bundle', [LEADER], since],
    ['brief', [LEADER], { meeting: '0000015e-0003-7000-8000-000000000000', moves: '0' }],
    ['card', [LEADER, PARTNER], { meeting: '0000015e-0003-7000-8000-000000000000', moves: '0' }],
    ['digest', [], {}],
  ];
  test.each(messages)('the words of a %s', async (kind, people, about) => {
    const compose = composers[kind]?.compose;
    expect(await asTheTick(async (trx) => compose?.(trx, { ...said, kind, people, about }))).toEqual([]);
  });
});
