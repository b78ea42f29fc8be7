import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { exportShape } from '../../src/record/schema.ts';
import { agreed as agreedWith } from '../commitments/paired.ts';
import { type World, world } from '../support/world.ts';
import { filesOf, recorded } from './kept.ts';

const ALL = ['accord-commitments.csv', 'accord-meetings.csv', 'accord.html', 'accord.json'];

const jsonOf = (files: Record<string, string>) => exportShape.parse(JSON.parse(files['accord.json'] ?? 'null'));

test('either side gets everything of the pair as four files, alone with Accord, in the documented shape', async () => {
  await using w = await world();
  await recorded(w);
  await w.ana.types('/accord agenda price of Oak Street');
  expect((await w.ana.types('/accord export')).answer?.text).toContain('Four files come to your messages');
  await w.dana.types('/accord export @ana');
  for (const person of [w.ana, w.dana]) {
    const files = await filesOf(w, person);
    expect(
      Object.keys(files)
        .filter((name) => name.startsWith('accord'))
        .sort(),
    ).toEqual(ALL);
    const { pairs, exportedFor } = jsonOf(files);
    expect(exportedFor.id).toBe(person.id);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ holds: 'everything', kind: 'contractor', state: 'active' });
    expect(pairs[0]?.commitments.map(({ text, side, state }) => [text, side, state])).toEqual([
      ['listing presentation', 'firm', 'open'],
      ['two comps', 'partner', 'open'],
    ]);
    expect(pairs[0]?.commitments[1]?.events.map(({ what }) => what)).toEqual(['asked', 'accepted']);
    expect(pairs[0]?.meetings[0]?.recaps[0]).toMatchObject({
      outcome: 'decision on relisting Oak Street',
      produced: 'yes',
    });
    expect(pairs[0]?.agenda.map(({ text }) => text)).toEqual(['price of Oak Street']);
    expect(files['accord-commitments.csv']).toContain('"firm","Dana","listing presentation"');
    expect(files['accord-meetings.csv']).toContain('"decision on relisting Oak Street","yes"');
    expect(files['accord.html']).toContain('<h4 dir="auto">The firm</h4>');
  }
});

test('who did most of the talking goes to the leader and to whoever said so, and to nobody else', async () => {
  await using w = await world();
  await recorded(w);
  await w.dana.types('/accord export');
  await w.ana.types('/accord export');
  const said = async (person: World['ana']) => jsonOf(await filesOf(w, person)).pairs[0]?.meetings[0]?.recaps[0];
  expect((await said(w.dana))?.talkedMost).toBe('partner');
  expect((await said(w.ana))?.talkedMost).toBe('partner');

  await asTick(w.database.db, (trx) => trx.updateTable('recap').set({ confirmedBy: null, state: 'posted' }).execute());
  await w.ana.types('/accord export');
  expect(Object.keys((await said(w.ana)) ?? {})).not.toContain('talkedMost');
});

test('SEC5: nothing of another pair is in it, and it is in no channel and with nobody else', async () => {
  await using w = await world();
  await recorded(w);
  await agreedWith(w, w.marcus, 'marcus');
  await w.marcus.types('/commit a canary that is Marcus’s by Friday');
  await w.marcus.types('/accord agenda another canary');
  await w.ana.types('/commit her own canary-of-ana by Friday');
  await w.ana.types('/accord export');
  await w.dana.types('/accord export @ana');
  for (const person of [w.ana, w.dana]) {
    const files = await filesOf(w, person);
    const all = ALL.map((name) => files[name]).join('\n');
    expect(all).not.toMatch(/canary that is|another canary|Marcus/);
    expect(all).toContain('canary-of-ana');
  }
  expect(Object.keys(await filesOf(w, w.marcus)).filter((name) => name.startsWith('accord'))).toEqual([]);
  const channels = Object.values(w.rehearsal.state.conversations).filter(({ name }) => name !== undefined);
  expect(JSON.stringify(channels)).not.toMatch(/canary|Your export/);
});

test('SEC7, SEC8: what people wrote is no markup on the page and no formula in a spreadsheet', async () => {
  await using w = await world();
  await recorded(w);
  await w.ana.types('/commit =HYPERLINK("https://evil.example") <script>alert(1)</script> by Friday');
  await w.ana.types('/accord export');
  const files = await filesOf(w, w.ana);
  expect(files['accord-commitments.csv']).toContain(`"'=HYPERLINK(""https://evil.example"")`);
  expect(files['accord.html']).not.toContain('<script');
  expect(files['accord.html']).toContain('&lt;script&gt;alert(1)');
});

test('whoever has left a pair takes along what they wrote in it, and nothing that the others wrote', async () => {
  await using w = await world();
  await recorded(w);
  await w.mia.types('/accord help');
  await asTick(w.database.db, (trx) => trx.updateTable('pair').set({ leaderId: w.mia.id }).execute());
  await w.dana.types('/accord export @ana');
  const [pair] = jsonOf(await filesOf(w, w.dana)).pairs;
  expect(pair).toMatchObject({ holds: 'own words', keptOnTime: null });
  expect(pair?.commitments.map(({ text }) => text)).toEqual(['listing presentation', 'two comps']);
  expect(pair?.commitments.flatMap(({ events }) => events.map(({ by }) => by?.id))).toEqual([w.dana.id, w.dana.id]);
  expect((await w.dana.types('/accord record @ana')).answer?.text).toContain('You have no one-on-one there');
  expect((await w.marcus.types('/accord export @ana')).answer?.text).toContain('You have no one-on-one there');
});

test('what may no longer be seen when the files are made is not in them', async () => {
  await using w = await world();
  await recorded(w);
  await w.control('faults', { method: 'files.getUploadURLExternal', fault: '429', retryAfter: 3600, times: 4 });
  await w.ana.types('/accord export');
  expect(Object.keys(await filesOf(w, w.ana)).filter((name) => name.startsWith('accord'))).toEqual([]);
  await asTick(w.database.db, (trx) =>
    trx.updateTable('person').set({ active: false }).where('id', '=', w.ana.id).execute(),
  );
  await w.moves('+2h');
  expect(Object.keys(await filesOf(w, w.ana)).filter((name) => name.startsWith('accord'))).toEqual([]);
});
