import { findGoneOwners } from '../commitments/owner-store.ts';
import { asTick, asWorkspace } from '../db/as-workspace.ts';
import type { Deps } from '../deps.ts';
import { refreshPeople } from '../people/directory.ts';
import { findFirmOwner } from '../people/store.ts';
import { handBackAll } from './handing-back.ts';
import { claimChecks, findUnheardOf, recordChecked, recordUninstalled } from './store.ts';

const WORKSPACES_AT_ONCE = 4;
const ASKED_AT_ONCE = 10;
/** Slack allows a hundred such questions a minute. */
const ASKED_IN_ALL = 50;
/** Whoever was heard of within this long is not asked about. */
const HEARD_WITHIN = { hours: 23 };

/** The daily look at tokens, people and what they left behind, for whatever no event told. Returns how many workspaces it took. */
export async function checkWorkspaces(deps: Deps, now: Temporal.Instant): Promise<number> {
  const ids = await asTick(deps.db, (trx) => claimChecks(trx, now, WORKSPACES_AT_ONCE));
  await Promise.all(
    ids.map((id) =>
      check(deps, id, now).catch((error) =>
        deps.log.warn({ workspace: id, reason: reasonOf(error) }, 'a workspace could not be checked; again soon'),
      ),
    ),
  );
  return ids.length;
}

async function check(deps: Deps, workspaceId: string, now: Temporal.Instant): Promise<void> {
  await inheritFromGone(deps, workspaceId);
  const token = await testToken(deps, workspaceId);
  if (!token.works) {
    await asWorkspace(deps.db, workspaceId, (trx) => recordUninstalled(trx, workspaceId, { happenedAt: now, now }));
    return;
  }
  const isComplete = await checkPeople(deps, workspaceId, now);
  await asWorkspace(deps.db, workspaceId, (trx) =>
    recordChecked(trx, workspaceId, { scopes: token.scopes, isComplete, now }),
  );
}

/** Where the settings name an owner of the firm, what nobody is left to answer for is theirs. */
async function inheritFromGone(deps: Deps, workspaceId: string): Promise<void> {
  const gone = await asWorkspace(deps.db, workspaceId, async (trx) =>
    (await findFirmOwner(trx, workspaceId)) ? findGoneOwners(trx, workspaceId) : [],
  );
  for (const personId of gone) await handBackAll(deps, workspaceId, personId);
}

const DEAD = ['account_inactive', 'token_revoked', 'invalid_auth'];

async function testToken(
  deps: Deps,
  workspaceId: string,
): Promise<{ works: true; scopes: string[] | undefined } | { works: false }> {
  try {
    const answer = await (await deps.slack(workspaceId)).auth.test();
    return { works: true, scopes: answer.response_metadata?.scopes };
  } catch (error) {
    if (DEAD.includes(reasonOf(error))) return { works: false };
    throw error;
  }
}

/** False when there are more to ask about than one go may take. */
async function checkPeople(deps: Deps, workspaceId: string, now: Temporal.Instant): Promise<boolean> {
  const ids = await asWorkspace(deps.db, workspaceId, (trx) =>
    findUnheardOf(trx, workspaceId, now.subtract(HEARD_WITHIN), ASKED_IN_ALL),
  );
  for (let from = 0; from < ids.length; from += ASKED_AT_ONCE) {
    await refreshPeople(deps, workspaceId, ids.slice(from, from + ASKED_AT_ONCE));
  }
  return ids.length < ASKED_IN_ALL;
}

/** Slack's name of the error, or what went wrong on the way; never what was sent. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'data' in error && typeof error.data === 'object' && error.data !== null) {
    const { error: name } = error.data as { error?: unknown };
    if (typeof name === 'string') return name;
  }
  return error instanceof Error ? error.name : 'unknown';
}
