import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { world } from '../support/world.ts';
import { agree, home, ledger, messages, newest, read } from './broker.ts';

test('a declined proposal says so to whoever made it, with the way on, and nothing is planned', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.clicks('Decline');
  await w.dana.act({ do: 'close' });
  expect(await newest(w, w.dana)).toContain('Ana declined the rhythm you proposed.');
  expect(await newest(w, w.ana)).toContain('You declined. Suggest a rhythm yourself at any time: /accord cadence.');
  expect(await w.database.count('meeting')).toBe(0);
  await w.dana.clicks('Suggest another');
  await w.dana.submits('Suggest a rhythm', { 'How often': 'Every week' });
  await w.ana.clicks('Accept');
  expect(await newest(w, w.ana)).toContain('Agreed with Dana: every week on Tuesday');
  expect(await w.database.count('meeting')).toBe(1);
});

test('what is proposed back to the leader does not tell the leader to set the outcome', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  expect(await newest(w, w.ana)).toContain('the firm’s promises are tracked like yours');
  await w.ana.clicks('Suggest another');
  await w.ana.submits('Suggest a rhythm', { Time: '10:00' });
  expect(await newest(w, w.dana)).toContain('Ana proposes a standing one-on-one with you');
  expect(await newest(w, w.dana)).not.toContain('You set the outcome');
});

test('a report’s column is headed with the leader, and the meeting stands without a purpose', async () => {
  await using w = await world();
  await w.dana.types('/accord with @kiran');
  await w.dana.submits('Propose a rhythm', { 'Who they are to the firm': 'Reports to me', 'First day': '2027-03-09' });
  await w.dana.act({ do: 'close' });
  expect(await newest(w, w.kiran)).toContain('Dana’s promises are tracked like yours');
  await w.kiran.clicks('Accept');
  await w.dana.types('/commit photo shoot by Mar 12');
  expect(await newest(w, w.dana)).not.toContain('digest');
  await w.moves('2027-03-09T12:30:00Z');
  expect(await w.kiran.sees()).not.toContain('No outcome named');
  expect(await newest(w, w.kiran)).toContain('On the table: 0 of yours, 1 of Dana’s.');
  expect(await ledger(w.kiran)).toContain('Kiran: nothing open. Dana: ○ photo shoot');
});

test('a leader with two pairs is told apart whose is whose, and each partner sees only their own', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await agree(w, w.marcus, 'marcus');
  await w.dana.types('/commit listing presentation for @ana by Mar 3');
  await w.dana.types('/commit lead routing for @marcus by Mar 3');
  const form = await w.dana.types('/commit yard signs by Mar 3');
  expect(form.modal?.view.type === 'modal' && form.modal.view.title.text).toBe('Make a commitment');
  await w.dana.act({ do: 'close' });
  expect(await ledger(w.dana)).toContain(
    'Ana. Ana: 0 open; The firm: 1 open\nMarcus. Marcus: 0 open; The firm: 1 open',
  );
  await w.moves('2027-03-02T18:00:00Z');
  const bundle = await newest(w, w.dana);
  expect(bundle).toContain('2 promises of yours are near or past their day');
  expect(bundle).toContain('○ listing presentation, tomorrow · for Ana');
  expect(bundle).toContain('○ lead routing, tomorrow · for Marcus');
  expect(await home(w.ana)).not.toContain('lead routing');
  expect(await ledger(w.marcus)).not.toContain('listing presentation');
});

test('a second move in a row offers the mover three times, privately, and the other one hears of each move once', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.moves('2027-03-01T18:00:00Z');
  await w.dana.opensHome();
  await w.dana.clicks('Move');
  await w.dana.submits('Move the meeting', { Day: '2027-03-10' });
  expect(await newest(w, w.ana)).toContain('Dana moved your one-on-one to Wed Mar 10, 9:00 AM (12:00 PM for Dana)');
  await w.dana.opensHome();
  const form = await w.dana.clicks('Move');
  expect(JSON.stringify(form.modal?.view)).toContain('This would be the second move in a row. Which time will hold?');
  await w.dana.submits('Move the meeting', {});
  const seen = await messages(w, w.ana);
  expect(seen.filter((one) => one.includes('moved your one-on-one to'))).toHaveLength(1);
  expect(seen.filter((one) => one.includes('was moved again since'))).toHaveLength(1);
  expect(seen.join()).not.toContain('second move');
  await w.moves('2027-03-11T17:01:00Z');
  expect(await newest(w, w.ana, 'Accord, Dana')).toContain('Thu Mar 11, 9:00 AM (12:00 PM for Dana)');
});

test('after two skips running both are asked, in their hours, whether the rhythm fits', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  for (const day of ['2027-03-08T17:30:00Z', '2027-03-23T04:00:00Z']) {
    await w.moves(day);
    await w.ana.clicks('Skip');
    await w.ana.submits('Skip this meeting', { Why: 'two closings that day' });
    expect(await newest(w, w.dana)).toContain('Ana skipped your one-on-one of Tue Mar');
  }
  expect(await w.dana.sees()).not.toContain('still fit?');
  await w.moves('2027-03-23T16:00:00Z');
  expect(await newest(w, w.dana)).toContain('Does the rhythm with Ana still fit?');
  expect(await newest(w, w.ana)).toContain('Does the rhythm with Dana still fit?');
  await w.ana.clicks('It fits');
  expect(await w.ana.sees()).toContain('You said the rhythm still fits. You are asked again in a quarter.');
  const said = await asTick(w.database.db, (trx) =>
    trx.selectFrom('audit').select(['actorId', 'decision']).where('verb', '=', 'keep cadence').execute(),
  );
  expect(said).toEqual([{ actorId: w.ana.id, decision: 'allowed' }]);
});

test('the meeting keeps its hour where it was agreed when the clocks change, and the zone of whoever moved away', async () => {
  await using w = await world();
  await agree(w, w.kiran, 'kiran', { 'Time zone': 'Europe/London', Time: '16:00' });
  expect(await home(w.kiran)).toContain('Tue 9 Mar, 16:00 (11:00 for Dana)');
  await w.moves('2027-03-10T15:00:00Z');
  // New York has changed its clocks, London not yet.
  expect(await home(w.kiran)).toContain('Tue 23 Mar, 16:00 (12:00 for Dana)');
  await w.moves('2027-03-24T17:00:00Z');
  expect(await home(w.kiran)).toContain('Tue 6 Apr, 16:00 (11:00 for Dana)');
  await w.dana.act({ do: 'person', id: w.kiran.id, change: { zone: 'Europe/Paris' } });
  expect(await home(w.kiran)).toContain('Tue 6 Apr, 17:00 (11:00 for Dana)');
});

test('a due day ends at midnight where its owner lives on that day', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.ana.types('/commit two comps by Mar 4');
  await w.moves('2027-03-05T06:00:00Z');
  expect(await ledger(w.dana)).toContain('○ two comps, today');
  await w.dana.act({ do: 'person', id: w.ana.id, change: { zone: 'America/New_York' } });
  expect(await ledger(w.dana)).toContain('◆ two comps, 1 day overdue');
});

test('a day that has ended stays ended when its owner flies west', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.ana.types('/commit two comps by Mar 4');
  await w.moves('2027-03-05T08:30:00Z');
  await w.dana.act({ do: 'person', id: w.ana.id, change: { zone: 'Pacific/Honolulu' } });
  expect(await ledger(w.dana)).toContain('◆ two comps, 1 day overdue');
});

test('somebody who left is asked nothing more, and the other one sees why', async () => {
  await using w = await world();
  await agree(w, w.ana, 'ana');
  await w.dana.types('/commit listing presentation by Mar 12');
  await w.dana.act({ do: 'person', id: w.ana.id, change: { deleted: true } });
  const before = (await read(w, w.dana, 'Accord')).length;
  expect(await home(w.dana)).toContain('Ana has left this workspace.');
  await w.moves('2027-03-10T20:00:00Z');
  expect(before).toBeGreaterThan(0);
  const names = (await w.control(`screen?as=${w.dana.id}`)) as { conversations: { name: string }[] };
  expect(names.conversations.map(({ name }) => name)).not.toContain('Accord, Ana');
  expect(await read(w, w.dana, 'Accord')).not.toContain('No recap yet');
});
