import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { DatabaseError } from 'pg';
import { asTick } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Claimed } from './claim.ts';
import type { DeliverySettings } from './compose.ts';
import { type Posted, recordPosted } from './record.ts';

const LONGEST_PAUSE_MS = 1_000;
/** Classes of the server's own refusals that mean "not now": lost or refused connections, conflicts, no room, shutdown. */
const NOT_NOW = /^(08|40|53|55|57|58)/;
const READ_ONLY = '25006';

/**
 * One transaction, repeated while the database is away or busy, until `until` on the machine's steady clock: what Slack
 * already took has to be written down, and what is leased to us should not wait for the lease to end.
 */
export async function whileDatabaseIsAway<T>(
  db: Kysely<Database>,
  until: number,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let pause = 50; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await asTick(db, work);
    } catch (error) {
      if (!mayPass(error) || performance.now() + pause > until) throw error;
    }
    await sleep(pause);
  }
}

/** Between two records in a row: one statement for forty messages costs little more than one for one. */
const GATHER_MS = 12;

/** Writes down what was posted: at once when nothing was for a while, else together with the next ones. */
export type Recorder = { posted(row: Claimed, posted: Posted, until: number): Promise<void> };

type Waiting = { row: Claimed; posted: Posted; until: number; done: PromiseWithResolvers<void> };

export function makeRecorder(db: Kysely<Database>, settings: DeliverySettings): Recorder {
  let waiting: Waiting[] = [];
  let isWriting = false;

  const write = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const until = Math.min(...batch.map((one) => one.until));
      const written = whileDatabaseIsAway(db, until, (trx) => recordPosted(trx, batch, settings));
      for (const { done } of batch) written.then(done.resolve, done.reject);
      await written.catch(() => undefined);
      await sleep(GATHER_MS);
    }
    isWriting = false;
  };

  return {
    posted(row, posted, until) {
      const done = Promise.withResolvers<void>();
      waiting.push({ row, posted, until, done });
      if (!isWriting) void write();
      return done.promise;
    },
  };
}

const CONNECTION_LOST = /connection|terminat|timeout|socket/i;

function mayPass(error: unknown): boolean {
  if (error instanceof DatabaseError) return NOT_NOW.test(error.code ?? '') || error.code === READ_ONLY;
  if (!Error.isError(error)) return false;
  if (error.name === 'PossiblySaved' || error.name === 'DeadlineSpent') return true;
  return ('syscall' in error && 'code' in error) || (error.name === 'Error' && CONNECTION_LOST.test(error.message));
}
