import { describe, expect, test } from '@jest/globals';
import { HAND_OVER } from '../../src/cadence/views.ts';
import { fold } from '../../src/commitments/facts.ts';
import { DECLINE_HAND_OVER, HAND_OVER_SUBMITTED, TAKE_OVER } from '../../src/commitments/hand-over-views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { agreed } from '../commitments/paired.ts';
import { filesOf } from '../record/kept.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { asksToLead } from '../support/handing.ts';
import { type World, world } from '../support/world.ts';

const NOT_YOURS = 'That one-on-one is not yours to hand over. `/accord cadence` shows the ones you have.';
const NOT_ASKED = 'That is not open for you any more.';
const NO_MEMBER = 'They have no full account in this workspace. Name somebody who does.';

const pairs = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('pair').selectAll().orderBy('createdAt').execute());
const handOvers = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('handOver').selectAll().orderBy('at').execute());
const commitments = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().orderBy('createdAt').execute());
const pairId = async (w: World) => (await pairs(w))[0]?.id ?? '';

describe('taking over', () => {
  test('the one who is asked reads the firm’s open promises first, and owes them from then on by the same days', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await w.ana.types('/commit two comps by Friday');
    expect((await asksToLead(w, w.mia)).errors).toBeUndefined();
    const seen = await w.mia.sees();
    expect(seen).toContain('Dana asks you to take over the one-on-one with Ana');
    expect(seen).toContain('listing presentation, Fri');
    expect(seen).not.toContain('two comps');
    expect((await pairs(w))[0]?.leaderId).toBe(w.dana.id);

    await w.mia.clicks('Take over');
    expect((await pairs(w))[0]).toMatchObject({ leaderId: w.mia.id, partnerId: w.ana.id, state: 'active' });
    const rows = await commitments(w);
    const open = rows.filter(({ state, side }) => state === 'open' && side === 'firm');
    expect(open.map(({ ownerId, dueOn, text }) => [ownerId, String(dueOn), text])).toContainEqual([
      w.mia.id,
      '2027-03-05',
      'listing presentation',
    ]);
    expect(open.every(({ ownerId }) => ownerId === w.mia.id)).toBe(true);
    expect(rows.find(({ text }) => text === 'two comps')?.ownerId).toBe(w.ana.id);

    const ledger = (await w.mia.types('/accord ledger')).answer?.text ?? '';
    expect(ledger).toContain('listing presentation');
    expect(ledger).toContain('two comps');
    expect(await w.ana.sees()).toContain('Mia leads your one-on-one from now on; Dana handed it over.');
    expect(await w.dana.sees()).toContain('Mia leads the one-on-one with Ana from now on.');
    expect(await w.mia.sees()).toContain('one-on-one.ics');
    expect(await w.mia.sees()).not.toContain('[Take over]');
  });

  test('the rhythm stays: the next meeting is the same, briefed and held with the new leader', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.moves('2027-03-08T20:00:00Z');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    expect(await w.ana.sees()).toContain('Tomorrow 9:00 AM with Mia: what should it produce for you?');
    await w.moves('2027-03-09T17:00:00Z');
    expect(await w.mia.sees()).toContain('Ana, ');
    const together = (...ids: string[]) =>
      Object.values(w.rehearsal.state.conversations).some(
        ({ members }) => members.length === 3 && ids.every((id) => members.includes(id)),
      );
    expect([together(w.mia.id, w.ana.id), together(w.dana.id, w.ana.id)]).toEqual([true, false]);
    const meetings = await asTick(w.database.db, (trx) => trx.selectFrom('meeting').selectAll().execute());
    expect(meetings.map(({ startsAt }) => String(startsAt))).toEqual(['2027-03-09T17:00:00Z']);
  });

  test('every row is still the sum of its events, and an ask that waited for the old leader waits for the new one', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await w.ana.types('/commit ask: yard signs for Oak Street by Friday');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    expect(await w.mia.sees()).toContain('Ana asks you for this.');
    expect(await w.dana.sees()).toContain('This is not with you any more.');
    await w.mia.clicks('Accept', { row: 'yard signs' });
    for (const row of await commitments(w)) {
      const events = await asTick(w.database.db, (trx) =>
        trx.selectFrom('commitmentEvent').selectAll().where('commitmentId', '=', row.id).orderBy('version').execute(),
      );
      expect(fold(events).ownerId).toBe(row.ownerId);
      expect(row).toMatchObject({ ownerId: w.mia.id, state: 'open' });
    }
  });

  test('SEC1: the leader before is denied everything of it without a hint, and still takes along what they wrote', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await w.dana.types('/commit ask @ana two referral partners by Friday');
    await w.dana.types('/accord agenda price of Oak Street');
    await w.dana.types('/accord ledger @ana');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    const before = JSON.stringify(await commitments(w));
    const none = '0190c0de-0000-7000-8000-000000000000';
    for (const { id } of await commitments(w))
      for (const actionId of ['commitment:done', 'commitment:withdraw', 'commitment:take-back', 'commitment:show']) {
        const real = await forgeClick(w, w.dana.id, { actionId, value: id });
        expect(real.told).toBe((await forgeClick(w, w.dana.id, { actionId, value: none })).told);
        expect(real.told).not.toBe('');
      }
    for (const actionId of ['cadence:reopen', 'cadence:end', 'cadence:hand-over', 'commitment:ledger-open']) {
      const real = await forgeClick(w, w.dana.id, { actionId, value: await pairId(w) });
      expect(real.told).toBe((await forgeClick(w, w.dana.id, { actionId, value: none })).told);
      expect(real.told).not.toBe('');
    }
    expect(JSON.stringify(await commitments(w))).toBe(before);
    for (const word of ['ledger', 'cadence', 'record'])
      expect((await w.dana.types(`/accord ${word} @ana`)).answer?.text).toContain('no one-on-one');

    await w.dana.types('/accord export @ana');
    const all = (await filesOf(w, w.dana))['accord.json'] ?? '';
    expect(all).toContain('"holds": "own words"');
    expect(all).toContain('price of Oak Street');
    expect(all).toContain('listing presentation');
  });

  test('SEC1: what the leader before had done already is not theirs to reopen; the new leader answers for it', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    const [row] = await commitments(w);
    await forgeClick(w, w.dana.id, { actionId: 'commitment:done', value: row?.id });
    expect((await commitments(w))[0]?.state).toBe('kept');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Take over');
    expect((await commitments(w))[0]?.ownerId).toBe(w.dana.id);
    const { told } = await forgeClick(w, w.dana.id, { actionId: 'commitment:reopen', value: row?.id });
    expect(told).toContain('not there any more, or not yours');
    await forgeClick(w, w.ana.id, { actionId: 'commitment:not-yet', value: row?.id });
    expect((await commitments(w))[0]).toMatchObject({ state: 'open', ownerId: w.mia.id });
  });
});

describe('not taking over', () => {
  test('a refusal ends the one-on-one; promises stay with their owners, and who declined is the leader’s to know', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await asksToLead(w, w.mia);
    await w.mia.clicks('Decline');
    expect((await pairs(w))[0]).toMatchObject({ state: 'ended', leaderId: w.dana.id });
    expect((await commitments(w))[0]).toMatchObject({ state: 'open', ownerId: w.dana.id });
    expect(await w.dana.sees()).toContain('Mia does not take over your one-on-one with Ana, so it has ended.');
    expect(await w.ana.sees()).toContain('Your one-on-one with Dana has ended: nobody takes it over.');
    expect(await w.ana.sees()).not.toContain('Mia');
    expect(await w.mia.sees()).toContain('You declined to take over a one-on-one.');
    expect(await w.mia.sees()).not.toContain('listing presentation');
  });

  test('asking somebody else takes the first ask back; a stale button is refused', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToLead(w, w.mia);
    await asksToLead(w, w.kiran);
    expect(await w.mia.sees()).toContain('You are not asked any more.');
    const [first] = await handOvers(w);
    expect((await forgeClick(w, w.mia.id, { actionId: TAKE_OVER, value: first?.id })).told).toBe(NOT_ASKED);
    await w.kiran.clicks('Take over');
    expect((await pairs(w))[0]?.leaderId).toBe(w.kiran.id);
    const second = (await handOvers(w))[1]?.id;
    expect((await forgeClick(w, w.kiran.id, { actionId: DECLINE_HAND_OVER, value: second })).told).toBe(NOT_ASKED);
    expect((await pairs(w))[0]?.state).toBe('active');
  });

  test('ending the one-on-one takes the ask back', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToLead(w, w.mia);
    await w.ana.types('/accord cadence @dana');
    await w.ana.clicks('End this one-on-one');
    expect(await w.mia.sees()).toContain('You are not asked any more.');
    const [only] = await handOvers(w);
    expect((await forgeClick(w, w.mia.id, { actionId: TAKE_OVER, value: only?.id })).told).toBe(NOT_ASKED);
  });

  test('somebody who meets the partner already hears so, and nobody else does', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.mia.act({ do: 'close' });
    expect((await asksToLead(w, w.mia)).errors).toBeUndefined();
    await w.mia.clicks('Take over');
    expect(await w.mia.sees()).toContain('You have a one-on-one with them already.');
    expect((await pairs(w))[0]?.leaderId).toBe(w.dana.id);
  });
});

describe('refused', () => {
  test.each([
    ['the partner', 'U0ANA00001'],
    ['a colleague', 'U0MIA00001'],
    ['a guest', 'U0GUS00001'],
    ['a person of another firm', 'U0OTTO0001'],
  ])('%s hands nothing over: neither by a button nor by a form', async (_who, id) => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    const metadata = await pairId(w);
    expect((await forgeClick(w, id, { actionId: HAND_OVER, value: metadata })).told).toBe(NOT_YOURS);
    const values = { successor: { successor: { type: 'users_select', selected_user: w.marcus.id } } };
    const answer = await forgeForm(w, id, { callbackId: HAND_OVER_SUBMITTED, metadata, values });
    expect(JSON.stringify(answer)).toContain(NOT_YOURS);
    expect(await handOvers(w)).toEqual([]);
  });

  test.each([
    ['a guest', 'U0GUS00001', NO_MEMBER],
    ['a person of another firm', 'U0OTTO0001', NO_MEMBER],
    ['a deactivated person', 'U0PAUL0001', NO_MEMBER],
    ['a bot', 'U0ACCORD01', NO_MEMBER],
    ['nobody that Slack knows', 'U0NOBODY01', NO_MEMBER],
    ['the partner', 'U0ANA00001', 'It takes two. Name somebody else of the firm.'],
    ['the leader', 'U0DANA0001', 'You lead it already. Name somebody else.'],
  ])('%s cannot be named', async (_who, id, why) => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    const values = { successor: { successor: { type: 'users_select', selected_user: id } } };
    const form = { callbackId: HAND_OVER_SUBMITTED, metadata: await pairId(w), values };
    expect(JSON.stringify(await forgeForm(w, w.dana.id, form))).toContain(why);
    expect(await handOvers(w)).toEqual([]);
  });

  test('nobody answers for whoever was asked, and learns nothing', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await asksToLead(w, w.mia);
    const value = (await handOvers(w))[0]?.id;
    for (const id of [w.dana.id, w.ana.id, w.marcus.id, w.gus.id, w.otto.id])
      for (const actionId of [TAKE_OVER, DECLINE_HAND_OVER])
        expect((await forgeClick(w, id, { actionId, value })).told).toBe(NOT_ASKED);
    expect((await handOvers(w)).map(({ state }) => state)).toEqual(['open']);
  });
});

describe('where no leader is left', () => {
  const leaves = (w: World, id: string) => w.dana.act({ do: 'person', id, change: { deleted: true } });

  async function miaLeads(w: World): Promise<void> {
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.mia.act({ do: 'close' });
    await w.ana.clicks('Accept');
    await w.mia.types('/commit listing presentation by 19 March');
  }

  test('the firm’s open promises are its owner’s, who hears of them in a bundle', async () => {
    await using w = await world();
    await miaLeads(w);
    await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ ownerId: w.dana.id }).execute());
    await w.dana.types('/accord help');
    await leaves(w, w.mia.id);
    expect((await commitments(w))[0]).toMatchObject({ state: 'open', ownerId: w.dana.id });
    await w.moves('+1d');
    expect(await w.dana.sees()).toContain('nobody leads that one-on-one any more, so it is yours');
  });

  test('with no owner named they stay with whoever left, until the settings name one', async () => {
    await using w = await world();
    await miaLeads(w);
    await leaves(w, w.mia.id);
    expect((await commitments(w))[0]).toMatchObject({ state: 'open', ownerId: w.mia.id });

    await agreed(w, w.kiran, 'kiran');
    await w.dana.types('/accord settings');
    await w.dana.submits('Settings', { 'Owner of the firm': w.dana.id });
    expect((await commitments(w))[0]).toMatchObject({ state: 'open', ownerId: w.dana.id });
  });
});
