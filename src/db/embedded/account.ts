import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';

/** The system account that the server runs as; undefined for the one that we run as. */
export type Account = { uid: number; gid: number } | undefined;

/** "nobody" wherever it matters: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export function serverAccount(clusterOwner?: { uid: number; gid: number }): Account {
  if (process.getuid?.() !== 0) return undefined;
  if (clusterOwner && clusterOwner.uid !== 0) return { uid: clusterOwner.uid, gid: clusterOwner.gid };
  return { uid: NOBODY, gid: NOBODY };
}

/** Whether the account can enter the folder, or run the file: asked by trying, since modes alone do not tell. */
export async function canReach(path: string, account: Account): Promise<boolean> {
  if (!account) return true;
  const result = await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], account);
  return result.status === 0;
}

export async function giveTo(account: Account, path: string): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}

/** Runs a program to its end, with nothing of our environment but the path. */
export function run(program: string, args: string[], account: Account): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const options = { ...account, cwd: '/', env: SERVER_ENV, maxBuffer: 1_000_000 };
    execFile(program, args, options, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ status, output: `${stdout}${stderr}${error && !stderr ? error.message : ''}`.trim() });
    });
  });
}

export const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
