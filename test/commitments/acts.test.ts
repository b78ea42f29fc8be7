import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql, type Transaction } from 'kysely';
import { handBackFrom } from '../../src/commitments/leaving.ts';
import { OFFERS } from '../../src/commitments/offers.ts';
import { actionIdOf } from '../../src/commitments/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import type { Database } from '../../src/db/schema.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { ownedBy } from '../support/handing.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';
import { rowsAndSums } from './sums.ts';

const ledger = async (one: Persona): Promise<string> => (await one.types('/accord ledger')).answer?.text ?? '';

test('a promise is moved once freely, again by agreement, and both see it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 12');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Move');
  const without = await w.dana.submits('Give it a new day', { 'New day': '2027-03-19' });
  expect(without.ok && !without.errors && !without.notice).toBe(false);
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-19', Why: 'the printer is late' });
  await w.dana.act({ do: 'close' });
  expect(await ledger(w.ana)).toContain('○ listing presentation, Fri Mar 19 · moved once');

  await w.dana.types('/accord ledger');
  await w.dana.clicks('Move');
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-25', Why: 'the seller is away' });
  await w.dana.act({ do: 'close' });
  const put = await w.ana.sees();
  expect(put).toContain('Dana asks for Thu Mar 25 instead of Fri Mar 19.');
  expect(put).toContain('the seller is away');
  await w.ana.clicks('Agree');
  expect(await ledger(w.dana)).toContain('○ listing presentation, Thu Mar 25 · moved twice');
  expect(await w.ana.sees()).not.toContain('asks for Thu Mar 25');
});

test('overdue is shown at once, kept late is kept late, and the figures count it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.ana.types('/commit two comps by Mar 3');
  await w.moves('2027-03-06T15:00:00Z');
  const seen = await ledger(w.ana);
  expect(seen).toContain('◆ yard signs, 3 days overdue');
  expect(seen).toContain('◆ two comps, 3 days overdue');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Done');
  const answer = await w.ana.types('/accord ledger');
  expect(answer.answer?.text).toContain('◐ yard signs, kept late');
  expect(JSON.stringify(answer.answer?.blocks)).toContain('kept on time: 4 weeks 0 of 1');
});

test('each one-on-one has its own rates', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.dana.types('/commit yard signs for @ana by Mar 3');
  await w.dana.types('/commit lead routing for @marcus by Mar 3');
  await w.marcus.types('/commit referral list by Mar 3');
  await w.dana.types('/accord ledger @ana');
  await w.dana.clicks('Done', { row: 'yard signs' });
  await w.moves('2027-03-05T15:00:00Z');
  const shown = async (line: string) => JSON.stringify((await w.dana.types(line)).answer?.blocks);
  const rates = (kept: string) => `kept on time: 4 weeks ${kept} · 12 weeks ${kept}`;
  const withAna = await shown('/accord ledger @ana');
  expect(withAna.match(/kept on time: [^_]*/g)).toEqual([rates('1 of 1')]);
  expect(withAna).toContain(`yard signs, kept Mon Mar 1\\n_${rates('1 of 1')}_`);
  const withMarcus = await shown('/accord ledger @marcus');
  expect(withMarcus.match(/kept on time: [^_]*/g)).toEqual([rates('0 of 1'), rates('0 of 1')]);
  const all = await shown('/accord ledger');
  expect(all.match(/kept on time: [^_]*/g)?.toSorted()).toEqual([rates('0 of 1'), rates('0 of 1'), rates('1 of 1')]);
});

test('not yet reopens what was said to be done, and its owner hears of it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit lead routing by Mar 12');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Done');
  await w.moves('2027-03-02T22:00:00Z');
  expect(await w.ana.sees()).toContain('● lead routing, kept today · Dana says it is done');
  await w.ana.clicks('Not yet');
  expect(await ledger(w.dana)).toContain('○ lead routing');
  await w.moves('2027-03-03T22:00:00Z');
  expect(await w.dana.sees()).toMatch(/○ lead routing, .* · Ana says not yet/);
});

test('an ask that nobody answered lapses, and its owner can still take it up with a new day', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana a testimonial by Mar 3');
  await w.moves('2027-03-05T20:00:00Z');
  expect(await w.dana.sees()).toMatch(/○ a testimonial, due .*, not answered · you asked Ana/);
  await w.ana.clicks('Accept with a new day');
  const past = await w.ana.submits('Accept with a new day', { 'By when': '2027-03-04' });
  expect(past.errors).toEqual({ dueOn: 'That day has passed. Pick a day from today on.' });
  await w.ana.submits('Accept with a new day', { 'By when': '2027-03-15' });
  expect(await ledger(w.dana)).toContain('○ a testimonial, Mon Mar 15');
});

test('everything of it is one click away: the whole text and what happened', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types(`/commit ${'very long words '.repeat(40)}by Mar 12`);
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await w.dana.clicks('Done');
  expect(JSON.stringify(await w.dana.modal())).toContain('● very long words');
  await w.dana.act({ do: 'close' });
});

describe('nobody else', () => {
  let w: World;
  let id = '';
  beforeAll(async () => {
    w = await world();
    await agreed(w, w.ana, 'ana');
    await agreed(w, w.marcus, 'marcus');
    await w.dana.types('/commit secret plan for @ana by Mar 12');
    id = await asTick(
      w.bot.deps.db,
      async (trx) => (await trx.selectFrom('commitment').select('id').executeTakeFirstOrThrow()).id,
    );
  });
  afterAll(() => w[Symbol.asyncDispose]());

  test.each(OFFERS.map((offer) => [offer]))('sees or changes it by “%s”', async (offer) => {
    for (const stranger of [w.marcus, w.mia, w.gus]) {
      await forgeClick(w, stranger.id, { actionId: actionIdOf(offer), value: id });
      await w.settles();
      expect(await stranger.sees()).not.toContain('secret plan');
      expect(JSON.stringify(await stranger.modal())).not.toContain('secret plan');
    }
    const row = await asTick(w.bot.deps.db, (trx) =>
      trx.selectFrom('commitment').selectAll().executeTakeFirstOrThrow(),
    );
    expect([row.state, row.version]).toEqual(['open', 1]);
  });

  test('changes it by a form that was altered', async () => {
    const forged = await forgeForm(w, w.marcus.id, {
      callbackId: 'commitment:reopen-submitted',
      metadata: JSON.stringify({ id, from: 'message' }),
      values: { reason: { reason: { type: 'plain_text_input', value: 'mine now' } } },
    });
    expect(JSON.stringify(forged)).toContain('That is not there any more, or not yours.');
  });

  test('opens the ledger of a pair that is not theirs, whoever they name', async () => {
    const withPair = await w.marcus.types('/accord ledger @ana');
    const without = await w.marcus.types('/accord ledger @mia');
    expect(withPair.answer?.text).toBe('You have no one-on-one with them. Start one: `/accord with @name`.');
    expect(without.answer?.text).toBe(withPair.answer?.text);
  });

  test('and every refusal is in the audit', async () => {
    const denied = await asTick(w.bot.deps.db, (trx) =>
      trx
        .selectFrom('audit')
        .select('verb')
        .where('decision', '=', 'denied')
        .where('actorId', '=', w.marcus.id)
        .execute(),
    );
    expect(denied.length).toBeGreaterThan(OFFERS.length - 3);
  });
});

test('a button that is out of date says so and shows how it stands', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit ask @ana a testimonial by Mar 12');
  const id = await asTick(
    w.bot.deps.db,
    async (trx) => (await trx.selectFrom('commitment').select('id').executeTakeFirstOrThrow()).id,
  );
  await w.ana.clicks('Accept');
  await forgeClick(w, w.ana.id, { actionId: actionIdOf('decline'), value: id });
  await w.settles();
  expect(await w.ana.sees('general')).toContain('It has changed meanwhile');
  await forgeClick(w, w.ana.id, { actionId: actionIdOf('accept'), value: id });
  await w.settles();
  expect(await w.ana.sees('general')).toContain('It is open.');
  expect(await w.database.count('commitment_event')).toBe(2);
});

test('a colleague who leaves hands back what they owned', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia);
  await asTick(w.bot.deps.db, (trx) => handBackFrom(trx, w.bot.deps, 'T0RIVER001', w.mia.id));
  expect(await ledger(w.ana)).toContain('○ vendor introduction, Sat Mar 20.');
});

test('a colleague who leaves hands back all of it, however much it is', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await ownedBy(w, w.mia);
  await asTick(w.database.db, (trx) => copyCommitment(trx, 510));
  const isMias = async () => {
    const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').select('ownerId').execute());
    return rows.filter(({ ownerId }) => ownerId === w.mia.id).length;
  };
  expect(await isMias()).toBe(511);
  await w.dana.act({ do: 'person', id: w.mia.id, change: { deleted: true } });
  expect(await isMias()).toBe(0);
});

/** The one commitment there is, so many times more, with its last event. */
async function copyCommitment(trx: Transaction<Database>, times: number): Promise<void> {
  const id = sql`('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const many = sql`generate_series(1, ${sql.lit(times)}) n`;
  await sql`insert into commitment
    select (jsonb_populate_record(one, jsonb_build_object('id', ${id}))).* from commitment one, ${many}`.execute(trx);
  await sql`insert into commitment_event
    select (jsonb_populate_record(one, jsonb_build_object('id', ${id}, 'commitment_id', ${id}))).*
    from commitment_event one, ${many} where version = (select max(version) from commitment_event)`.execute(trx);
}

test('the events in the database add up to the row', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit yard signs by Mar 3');
  await w.moves('2027-03-05T15:00:00Z');
  await w.dana.clicks('Done');
  await w.dana.clicks('Undo');
  await w.dana.clicks('Done');
  const [only] = await rowsAndSums(w);
  expect(only?.verbs).toEqual(['promised', 'fell due', 'done', 'undone', 'done']);
  expect(only?.row).toEqual(only?.sum);
});
