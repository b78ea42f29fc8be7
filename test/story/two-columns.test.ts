import { expect, test } from '@jest/globals';
import { world } from '../support/world.ts';
import { agree, home, idOf, ledger, messages, newest, read } from './broker.ts';

test('the firm forgets a promise three times: it is carried over, counted once, and kept late', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 5');
  for (const [day, times] of [
    ['2027-03-09', 'once'],
    ['2027-03-23', 'twice'],
    ['2027-04-06', '3 times'],
  ]) {
    await w.moves(`${day}T18:00:00Z`);
    await w.ana.clicks('Write recap', { in: await idOf(w, w.ana, 'Accord, Dana') });
    await w.ana.submits('Recap', { Outcome: 'looked at the listings', Decided: 'nothing new' });
    expect(await ledger(w.ana)).toContain(`carried over ${times}`);
  }
  expect(await home(w.ana)).toContain('◆ listing presentation, 32 days overdue · carried over 3 times');
  await w.dana.clicks('Done', { row: 'listing presentation' });
  const after = await home(w.ana);
  expect(after).toContain('◐ listing presentation, kept late');
  expect(after).toContain('12 weeks 0 of 1');
}, 30_000);

test('a promise renegotiated in time is no miss; one renegotiated too late is', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 5');
  await w.dana.types('/commit vendor list by Mar 5');
  const move = async (row: string, to: string) => {
    await w.dana.clicks('Move', { row });
    return w.dana.submits('Give it a new day', { 'New day': to, Why: 'the photographer is ill' });
  };
  await w.moves('2027-03-04T15:00:00Z');
  await move('listing presentation', '2027-03-08');
  await w.moves('2027-03-05T18:00:00Z');
  expect(await newest(w, w.ana)).toMatch(
    /listing presentation, Mon · Dana gave it a new day: “the photographer is ill”/,
  );
  await w.moves('2027-03-08T15:00:00Z');
  await w.dana.clicks('Done', { row: 'listing presentation' });
  await move('vendor list', '2027-03-09');
  await w.dana.clicks('Done', { row: 'vendor list' });
  await w.moves('2027-03-11T15:00:00Z');
  const seen = await home(w.ana);
  expect(seen).toContain('● listing presentation, kept');
  expect(seen).toContain('◐ vendor list, kept late');
  expect(seen).toContain('4 weeks 1 of 2');
});

test('a second new day counts only when the other side agrees before the old one has ended', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  const wish = async (row: string, days: string[]) => {
    for (const day of days) {
      await w.dana.clicks('Move', { row });
      await w.dana.submits('Give it a new day', { 'New day': day, Why: 'still waiting' });
    }
  };
  await w.dana.types('/commit listing presentation by Mar 3');
  await w.dana.types('/commit vendor list by Mar 3');
  await w.moves('2027-03-02T15:00:00Z');
  await wish('listing presentation', ['2027-03-04', '2027-03-10']);
  await wish('vendor list', ['2027-03-04', '2027-03-11']);
  await w.ana.clicks('Agree', { row: 'listing presentation' });
  await w.moves('2027-03-08T15:00:00Z');
  expect(await ledger(w.ana)).toMatch(
    /◆ vendor list, 4 days overdue · moved once; ○ listing presentation, Wed · moved twice/,
  );
  await w.ana.clicks('Agree', { row: 'vendor list', stale: true });
  expect(await w.ana.sees()).toContain('Its day ended before you agreed, so it fell due as it stood.');
});

test('withdrawn with the other side’s agreement it is in no figure; given up alone it is a miss', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  for (const what of ['listing presentation', 'vendor list', 'yard signs'])
    await w.dana.types(`/commit ${what} by Mar 3`);
  await w.moves('2027-03-02T15:00:00Z');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Withdraw', { row: 'listing presentation' });
  await w.dana.clicks('Withdraw', { row: 'vendor list' });
  await w.dana.clicks('Will not be done', { row: 'yard signs' });
  expect(await ledger(w.ana)).toContain('vendor list, tomorrow · to be withdrawn once you agree');
  await w.ana.clicks('Agree', { row: 'listing presentation' });
  expect(await ledger(w.dana)).not.toContain('listing presentation');

  await w.moves('2027-03-02T18:00:00Z');
  expect(await newest(w, w.ana)).toContain('yard signs, will not be done · Dana says it will not be done');
  await w.moves('2027-03-04T15:00:00Z');
  const seen = await home(w.ana);
  expect(seen).toContain('◆ vendor list, 1 day overdue');
  expect(seen).toContain('kept on time: 4 weeks 0 of 2 ·');

  await w.dana.clicks('Reopen', { row: 'yard signs' });
  await w.dana.submits('Reopen', { Why: 'the printer found time' });
  expect(await ledger(w.ana)).toContain('◆ yard signs, 1 day overdue');
  expect(await home(w.ana)).toContain('kept on time: 4 weeks 0 of 2 ·');
});

test('a colleague asked later takes it on and hands it back: it is the leader’s again, who hears of it once', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 12');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Ask a colleague to own it', { row: 'yard signs' });
  await w.dana.submits('Ask a colleague', { 'Who would own it': '@mia' });
  await w.mia.clicks('Take it');
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12 (Mia)');
  await w.mia.types('/accord ledger');
  await w.mia.clicks('Hand back', { row: 'yard signs' });
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12.');
  await w.moves('2027-03-03T15:00:00Z');
  expect((await messages(w, w.dana)).filter((one) => one.includes('Mia handed it back to you'))).toHaveLength(1);
});

test('an ask is taken back for as long as nobody has answered it', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana two referral partners named by Mar 12');
  await w.moves('2027-03-01T20:00:00Z');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Take back');
  expect(await newest(w, w.ana)).toContain('Dana took back what was asked here.');
  expect(await ledger(w.ana)).toContain('Ana: nothing open');
});

test('marketing passes: the promise is the leader’s as before, and marketing reads nothing else of the pair', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.ana.types('/commit two comps by Mar 12');
  await w.dana.types('/commit firm: owner @mia yard signs for @ana by Mar 12');
  expect(await newest(w, w.mia)).toContain('yard signs, by Fri Mar 12, for Ana?');
  expect(await w.mia.sees()).not.toContain('two comps');
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12 (Dana, Mia asked)');
  await w.mia.clicks('Pass');
  expect(await newest(w, w.mia)).toContain('This is not with you. Dana has it.');
  await w.moves('2027-03-02T15:00:00Z');
  expect(await newest(w, w.dana)).toContain('○ yard signs, Fri Mar 12 · for Ana · Mia passed, so it is yours');
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12.');
});

test('a colleague who answers nothing is told once, and the promise stays the leader’s', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit firm: owner @mia yard signs for @ana by Mar 4');
  await w.moves('2027-03-08T15:00:00Z');
  expect(await messages(w, w.mia)).toEqual([expect.stringContaining('yard signs, by Thu Mar 4, for Ana?')]);
  expect(await ledger(w.ana)).toContain('◆ yard signs, 4 days overdue (Dana, Mia asked)');
  expect(await home(w.mia)).toMatch(/Waits on you\n◆ yard signs, 4 days overdue · for Ana .*\n\[Take it\] \[Pass\]/);
  await w.mia.clicks('Take it');
  expect(await ledger(w.ana)).toContain('◆ yard signs, 4 days overdue (Mia)');
});

test('a colleague who took it on is reminded, says done in the bundle, and can take that back there', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit firm: owner @mia yard signs for @ana by Mar 4');
  await w.mia.clicks('Take it');
  await w.moves('2027-03-03T15:00:00Z');
  expect(await newest(w, w.mia)).toContain('○ yard signs, tomorrow · for Ana');
  await w.mia.clicks('Done');
  expect(await newest(w, w.mia)).toContain('● yard signs, kept today · for Ana\n  [Undo]');
  await w.mia.clicks('Undo');
  expect(await newest(w, w.mia)).toContain('○ yard signs, tomorrow · for Ana');
});

test('a colleague keeps what they own out of the digest; what it reads instead is for the two of the pair', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit firm: owner @mia yard signs for @ana by Mar 4');
  await w.mia.clicks('Take it');
  await w.moves('2027-03-03T15:00:00Z');
  expect(await newest(w, w.mia)).not.toContain('Reword for digest');
  await w.mia.act({ do: 'click', button: 'Keep out of digest' });
  expect(await newest(w, w.mia)).not.toContain('Keep out of digest');
  await w.dana.types('/accord settings');
  await w.dana.submits('Settings', { 'Digest channel': '#promises', 'Digest day': 'Thursday' });
  await w.moves('2027-03-04T15:00:00Z');
  const digest = await read(w, w.dana, 'promises');
  expect(digest).toContain('1 more is counted but not named');
  expect(digest).not.toContain('yard signs');
});

test('a colleague who leaves the firm leaves the promise with the leader', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit firm: owner @mia yard signs for @ana by Mar 12');
  await w.mia.clicks('Take it');
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12 (Mia)');
  await w.dana.act({ do: 'person', id: w.mia.id, change: { deleted: true } });
  expect(await ledger(w.ana)).toContain('yard signs, Fri Mar 12.');
});

test('the partner declines an ask: that is final, it counts for nobody, and the asker learns once', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana two referral partners named by Mar 12');
  await w.ana.clicks('Decline');
  await w.ana.submits('Decline', { 'A line, if you like': 'my seller would not want it' });
  await w.moves('2027-03-02T15:00:00Z');
  expect(await newest(w, w.dana)).toContain(
    '◆ two referral partners named, declined · Ana declined: “my seller would not want it”',
  );
  const count = (await messages(w, w.dana)).length;
  await w.moves('2027-03-06T15:00:00Z');
  expect(await messages(w, w.dana)).toHaveLength(count);
  expect(await ledger(w.ana)).toContain('Ana: nothing open');
  await w.ana.clicks('Accept', { stale: true });
  expect(await w.ana.sees()).toContain('It was declined, and that is final.');
});

test('a message becomes a commitment through the one who did not write it', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  const said = await w.dana.writes(await idOf(w, w.dana, 'general'), 'I will send the vendor list this week');
  const ts = String(Reflect.get(said, 'ts') ?? '');
  await w.ana.uses('Make this a commitment', { in: await idOf(w, w.ana, 'general'), ts });
  await w.ana.submits('Make a commitment', { 'By when': '2027-03-05' });
  expect(await newest(w, w.dana)).toContain(
    'I will send the vendor list this week, by Fri Mar 5?\n  Ana asks you for this.',
  );
  expect(await ledger(w.ana)).toContain('The firm: ○ I will send the vendor list this week, by Fri · asked');
  await w.dana.clicks('Accept');
  expect(await ledger(w.ana)).toContain('The firm: ○ I will send the vendor list this week, Fri.');
});

test('nobody answers an ask: it lapses, the asker learns once, and it comes back on the next agenda', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana two referral partners named by Mar 4');
  await w.moves('2027-03-05T18:00:00Z');
  expect(await newest(w, w.dana)).toContain(
    '○ two referral partners named, due yesterday, not answered · you asked Ana',
  );
  expect((await messages(w, w.dana)).filter((one) => one.includes('not answered'))).toHaveLength(1);
  await w.moves('2027-03-09T17:01:00Z');
  expect(await newest(w, w.ana, 'Accord, Dana')).toContain('two referral partners named, due Thu Mar 4, not answered');
  expect(await home(w.dana)).not.toContain('0 of 1');
  await w.ana.clicks('Accept with a new day');
  await w.ana.submits('Accept with a new day', { 'By when': '2027-03-19' });
  expect(await ledger(w.dana)).toContain('two referral partners named, Fri Mar 19');
});

test('undo takes back one’s own last change for ten minutes and no longer', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 12');
  await w.dana.clicks('Undo');
  expect(await ledger(w.ana)).toContain('The firm: nothing open');
  await w.dana.types('/commit vendor list by Mar 12');
  await w.moves('2027-03-01T14:15:00Z');
  await w.dana.clicks('Undo');
  expect(await w.dana.sees()).toContain('Ten minutes have passed');
  expect(await ledger(w.ana)).toContain('vendor list');
});

test('not yet reopens what was said to be done within a week, and the first due day stands', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('2027-03-03T15:00:00Z');
  await w.dana.clicks('Done', { row: 'yard signs' });
  await w.moves('2027-03-03T18:00:00Z');
  expect(await newest(w, w.ana)).toContain('● yard signs, kept today · Dana says it is done\n  [Not yet]');
  await w.moves('2027-03-04T15:00:00Z');
  await w.ana.clicks('Not yet');
  expect(await ledger(w.ana)).toContain('◆ yard signs, 1 day overdue');
  await w.moves('2027-03-05T15:00:00Z');
  expect(await newest(w, w.dana)).toContain('yard signs, 2 days overdue');
  await w.moves('2027-03-09T12:00:00Z');
  expect(await home(w.ana)).toContain('4 weeks 0 of 1');
});
