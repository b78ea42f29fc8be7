import { type Kysely, sql, type Transaction } from 'kysely';
import { DatabaseError } from 'pg';
import { Attempt, type Deadline, DeadlineSpent, millisecondsLeft, startDeadline } from './deadline.ts';
import { lockOnce, type Once, recordOnce } from './do-once.ts';
import { toItsEnd } from './lastly.ts';
import { opensWith } from './opening.ts';
import type { Database } from './schema.ts';

export { type Deadline, DeadlineSpent, millisecondsLeft, PossiblySaved, startDeadline } from './deadline.ts';

/** No batch of the tick takes this long; a database that does not answer must not stop the tick for good. */
const TICK_MS = 60_000;

type Work<T> = (trx: Transaction<Database>) => Promise<T>;

/**
 * One transaction in which only this workspace's rows exist: a forgotten `where` returns nothing foreign. With a deadline,
 * waiting for a connection, for locks and for COMMIT all count: throws `DeadlineSpent` when nothing was saved and
 * `PossiblySaved` when only the database knows. With `once`, the first transaction of a request that changes something is
 * saved once, however often the request comes: throws `AlreadyDone` for every further time. With `reads` the database
 * refuses any change, and nobody waits for its COMMIT.
 */
export async function asWorkspace<T>(
  db: Kysely<Database>,
  workspaceId: string,
  work: Work<T>,
  { deadline, once, reads = false }: { deadline?: Deadline; once?: Once; reads?: boolean } = {},
): Promise<T> {
  if (workspaceId === '' || workspaceId === EVERY) throw new TypeError('This is no workspace id');
  let changed = false;
  const workOnce: Work<T> = async (trx) => {
    if (!once || once.isSaved || reads) return toItsEnd(trx, work);
    await lockOnce(trx, once);
    const result = await toItsEnd(trx, work);
    changed = await recordOnce(trx, workspaceId, once);
    return result;
  };
  const role = { role: 'accord_listener', workspace: workspaceId, reads } as const;
  const result = await within(deadline, () => inRole(db, role, workOnce, deadline));
  if (once && changed) once.isSaved = true;
  return result;
}

/** One transaction over all workspaces, for timed work, delivery and installation. */
export async function asTick<T>(
  db: Kysely<Database>,
  work: Work<T>,
  { deadline = startDeadline(TICK_MS) }: { deadline?: Deadline } = {},
): Promise<T> {
  const role = { role: 'accord_tick', workspace: EVERY } as const;
  return within(deadline, () => inRole(db, role, (trx) => toItsEnd(trx, work), deadline));
}

/** Sees every row where the table's own policy asks for it. */
const EVERY = '*';

async function inRole<T>(
  db: Kysely<Database>,
  { role, workspace, reads = false }: { role: 'accord_listener' | 'accord_tick'; workspace: string; reads?: boolean },
  work: Work<T>,
  deadline?: Deadline,
): Promise<T> {
  const acting = (await usesRoles(db)) ? role : 'none';
  // Zero would mean no limit at all.
  const limit = deadline ? Math.max(1, Math.ceil(millisecondsLeft(deadline))) : 0;
  const settings = { role: acting, 'accord.workspace': workspace, statement_timeout: String(limit) };
  return opensWith({ settings, reads }, () => db.transaction().execute(work));
}

async function within<T>(deadline: Deadline | undefined, work: () => Promise<T>): Promise<T> {
  if (!deadline) return work();
  try {
    return await new Attempt(deadline).run(work);
  } catch (error) {
    throw isTimeout(error) ? new DeadlineSpent({ cause: error }) : error;
  }
}

const QUERY_CANCELED = '57014';
const isTimeout = (error: unknown): boolean => error instanceof DatabaseError && error.code === QUERY_CANCELED;

const known = new WeakMap<Kysely<Database>, Promise<boolean>>();

/**
 * Whether listeners and the tick act in roles of their own, which the first migration settled. Where it could make none,
 * the workspace setting alone guards the rows.
 */
export function usesRoles(db: Kysely<Database>): Promise<boolean> {
  const asked = known.get(db);
  if (asked) return asked;
  const answer = askForRoles(db);
  known.set(db, answer);
  answer.catch(() => known.delete(db));
  return answer;
}

async function askForRoles(db: Kysely<Database>): Promise<boolean> {
  const { rows } = await sql<{ uses: boolean }>`select accord_uses_roles() as uses`.execute(db);
  return rows[0]?.uses ?? false;
}
