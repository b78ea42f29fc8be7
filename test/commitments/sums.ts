import { findHistory } from '../../src/commitments/event-store.ts';
import { fold, recorded } from '../../src/commitments/facts.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import type { World } from '../support/world.ts';

/** Each commitment as its row has it, and as its events add up to. */
export const rowsAndSums = (w: Pick<World, 'database'>) =>
  asTick(w.database.db, async (trx) => {
    const rows = await trx.selectFrom('commitment').selectAll().orderBy('id').execute();
    const histories = rows.map(async (row) => {
      const events = (await findHistory(trx, row.workspaceId, row.id)).toReversed();
      return { row: recorded(row), sum: recorded(fold(events)), verbs: events.map(({ verb }) => verb) };
    });
    return Promise.all(histories);
  });
