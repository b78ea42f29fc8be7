import { expect, test } from '@jest/globals';
import { COMMIT_SUBMITTED } from '../../src/commitments/commit-form.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { forgeForm } from '../support/forge.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { agreed } from './paired.ts';

const FORM = 'Make a commitment';
const LINE = 'What the channel reads';
const NAMED = 'Not saved yet: the weekly digest would name it like this.';

const said = async (one: Persona): Promise<string> => JSON.stringify((await one.modal())?.view.blocks ?? []);
const filledIn = async (w: World, one: Persona): Promise<Record<string, unknown>> => {
  const open = w.rehearsal.workspace.stacks.get(one.id)?.at(-1);
  return Object.fromEntries(
    Object.entries(open?.values ?? {}).map(([id, of]) => {
      const value = Object(of[id]);
      return [id, value.value ?? value.selected_option?.value ?? value.selected_date ?? value.selected_user ?? null];
    }),
  );
};
const rows = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().orderBy('createdAt').execute());
const verbs = (w: World) =>
  asTick(w.database.db, async (trx) =>
    (await trx.selectFrom('commitmentEvent').select('verb').orderBy('version').execute()).map(({ verb }) => verb),
  );

async function pairedAsReport(w: World, one: Persona, name: string): Promise<void> {
  await w.dana.types(`/accord with @${name}`);
  await w.dana.submits('Propose a rhythm', { 'Who they are to the firm': 'Reports to me' });
  await w.dana.act({ do: 'close' });
  await one.clicks('Accept');
}

test('a promise of the firm shows what the channel would read before it is saved, with all that was filled in', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await agreed(w, w.marcus, 'marcus');
  await w.dana.types('/commit');
  await w.dana.submits(FORM, {
    'With whom': 'Marcus',
    What: 'print the flyers',
    'By when': '2027-03-20',
    Priority: 'Later',
    'A colleague who would own it': w.mia.id,
  });
  expect(await w.database.count('commitment')).toBe(0);
  expect(await said(w.dana)).toContain(NAMED);
  const pair = (await asTick(w.database.db, (trx) => trx.selectFrom('pair').selectAll().execute())).find(
    ({ partnerId }) => partnerId === w.marcus.id,
  );
  expect(await filledIn(w, w.dana)).toEqual({
    line: 'print the flyers',
    pair: pair?.id,
    who: 'promise',
    what: 'print the flyers',
    dueOn: '2027-03-20',
    priority: 'later',
    colleague: w.mia.id,
  });

  const { modal } = await w.dana.submits(FORM, {});
  expect(JSON.stringify(modal?.view)).toContain('In the digest: print the flyers');
  expect(await rows(w)).toMatchObject([
    { pairId: pair?.id, text: 'print the flyers', priority: 'later', digestLine: 'print the flyers', state: 'open' },
  ]);
  expect(await verbs(w)).toEqual(['promised']);
  expect(await w.mia.sees()).toContain('print the flyers, by Sat Mar 20, for Marcus?');
});

test('what was changed at the second look is what is saved, also the line; Undo takes back the whole of it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit');
  await w.dana.submits(FORM, { What: 'print the flyers', 'By when': '2027-03-20' });
  expect(await said(w.dana)).toContain(
    'The channel reads that line. The rest stays between you two and whoever owns it.',
  );
  const past = await w.dana.submits(FORM, { 'By when': '2027-02-20', [LINE]: 'the flyers' });
  expect(past.errors).toEqual({ dueOn: 'That day has passed. Pick a day from today on.' });
  await w.dana.submits(FORM, { What: 'print 200 flyers', 'By when': '2027-03-21' });
  expect(String((await rows(w))[0]?.dueOn)).toBe('2027-03-21');
  expect(await rows(w)).toMatchObject([{ text: 'print 200 flyers', digestLine: 'the flyers' }]);
  expect(await said(w.dana)).toContain('In the digest: the flyers');
  await w.dana.clicks('Undo');
  expect(await rows(w)).toEqual([]);
});

test('a line that was emptied is kept out by its writer, and nobody else puts it back in', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit');
  await w.dana.submits(FORM, { What: 'print the flyers', 'By when': '2027-03-20' });
  await w.dana.submits(FORM, { [LINE]: '' });
  expect(await said(w.dana)).toContain('Not named in the digest.');
  expect(await rows(w)).toMatchObject([{ state: 'open', digestLine: null }]);
  await w.dana.act({ do: 'close' });

  await w.ana.types('/accord ledger');
  await w.ana.clicks('Show all');
  await w.ana.clicks('Put in digest');
  expect(await said(w.ana)).toContain('Somebody else kept it out of the digest');
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Put in digest');
  expect(await rows(w)).toMatchObject([{ digestLine: 'print the flyers' }]);
});

test('where the rule keeps it out the line is empty and says why; left so anybody of the two may reword it', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.types('/commit send Maria the split');
  await w.dana.submits(FORM, { 'By when': '2027-03-20' });
  expect(await said(w.dana)).toContain('count it without naming it, because it seems to name Maria.');
  expect(await filledIn(w, w.dana)).toMatchObject({ line: null, what: 'send Maria the split' });
  await w.dana.submits(FORM, {});
  expect(await rows(w)).toMatchObject([{ digestLine: null }]);
  expect(await said(w.dana)).toContain('Not named in the digest: it seems to name Maria.');
  await w.dana.act({ do: 'close' });

  await w.dana.types('/commit send Maria the survey');
  await w.dana.submits(FORM, { 'By when': '2027-03-20' });
  await w.dana.submits(FORM, { [LINE]: 'send a survey' });
  expect((await rows(w))[1]).toMatchObject({ text: 'send Maria the survey', digestLine: 'send a survey' });
});

test('a message made a commitment shows its line first too, and keeps where it came from', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  await w.dana.writes('C0GENERAL1', 'I will order the yard signs');
  const ts = w.rehearsal.state.conversations.C0GENERAL1?.messages.at(-1)?.ts ?? '';
  await w.dana.uses('Make this a commitment', { in: 'C0GENERAL1', ts });
  await w.dana.submits(FORM, { What: 'order the yard signs', 'By when': '2027-03-12' });
  expect(await said(w.dana)).toContain(NAMED);
  await w.dana.submits(FORM, {});
  expect(await rows(w)).toMatchObject([{ digestLine: 'order the yard signs' }]);
  expect((await rows(w))[0]?.permalink).toContain('C0GENERAL1');
});

test('what has no place in a digest is saved at the first click: a partner’s promise, an ask of either', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  const firstClick = async (one: Persona, who: string) => {
    await one.types('/commit');
    await one.submits(FORM, { What: 'two comps', 'By when': '2027-03-20', 'Who does it': who });
    expect(await said(one)).not.toContain(LINE);
    await one.act({ do: 'close' });
  };
  await firstClick(w.ana, 'I do: a promise');
  await firstClick(w.ana, 'I ask Dana');
  await firstClick(w.dana, 'I ask Ana');
  expect((await rows(w)).map(({ side, state }) => `${side} ${state}`)).toEqual([
    'partner open',
    'firm asked',
    'partner asked',
  ]);
});

test('a report’s is saved at the first click, until the digest covers reports', async () => {
  await using w = await world();
  await pairedAsReport(w, w.kiran, 'kiran');
  await w.dana.types('/commit');
  await w.dana.submits(FORM, { What: 'a course', 'By when': '2027-03-20' });
  expect(await rows(w)).toMatchObject([{ digestLine: null }]);
  await w.dana.act({ do: 'close' });

  await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ digestCoversReports: true }).execute());
  await w.dana.types('/commit');
  await w.dana.submits(FORM, { What: 'a desk', 'By when': '2027-03-20' });
  expect(await said(w.dana)).toContain('because what is promised to a report stays out unless put in.');
  expect(await w.database.count('commitment')).toBe(1);
  await w.dana.submits(FORM, { [LINE]: 'a new desk' });
  expect((await rows(w))[1]).toMatchObject({ text: 'a desk', digestLine: 'a new desk' });
});

test('a line that is too long is refused under its field, and nobody saves in a pair that is not theirs', async () => {
  await using w = await world();
  await agreed(w, w.ana, 'ana');
  const pair = (await asTick(w.database.db, (trx) => trx.selectFrom('pair').selectAll().execute()))[0]?.id ?? '';
  const option = (value: string) => ({ selected_option: { value } });
  const values = (line: string) => ({
    pair: { pair: option(pair) },
    who: { who: option('promise') },
    what: { what: { value: 'print the flyers' } },
    dueOn: { dueOn: { selected_date: '2027-03-20' } },
    priority: { priority: option('now') },
    line: { line: { value: line } },
  });
  const form = (line: string) => ({ callbackId: COMMIT_SUBMITTED, metadata: '{}', values: values(line) });
  const long = await forgeForm(w, w.dana.id, form('x'.repeat(151)));
  expect(JSON.stringify(long)).toContain('"line":"At most 150 characters; this has 151."');
  for (const one of [w.mia, w.gus, w.otto])
    expect(JSON.stringify(await forgeForm(w, one.id, form('mine')))).toContain('response_action":"errors');
  expect(await rows(w)).toEqual([]);
});
