import { WebAPIPlatformError } from '@slack/web-api';
import { asTick, asWorkspace } from '../db/as-workspace.ts';
import { readFailure } from '../delivery/failures.ts';
import type { Deps } from '../deps.ts';
import { isSomebody } from '../pairs/rules.ts';
import { findPerson } from '../people/store.ts';
import { gatherHome } from './gather.ts';
import { leaveHomesAlone, recordDrawn, type Taken } from './store.ts';
import { homeView } from './views.ts';

const ATTEMPTS = 3;

/**
 * Draws a Home from today's facts. Where Slack does not take it now, its mark stays and it is drawn again soon; where it
 * never will, the next change tries again. Where Slack asked to be left alone, the workspace's other Homes wait too:
 * gathering what each shows only to be refused would take the database's time from those who wait for an answer.
 */
export async function drawHome(deps: Deps, taken: Taken): Promise<void> {
  try {
    const hash = await publish(deps, taken);
    await asWorkspace(deps.db, taken.workspaceId, (trx) => recordDrawn(trx, taken, hash));
  } catch (error) {
    const failure = readFailure(error);
    deps.log.warn({ failure: failure.kind, reason: failure.reason }, 'a Home was not drawn');
    if (failure.kind === 'later' && failure.ms !== undefined) {
      const until = deps.clock().add({ milliseconds: failure.ms });
      await asTick(deps.db, (trx) => leaveHomesAlone(trx, taken.workspaceId, until));
    }
    if (failure.kind === 'stopped' || failure.kind === 'unknown')
      await asWorkspace(deps.db, taken.workspaceId, (trx) => recordDrawn(trx, taken, undefined));
  }
}

/** Undefined when there is nobody to show anything to. */
async function publish(deps: Deps, { workspaceId, id }: Taken): Promise<string | undefined> {
  let refused: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const drawn = await asWorkspace(
      deps.db,
      workspaceId,
      async (trx) => {
        const viewer = await findPerson(trx, workspaceId, id);
        if (!viewer || !isSomebody(viewer)) return undefined;
        return { view: homeView(await gatherHome(trx, viewer, deps.clock())), hash: viewer.homeHash };
      },
      { reads: true },
    );
    if (!drawn) return undefined;
    // A hash that Slack refused although nobody has noted a newer one was lost with whoever published last.
    const hash = drawn.hash === refused || drawn.hash === null ? undefined : drawn.hash;
    try {
      const client = await deps.slack(workspaceId);
      const answer = await client.views.publish({ user_id: id, view: drawn.view, ...(hash && { hash }) });
      return answer.view?.hash ?? '';
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      refused = hash;
    }
  }
}

const isConflict = (error: unknown): boolean =>
  error instanceof WebAPIPlatformError && error.data.error === 'hash_conflict';
