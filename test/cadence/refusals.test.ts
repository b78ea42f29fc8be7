import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACCEPT_PROPOSAL } from '../../src/cadence/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { forgeClick } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w[Symbol.asyncDispose]());

const START = 'Propose a rhythm';
const NOT_OPEN = 'That proposal is not open for you any more. `/accord cadence` shows what is agreed.';

async function openProposal(): Promise<string> {
  const query = w.bot.deps.db.selectFrom('proposal').select('id').where('state', '=', 'open');
  return asTick(w.bot.deps.db, async (trx) => (await trx.executeQuery(query)).rows[0]?.id ?? '');
}

async function danaProposesTo(name: string): Promise<void> {
  await w.dana.types(`/accord with @${name}`);
  await w.dana.submits(START, {});
  await w.dana.act({ do: 'close' });
}

describe('/accord with', () => {
  test.each([
    ['nobody', '/accord with', 'Name who you want to meet with: `/accord with @name`'],
    ['a name that is no mention', '/accord with Ana', 'Name who you want to meet with'],
    ['oneself', '/accord with @dana', 'A one-on-one takes two.'],
    ['a person of another firm', '/accord with <@U0OTTO0001>', 'has no active account in this workspace'],
    ['a deactivated person', '/accord with <@U0PAUL0001>', 'has no active account in this workspace'],
    ['a bot', '/accord with <@U0ACCORD01>', 'has no active account in this workspace'],
  ])('naming %s says what to do and opens no form', async (_who, line, words) => {
    const { answer, modal } = await w.dana.types(line);
    expect(answer?.text).toContain(words);
    expect(modal).toBeNull();
  });

  test('a guest may be a partner but starts nothing', async () => {
    const { answer } = await w.gus
      .types('/accord with @ana', { in: 'C0GENERAL1' })
      .catch(() => w.gus.types('/accord with @ana'));
    expect(answer?.text).toContain('Only full members of this workspace can start a one-on-one here.');
  });

  test('a first day in the past keeps the form open with the problem under it', async () => {
    await w.dana.types('/accord with @kiran');
    const { errors } = await w.dana.submits(START, { 'First day': '2027-02-01' });
    expect(Object.values(errors ?? {})).toEqual(['That day has passed. Pick a day from today on.']);
    expect(await w.database.count('proposal')).toBe(0);
    await w.dana.act({ do: 'close' });
  });

  test('a form without a purpose keeps what was filled in', async () => {
    await w.dana.types('/accord with @kiran');
    const { notice, errors, modal } = await w.dana.submits(START, { 'What it is for': '   ' });
    expect(notice ?? Object.values(errors ?? {})[0]).toBeTruthy();
    expect(modal).not.toBeNull();
    expect(await w.database.count('pair')).toBe(0);
    await w.dana.act({ do: 'close' });
  });
});

test('an unknown subcommand is answered with the usage', async () => {
  const { answer } = await w.dana.types('/accord dance');
  expect(answer?.text).toContain('`/accord dance` is not one of these:');
  expect(answer?.text).toContain('`/accord with @name`');
});

test('somebody without a one-on-one is told how to begin one', async () => {
  const { answer } = await w.mia.types('/accord cadence');
  expect(answer?.text).toContain('Start one: `/accord with @name`');
});

describe('answering a proposal', () => {
  beforeAll(async () => {
    await danaProposesTo('ana');
  });

  test.each([
    ['a colleague', 'U0MIA00001'],
    ['the leader who proposed it', 'U0DANA0001'],
    ['a guest', 'U0GUS00001'],
    ['a person of another firm', 'U0OTTO0001'],
  ])('is not for %s, who learns nothing; the audit knows', async (_who, id) => {
    const before = await w.database.count('audit');
    const { told } = await forgeClick(w, id, { actionId: ACCEPT_PROPOSAL, value: await openProposal() });
    expect(told).toBe(NOT_OPEN);
    expect(await w.database.count('audit')).toBe(before + 1);
    expect(await w.ana.sees()).toContain('[Accept]');
  });

  test.each([['no id at all'], ['0190c0de-0000-7000-8000-000000000000'], ['']])(
    'with the value %j is refused alike',
    async (value) => {
      const { told } = await forgeClick(w, w.ana.id, { actionId: ACCEPT_PROPOSAL, value });
      expect(told).toBe(NOT_OPEN);
    },
  );

  test('a second click on a stale button changes nothing', async () => {
    await w.ana.clicks('Accept');
    await w.ana.clicks('Decline', { stale: true });
    expect(await w.ana.sees()).toContain(NOT_OPEN.replaceAll('`', ''));
    expect(await w.ana.sees()).toContain('You accepted.');
  });
});
