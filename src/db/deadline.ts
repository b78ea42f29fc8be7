import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient } from 'pg';

/** How long a request may take to be saved: Slack wants its answer within 3 s. */
const REQUEST_MS = 2_300;
/** A COMMIT on its way may still come back; asking for less would turn many a "saved" into "possibly saved". */
const COMMIT_GRACE_MS = 300;

/** When a request must be done, on this machine's steady clock. */
export type Deadline = { readonly endsAt: number };

export const startDeadline = (milliseconds = REQUEST_MS): Deadline => ({ endsAt: performance.now() + milliseconds });

export const millisecondsLeft = (deadline: Deadline): number => Math.max(0, deadline.endsAt - performance.now());

/** The time was spent before COMMIT was sent: nothing of the transaction was saved. */
export class DeadlineSpent extends Error {
  override name = 'DeadlineSpent';

  constructor(options?: ErrorOptions) {
    super('The time for this request was spent before its changes were committed; none was saved.', options);
  }
}

/** COMMIT was sent and its answer never came: only a look at the data tells. */
export class PossiblySaved extends Error {
  override name = 'PossiblySaved';

  constructor(options?: ErrorOptions) {
    super('The connection to the database was lost while committing; the changes may or may not be saved.', options);
  }
}

/**
 * One transaction against its deadline. A timer of ours ends it by taking away the connections that it holds: the socket
 * is closed under a running statement, and the server rolls back. Nothing else holds in every case: the server's own
 * timeouts do not see a network that has gone quiet, a cancel request needs a server that answers, and a timeout for each
 * statement costs a round trip each. The statement timeout that `as-workspace` sets beside it only makes the server let go
 * of locks soon after, where it does not notice the closed socket.
 */
export class Attempt {
  readonly deadline: Deadline;
  readonly #held = new Map<PoolClient, PoolClient['release']>();
  #committing = false;
  #overdue: DeadlineSpent | PossiblySaved | undefined;

  constructor(deadline: Deadline) {
    this.deadline = deadline;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const { promise: cut, reject } = Promise.withResolvers<never>();
    const finished = current.run(this, work);
    let timer = setTimeout(() => {
      if (!this.#committing) return reject(this.#cut());
      timer = setTimeout(() => reject(this.#cut()), COMMIT_GRACE_MS);
    }, millisecondsLeft(this.deadline));
    try {
      return await Promise.race([finished, cut]);
    } catch (error) {
      throw this.#overdue ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes a connection from the pool; one that comes too late goes straight back. */
  async connect(connecting: Promise<PoolClient>): Promise<PoolClient> {
    const client = await connecting;
    if (this.#overdue) {
      client.release();
      throw this.#overdue;
    }
    const release = client.release.bind(client);
    this.#held.set(client, release);
    client.release = (destroy) => {
      if (this.#held.delete(client)) release(destroy);
    };
    return client;
  }

  startCommit(): void {
    if (millisecondsLeft(this.deadline) <= 0) throw new DeadlineSpent();
    this.#committing = true;
  }

  #cut(): DeadlineSpent | PossiblySaved {
    this.#overdue ??= this.#committing ? new PossiblySaved() : new DeadlineSpent();
    const held = [...this.#held];
    this.#held.clear();
    for (const [client, release] of held) {
      release(true);
      // By itself `pg` waits for whatever is in its pipeline, and the pool for `pg`.
      client.connection.stream.destroy();
    }
    return this.#overdue;
  }
}

const current = new AsyncLocalStorage<Attempt>();

/** The attempt that the calling code belongs to. Kysely hands no signal through to a transaction; this reaches its driver. */
export const currentAttempt = (): Attempt | undefined => current.getStore();
