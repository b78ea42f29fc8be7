import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Facts, fold } from '../../src/commitments/facts.ts';
import { type FigureRow, keepRate } from '../../src/commitments/figures.ts';
import { settle } from '../../src/commitments/in-time.ts';
import { findSummaries } from '../../src/commitments/ledger-store.ts';
import { insertCommitment, updateCommitment } from '../../src/commitments/write-store.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { world } from '../support/world.ts';
import { pair, START, story, tell, today } from './lives.ts';
import { agreed } from './paired.ts';

/** The product's words, read literally: day by day, row by row. */
function naiveRate(rows: FigureRow[], workspaceToday: Temporal.PlainDate, days: number) {
  const window = Array.from({ length: days }, (_, back) => workspaceToday.subtract({ days: back + 1 }));
  const fellDue = window.flatMap((day) => rows.filter((row) => naivelyFellDueOn(row, day)));
  return { due: fellDue.length, kept: fellDue.filter((row) => row.state === 'kept' && !row.firstUnkeptOn).length };
}

function naivelyFellDueOn(row: FigureRow, day: Temporal.PlainDate): boolean {
  const wasAccepted = ['open', 'kept', 'missed', 'withdrawn'].includes(row.state);
  const withdrawnInAgreement = row.state === 'withdrawn' && row.firstUnkeptOn === null;
  const isItsDay = (row.firstUnkeptOn ?? row.dueOn).equals(day);
  return wasAccepted && !withdrawnInAgreement && isItsDay && day.until(row.ownerToday).days > 0;
}

const IDS: Record<string, string> = { DANA: 'U0DANA0001', ANA: 'U0ANA00001', MIA: 'U0MIA00001' };
const ZONES: Record<string, string> = { DANA: 'America/New_York', ANA: 'America/Los_Angeles', MIA: 'America/New_York' };

test('the figures that the database adds up equal a naive recomputation, for each pair and side', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.mia.types('/accord help');
  // Tuesday in New York, Monday in Los Angeles.
  const now = START.add({ hours: 24 * 28 - 4 });
  const told = fc
    .sample(story, { numRuns: 300, seed: 4 })
    .map((one) => tell(one))
    .filter(({ gone }) => !gone);
  const { pairs, summaries } = await asTick(w.database.db, async (trx) => {
    const active = await trx
      .selectFrom('pair')
      .select(['workspaceId', 'id', 'partnerId'])
      .orderBy('createdAt')
      .execute();
    for (const [n, { facts, events }] of told.entries()) {
      const first = events.at(-1);
      const of = active[n % 2];
      if (!first || !of) throw new Error('There is a pair, and a commitment begins with an event');
      const as = (id: string | null) => (id === 'ANA' ? of.partnerId : (IDS[id ?? ''] ?? null));
      const known = (one: Facts): Facts => ({
        ...one,
        ownerId: as(one.ownerId) ?? '',
        askedBy: as(one.askedBy),
        askedOwnerId: as(one.askedOwnerId),
      });
      const one = { workspaceId: of.workspaceId, id: randomUUID(), pairId: of.id, writtenBy: of.partnerId };
      const event = { ...first, id: randomUUID(), by: null };
      await insertCommitment(
        trx,
        { ...one, text: 'x', recapId: null, permalink: null },
        known(fold([first])),
        event,
        'UTC',
      );
      await updateCommitment(trx, { ...one, version: 1 }, known(facts), [], null);
    }
    const found = await findSummaries(
      trx,
      active[0]?.workspaceId ?? '',
      active.map(({ id }) => id),
      now,
    );
    return { pairs: active, summaries: found };
  });
  let counted = 0;
  const dayOf = (zone: string) => now.toZonedDateTimeISO(zone).toPlainDate();
  for (const [place, { id }] of pairs.entries()) {
    const zoneOf = (owner: string) => (owner === 'ANA' && place === 1 ? 'America/Chicago' : (ZONES[owner] ?? 'UTC'));
    const rows = told
      .filter((_, n) => n % 2 === place)
      .map(({ facts }) => ({ ...facts, ownerToday: dayOf(zoneOf(facts.ownerId)) }));
    for (const side of ['firm', 'partner'] as const) {
      const ours = rows.filter((row) => row.side === side);
      const today = dayOf('America/New_York');
      counted += naiveRate(ours, today, 28).due;
      expect(summaries.get(id)?.figures[side]).toEqual({
        short: naiveRate(ours, today, 28),
        long: naiveRate(ours, today, 84),
      });
    }
  }
  expect(counted).toBeGreaterThan(50);
});

test('the figures equal a naive recomputation, over any histories', () => {
  fc.assert(
    fc.property(
      fc.array(story, { maxLength: 20 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: -1, max: 1 }),
      (stories, after, ahead) => {
        const at = START.add({ hours: 24 * after });
        const rows = stories
          .map((one) => tell(one))
          .filter((told) => !told.gone && Temporal.Instant.compare(told.now, at) <= 0)
          .map(({ facts }) => ({
            ...settle({ ...pair, ...facts }, { now: at, today: today(at) }).facts,
            pairId: 'p',
            ownerToday: today(at),
          }));
        const workspaceToday = today(at).add({ days: ahead });
        for (const days of [28, 84])
          expect(keepRate(rows, workspaceToday, days)).toEqual(naiveRate(rows, workspaceToday, days));
      },
    ),
    { numRuns: 300 },
  );
});
