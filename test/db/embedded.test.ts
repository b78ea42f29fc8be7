import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { run } from '../../src/db/embedded/account.ts';
import { copyPackage, packagedRoot } from '../../src/db/embedded/binaries.ts';
import { DatabaseInUse, type EmbeddedDatabase, openEmbedded } from '../../src/db/embedded.ts';
import { sealKeysIn } from '../../src/db/seal-file.ts';

const log = pino({ level: 'silent' });
const asRoot = process.getuid?.() === 0;

/** A data folder that the tests start and stop one after another, because making each anew would take a second. */
let used: string;
let folder: string;
let open: EmbeddedDatabase[];
let children: ChildProcess[];

beforeAll(async () => {
  used = await mkdtemp(join(tmpdir(), 'accord-used-'));
  await chmod(used, 0o711);
  await sealKeysIn(used);
  await (await openEmbedded({ dataFolder: used, log })).close();
});

/** The server of somebody who was killed stops a moment later, and writes until then. */
const PATIENT = { recursive: true, maxRetries: 20, retryDelay: 50 };

afterAll(() => rm(used, PATIENT));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'accord-embedded-'));
  await chmod(folder, 0o711);
  open = [];
  children = [];
});

afterEach(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const database of open) await database.close();
  const elsewhere = await readFile(join(folder, 'hidden', 'data', 'database-folder'), 'utf8').catch(() => undefined);
  if (elsewhere) await rm(elsewhere.trim(), PATIENT);
  await rm(folder, { ...PATIENT, force: true });
});

async function opened(dataFolder: string): Promise<EmbeddedDatabase> {
  const database = await openEmbedded({ dataFolder, log });
  open.push(database);
  return database;
}

async function query(database: EmbeddedDatabase, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A real process on the data folder; resolves with what it prints. */
function inProcess(dataFolder: string, ...args: string[]) {
  const script = fileURLToPath(new URL('../support/embedded-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataFolder, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const exited = once(child, 'exit');
  const errors = text(child.stderr).then(async (words) => {
    await exited;
    return words;
  });
  return { child, exited, errors, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

test('the first start makes a durable database, and the next one finds it again', async () => {
  const data = join(folder, 'data');
  const first = await opened(data);
  await query(first, 'create table kept (n int); insert into kept values (1)');
  expect(
    await query(
      first,
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'data_checksums', 'listen_addresses') order by 1`,
    ),
  ).toEqual([
    { name: 'data_checksums', setting: 'on' },
    { name: 'fsync', setting: 'on' },
    { name: 'full_page_writes', setting: 'on' },
    { name: 'listen_addresses', setting: '' },
  ]);
  expect(await query(first, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user')).toEqual([
    { rolsuper: false, rolbypassrls: false },
  ]);
  await first.close();

  const again = await opened(data);
  expect(await query(again, 'select n from kept')).toEqual([{ n: 1 }]);
  expect((await stat(again.socketFolder)).mode & 0o777).toBe(0o700);
  expect((await stat(again.cluster)).mode & 0o777).toBe(0o700);
});

test('closing stops the server: nothing answers and no process number is left', async () => {
  const database = await opened(used);
  await database.close();
  await expect(query(database, 'select 1')).rejects.toThrow();
  expect(await readdir(database.cluster)).not.toContain('postmaster.pid');
});

test('the address works as DATABASE_URL of another process', async () => {
  const database = await opened(used);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  expect((await client.query('select current_user')).rows).toEqual([{ current_user: 'accord' }]);
  await client.end();
});

test('after a kill the next start works at once and has every row whose commit was acknowledged', async () => {
  let acknowledged = 0;
  for (let kill = 0; kill < 3; kill++) {
    const { child, exited, lines } = inProcess(used);
    await lines.next();
    for (let line = 0; line < 25; line++) acknowledged = Number((await lines.next()).value);
    child.kill('SIGKILL');
    await exited;
    const killed = performance.now();
    const database = await opened(used);
    expect(performance.now() - killed).toBeLessThan(5_000);
    const [kept] = await query(database, 'select max(n) as last, count(*)::int as rows from kept');
    expect(kept?.last).toBeGreaterThanOrEqual(acknowledged);
    expect(kept?.rows).toBe(kept?.last);
    await database.close();
  }
});

test('a server whose guard was killed too is stopped and taken over', async () => {
  const { child, exited, lines } = inProcess(used, '--hold');
  await lines.next();
  const left = await serverOf(used);
  await orphan(left);
  child.kill('SIGKILL');
  await exited;

  const database = await opened(used);
  expect(await query(database, 'select 1 as answer')).toEqual([{ answer: 1 }]);
  expect(await serverOf(used)).not.toBe(left);
});

test('a second process is refused with the name of the folder, and the first one goes on', async () => {
  const { child, lines } = inProcess(used, '--hold');
  await lines.next();
  const refused = await openEmbedded({ dataFolder: used, log }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DatabaseInUse);
  expect(refused).toHaveProperty(
    'message',
    `The data folder ${used} is in use by another Accord (process ${child.pid}). Stop that one first, or set ACCORD_DATA to another folder.`,
  );
  child.kill('SIGTERM');
});

test('of several that start at the same moment on a new folder, exactly one gets it', async () => {
  const data = join(folder, 'data');
  const starts = [1, 2, 3].map(() => inProcess(data, '--hold'));
  const outcomes = await Promise.all(
    starts.map(async ({ lines, errors }) => ((await lines.next()).done ? errors : '')),
  );
  const refused = outcomes.filter((words) => words !== '');
  expect(refused).toHaveLength(2);
  for (const words of refused) expect(words).toContain('is in use by another Accord');
  await expect(openEmbedded({ dataFolder: data, log })).rejects.toThrow(DatabaseInUse);
});

test('a server that dies under us is started again and stays ours', async () => {
  const database = await opened(used);
  const died = await serverOf(used);
  process.kill(died, 'SIGKILL');
  await untilAnswers(database);
  expect(await serverOf(used)).not.toBe(died);
  await expect(openEmbedded({ dataFolder: used, log })).rejects.toThrow(DatabaseInUse);
});

test('a process number that another program has by now does not stop the start', async () => {
  const database = await opened(used);
  const pidFile = await readFile(join(database.cluster, 'postmaster.pid'), 'utf8');
  await database.close();
  await writeFile(join(database.cluster, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
  expect(await query(await opened(used), 'select 1 as answer')).toEqual([{ answer: 1 }]);
});

test('what a first start left half made is of no harm', async () => {
  const data = join(folder, 'data');
  const { child, exited } = inProcess(data);
  child.kill('SIGKILL');
  await exited;
  await mkdir(join(data, `pg.new-${child.pid}-half`), { recursive: true, mode: 0o711 });
  await chmod(data, 0o711);
  expect(await query(await opened(data), 'select 1 as answer')).toEqual([{ answer: 1 }]);
  expect((await readdir(data)).filter((name) => name.startsWith('pg.new'))).toEqual([]);
});

test('a folder whose path is too long for a socket is no obstacle', async () => {
  const data = join(folder, ...Array.from({ length: 6 }, (_, part) => `${part}-a-rather-long-name`));
  const database = await opened(data);
  expect(database.cluster.startsWith(data)).toBe(true);
  expect(Buffer.byteLength(database.socketFolder)).toBeLessThanOrEqual(93);
  expect((await stat(database.socketFolder)).mode & 0o777).toBe(0o700);
  expect(await query(database, 'select 1 as answer')).toEqual([{ answer: 1 }]);
  await database.close();
  await expect(stat(database.socketFolder)).rejects.toThrow('ENOENT');
});

test('a cluster of another PostgreSQL version is left alone, with a word on what to do', async () => {
  const database = await opened(used);
  await database.close();
  await writeFile(join(database.cluster, 'PG_VERSION'), '17\n');
  await expect(openEmbedded({ dataFolder: used, log })).rejects.toThrow(/made by PostgreSQL 17.*DATABASE_URL/s);
  await writeFile(join(database.cluster, 'PG_VERSION'), '18\n');
});

test('a database whose sealing key is gone is not given a new one', async () => {
  await rename(join(used, 'seal.key'), join(folder, 'seal.key'));
  await expect(sealKeysIn(used)).rejects.toThrow(/seal\.key is not.*backup/s);
  expect(await readdir(used)).not.toContain('seal.key');
  await rename(join(folder, 'seal.key'), join(used, 'seal.key'));
});

test('below a folder that only we may enter it works too, elsewhere where the server cannot follow', async () => {
  const hidden = join(folder, 'hidden');
  await mkdir(hidden, { mode: 0o700 });
  const data = join(hidden, 'data');
  const database = await opened(data);
  expect(database.cluster.startsWith(data)).toBe(!asRoot); // PostgreSQL does not run as root, and nobody else gets in.
  await query(database, 'create table kept (n int); insert into kept values (1)');
  await database.close();

  const again = await opened(data);
  expect(again.cluster).toBe(database.cluster);
  expect(await query(again, 'select n from kept')).toEqual([{ n: 1 }]);
  await expect(sealKeysIn(data)).rejects.toThrow(database.cluster);
});

test('an account that cannot run the packaged binaries, or cannot link their libraries, gets a copy', async () => {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o711 });
  const place = { folder: data, cluster: join(data, 'pg'), account: asRoot ? { uid: 65_534, gid: 65_534 } : undefined };
  const { root } = await packagedRoot();
  const copy = join(data, 'copy');
  await copyPackage(root, copy);
  const { status, output } = await run(join(copy, 'native/bin/postgres'), ['--version'], place.account);
  expect([status, output]).toEqual([0, expect.stringMatching(/^postgres \(PostgreSQL\) 18/)]);
});

async function serverOf(data: string): Promise<number> {
  return Number((await readFile(join(data, 'pg', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Ends the shells around the server, so that nobody is left to stop it. */
async function orphan(server: number): Promise<void> {
  const { output } = await run('/bin/sh', ['-c', 'ps -A -o pid=,ppid='], undefined);
  const parents = new Map(
    output
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .map(([pid, parent]) => [pid, parent]),
  );
  const guard = parents.get(server);
  const watchers = [...parents].filter(([pid, parent]) => parent === guard && pid !== server).map(([pid]) => pid);
  for (const pid of [...watchers, guard]) if (pid !== undefined && pid > 1) process.kill(pid, 'SIGKILL');
}

async function untilAnswers(database: EmbeddedDatabase): Promise<void> {
  const until = performance.now() + 10_000;
  while (
    !(await query(database, 'select 1').then(
      () => true,
      () => false,
    ))
  ) {
    if (performance.now() > until) throw new Error('The server did not come back within 10 s');
  }
}
