import { expect, test } from '@jest/globals';
import { sql, type Transaction } from 'kysely';
import { asTick } from '../../src/db/as-workspace.ts';
import type { Database } from '../../src/db/schema.ts';
import { claimDue, look, sweep, waitForClaim } from '../../src/delivery/claim.ts';
import { nextDelivery } from '../../src/delivery/outbox.ts';
import { findBehind, findDepth } from '../../src/delivery/standing.ts';
import { delivering, FIRM, QUICK } from './delivering.ts';

const POSTED = process.env.ACCORD_LONG === '1' ? 300_000 : 20_000;

/** Many messages that were posted, and as many that are not due yet. */
async function fill(trx: Transaction<Database>, now: Temporal.Instant): Promise<void> {
  await sql`insert into conversation (workspace_id, address) select ${FIRM}, 'U' || n from generate_series(1, 1000) n`.execute(
    trx,
  );
  await sql`insert into workspace_pace (workspace_id) values (${FIRM})`.execute(trx);
  await sql`
    insert into outbox (workspace_id, id, kind, key, about, address, state, not_before, send_by, created_at, ts, posted_at)
    select ${FIRM}, gen_random_uuid(), 'prompt', state || n, '{}', 'U' || (1 + n % 1000), state,
      ${now}::timestamptz + interval '1 day', ${now}::timestamptz + interval '1 day', ${now}::timestamptz, null, null
    from generate_series(1, ${POSTED}::int) n, unnest(array['posted', 'queued']) state`.execute(trx);
}

/** Rows of the outbox that were read through its table or through any of its indexes, in this transaction. */
type Read = { scans: number; rows: number };

/** What was read of the outbox so far, by this connection since it last told the server. */
async function readSoFar(trx: Transaction<Database>): Promise<Read> {
  const { rows } = await sql<Read>`
    select pg_stat_get_xact_numscans('outbox'::regclass) as scans,
      pg_stat_get_xact_tuples_returned('outbox'::regclass)
        + (select sum(pg_stat_get_xact_tuples_returned(indexrelid))::bigint from pg_index where indrelid = 'outbox'::regclass) as rows`.execute(
    trx,
  );
  return rows[0] ?? { scans: -1, rows: -1 };
}

async function readBy(trx: Transaction<Database>, work: () => Promise<void>): Promise<Read> {
  const before = await readSoFar(trx);
  await work();
  const after = await readSoFar(trx);
  return { scans: after.scans - before.scans, rows: after.rows - before.rows };
}

test('DB4: with nothing due, asking, claiming and looking ahead read next to nothing, however much was posted', async () => {
  await using bot = await delivering();
  const now = bot.time.now;
  await asTick(bot.db, (trx) => fill(trx, now));
  await sql`analyze outbox`.execute(bot.db);

  await asTick(bot.db, async (trx) => {
    const read = await readBy(trx, async () => {
      expect(await look(trx, now)).toEqual({ isDue: false, isToSweep: false });
      await sweep(trx, now, QUICK);
      expect(await claimDue(trx, now, 16, crypto.randomUUID(), QUICK)).toEqual([]);
      expect(await waitForClaim(trx, now)).toBeUndefined();
      expect(await nextDelivery(trx, now)).toEqual(now.add({ hours: 24 }));
    });
    expect(read.scans).toBe(0);
    expect(read.rows).toBeLessThan(20);
  });
});

test('DB4: a claim of sixteen from ten thousand due reads no more than a few times as many', async () => {
  await using bot = await delivering();
  const now = bot.time.now;
  await asTick(bot.db, async (trx) => {
    await fill(trx, now);
    await sql`update outbox set not_before = ${now}::timestamptz, send_by = ${now}::timestamptz where state = 'queued' and key < 'queued4'`.execute(
      trx,
    );
  });
  await sql`analyze outbox`.execute(bot.db);

  await asTick(bot.db, async (trx) => {
    const read = await readBy(trx, async () => {
      expect(await claimDue(trx, now, 16, crypto.randomUUID(), QUICK)).toHaveLength(16);
    });
    expect(read.scans).toBe(0);
    expect(read.rows).toBeLessThan(500);
  });
});

test('DB4: how far delivery is behind is told from what is due, however much was posted or waits for its time', async () => {
  await using bot = await delivering();
  const now = bot.time.now;
  await asTick(bot.db, async (trx) => {
    await fill(trx, now);
    await sql`update outbox set not_before = ${now.subtract({ minutes: 9 })}::timestamptz where key like 'queued77_'`.execute(
      trx,
    );
  });
  await sql`analyze outbox`.execute(bot.db);

  await asTick(bot.db, async (trx) => {
    const read = await readBy(trx, async () => {
      expect(await findBehind(trx, now)).toEqual({ workspaces: 1, due: 10, oldestSeconds: 540 });
      expect(await findDepth(trx, now)).toEqual([
        { kind: 'prompt', state: 'due', messages: 10, inDoubt: 0, oldestSeconds: 540 },
      ]);
    });
    expect(read.scans).toBe(0);
    expect(read.rows).toBeLessThan(100);
  });
});
