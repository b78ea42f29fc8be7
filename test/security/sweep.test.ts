import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type World, world } from '../support/world.ts';
import { altered } from './altered.ts';
import { allTry, delivers, denials, dump, type Input, type Stranger, tries } from './forged.ts';
import { registered } from './registered.ts';
import { CANARY, madeThings, secondWorkspace, type Things } from './things.ts';
import { isSwept, VERBS } from './verbs.ts';

const NOWHERE = '0190c0de-0000-7000-8000-000000000000';
const NOBODY = 'U0NOBODY01';

let w: World;
let things: Things;
let strangers: Stranger[] = [];
/** Everything that there is, as the last test left it. */
let left: Awaited<ReturnType<typeof dump>>;
const FORMER = 'a former leader';

beforeAll(async () => {
  w = await world();
  things = await madeThings(w);
  strangers = [
    { who: 'a peer, who has a one-on-one with the same leader', userId: w.marcus.id },
    { who: FORMER, userId: w.mia.id },
    { who: 'an admin and owner of the Slack workspace', userId: w.dana.id },
    { who: 'a guest', userId: w.gus.id },
    { who: 'somebody of another firm in a shared channel', userId: w.otto.id },
    await secondWorkspace(w),
  ];
  // They are known by now, so that to meet them changes nothing any more.
  for (const stranger of strangers) await tries(w, stranger, { kind: 'command', command: '/accord', text: 'help' });
  left = await dump(w);
}, 120_000);
afterAll(() => w[Symbol.asyncDispose]());

/** What each of them was told in return to each. */
async function inTurn(who: Stranger[], inputs: Input[]): Promise<string[][]> {
  const said: string[][] = [];
  for (const input of inputs) said.push(await allTry(w, who, input));
  return said;
}

async function nothingChanged(): Promise<void> {
  await w.settles();
  const before = left;
  left = await dump(w);
  expect(left).toEqual(before);
}

test('SEC1: everything that is listened to is swept, or says why nobody can be a stranger to it', () => {
  const known = VERBS.map(({ id }) => id);
  expect(registered(w.bot.app, w.bot.deps).toSorted()).toEqual(known.toSorted());
});

const swept = VERBS.flatMap((verb) => (isSwept(verb) ? [[verb.id, verb] as const] : []));

describe('SEC1: nobody else', () => {
  test.each(swept)(
    '%s',
    async (_id, verb) => {
      const [real, none] = verb.about === 'partner' ? [w.ana.id, NOBODY] : [things[verb.about], NOWHERE];
      const inputs = verb.inputs(real, things);
      const others = strangers.filter(({ who }) => !(verb.mayFormer && who === FORMER));
      const denied = await denials(w);
      const said = await inTurn(others, inputs);
      const since = await denials(w);
      const saidOfNone = await inTurn(others, verb.inputs(none, things));
      expect(said).toEqual(saidOfNone.map((one) => one.map((words) => words.replaceAll(none, real))));
      expect(JSON.stringify(said)).not.toMatch(new RegExp(`${CANARY}|"failed"`));
      for (const stranger of others)
        if (!verb.unaudited)
          expect([stranger.who, since(stranger) - denied(stranger)]).toEqual([stranger.who, inputs.length]);
      await nothingChanged();
    },
    60_000,
  );
});

const theTwo = (): Stranger[] => [
  { who: 'the leader', userId: w.kiran.id },
  { who: 'the partner', userId: w.ana.id },
];

async function neitherFails(forged: readonly Input[]): Promise<void> {
  for (const input of forged)
    for (const { status } of await Promise.all(theTwo().map((somebody) => delivers(w, somebody, input))))
      expect([input, status]).not.toEqual([input, 'failed']);
}

/** What no screen of ours carries in place of an id. */
const junk = ['', 'null', '{}', "' or 1=1 --", NOWHERE.toUpperCase(), 'x'.repeat(2000)];

describe('SEC4: what was altered changes nothing, also for the two of the pair', () => {
  test.each(swept.filter(([, { about }]) => about !== 'partner'))(
    '%s',
    async (_id, verb) => {
      if (verb.about === 'partner') return;
      // An id that is theirs, of something else.
      const another = things[verb.about === 'pair' ? 'recap' : 'pair'];
      const forged = [
        ...[...junk, another].flatMap((value) => verb.inputs(value, things).slice(0, 2)),
        ...verb.inputs(things[verb.about], things).slice(0, 2).flatMap(altered),
      ];
      await neitherFails(forged);
      await nothingChanged();
    },
    60_000,
  );

  const own = VERBS.flatMap((verb) => (!isSwept(verb) && verb.forged ? [[verb.id, verb.forged] as const] : []));
  test.each(own)('%s', async (_id, forged) => {
    await neitherFails(forged);
    await nothingChanged();
  });
});

/** Neither of the two is asked to own anything or to take over, and whom one names oneself is no stranger's. */
const forOthers = [
  'action commitment:own',
  'action commitment:pass',
  'shortcut commitment_from_message',
  'action commitment:take-over',
  'action commitment:decline-hand-over',
  // By then they have agreed.
  'action cadence:decline',
];

describe('what was swept works for whoever may', () => {
  test.each(swept.filter(([id]) => !forOthers.includes(id)))('%s', async (_id, verb) => {
    const answers: boolean[] = [];
    for (const userId of [w.kiran.id, w.ana.id]) {
      const whom = userId === w.ana.id ? w.kiran.id : w.ana.id;
      const [real, none] = verb.about === 'partner' ? [whom, NOBODY] : [things[verb.about], NOWHERE];
      const somebody = { who: 'one of the two', userId };
      const [input] = verb.inputs(real, things);
      const [toNone] = verb.inputs(none, things);
      if (!input || !toNone) throw new Error('Nothing is sent');
      const saidOfNone = (await tries(w, somebody, toNone)).replaceAll(none, real);
      answers.push((await tries(w, somebody, input)) !== saidOfNone);
    }
    expect(answers).toContain(true);
  });
});

const ofTheRhythm = swept.filter(([id]) => /^(action|view) (cadence|meetings|prep):/.test(id));

test('SEC3: what is still on a screen when a one-on-one has ended changes nothing of its rhythm and meetings', async () => {
  await w.settles();
  left = await dump(w);
  expect(left.pair?.join()).toContain('"ended"');
  await neitherFails(
    ofTheRhythm.flatMap(([, { about, inputs }]) => (about === 'partner' ? [] : inputs(things[about], things))),
  );
  await nothingChanged();
});
