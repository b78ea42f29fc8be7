import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { agreed } from '../commitments/paired.ts';
import { ownedBy } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';

/** How many bundles somebody was sent. */
async function bundlesOf(w: World, personId: string): Promise<number> {
  const sent = await asTick(w.bot.deps.db, (trx) =>
    trx
      .selectFrom('outbox')
      .select('id')
      .where('kind', '=', 'bundle')
      .where('address', '=', personId)
      .where('state', '=', 'posted')
      .execute(),
  );
  return sent.length;
}

test('one message a day names what is near or past its day over all pairs, at nine where the person lives', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.dana.types('/commit listing presentation for @ana by Mar 3');
  await w.dana.types('/commit lead routing for @marcus by Mar 3');
  await w.moves('2027-03-02T13:59:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(0);
  await w.moves('2027-03-02T14:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(1);
  const seen = await w.dana.sees();
  expect(seen).toContain('2 promises of yours are near or past their day');
  expect(seen).toContain('○ listing presentation, tomorrow · for Ana');
  expect(seen).toContain('○ lead routing, tomorrow · for Marcus');
  await w.moves('2027-03-02T23:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(1);
});

test('done in the bundle, it is marked there in place, with a way back', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('2027-03-02T15:00:00Z');
  await w.dana.clicks('Done');
  expect(await w.dana.sees()).toContain('● yard signs, kept today');
  expect(await bundlesOf(w, w.dana.id)).toBe(1);
  await w.dana.clicks('Undo');
  expect(await w.dana.sees()).toContain('○ yard signs, tomorrow');
});

test('overdue is named on its first day, then weekly; nothing to say is no message', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  const counts: number[] = [];
  const said = new Map<number, string | undefined>();
  for (let date = 2; date <= 19; date++) {
    await w.moves(`2027-03-${String(date).padStart(2, '0')}T23:00:00Z`);
    counts.push(await bundlesOf(w, w.dana.id));
    const lines = [...(await w.dana.sees('@Accord')).matchAll(/yard signs, (.*) · for Ana/g)];
    said.set(lines.length, said.get(lines.length) ?? lines.at(-1)?.[1]);
  }
  // Named on the 2nd, 3rd, 4th, 11th and 18th.
  expect(counts).toEqual([1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5]);
  expect([...said.values()]).toEqual(['tomorrow', 'today', '1 day overdue', '8 days overdue', '15 days overdue']);
});

test('what a colleague owns is the colleague’s to hear of for two weeks, then named to the leader too, weekly', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia, { by: '2027-03-03' });
  await w.moves('2027-03-16T23:00:00Z');
  const quietSince = await bundlesOf(w, w.dana.id);
  expect(await w.dana.sees('@Accord')).not.toContain('with a colleague');
  await w.moves('2027-03-17T12:59:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(quietSince);
  await w.moves('2027-03-17T13:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(quietSince + 1);
  const seen = await w.dana.sees('@Accord');
  expect(seen).toContain('1 promise is with a colleague and 14 days overdue');
  expect(seen).toContain('◆ vendor introduction, 14 days overdue · for Ana · Mia’s');
  await w.moves('2027-03-23T23:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(quietSince + 1);
  await w.moves('2027-03-24T23:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(quietSince + 2);
  expect(await w.dana.sees('@Accord')).toContain('◆ vendor introduction, 21 days overdue · for Ana · Mia’s');
  expect(await w.ana.sees()).not.toContain('a colleague');
});

test('several that colleagues own are counted, with the days that each of them is over', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia, { by: '2027-03-06' });
  await ownedBy(w, w.kiran, { what: 'yard signs', by: '2027-03-08' });
  await w.moves('2027-03-22T13:00:00Z');
  const seen = await w.dana.sees('@Accord');
  expect(seen).toContain('2 promises are with colleagues and at least 14 days overdue');
  expect(seen).toContain('◆ vendor introduction, 16 days overdue');
  expect(seen).toContain('◆ yard signs, 14 days overdue');
});

test('what a colleague does in time after all is not named to the leader', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia, { by: '2027-03-03' });
  await w.moves('2027-03-16T23:00:00Z');
  await w.mia.clicks('Done');
  const before = await bundlesOf(w, w.dana.id);
  await w.moves('2027-03-31T23:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(before);
});

test('snoozed until Monday, nothing comes before', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('2027-03-02T15:00:00Z');
  await w.dana.clicks('Snooze until Monday');
  expect(await w.dana.sees()).toContain('Snoozed until Mon Mar 8.');
  await w.moves('2027-03-08T13:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(1);
  await w.moves('2027-03-08T15:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(2);
  expect(await w.dana.sees()).toContain('◆ yard signs, 5 days overdue');
});

test('what was done before the bundle went out is not in it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Done');
  await w.moves('2027-03-05T15:00:00Z');
  expect(await bundlesOf(w, w.dana.id)).toBe(0);
  expect(await bundlesOf(w, w.ana.id)).toBe(1);
});

test('with nothing to say again, nobody is looked at again', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Done');
  await w.moves('2027-03-05T15:00:00Z');
  const waiting = await asTick(w.bot.deps.db, (trx) =>
    trx.selectFrom('person').select('id').where('bundleDueAt', 'is not', null).execute(),
  );
  expect(waiting).toEqual([]);
});
