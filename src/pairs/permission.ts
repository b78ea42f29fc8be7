import type { Transaction } from 'kysely';
import { recordAudit } from '../db/audit.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { type Actor, may, type Thing, type Verb } from './rules.ts';

/**
 * Asks the permission table and writes the decision to the audit. A thing that does not exist is denied like one that is
 * somebody else's, so that an answer never tells which.
 */
export async function allowed<T extends Thing>(
  trx: Transaction<Database>,
  deps: Pick<Deps, 'clock' | 'newId'>,
  actor: Actor & { workspaceId: string },
  verb: Verb,
  thing: (T & { id: string }) | undefined,
): Promise<boolean> {
  const decision = thing !== undefined && may(actor, verb, thing) ? 'allowed' : 'denied';
  await recordAudit(trx, {
    workspaceId: actor.workspaceId,
    id: deps.newId(),
    at: deps.clock(),
    actorId: actor.id,
    verb,
    thing: thing?.id ?? 'unknown',
    decision,
  });
  return decision === 'allowed';
}

/** The same for what is of no pair, which the table does not know. */
export const auditFirm = (
  trx: Transaction<Database>,
  deps: Pick<Deps, 'clock' | 'newId'>,
  { workspaceId, id }: Actor & { workspaceId: string },
  verb: string,
  isAllowed: boolean,
): Promise<void> =>
  recordAudit(trx, {
    workspaceId,
    id: deps.newId(),
    at: deps.clock(),
    actorId: id,
    verb,
    thing: workspaceId,
    decision: isAllowed ? 'allowed' : 'denied',
  });
