import pg from 'pg';

/** Held by one session of the process that owns the server, and given back by the server when that session ends. */
export type Ownership = {
  lost: Promise<void>;
  release: () => Promise<void>;
};

const OWNER_LOCK = 0x6163_636f;
const OWNER = 'accord owner ';

export class DatabaseInUse extends Error {
  override name = 'DatabaseInUse';
  /** The number of the process that has it, as far as the server knows. */
  readonly owner: string | undefined;

  constructor(dataFolder: string, owner: string | undefined) {
    super(
      `The data folder ${dataFolder} is in use by another Accord (process ${owner ?? 'unknown'}). ` +
        'Stop that one first, or set ACCORD_DATA to another folder.',
    );
    this.owner = owner;
  }
}

/** Throws `DatabaseInUse` when another process has it, and the driver's error when no server answers. */
export async function claim(server: pg.ClientConfig, dataFolder: string): Promise<Ownership> {
  const session = new pg.Client({ ...server, application_name: `${OWNER}${process.pid}`, keepAlive: true });
  const ended = new Promise<void>((resolve) => session.once('end', resolve));
  session.on('error', () => undefined); // What ended it does not matter: `lost` tells.
  try {
    await session.connect();
    const { rows } = await session.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [OWNER_LOCK]);
    if (!rows[0]?.mine) throw new DatabaseInUse(dataFolder, await ownerOf(session));
  } catch (error) {
    await session.end().catch(() => undefined);
    throw error;
  }
  // Known to `pg` but not to its types: owning a server keeps nobody from ending.
  if ('unref' in session && typeof session.unref === 'function') session.unref();
  const release = () => {
    // Giving it back has to be waited for, even when nothing else keeps this process.
    if ('ref' in session && typeof session.ref === 'function') session.ref();
    return session.end().catch(() => undefined);
  };
  return { lost: ended, release };
}

/** Throws `DatabaseInUse` when the server has an owner, and the driver's error when none answers. */
export async function refuseOwned(server: pg.ClientConfig, dataFolder: string): Promise<void> {
  const session = new pg.Client(server);
  session.on('error', () => undefined);
  try {
    await session.connect();
    const owner = await ownerOf(session);
    if (owner !== undefined) throw new DatabaseInUse(dataFolder, owner);
  } finally {
    await session.end().catch(() => undefined);
  }
}

async function ownerOf(session: pg.Client): Promise<string | undefined> {
  const { rows } = await session.query<{ name: string }>(
    `select application_name as name from pg_stat_activity
     where pid in (select pid from pg_locks where locktype = 'advisory' and objid = $1 and granted)`,
    [OWNER_LOCK],
  );
  return rows[0]?.name.replace(OWNER, '');
}
