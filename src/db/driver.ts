import { type AbortableOperationOptions, CompiledQuery, PostgresDialect, PostgresDriver } from 'kysely';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { currentAttempt, PossiblySaved } from './deadline.ts';
import { opening } from './opening.ts';
import { encrypted, type SealKeys } from './sealed.ts';

/**
 * Kysely's PostgreSQL, with transactions that keep to their deadline, sealed text encrypted on its way out, and errors that
 * do not tell what people wrote.
 */
export class AccordDialect extends PostgresDialect {
  readonly #pool: Pool;
  readonly #seal: SealKeys;

  constructor(pool: Pool, seal: SealKeys) {
    super({ pool });
    this.#pool = pool;
    this.#seal = seal;
  }

  override createDriver(): PostgresDriver {
    return new AccordDriver(this.#pool, this.#seal);
  }
}

type Connection = Awaited<ReturnType<PostgresDriver['acquireConnection']>>;

class AccordDriver extends PostgresDriver {
  readonly #seal: SealKeys;
  readonly #plain = new WeakMap<Connection, Connection['executeQuery']>();
  readonly #begun = new WeakMap<Connection, { begun: Promise<unknown>; reads: boolean }>();

  constructor(pool: Pool, seal: SealKeys) {
    const connect = (): Promise<PoolClient> => {
      const connecting = pool.connect();
      return currentAttempt()?.connect(connecting) ?? connecting;
    };
    super({ pool: { connect, end: () => pool.end(), options: pool.options } });
    this.#seal = seal;
  }

  override async acquireConnection(options?: AbortableOperationOptions): Promise<Connection> {
    const connection = await super.acquireConnection(options);
    if (this.#plain.has(connection)) return connection;
    const execute = connection.executeQuery.bind(connection);
    this.#plain.set(connection, execute);
    connection.executeQuery = <R>(query: CompiledQuery) =>
      execute<R>({ ...query, parameters: encrypted(query.parameters, this.#seal) }).catch(async (error) => {
        // What follows a transaction that could not begin only hears that it is aborted.
        await this.#begun.get(connection)?.begun.catch(rethrowDiscreetly);
        return rethrowDiscreetly(error);
      });
    return connection;
  }

  /** Sent and not waited for: the first statement follows at once, and fails where this has failed. */
  override async beginTransaction(connection: Connection): Promise<void> {
    const execute = this.#plain.get(connection);
    if (!execute) throw new TypeError('This connection is not of this pool');
    const { statement, reads } = opening();
    const begun = execute(CompiledQuery.raw(statement));
    begun.catch(() => undefined);
    this.#begun.set(connection, { begun, reads });
  }

  /**
   * Anything but the server's own refusal leaves open whether the COMMIT arrived. What was only read is read, whatever
   * becomes of it: the connection's next statement waits behind it.
   */
  override async commitTransaction(connection: Connection): Promise<void> {
    const { begun, reads } = this.#begun.get(connection) ?? {};
    await begun?.catch(rethrowDiscreetly);
    this.#begun.delete(connection);
    if (reads) return void super.commitTransaction(connection).catch(() => undefined);
    currentAttempt()?.startCommit();
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      throw isRefusal(error) ? error : new PossiblySaved({ cause: error });
    }
  }

  /** A connection that cannot even roll back is discarded, and the server rolls back what it held; the first error stays the one that is thrown. */
  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
    this.#begun.delete(connection);
  }
}

/** Lost connections, shutdowns and broken disks tell nothing about the COMMIT; every other error of the server is its no. */
const UNTOLD = /^(08|57P|58|XX)/;

const isRefusal = (error: unknown): boolean =>
  error instanceof DatabaseError
    ? error.code !== undefined && !UNTOLD.test(error.code)
    : error instanceof Error && error.name === 'AbortedTransactionError';

/** PostgreSQL repeats the failing row in an error's detail, which loggers would write out. */
function rethrowDiscreetly(error: unknown): never {
  if (error instanceof DatabaseError) {
    for (const key of ['detail', 'where', 'internalQuery'] as const) {
      Object.defineProperty(error, key, { value: error[key], enumerable: false, configurable: true, writable: true });
    }
  }
  throw error;
}
