import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest } from '../../src/digest/store.ts';
import { agreed } from '../recap/met.ts';
import { type World, world } from '../support/world.ts';

const CANARY = 'zqcanaryqz';

/** Everything that anybody posted where more than the two of a pair read along. */
const inChannels = (w: World): string =>
  JSON.stringify(
    Object.values(w.rehearsal.state.conversations).filter(({ kind }) => kind === 'channel' || kind === 'private'),
  );

test('SEC5: nothing that two people wrote to each other is ever in a channel', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', { 'What it is for': `${CANARY} purpose` });
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
  const choice = { channelId: 'C0PROMISES', weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: true };
  await asTick(w.database.db, (trx) => configureDigest(trx, 'T0RIVER001', choice, w.dana.id, w.now()));

  await w.ana.types(`/commit ${CANARY} comps by Mar 5`);
  await w.ana.types(`/commit ask @dana ${CANARY} asked and declined by Mar 20`);
  await w.dana.clicks('Decline');
  await w.dana.submits('Decline', { 'Why the firm will not do it': `${CANARY} reason` });
  await w.dana.types('/commit yard signs by Mar 5');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Move');
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-07', Why: `${CANARY} reason` });
  await w.dana.act({ do: 'close' });
  await w.dana.types(`/commit the ${CANARY} plan by Mar 6`);
  await w.dana.clicks('Keep out of digest');
  await w.ana.types(`/accord agenda ${CANARY} item`);
  await w.moves('2027-03-08T18:00:00Z');
  await w.ana.clicks('Answer, 1 minute');
  await w.ana.submits('Before you meet', {
    'What is the highest-value outcome this meeting needs to produce for you today?': `${CANARY} outcome`,
  });
  await w.moves('2027-03-09T18:00:00Z');
  await w.ana.types('/accord recap');
  await w.ana.submits('Recap', { Outcome: `${CANARY} outcome`, Decided: `${CANARY} decision` });
  await w.moves('2027-03-22T14:00:00Z');

  const said = inChannels(w);
  expect(said.match(/What the firm promised/g)?.length).toBeGreaterThan(1);
  expect(said).toContain('yard signs');
  expect(said).not.toContain(CANARY);
  expect(said).not.toContain('Ana');
  for (const outsider of [w.mia, w.marcus, w.otto]) expect(await outsider.sees()).not.toContain(CANARY);
});

test('SEC5: whoever meets nobody, and the firm’s owner, see none of it on Home', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types(`/commit ${CANARY} plan by Mar 5`);
  await w.ana.types(`/commit ${CANARY} comps by Mar 5`);
  await w.mia.types('/accord help');
  await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ ownerId: w.mia.id }).execute());
  for (const one of [w.mia, w.marcus, w.gus]) {
    await one.opensHome();
    expect(await one.sees()).not.toContain(CANARY);
  }
  expect(await w.mia.sees()).toContain('1 one-on-one');
  const firm = await w.mia.types('/accord firm');
  expect(JSON.stringify(firm)).not.toContain(CANARY);
  expect(JSON.stringify(firm)).not.toContain('Ana');
});
