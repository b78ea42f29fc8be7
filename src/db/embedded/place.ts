import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Account, canReach, giveTo, serverAccount } from './account.ts';
import { isErrno } from './errno.ts';

/** Where the server's files are, and the account that owns them. */
export type Place = {
  /** Holds the cluster `pg`, the server's log, and a copy of the binaries where the packaged ones cannot be used. */
  folder: string;
  cluster: string;
  account: Account;
};

/** As root only: for a data folder that the server's account cannot reach. */
const SYSTEM_FOLDER = '/var/lib';
/** Names the folder below SYSTEM_FOLDER that a data folder's database went to. */
const ELSEWHERE = 'database-folder';

/** Where the data folder's database is, if there is one. */
export async function findCluster(dataFolder: string): Promise<string | undefined> {
  const cluster = join((await elsewhere(dataFolder)) ?? resolve(dataFolder), 'pg');
  return (await statIfThere(cluster)) ? cluster : undefined;
}

export async function preparePlace(dataFolder: string, log: Logger): Promise<Place> {
  const data = resolve(dataFolder);
  // Others may pass through, so that the server's account gets to its own folder; only we may look around.
  await mkdir(data, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const known = await findCluster(data);
  const account = serverAccount(known ? await stat(known) : undefined);

  const folder = (await elsewhere(data)) ?? data;
  if (await canReach(folder, account)) return { folder, cluster: join(folder, 'pg'), account };
  if (known) {
    throw new Error(
      `The database in ${known} belongs to user ${account?.uid}, who cannot reach it any more. Let that user pass ` +
        `through the folders above it (chmod o+x), or set ACCORD_DATA to another folder.`,
    );
  }
  return moveElsewhere(data, account, log);
}

async function moveElsewhere(data: string, account: Account, log: Logger): Promise<Place> {
  const folder = await mkdtemp(join(SYSTEM_FOLDER, 'accord-'));
  await chmod(folder, 0o711);
  await writeFile(join(data, ELSEWHERE), `${folder}\n`);
  log.warn(
    { dataFolder: data, folder },
    `PostgreSQL does not run as root, and no other user can reach ${data}: the database is kept in ${folder}`,
  );
  return { folder, cluster: join(folder, 'pg'), account };
}

async function elsewhere(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, ELSEWHERE), 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** A socket's address holds 107 bytes; the server's socket is called `.s.PGSQL.5432`. */
const LONGEST_SOCKET_FOLDER = 93;

/** A folder that only the server's account (and root) may enter: whoever reaches the socket is let in. */
export async function makeSocketFolder({ folder, account }: Place): Promise<string> {
  const near = join(folder, 'socket');
  if (Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER) {
    await mkdir(near, { recursive: true, mode: 0o700 });
    await giveTo(account, near);
    return near;
  }
  const temporary = Buffer.byteLength(tmpdir()) <= LONGEST_SOCKET_FOLDER - 20 ? tmpdir() : '/tmp';
  const short = await mkdtemp(join(temporary, TEMPORARY));
  await giveTo(account, short);
  if (await canReach(short, account)) return short;
  await rm(short, { recursive: true });
  const lastResort = await mkdtemp(join('/tmp', TEMPORARY));
  await giveTo(account, lastResort);
  return lastResort;
}

const TEMPORARY = 'accord-socket-';

/** Clears away a socket folder in the temporary directory; the one in the data folder stays. */
export async function removeSocketFolder(socketFolder: string): Promise<void> {
  if (socketFolder.includes(`/${TEMPORARY}`)) await rm(socketFolder, { recursive: true, force: true });
}

export async function statIfThere(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
