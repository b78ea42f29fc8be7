import { expect, test } from '@jest/globals';
import { type World, world } from '../support/world.ts';

/** Dana and Ana have agreed on every second Tuesday, and their first meeting is over. */
async function met(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', { 'What it is for': 'operating support' });
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
  const [planned] = await plannedAt(w);
  await w.moves(Temporal.Instant.from(planned ?? '').add({ hours: 1 }).toString());
}

async function plannedAt(w: World): Promise<string[]> {
  const { asTick } = await import('../../src/db/as-workspace.ts');
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('meeting').select('startsAt').orderBy('startsAt').execute());
  return rows.map(({ startsAt }) => startsAt.toString());
}

const inDays = (w: World, days: number): string => w.now().toZonedDateTimeISO('America/New_York').toPlainDate().add({ days }).toString();

test('a leader writes five lines, the agent confirms, and what was asked of her is open', async () => {
  await using w = await world();
  await met(w);
  await w.dana.types('/accord recap');
  const sent = await w.dana.submits('Recap', {
    Outcome: 'decision on relisting Oak Street',
    Decided: 'relist at $1.15M on Monday\nstop the portal ads',
    'Row 1: who': 'Me',
    'Row 1: what': 'listing presentation',
    'Row 1: by when': inDays(w, 2),
    'Row 2: who': 'Ana Flores',
    'Row 2: what': 'two comps',
    'Row 2: by when': inDays(w, 3),
  });
  expect(sent.errors).toBeUndefined();
  const shared = await w.ana.sees();
  console.log(shared);
  expect(shared).toContain('Outcome decision on relisting Oak Street');
  expect(shared).toContain('Decided relist at $1.15M on Monday; stop the portal ads');

  await w.ana.clicks('Confirm');
  await w.ana.submits('Confirm the recap', { 'Was the outcome produced?': 'Yes', 'Who did most of the talking?': 'I did' });
  console.log(await w.dana.sees());
  expect(await w.dana.sees()).toContain('confirmed by Ana Flores');
});
