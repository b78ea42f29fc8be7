import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from './embedded/errno.ts';
import { findCluster } from './embedded/place.ts';
import { type SealKeys, sealKeysFrom } from './sealed.ts';

/**
 * The sealing keys of an embedded database: the file `seal.key` in its data folder, made at the first start. A database
 * whose key is gone is refused, because a new key would leave everything that people wrote unreadable unnoticed.
 */
export async function sealKeysIn(dataFolder: string): Promise<SealKeys> {
  const file = join(dataFolder, 'seal.key');
  const known = await readIfThere(file);
  if (known !== undefined) return sealKeysFrom(known.trim());

  const cluster = await findCluster(dataFolder);
  if (cluster) {
    throw new Error(
      `The database in ${cluster} is there but its key ${file} is not, and without it nothing that people wrote can be ` +
        'read. Put the file back from your backup, or set ACCORD_SEAL_KEY.',
    );
  }
  await makeKey(file);
  return sealKeysFrom((await readFile(file, 'utf8')).trim());
}

/** Complete or not there at all: written beside, then linked. Where two make one at once, the first one's stays. */
async function makeKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
