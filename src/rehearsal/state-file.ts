import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { RehearsalState } from './state.ts';

const SAVE_AFTER_MS = 50;
/** Raised when the state's shape changes so that an older file cannot be read. */
const FORMAT = 1;

export type StateFile = {
  /** Saves soon; many calls in a row are one write. */
  save(): void;
  /** Saves what has not been saved yet. */
  close(): Promise<void>;
};

/** What an earlier run left, or nothing. A file that cannot be read is put aside, never overwritten. */
export async function readState(path: string, log: Logger): Promise<RehearsalState | undefined> {
  const written = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (written === undefined) return undefined;
  try {
    const saved: { format: number; state: RehearsalState } = JSON.parse(written);
    if (saved.format === FORMAT) return saved.state;
  } catch {
    // Put aside below, with the older formats.
  }
  const aside = `${path}.unreadable`;
  await rename(path, aside);
  log.warn({ aside }, 'the rehearsal workspace could not be read; it was put aside and a fresh one was made');
  return undefined;
}

/** Keeps `state` in the file at `path`: written beside it and renamed, so that a kill at any moment leaves a whole one. */
export function keepState(path: string, state: RehearsalState, log: Logger): StateFile {
  let due: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify({ format: FORMAT, state }));
    await rename(`${path}.new`, path);
  };
  const flush = () => {
    due = undefined;
    writing = writing.then(write).catch((error) => log.error({ err: error }, 'the rehearsal workspace was not saved'));
    return writing;
  };
  return {
    save() {
      due ??= setTimeout(flush, SAVE_AFTER_MS);
    },
    async close() {
      if (due === undefined) return writing;
      clearTimeout(due);
      await flush();
    },
  };
}
