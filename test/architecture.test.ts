import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const SRC = path.resolve('src');

/** The rooms from the ground up. A file imports of its own room and of those before it. */
const rooms = [
  ['ground'],
  ['db', 'slack'],
  ['delivery'],
  ['boundary'],
  ['people'],
  ['pairs'],
  ['cadence'],
  ['meetings'],
  ['commitments'],
  ['feedback'],
  ['profile'],
  ['numbers'],
  ['friction'],
  ['recap'],
  ['prep'],
  ['reminders'],
  ['digest'],
  ['record'],
  ['home'],
  ['setup'],
];
const SUBJECTS_FROM = rooms.findIndex(([room]) => room === 'boundary');
const INWARD = ['listeners', 'due', 'messages'];

type Import = { from: string; to: string; isType: boolean };

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(path.join(SRC, file), 'utf8').matchAll(/^(import|export)( type)?[^;]*?from '([^']+)';/gms)].map(
    ([, , isType, target = '']) => ({
      from: file,
      to: target.startsWith('.') ? path.relative(SRC, path.resolve(SRC, path.dirname(file), target)) : target,
      isType: isType !== undefined,
    }),
  ),
);
const roomOf = (file: string) => (file.includes('/') ? file.split('/')[0] : undefined);
const levelOf = (file: string) => rooms.findIndex((level) => level.includes(roomOf(file) ?? ''));
const partOf = (file: string) => path.basename(file, '.ts');
const said = ({ from, to }: Import) => `${from} imports ${to}`;
const within = imports.filter(({ to }) => to.endsWith('.ts'));

test('every folder of src has its place in the order', () => {
  const folders = new Set(files.map(roomOf).filter((room) => room !== undefined));
  expect([...folders].filter((room) => room !== 'rehearsal' && !rooms.flat().includes(room))).toEqual([]);
});

test('imports go downward only', () => {
  const upward = within.filter(({ from, to, isType }) => {
    if (roomOf(from) === 'rehearsal' || !roomOf(from)) return false;
    if (!roomOf(to)) return to !== 'deps.ts' || !isType;
    return levelOf(to) > levelOf(from);
  });
  expect(upward.map(said)).toEqual([]);
});

test('inside a subject nothing imports listeners, due work or messages', () => {
  const inward = within.filter(
    ({ from, to }) =>
      roomOf(from) === roomOf(to) &&
      levelOf(from) >= SUBJECTS_FROM &&
      INWARD.includes(partOf(to)) &&
      !INWARD.includes(partOf(from)),
  );
  expect(inward.map(said)).toEqual([]);
});

test('only app imports listeners; only tick imports due work and composers', () => {
  const owners: Record<string, string> = { listeners: 'app.ts', due: 'tick.ts', messages: 'tick.ts' };
  const others = within.filter(
    ({ from, to }) =>
      roomOf(from) !== roomOf(to) && levelOf(to) >= SUBJECTS_FROM && (owners[partOf(to)] ?? from) !== from,
  );
  expect(others.map(said)).toEqual([]);
});

test('rules know neither Slack nor SQL nor a clock', () => {
  const knowing = imports.filter(
    ({ from, to }) =>
      partOf(from) === 'rules' &&
      (/^(kysely|pg|@slack)/.test(to) || ['db', 'slack', 'delivery'].includes(roomOf(to) ?? '') || to === 'deps.ts'),
  );
  const clocks = files.filter(
    (file) =>
      partOf(file) === 'rules' && /Date\.now|Temporal\.Now|\bawait\b/.test(readFileSync(path.join(SRC, file), 'utf8')),
  );
  expect([knowing.map(said), clocks]).toEqual([[], []]);
});

test('nothing but main imports the rehearsal, and the rehearsal nothing of the product but the limits it enforces', () => {
  const inside = within.filter(
    ({ from, to }) => roomOf(to) === 'rehearsal' && roomOf(from) !== 'rehearsal' && from !== 'main.ts',
  );
  const outside = within.filter(
    ({ from, to }) => roomOf(from) === 'rehearsal' && !['rehearsal', 'ground', 'slack'].includes(roomOf(to) ?? ''),
  );
  expect([inside.map(said), outside.map(said)]).toEqual([[], []]);
});

const owned: [string, RegExp, RegExp][] = [
  ['the environment', /process\.env/, /^main\.ts$/],
  ['the real clock', /Temporal\.Now/, /^main\.ts$/],
  ['chat.postMessage and chat.update', /\bchat\.(postMessage|update)\(/, /^delivery\/send\.ts$/],
  [
    'Bolt',
    /from '@slack\/bolt'/,
    /^(app|bot|deps|reception|slack\/(clicks|tell))\.ts$|^setup\/|\/listeners\.ts$|\/listeners\//,
  ],
];

test.each(owned)('%s has one owner', (_what, pattern, owner) => {
  const using = files.filter(
    (file) =>
      roomOf(file) !== 'rehearsal' && !owner.test(file) && pattern.test(readFileSync(path.join(SRC, file), 'utf8')),
  );
  expect(using).toEqual([]);
});
