import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type World, world } from '../support/world.ts';
import { denials, dump, type Stranger, tries } from './forged.ts';
import { registered } from './registered.ts';
import { CANARY, madeThings, secondWorkspace, type Things } from './things.ts';
import { VERBS } from './verbs.ts';

const NOWHERE = '0190c0de-0000-7000-8000-000000000000';

let w: World;
let things: Things;
let strangers: Stranger[] = [];
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
}, 120_000);
afterAll(() => w[Symbol.asyncDispose]());

test('SEC1: everything that is listened to is swept', () => {
  const known = VERBS.map(({ id }) => id);
  expect(registered(w.bot.app, w.bot.deps).toSorted()).toEqual(known.toSorted());
});

const swept = VERBS.flatMap((verb) => ('about' in verb ? [[verb.id, verb] as const] : []));

describe('SEC1: nobody else', () => {
  test.each(swept)(
    '%s',
    async (_id, verb) => {
      const before = await dump(w);
      for (const stranger of strangers) {
        if ('mayFormer' in verb && stranger.who === FORMER) continue;
        const [real, none] = verb.about === 'partner' ? [w.ana.id, 'U0NOBODY01'] : [things[verb.about], NOWHERE];
        const unknown = verb.inputs(none);
        for (const [place, input] of verb.inputs(real).entries()) {
          const denied = await denials(w, stranger);
          const said = await tries(w, stranger, input);
          const isAudited = (await denials(w, stranger)) > denied;
          const other = unknown[place];
          const saidOfNone = other && (await tries(w, stranger, other)).replaceAll(none, real);
          const mustBe = !('unaudited' in verb);
          expect([stranger.who, isAudited || !mustBe, said]).toEqual([stranger.who, true, saidOfNone]);
          expect(said).not.toContain(CANARY);
          expect(said).not.toContain('"failed"');
        }
      }
      expect(await dump(w)).toEqual(before);
    },
    60_000,
  );
});

/** What no screen of ours carries in place of an id. */
const junk = ['', 'null', '{}', "' or 1=1 --", NOWHERE.toUpperCase(), 'x'.repeat(2000)];

describe('SEC4: for what is no id of theirs, also the two of the pair change nothing', () => {
  test.each(swept.filter(([, { about }]) => about !== 'partner'))(
    '%s',
    async (_id, verb) => {
      const before = await dump(w);
      for (const value of junk)
        for (const input of verb.inputs(value).slice(0, 2)) {
          const said = await tries(w, { who: 'one of the two', userId: w.kiran.id }, input);
          expect([value, said]).toEqual([value, expect.not.stringMatching(/"failed"|CANARY/)]);
        }
      expect(await dump(w)).toEqual(before);
    },
    60_000,
  );
});

/** Neither of the two is asked to own anything or to take over, and whom one names oneself is no stranger's. */
const forOthers = [
  'action commitment:own',
  'action commitment:pass',
  'shortcut commitment_from_message',
  'action commitment:take-over',
  'action commitment:decline-hand-over',
];

describe('what was swept works for whoever may', () => {
  test.each(swept.filter(([id]) => !forOthers.includes(id)))('%s', async (_id, verb) => {
    const answers: boolean[] = [];
    for (const userId of [w.kiran.id, w.ana.id]) {
      const whom = userId === w.ana.id ? w.kiran.id : w.ana.id;
      const [real, none] = verb.about === 'partner' ? [whom, 'U0NOBODY01'] : [things[verb.about], NOWHERE];
      const somebody = { who: 'one of the two', userId };
      const [input] = verb.inputs(real);
      const [toNone] = verb.inputs(none);
      if (!input || !toNone) throw new Error('Nothing is sent');
      const saidOfNone = (await tries(w, somebody, toNone)).replaceAll(none, real);
      answers.push((await tries(w, somebody, input)) !== saidOfNone);
    }
    expect(answers).toContain(true);
  });
});
