import { asWorkspace } from '../../db/as-workspace.ts';
import { firstTime } from '../../db/do-once.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { allowed } from '../../pairs/permission.ts';
import { findPair } from '../../pairs/store.ts';
import { clickedValue } from '../../slack/clicks.ts';
import { act } from '../acting.ts';
import { ADD_AGAIN, type Saved, savedWords, WEEK_EARLIER, WEEK_LATER } from '../answers.ts';
import { findCommitment } from '../store.ts';
import { type Entry, GONE, writeCommitment } from '../writing.ts';
import { savedAs, savedOf } from './writer.ts';

const SAVED_ALREADY = 'That is saved already. `/accord ledger` shows it.';

/** What its writer makes of a typed line at once: the same again, or the other day that it could have meant. */
export function registerSecondThoughts(app: AccordApp, deps: Deps): void {
  app.action(ADD_AGAIN, async ({ ack, action, context, respond }) => {
    const saved = await addAgain(deps, context, clickedValue(action));
    await ack();
    deps.wake();
    const words = saved.ok ? savedWords(saved.value, context.actor, deps.clock()) : { text: saved.why };
    await respond({ response_type: 'ephemeral', replace_original: true, ...words });
  });

  for (const [actionId, days] of [
    [WEEK_LATER, 7],
    [WEEK_EARLIER, -7],
  ] as const) {
    app.action(actionId, async ({ ack, action, context, respond }) => {
      const saved = await redate(deps, context, clickedValue(action), days);
      await ack();
      deps.wake();
      const words = saved.ok ? savedWords(saved.value, context.actor, deps.clock()) : { text: saved.why };
      await respond({ response_type: 'ephemeral', replace_original: saved.ok, ...words });
    });
  }
}

/** The same once more, meant so: once for each line that was shown. */
function addAgain(deps: Deps, asked: Asked, id: string | undefined): Promise<Outcome<Saved>> {
  const { workspaceId, actor } = asked;
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const row = isId(id) ? await findCommitment(trx, workspaceId, id) : undefined;
      const pair = row && (await findPair(trx, workspaceId, row.pairId));
      const may = await allowed(trx, deps, actor, 'see commitment', row);
      if (!may || !row || pair?.state !== 'active' || row.writtenBy !== actor.id) return refuse(GONE);
      if (!(await firstTime(trx, workspaceId, `again:${row.id}`, deps.clock()))) return refuse(SAVED_ALREADY);
      const entry: Entry = { side: row.side, text: row.text, dueOn: row.dueOn, priority: row.priority };
      const written = await writeCommitment(trx, deps, pair, actor, {
        ...entry,
        colleagueId: row.askedOwnerId ?? undefined,
      });
      return written.ok ? done(savedAs(written.value)) : written;
    },
    asked,
  );
}

/** The other reading of the day that was typed. */
function redate(deps: Deps, asked: Asked, id: string | undefined, days: number): Promise<Outcome<Saved>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const row = isId(id) ? await findCommitment(trx, asked.workspaceId, id) : undefined;
      if (!row) {
        await allowed(trx, deps, asked.actor, 'undo own change', undefined);
        return refuse(GONE);
      }
      const acted = await act(trx, deps, asked.actor, row.id, { act: 'date', to: row.dueOn.add({ days }) });
      if (!acted.ok) return acted;
      // Undo still takes the whole line back: its value is the writing, not this second thought.
      return done(await savedOf(trx, { ...acted.value.row, lastId: row.lastId }));
    },
    asked,
  );
}
