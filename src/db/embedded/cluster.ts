import { chmod, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTo, run } from './account.ts';
import type { Binaries } from './binaries.ts';
import { isErrno } from './errno.ts';
import { type Place, statIfThere } from './place.ts';

const MAJOR_VERSION = '18';

/** Makes the cluster at the first start: complete under another name, then renamed, so that a crash leaves nothing half. */
export async function ensureCluster(
  { folder, cluster, account }: Place,
  binaries: Binaries,
  syncToDisk: boolean,
): Promise<void> {
  if (await statIfThere(cluster)) return refuseOtherVersion(cluster);

  await clearDrafts(folder);
  const draft = await mkdtemp(`${cluster}.new-${process.pid}-`);
  await giveTo(account, draft);
  const { status, output } = await run(
    binaries.initdb,
    [...initdbArgs(draft), ...(syncToDisk ? [] : ['--no-sync'])],
    account,
  );
  if (status !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(
      `PostgreSQL could not make its database in ${cluster} (${output}). Set DATABASE_URL to use a server of yours.`,
    );
  }
  await chmod(draft, 0o700);
  try {
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was first; whose it is, the lock will tell.
    if (!(await statIfThere(cluster))) throw error;
  }
}

/** What first starts left that were killed half-way. */
async function clearDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = /^pg\.new-(\d+)/.exec(name)?.[1];
    if (maker && !exists(Number(maker))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Anybody who reaches the socket is let in, and nobody reaches it but us; there is no port. */
const initdbArgs = (folder: string): string[] => [
  `--pgdata=${folder}`,
  '--username=postgres',
  '--auth-local=trust',
  '--auth-host=reject',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--data-checksums',
];

async function refuseOtherVersion(cluster: string): Promise<void> {
  const version = (await readFile(`${cluster}/PG_VERSION`, 'utf8')).trim();
  if (version === MAJOR_VERSION) return;
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${version}, and Accord now brings ${MAJOR_VERSION}. Start the Accord that made it, ` +
      'dump it with pg_dump, and load it into a server that DATABASE_URL names.',
  );
}

/** What a running server, or one that was killed, says about itself. */
export type Postmaster = { pid: number; socketFolder: string | undefined };

export async function readPostmaster({ cluster }: Pick<Place, 'cluster'>): Promise<Postmaster | undefined> {
  const lines = await readFile(`${cluster}/postmaster.pid`, 'utf8').then(
    (text) => text.split('\n'),
    () => undefined,
  );
  const pid = Number(lines?.[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, socketFolder: lines?.[4]?.trim() || undefined } : undefined;
}

/** Whether that process is this cluster's server: it may be dead, a zombie, or another program with the same number. */
export async function isRunning({ cluster }: Place, { pid }: Postmaster): Promise<boolean> {
  if (!exists(pid)) return false;
  return process.platform === 'linux' ? isServerOn(pid, cluster) : isNamedPostgres(pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

/** A postmaster works inside its data folder, whatever path that has. */
async function isServerOn(pid: number, cluster: string): Promise<boolean> {
  const [state, name] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').then(
      (text) => text.slice(text.lastIndexOf(')') + 2)[0],
      () => 'X',
    ),
    readFile(`/proc/${pid}/comm`, 'utf8').then(
      (text) => text.trim(),
      () => '',
    ),
  ]);
  if (state === 'Z' || state === 'X' || name !== 'postgres') return false;
  const [there, here] = await Promise.all([stat(`/proc/${pid}/cwd`).catch(() => undefined), stat(cluster)]);
  return there === undefined || (there.dev === here.dev && there.ino === here.ino);
}

async function isNamedPostgres(pid: number): Promise<boolean> {
  const { output } = await run('/bin/ps', ['-o', 'command=', '-p', String(pid)], undefined);
  return output.includes('postgres');
}

/** A number that now belongs to another program would make PostgreSQL refuse to start. */
export async function removeStalePid({ cluster }: Place): Promise<void> {
  await rm(`${cluster}/postmaster.pid`, { force: true });
}
