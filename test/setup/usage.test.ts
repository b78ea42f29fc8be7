import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Subcommands } from '../../src/deps.ts';
import { usage } from '../../src/setup/views.ts';
import { world } from '../support/world.ts';

/** The words that the subjects bring. */
async function registered(): Promise<string[]> {
  const files = readdirSync('src')
    .map((subject) => path.resolve('src', subject, 'listeners.ts'))
    .filter((file) => existsSync(file));
  const subjects: { subcommands?: Subcommands }[] = await Promise.all(files.map((file) => import(file)));
  return subjects.flatMap(({ subcommands }) => Object.keys(subcommands ?? {})).sort();
}

const named = (text: string): string[] => [...text.matchAll(/^`\/accord (\w+)/gm)].map(([, word = '']) => word).sort();

test('help names every word that a subject brings, and no other', async () => {
  expect(named(usage())).toEqual(await registered());
});

test('help is the answer to help, to nothing, and with a line more to anything unknown', async () => {
  await using w = await world();
  expect((await w.ana.types('/accord help')).answer?.text).toBe(usage());
  expect((await w.ana.types('/accord')).answer?.text).toBe(usage());
  expect((await w.ana.types('/accord dance')).answer?.text).toMatch(/^`\/accord dance` is not one of these:\n/);
});

test('every word that help names is answered', async () => {
  await using w = await world();
  for (const word of named(usage()))
    expect((await w.ana.types(`/accord ${word}`)).answer?.text ?? '').not.toContain('is not one of these');
});
