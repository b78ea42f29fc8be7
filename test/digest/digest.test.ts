import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest, findDigestSettings } from '../../src/digest/store.ts';
import { agreed } from '../recap/met.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';

/** Dana has the digest posted on Mondays at 9:00, New York. */
function configured(w: World, channelId = 'C0PROMISES'): Promise<void> {
  const choice = { channelId, weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: false };
  return asTick(w.database.db, (trx) => configureDigest(trx, TEAM, choice, w.dana.id, w.now()));
}

const dueAt = async (w: World): Promise<string> =>
  String((await asTick(w.database.db, (trx) => findDigestSettings(trx, TEAM))).digestDueAt);

test('every week the channel reads what the firm promised, and never the partner', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit send the listing presentation by Friday');
  await w.dana.types('/commit introduce the vendor by 9 March');
  await w.dana.types('/commit call Ana about the sign by 10 March');
  await w.ana.types('/commit send two comps by Friday');
  await configured(w);
  expect(await w.mia.sees('#promises')).not.toContain('What the firm promised');

  await w.moves('2027-03-08T14:00:00Z');
  const shown = await w.mia.sees('#promises');
  expect(shown).toContain('What the firm promised its agents · week of March 8');
  expect(shown).toContain('◆ send the listing presentation, Dana, 3 days overdue');
  expect(shown).toContain('○ due this week: introduce the vendor (Dana, tomorrow)');
  expect(shown).toContain('● kept in the 7 days before: 0 of 1');
  expect(shown).toContain('Kept on time: 4 weeks 0 of 1 · 12 weeks 0 of 1');
  expect(shown).toContain('Set up by Dana in /accord settings');
  expect(shown).toContain('1 more is counted but not named: 1 due this week.');
  expect(shown).not.toContain('Ana');
  expect(shown).not.toContain('comps');

  await w.moves('+1w');
  expect((await w.mia.sees('#promises')).match(/week of/g)).toHaveLength(2);
  expect(await dueAt(w)).toBe('2027-03-22T13:00:00Z');
});

test('what was typed minutes before is counted and not named: its writer reads the line before the channel does', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/commit ask @dana the yard signs by 10 March');
  await w.dana.types('/commit send the listing presentation by 10 March');
  await configured(w);
  await w.moves('2027-03-08T13:51:00Z');
  const { answer } = await w.dana.types('/commit introduce the vendor by 10 March');
  expect(answer?.text).toContain('In the digest: introduce the vendor');
  await w.dana.clicks('Accept');
  await w.moves('2027-03-08T14:00:00Z');
  const shown = await w.mia.sees('#promises');
  expect(shown).toContain('○ due this week: send the listing presentation (Dana, Wed)');
  expect(shown).toContain('2 more are counted but not named: 2 due this week.');
  expect(shown).not.toMatch(/vendor|yard signs/);
});

test('it comes on the day, at the hour and in the zone that the settings say', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit send the listing presentation by Friday');
  await w.dana.types('/accord settings');
  const saved = await w.dana.submits('Settings', {
    'Time zone': 'America/Los Angeles',
    'Digest channel': '#promises',
    'Digest day': 'Thursday',
    'Digest time': '16:30',
  });
  expect(saved.errors).toBeUndefined();
  await w.moves('2027-03-05T00:29:00Z');
  expect(await w.mia.sees('#promises')).not.toContain('What the firm promised');
  await w.moves('2027-03-05T00:30:00Z');
  expect(await w.mia.sees('#promises')).toContain('○ due this week: send the listing presentation (Dana, tomorrow)');
});

test('what is promised to reports is in it where the settings say so, named where its pair says so; an ask is not', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/accord with @marcus');
  await w.dana.submits('Propose a rhythm', { 'Who they are to the firm': 'Reports to me' });
  await w.dana.act({ do: 'close' });
  await w.marcus.clicks('Accept');
  await w.dana.types('/commit yard signs for @ana by Mar 5');
  await w.dana.types('/commit desk booking for @marcus by Mar 5');
  await w.dana.types('/commit parking permit for @marcus by Mar 5');
  await w.ana.types('/commit ask @dana a drone video by Mar 9');
  await w.dana.types('/accord ledger @marcus');
  await w.dana.clicks('Put in digest', { row: 'desk booking' });
  await configured(w);
  await w.moves('2027-03-08T14:00:00Z');
  const ofAgents = await w.mia.sees('#promises');
  expect(ofAgents).toContain('What the firm promised its agents · week of March 8');
  expect(ofAgents).toContain('◆ yard signs, Dana, 3 days overdue');
  expect(ofAgents).not.toMatch(/desk|parking|drone|not named/);

  await w.dana.types('/accord settings');
  await w.dana.submits('Settings', { 'Digest covers': ['Also what is promised to reports'] });
  await w.moves('2027-03-15T13:00:00Z');
  const ofBoth = (await w.mia.sees('#promises')).split('What the firm promised').at(-1);
  expect(ofBoth).toContain(' its agents and reports · week of March 15');
  expect(ofBoth).toContain('◆ desk booking, Dana, 10 days overdue');
  expect(ofBoth).toContain('12 weeks 0 of 3');
  expect(ofBoth).toContain('1 more is counted but not named: 1 overdue.');
  expect(ofBoth).not.toMatch(/parking|drone/);
});

test('SEC5: a channel that another firm reads since it was chosen gets nothing, and whoever set it up is told', async () => {
  await using w = await world();
  await configured(w);
  const channel = w.rehearsal.state.conversations.C0PROMISES;
  if (!channel) throw new Error('The stand-in has no #promises');
  channel.sharedWith = ['T0LENDER01'];
  await w.moves('2027-03-08T14:00:00Z');
  expect(await w.mia.sees('#promises')).not.toContain('What the firm promised');
  expect(await w.dana.sees()).toContain('The digest has stopped');
  expect(await w.dana.sees()).toContain('shared with another firm');
  expect(await dueAt(w)).toBe('null');
});

test('one that Accord is not in gets nothing either', async () => {
  await using w = await world();
  await configured(w, 'C0LEADERS1');
  await w.moves('2027-03-08T14:00:00Z');
  expect(await w.dana.sees()).toContain('/invite @Accord');
});

test('a digest ended before its hour is not posted', async () => {
  await using w = await world();
  await configured(w);
  await asTick(w.database.db, (trx) => configureDigest(trx, TEAM, undefined, w.dana.id, w.now()));
  await w.moves('2027-03-08T14:00:00Z');
  expect(await w.mia.sees('#promises')).not.toContain('What the firm promised');
});
