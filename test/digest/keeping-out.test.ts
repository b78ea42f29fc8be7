import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest } from '../../src/digest/store.ts';
import { agreed, asDana, met } from '../recap/met.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';

/** What the channel reads next Monday at 9:00, New York. */
async function digestOf(w: World, monday = '2027-03-08T14:00:00Z'): Promise<string> {
  const choice = { channelId: 'C0PROMISES', weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: false };
  await asTick(w.database.db, (trx) => configureDigest(trx, TEAM, choice, w.dana.id, w.now()));
  await w.moves(monday);
  return (await w.mia.sees('#promises')).split('What the firm promised').at(-1) ?? '';
}

const openLedger = async (one: Persona): Promise<void> => {
  await one.types('/accord ledger');
  await one.clicks('Show all');
};
const shown = async (one: Persona): Promise<string> => JSON.stringify((await one.modal())?.view.blocks ?? []);

test('whoever writes it keeps it out of the digest at once, and puts it back in', async () => {
  await using w = await world();
  await agreed(w);
  const { answer } = await w.dana.types('/commit send the listing presentation by Mar 5');
  expect(answer?.text).toContain('In the digest: send the listing presentation');
  await w.dana.clicks('Keep out of digest');
  const unnamed = await digestOf(w);
  expect(unnamed).toContain('1 more is counted but not named: 1 overdue.');
  expect(unnamed).not.toContain('listing presentation');

  await openLedger(w.dana);
  await w.dana.clicks('Put in digest');
  expect(await digestOf(w, '2027-03-15T13:00:00Z')).toContain('◆ send the listing presentation, Dana, 10 days overdue');
});

test('the partner keeps out what the firm promised, and nobody else puts it back in', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit send the listing presentation by Mar 5');
  await openLedger(w.ana);
  await w.ana.clicks('Keep out of digest');
  await w.ana.act({ do: 'close' });

  await w.dana.types('/accord ledger');
  await w.dana.clicks('Put in digest');
  expect(await w.dana.sees()).toContain('Somebody else kept it out of the digest');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Show all of it');
  await w.dana.clicks('Reword for digest');
  const reworded = await w.dana.submits('Reword for digest', { 'What the channel reads': 'the presentation' });
  expect(reworded.errors?.line).toContain('Somebody else kept it out of the digest');
  expect(await digestOf(w)).not.toContain('presentation');

  await openLedger(w.ana);
  await w.ana.clicks('Put in digest');
  expect(await digestOf(w, '2027-03-15T13:00:00Z')).toContain('◆ send the listing presentation');
});

test('a leader who accepts an ask, and a colleague who takes it on, see its line and keep it out there', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/commit ask @dana the yard signs by Mar 5');
  await w.dana.clicks('Accept');
  expect(await w.dana.sees('@Accord')).toMatch(/the yard signs.*\n.*In the digest: the yard signs/);
  await w.dana.clicks('Keep out of digest', { in: '@Accord' });
  expect(await w.dana.sees('@Accord')).toContain('Not named in the digest.');

  await w.dana.types('/commit firm: owner @mia print the flyers by Mar 5');
  await w.mia.clicks('Take it');
  expect(await w.mia.sees('@Accord')).toContain('In the digest: print the flyers');
  await w.mia.clicks('Keep out of digest', { in: '@Accord' });
  expect(await digestOf(w)).toContain('2 more are counted but not named: 2 overdue.');
});

test('whoever confirms a recap sees what the channel will read, and keeps it out with one click', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
  expect(await w.ana.sees()).toContain('In the digest: listing presentation. Show all keeps one out.');
  await w.ana.clicks('Confirm');
  await w.ana.submits('Confirm the recap', { 'Keep out of the digest': ['listing presentation'] });
  expect(await w.ana.sees()).not.toContain('In the digest: listing presentation');
  expect(await digestOf(w, '2027-03-15T13:00:00Z')).toContain('1 more is counted but not named: 1 overdue.');
});

test('whoever wrote the recap keeps a line out from all of it', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
  await w.dana.clicks('Show all');
  expect(await shown(w.dana)).toContain('In the digest: listing presentation');
  await w.dana.clicks('Keep out of digest');
  expect(await shown(w.dana)).toContain('Not named in the digest.');
});

test('what names a client goes in only once it is reworded', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit send Maria the split by Mar 5');
  await openLedger(w.dana);
  await w.dana.clicks('Put in digest');
  expect(await shown(w.dana)).toContain('Not put in, because it seems to name Maria.');
  await w.dana.act({ do: 'close' });
  await w.dana.clicks('Show all of it');
  await w.dana.clicks('Reword for digest');
  await w.dana.submits('Reword for digest', { 'What the channel reads': 'send the split' });
  expect(await digestOf(w)).toContain('◆ send the split, Dana, 3 days overdue');
});
