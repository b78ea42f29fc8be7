import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

describe('/commit', () => {
  let w: World;
  beforeAll(async () => {
    w = await world();
    await agreed(w, w.ana, 'ana');
  });
  afterAll(() => w[Symbol.asyncDispose]());

  test('with words saves them and says in one line what was saved', async () => {
    const { answer } = await w.ana.types('/commit two comps by Thursday');
    expect(answer?.text).toBe('○ two comps, Thu Mar 4 · yours, with Dana');
    expect(await w.database.count('commitment')).toBe(1);
  });

  test('the same line within two minutes shows the first, with a way to mean it', async () => {
    const again = await w.ana.types('/commit two comps by Thursday');
    expect(again.answer?.text).toContain('Saved a moment ago');
    expect(await w.database.count('commitment')).toBe(1);
    await w.ana.clicks('Add again');
    expect(await w.database.count('commitment')).toBe(2);
  });

  test('undo takes it back without a trace', async () => {
    const before = await w.database.count('commitment');
    await w.ana.types('/commit referral list by Friday');
    await w.ana.clicks('Undo');
    expect(await w.database.count('commitment')).toBe(before);
    expect(await w.ana.sees()).toContain('Taken back: referral list.');
  });

  test('said on a Monday, “Monday” is today, and the next one is one click away', async () => {
    const { answer } = await w.ana.types('/commit sign rider by Monday');
    expect(answer?.text).toContain('Mon Mar 1');
    const labels = JSON.stringify(answer?.blocks);
    expect(labels).toContain('commitment:week-later');
    await w.ana.clicks('next Monday');
    expect(await w.ana.sees()).toContain('sign rider, Mon Mar 8 · yours, with Dana');
  });

  test('a line without a day opens the form with the question, nothing lost', async () => {
    const { modal } = await w.ana.types('/commit referral partners named');
    expect(JSON.stringify(modal?.view)).toContain('No day was named.');
    expect(JSON.stringify(modal?.view)).toContain('referral partners named');
    const { modal: saved } = await w.ana.submits('Make a commitment', { 'By when': '2027-03-31' });
    expect(JSON.stringify(saved?.view)).toContain('referral partners named, Wed Mar 31');
    await w.ana.act({ do: 'close' });
  });

  test('alone opens the form; a day in the past keeps it open with all that was typed', async () => {
    await w.dana.types('/commit');
    const past = await w.dana.submits('Make a commitment', { What: 'listing presentation', 'By when': '2027-02-20' });
    expect(past.errors).toEqual({ dueOn: 'That day has passed. Pick a day from today on.' });
    await w.dana.submits('Make a commitment', { What: 'listing presentation', 'By when': '2027-03-12' });
    const { modal } = await w.dana.submits('Make a commitment', {});
    expect(JSON.stringify(modal?.view)).toContain('In the digest: listing presentation');
    await w.dana.act({ do: 'close' });
  });

  test('a firm-side promise that names somebody says that it is kept out of the digest, and can be reworded', async () => {
    const { answer } = await w.dana.types('/commit send Maria the split by Mar 15');
    expect(answer?.text).toContain('Not named in the digest: it seems to name Maria.');
    await w.dana.clicks('Reword for digest');
    await w.dana.submits('Reword for digest', { 'What the channel reads': 'send the split' });
    const ledger = await w.dana.types('/accord ledger');
    expect(ledger.answer?.text).toContain('send Maria the split');
  });

  test('without a one-on-one one is told how to begin', async () => {
    const { answer } = await w.mia.types('/commit posters by Friday');
    expect(answer?.text).toBe('You have no one-on-one yet. Start one: `/accord with @name`.');
  });

  test('naming somebody outside one’s pairs reads the same whether or not they have a pair', async () => {
    const alone = await w.ana.types('/commit ask @marcus for a lead by Friday');
    const words = (view: unknown) => JSON.stringify(view).replace(/"block_id":"R\w+"/g, '');
    const first = words(alone.modal?.view);
    await w.ana.act({ do: 'close' });
    await agreed(w, w.marcus, 'marcus');
    const again = await w.ana.types('/commit ask @marcus for a lead by Friday');
    expect(words(again.modal?.view)).toBe(first);
    await w.ana.act({ do: 'close' });
  });
});

describe('asking', () => {
  test('puts the ask to its owner once; accepted, it stands in both ledgers', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    const { answer } = await w.dana.types('/commit ask @ana two referral partners named by Mar 31');
    expect(answer?.text).toContain('asked of Ana');
    expect(await w.ana.sees()).toContain('two referral partners named, by Wed Mar 31?');
    await w.ana.clicks('Accept');
    expect(await w.ana.sees()).not.toContain('asks you for this');
    for (const one of [w.dana, w.ana])
      expect((await one.types('/accord ledger')).answer?.text).toContain('○ two referral partners named, Wed Mar 31');
    await w.moves('+1d');
    await w.moves('+1d');
    expect(await w.dana.sees()).toMatch(/○ two referral partners named, .* · Ana accepted/);
  });

  test('of the firm is declined with a line, which the asker reads once', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.ana.types('/commit firm: a drone video by Mar 31');
    await w.dana.clicks('Decline');
    const empty = await w.dana.submits('Decline', {});
    expect(empty.ok && !empty.errors && !empty.notice).toBe(false);
    await w.dana.submits('Decline', { 'Why the firm will not do it': 'no budget before April' });
    await w.moves('+2d');
    await w.moves('+2d');
    const seen = await w.ana.sees();
    expect(seen.split('no budget before April').length - 1).toBe(1);
    expect(seen).toContain('Dana declined: “no budget before April”');
  });

  test('taken back within ten minutes leaves nothing to answer', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit ask @ana a testimonial by Mar 31');
    await w.dana.clicks('Undo');
    expect(await w.database.count('commitment')).toBe(0);
    const seen = await w.ana.sees();
    expect(seen).toContain('Dana took back what was asked here.');
    expect(seen).not.toContain('testimonial');
  });

  test('a colleague reads the text and for whom, takes it, and it is theirs', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit');
    const guest = await w.dana.submits('Make a commitment', {
      What: 'vendor introduction',
      'By when': '2027-03-20',
      'A colleague who would own it': w.gus.id,
    });
    expect(guest.errors?.colleague).toContain('no full account in this workspace');
    await w.dana.submits('Make a commitment', { 'A colleague who would own it': w.mia.id });
    await w.dana.submits('Make a commitment', {});
    const seen = await w.mia.sees();
    expect(seen).toContain('vendor introduction, by Sat Mar 20, for Ana?');
    await w.mia.clicks('Take it');
    expect((await w.ana.types('/accord ledger')).answer?.text).toContain('vendor introduction, Sat Mar 20 (Mia)');
    expect((await w.mia.types('/accord ledger')).answer?.text).toContain('vendor introduction');
  });
});

test('a message becomes a commitment of whoever wrote it, asked by the one who read it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.writes('C0GENERAL1', 'I can bring three sign riders');
  const ts = newestTs(w, 'C0GENERAL1');
  const { modal } = await w.dana.uses('Make this a commitment', { in: 'C0GENERAL1', ts });
  expect(JSON.stringify(modal?.view)).toContain('I can bring three sign riders');
  const { modal: saved } = await w.dana.submits('Make a commitment', { 'By when': '2027-03-12' });
  expect(JSON.stringify(saved?.view)).toContain('asked of Ana');
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
  expect((await w.ana.types('/accord ledger')).answer?.text).toContain('○ I can bring three sign riders, Fri Mar 12');
});

test('a message keeps its link, and who owes whom is a guess that one can change', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.ana.writes('C0GENERAL1', 'somebody should order sign riders');
  const ts = newestTs(w, 'C0GENERAL1');
  await w.dana.uses('Make this a commitment', { in: 'C0GENERAL1', ts });
  await w.dana.submits('Make a commitment', { 'Who does it': 'I do: a promise', 'By when': '2027-03-12' });
  await w.dana.submits('Make a commitment', {});
  await w.dana.act({ do: 'close' });
  expect((await w.ana.types('/accord ledger')).answer?.text).toContain(
    'The firm: ○ somebody should order sign riders, Fri Mar 12.',
  );
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all of it');
  const link = `/archives/C0GENERAL1/p${ts.replace('.', '')}|The message it came from>`;
  expect(JSON.stringify((await w.dana.modal())?.view)).toContain(link);
  await w.dana.act({ do: 'close' });

  await w.dana.writes('C0GENERAL1', 'I bring the lockbox');
  await w.dana.uses('Make this a commitment', { in: 'C0GENERAL1', ts: newestTs(w, 'C0GENERAL1') });
  await w.dana.submits('Make a commitment', { 'By when': '2027-03-12' });
  const { modal: own } = await w.dana.submits('Make a commitment', {});
  expect(JSON.stringify(own?.view)).toContain('I bring the lockbox, Fri Mar 12 · yours, with Ana');
});

test('a day is read as its writer writes it, where they are; one that could be two is asked', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.kiran, 'kiran');
  // Monday evening in Los Angeles, Tuesday morning in London.
  await w.moves('2027-03-02T05:00:00Z');
  const saved = async (one: Persona, line: string) => (await one.types(line)).answer?.text;
  expect(await saved(w.ana, '/commit two comps by 3/4')).toContain('two comps, Thu Mar 4 ·');
  expect(await saved(w.kiran, '/commit two comps by 3/4')).toContain('two comps, Sat 3 Apr ·');
  expect(await saved(w.ana, '/commit yard signs tomorrow')).toContain('yard signs, Tue Mar 2 ·');
  expect(await saved(w.kiran, '/commit yard signs tomorrow')).toContain('yard signs, Wed 3 Mar ·');
  for (const line of [
    'seller update in April',
    'seller update by 20 February',
    'seller update by Thursday or Friday',
  ]) {
    const { modal } = await w.kiran.types(`/commit ${line}`);
    expect(JSON.stringify(modal?.view)).toContain('seller update');
    expect(modal?.view.type === 'modal' && modal.view.title.text).toBe('Make a commitment');
    await w.kiran.act({ do: 'close' });
  }
  expect(await w.database.count('commitment')).toBe(4);
});

const newestTs = ({ rehearsal }: World, channel: string): string =>
  rehearsal.workspace.state.conversations[channel]?.messages.findLast((message) => !message.ephemeralTo)?.ts ?? '';
