import { asWorkspace } from '../db/as-workspace.ts';
import { refreshPosted } from '../delivery/outbox.ts';
import type { AccordApp, Deps } from '../deps.ts';
import { dayIn, startOfDay } from '../ground/zoned.ts';
import { bundleKey, nextBundleAt } from '../people/rules.ts';
import { findPersonOrThrow } from '../people/store.ts';
import { nextMonday } from './rules.ts';
import { setBundle } from './store.ts';
import { SNOOZE } from './views.ts';

export function register(app: AccordApp, deps: Deps): void {
  app.action(SNOOZE, async ({ ack, context }) => {
    const { workspaceId, actor } = context;
    await asWorkspace(
      deps.db,
      workspaceId,
      async (trx) => {
        const now = deps.clock();
        const person = await findPersonOrThrow(trx, workspaceId, actor.id);
        const snoozedUntil = startOfDay(nextMonday(dayIn(person.zone, now)), person.zone);
        if (person.bundledOn) await refreshPosted(trx, workspaceId, [bundleKey(person.id, person.bundledOn)], now);
        await setBundle(trx, person, { snoozedUntil, bundleDueAt: nextBundleAt({ ...person, snoozedUntil }, now) });
      },
      context,
    );
    await ack();
    deps.wake();
  });
}
