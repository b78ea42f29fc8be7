import { handBackSome } from '../commitments/leaving.ts';
import { asWorkspace, startDeadline } from '../db/as-workspace.ts';
import type { Deps } from '../deps.ts';

/** Promises in one transaction: little enough that nobody waits long for a row of theirs. */
const HANDED_AT_ONCE = 50;
/** No more than a batch of due work may take. */
const HANDED_WITHIN_MS = 60_000;

/** What somebody who left owned for the firm is the leader's again, or its owner's where the settings name one. */
export async function handBackAll(deps: Deps, workspaceId: string, goneId: string): Promise<void> {
  let reached: string | undefined;
  do {
    const some = { afterId: reached, atMost: HANDED_AT_ONCE };
    reached = await asWorkspace(deps.db, workspaceId, (trx) => handBackSome(trx, deps, workspaceId, goneId, some), {
      deadline: startDeadline(HANDED_WITHIN_MS),
    });
  } while (reached !== undefined);
}
