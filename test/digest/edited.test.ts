import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { configureDigest } from '../../src/digest/store.ts';
import { findPersonOrThrow } from '../../src/people/store.ts';
import { beginForgetting } from '../../src/record/forgetting-store.ts';
import { agreed } from '../recap/met.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';

const TEAM = 'T0RIVER001';
const CHANNEL = 'C0PROMISES';
const MONDAY = '2027-03-08T14:00:00Z';

function configured(w: World, choice?: 'ended'): Promise<void> {
  const weekly = { channelId: CHANNEL, weekday: 1, at: Temporal.PlainTime.from('09:00'), coversReports: false };
  return asTick(w.database.db, (trx) =>
    configureDigest(trx, TEAM, choice === 'ended' ? undefined : weekly, w.dana.id, w.now()),
  );
}

/** A digest that names two promises stands in the channel. */
async function posted(w: World): Promise<void> {
  await agreed(w);
  await configured(w);
  await w.dana.types('/commit send the listing presentation by Mar 5');
  await w.dana.types('/commit introduce the vendor by Mar 10');
  await w.moves(MONDAY);
}

/** What the channel has read, oldest first, and when it was edited last. */
const digests = (w: World) =>
  (w.rehearsal.state.conversations[CHANNEL]?.messages ?? [])
    .filter(({ text }) => /digest|What the firm promised/.test(text))
    .map((message) => ({ ts: message.ts, text: message.text, editedAt: message.edited?.ts }));

async function inLedger(one: Persona, row: string, button: string): Promise<void> {
  await one.types('/accord ledger');
  await one.clicks('Show all');
  await one.clicks(button, { row });
  await one.act({ do: 'close' });
}

test('what the partner keeps out afterwards is gone from the channel at once, and still counted', async () => {
  await using w = await world();
  await posted(w);
  const [before] = digests(w);
  expect(before?.text).toContain('introduce the vendor (Dana, Wed)');
  await w.moves('2027-03-09T15:00:00Z');
  await inLedger(w.ana, 'introduce the vendor', 'Keep out of digest');
  const [after, ...more] = digests(w);
  expect(more).toEqual([]);
  expect(after?.ts).toBe(before?.ts);
  expect([before?.editedAt, after?.editedAt]).toEqual([undefined, expect.any(String)]);
  expect(after?.text).not.toContain('vendor');
  expect(after?.text).toContain('week of March 8');
  expect(after?.text).toContain('◆ send the listing presentation, Dana, 4 days overdue');
  expect(after?.text).toContain('1 more is counted but not named: 1 due this week.');
  expect(after?.text).toContain('Edited Tue Mar 9: it lists what is open now.');
  expect(after?.text).not.toContain('Ana');
});

test('reworded, it stands there in its new words; put in afterwards, nothing is edited', async () => {
  await using w = await world();
  await posted(w);
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Show all of it', { row: 'introduce the vendor' });
  await w.dana.clicks('Reword for digest');
  await w.dana.submits('Reword for digest', { 'What the channel reads': 'an introduction' });
  expect(digests(w)[0]?.text).toContain('○ due this week: an introduction (Dana, Wed)');
  expect(digests(w)[0]?.text).not.toContain('vendor');

  await w.dana.act({ do: 'close' });
  await w.dana.act({ do: 'close' }).catch(() => undefined);
  await inLedger(w.dana, 'introduce the vendor', 'Keep out of digest');
  await w.moves('+1h');
  const before = digests(w);
  expect(before[0]?.text).not.toContain('introduction');
  await inLedger(w.dana, 'introduce the vendor', 'Put in digest');
  expect(digests(w)).toEqual(before);
});

test('what it cannot name is kept out without an edit: due later, written since, or never named', async () => {
  await using w = await world();
  await agreed(w);
  await configured(w);
  await w.dana.types('/commit order the yard signs by Mar 30');
  await w.dana.types('/commit send the listing presentation by Mar 10');
  await w.moves(MONDAY);
  await w.moves('+1h');
  await w.dana.types('/commit print the flyers by Mar 10');
  await w.dana.clicks('Keep out of digest');
  await inLedger(w.ana, 'yard signs', 'Keep out of digest');
  expect(digests(w).map(({ editedAt }) => editedAt)).toEqual([undefined]);
});

test('one that was moved since may stand there under its old day, and goes from there', async () => {
  await using w = await world();
  await posted(w);
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Move', { row: 'introduce the vendor' });
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-30', Why: 'the vendor is away' });
  await w.dana.act({ do: 'close' });
  expect(digests(w)[0]?.text).toContain('vendor');
  await inLedger(w.ana, 'introduce the vendor', 'Keep out of digest');
  expect(digests(w)[0]?.text).not.toContain('vendor');
});

test('only the latest is edited', async () => {
  await using w = await world();
  await posted(w);
  await w.moves('+1w');
  const [first] = digests(w);
  await inLedger(w.ana, 'introduce the vendor', 'Keep out of digest');
  const after = digests(w);
  expect(after[0]).toEqual(first);
  expect(after.at(-1)?.text).not.toContain('vendor');
  expect(after.at(-1)?.text).toContain('1 more is counted but not named: 1 overdue.');
});

test('SEC5: where no digest is wanted any more, or another firm reads along since, it is taken down and names nothing new', async () => {
  await using ended = await world();
  await posted(ended);
  await configured(ended, 'ended');
  await inLedger(ended.ana, 'introduce the vendor', 'Keep out of digest');
  expect(digests(ended)[0]?.text).toBe('This digest was taken down. None is posted here any more.');
  expect(digests(ended)[0]?.text).not.toMatch(/vendor|presentation/);

  await using shared = await world();
  await posted(shared);
  await shared.dana.types('/commit print the flyers by Mar 10');
  const channel = shared.rehearsal.state.conversations[CHANNEL];
  if (!channel) throw new Error('The stand-in has no #promises');
  channel.sharedWith = ['T0LENDER01'];
  await shared.moves('+1h');
  await inLedger(shared.ana, 'introduce the vendor', 'Keep out of digest');
  expect(digests(shared)[0]?.text).toContain('This digest was taken down');
  expect(digests(shared)[0]?.text).not.toMatch(/vendor|presentation|flyers/);
  expect(await shared.dana.sees()).toContain('The digest has stopped');
});

test('a promise whose words were removed with whoever is forgotten is gone from the channel too', async () => {
  await using w = await world();
  await posted(w);
  await w.dana.types('/accord export');
  await w.dana.clicks('Be forgotten');
  expect(digests(w)).toHaveLength(1);
  expect(digests(w)[0]?.text).not.toMatch(/vendor|presentation|Dana/);
});

test('SEC5: whoever is forgotten in steps is gone from the channel before the last word has reached them', async () => {
  await using w = await world();
  await posted(w);
  expect(digests(w)[0]?.text).toContain('vendor');
  await asTick(w.database.db, async (trx) => {
    const person = await findPersonOrThrow(trx, TEAM, w.dana.id);
    await beginForgetting(trx, person, { id: w.bot.deps.newId(), ended: 1, now: w.now() });
  });
  const own = Object.values(w.rehearsal.state.conversations).find(
    ({ kind, members }) => kind === 'im' && members.includes(w.dana.id),
  );
  await w.control('faults', { method: 'chat.postMessage', channel: own?.id, fault: '429', retryAfter: 30, times: 99 });
  await w.moves('+2m');
  expect(await w.database.count('forgetting')).toBe(1);
  expect(digests(w)[0]?.text).not.toMatch(/vendor|presentation/);
});
