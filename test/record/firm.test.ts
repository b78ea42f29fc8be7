import { expect, test } from '@jest/globals';
import { asTick } from '../../src/db/as-workspace.ts';
import { firmModal, firmOnHome } from '../../src/record/firm-view.ts';
import { home } from '../../src/slack/blocks.ts';
import { problemsOfView } from '../../src/slack/limits.ts';
import { awkwardTexts } from '../support/awkward.ts';
import { type World, world } from '../support/world.ts';
import { inModal, recorded } from './kept.ts';

async function owned(w: World, ownerId: string): Promise<void> {
  await asTick(w.database.db, (trx) => trx.updateTable('workspace').set({ ownerId }).execute());
}

test('the owner of the firm sees counts for each leader, and no text, no partner and no partner’s side', async () => {
  await using w = await world();
  await recorded(w);
  await w.dana.clicks('Done');
  await owned(w, w.mia.id);
  await w.moves('+1w');
  const line = 'Dana* · 1 one-on-one · 1 held in 4 weeks · the firm kept on time: 4 weeks 1 of 1 · 12 weeks 1 of 1';
  await w.mia.types('/accord firm');
  const shown = await inModal(w.mia);
  expect(shown).toContain(line);
  await w.mia.opensHome();
  const onHome = await w.mia.sees();
  expect(onHome).toContain(line.replace('*', ''));
  for (const seen of [shown, onHome]) expect(seen).not.toMatch(/Ana\b|comps|listing|Oak Street/);
});

test('everybody else is refused alike, whoever leads what, and it is noted', async () => {
  await using w = await world();
  await recorded(w);
  await owned(w, w.mia.id);
  const answers = new Set<string | undefined>();
  for (const person of [w.dana, w.ana, w.kiran, w.gus, w.marcus])
    answers.add((await person.types('/accord firm')).answer?.text);
  expect([...answers]).toStrictEqual([expect.stringContaining('Only the owner of the firm sees this.')]);
  await w.dana.opensHome();
  expect(await w.dana.sees()).not.toContain('Counts for each leader');
  const denied = await asTick(w.database.db, (trx) =>
    trx.selectFrom('audit').select(['actorId', 'decision']).where('verb', '=', 'see firm').orderBy('id').execute(),
  );
  const asked = [w.dana, w.ana, w.kiran, w.gus, w.marcus].map(({ id }) => ({ actorId: id, decision: 'denied' }));
  expect(denied).toEqual(asked);
});

test('an owner who has left the workspace, or was replaced, sees it no longer', async () => {
  await using w = await world();
  await owned(w, w.mia.id);
  await w.mia.types('/accord firm');
  expect(await inModal(w.mia)).toContain('Nobody leads a one-on-one yet.');
  await w.mia.act({ do: 'close' });
  await owned(w, w.otto.id);
  expect((await w.mia.types('/accord firm')).answer?.text).toContain('Only the owner');
});

test.each(awkwardTexts)('Slack takes it with 2,000 leaders named %s', (_what, name) => {
  const rate = { kept: 17, due: 21 };
  const leaders = Array.from({ length: 2000 }, (_, n) => ({
    leader: { id: `U${n}`, name },
    pairs: n,
    held: n,
    firm: { short: rate, long: rate },
  }));
  expect(problemsOfView(firmModal(leaders))).toEqual([]);
  expect(problemsOfView(firmModal([]))).toEqual([]);
  expect(problemsOfView(home(firmOnHome(leaders)))).toEqual([]);
});
