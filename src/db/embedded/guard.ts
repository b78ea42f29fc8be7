import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_ENV } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

/**
 * The server's parent. It reads a pipe that only we hold: when we stop, or are killed in whatever way, the pipe ends and
 * the server is told to stop fast. When the server ends first, so does the guard.
 */
const GUARD = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
( while read -r _ <&3; do :; done; kill -INT "$server" ) &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

export type Guard = {
  exited: Promise<number | null>;
  hasExited: () => boolean;
  /** Fast shutdown: clients are disconnected, everything is on disk when this returns. */
  stop: () => Promise<void>;
};

/** After this, the server is stopped without waiting for its clients or a checkpoint; it recovers at the next start. */
const PATIENCE_MS = 15_000;
const LONGEST_LOG = 5_000_000;

export type ServerSettings = Record<string, string | number>;

export async function startServer(
  place: Place,
  { postgres }: Binaries,
  socketFolder: string,
  settings: ServerSettings,
): Promise<Guard> {
  const log = await openLog(place);
  try {
    const args = [
      '-D',
      place.cluster,
      ...asArguments({ ...SETTINGS, unix_socket_directories: socketFolder, ...settings }),
    ];
    const guard = spawn('/bin/sh', ['-c', GUARD, 'accord-database', postgres, ...args], {
      ...place.account,
      detached: true, // Ctrl-C goes to us alone, and we stop the server in our own order.
      cwd: '/',
      env: SERVER_ENV,
      stdio: ['pipe', log.fd, log.fd],
    });
    return watch(guard);
  } finally {
    await log.close();
  }
}

/** One small team's server: no port, no parallel workers, no just-in-time compiler; what it logs holds no rows. */
const SETTINGS: ServerSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'on',
  full_page_writes: 'on',
  max_connections: 50,
  shared_buffers: '32MB',
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const asArguments = (settings: ServerSettings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

async function openLog({ folder }: Place) {
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600);
  if ((await log.stat()).size > LONGEST_LOG) await log.truncate();
  return log;
}

function watch(guard: ChildProcess): Guard {
  let ended = false;
  const exited = new Promise<number | null>((resolve) => {
    const end = (status: number | null) => {
      ended = true;
      resolve(status);
    };
    guard.once('exit', end);
    guard.once('error', () => end(null));
  });
  guard.stdin?.on('error', () => undefined); // It ends before us when the server does.
  guard.unref();
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();

  const stop = async () => {
    guard.ref();
    guard.stdin?.destroy();
    const impatience = setTimeout(() => guard.pid && !ended && process.kill(-guard.pid, 'SIGQUIT'), PATIENCE_MS);
    await exited;
    clearTimeout(impatience);
  };
  return { exited, hasExited: () => ended, stop };
}
