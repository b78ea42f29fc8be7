import type { DueWork } from '../deps.ts';
import { isBefore } from '../ground/zoned.ts';
import { dueDayEnds } from '../people/rules.ts';
import { markHomeStale } from '../people/store.ts';
import { recordSettled } from './acting.ts';
import { lockFallingDue } from './store.ts';
import { setFallsDueAt } from './write-store.ts';

export const due: DueWork[] = [
  {
    subject: 'commitments falling due',
    table: 'commitment',
    column: 'fallsDueAt',
    /** A day has ended where its owner lives: promises fall due and asks lapse. One who moved west has it end later. */
    async work(trx, deps, now, atMost) {
      const rows = await lockFallingDue(trx, now, atMost);
      for (const row of rows) {
        const end = dueDayEnds(row.dueOn, row.ownerZone);
        if (isBefore(now, end)) {
          await setFallsDueAt(trx, row, end);
          continue;
        }
        await recordSettled(trx, deps, row);
        await markHomeStale(trx, row.workspaceId, [row.leaderId, row.partnerId, row.ownerId], now);
      }
      return rows.length;
    },
  },
];
