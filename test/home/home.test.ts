import { expect, test } from '@jest/globals';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';

const homeOf = async (person: Persona): Promise<string> =>
  (await person.sees()).split('== Home ==')[1]?.split('== Form')[0] ?? '';

async function agreed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.ana.clicks('Accept');
}

test('somebody new sees what this is and begins from one button', async () => {
  await using w = await world();
  await w.mia.opensHome();
  expect(await homeOf(w.mia)).toContain('One-on-ones that both sides hold each other to');

  await w.mia.clicks('Start a one-on-one');
  await w.mia.submits('Start a one-on-one', { 'With whom': ['@marcus'] });
  await w.mia.submits('Propose a rhythm', {});
  expect(await homeOf(w.marcus)).toContain('Mia proposes a rhythm');
});

test('a guest is offered nothing that only a full member can start', async () => {
  await using w = await world();
  await w.gus.opensHome();
  const seen = await homeOf(w.gus);
  expect(seen).toContain('A full member of this workspace can start one with you.');
  expect(seen).not.toContain('[Start a one-on-one]');
});

test('whoever cannot be met is refused under the field, and what was picked stays', async () => {
  await using w = await world();
  await w.mia.opensHome();
  await w.mia.clicks('Start a one-on-one');
  const answer = await w.mia.submits('Start a one-on-one', { 'With whom': ['@mia'] });
  expect(answer.errors?.with).toContain('A one-on-one takes two.');
});

test('a proposal is accepted in place, and both then see when they meet', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  expect(await homeOf(w.ana)).toContain('Dana proposes a rhythm');
  expect(await homeOf(w.dana)).toContain('waits on Ana’s answer');

  await w.ana.clicks('Accept', { in: 'home' });
  expect(await homeOf(w.ana)).toContain('Next with Dana\nTue Mar 9, 9:00 AM (12:00 PM for Dana)');
  expect(await homeOf(w.dana)).toContain('Next with Ana\nTue Mar 9, 12:00 PM (9:00 AM for Ana)');
  expect(await homeOf(w.ana)).not.toContain('proposes a rhythm');
});

test('both columns stand side by side, overdue first, and a promise is kept in place', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/commit the vendor introduction by Friday');
  await w.dana.types('/commit send Ana the listing presentation by tomorrow');
  await w.ana.types('/commit two comps by Thursday');
  await w.moves('+3d');
  await w.ana.opensHome();

  const seen = await homeOf(w.ana);
  expect(seen).toMatch(/The firm\n◆ send Ana the listing presentation, 2 days overdue\n○ the vendor introduction/);
  expect(seen).toMatch(/Ana\n○ two comps/);
  // A rate where something fell due; nothing, and no 100 %, where nothing did.
  expect(seen.match(/kept on time: .*/g)).toEqual(['kept on time: 4 weeks 0 of 1 · 12 weeks 0 of 1']);

  await w.ana.clicks('Done', { in: 'home' });
  expect(await homeOf(w.ana)).toContain('● two comps, kept today');
  expect(await homeOf(w.dana)).toContain('● two comps, kept today');
});

test('a leader sees of each pair when they meet and whether the prep is in', async () => {
  await using w = await world();
  await agreed(w);
  await w.dana.types('/accord with @marcus');
  await w.dana.submits('Propose a rhythm', {});
  await w.marcus.clicks('Accept');
  expect(await homeOf(w.dana)).toMatch(/Ana · Tue Mar 9.* · no prep yet/);

  await w.ana.clicks('Answer, 1 minute', { in: 'home' });
  await w.ana.submits('Before you meet', {
    'What is the highest-value outcome this meeting needs to produce for you today?': 'a decision on Oak Street',
  });
  const seen = await homeOf(w.dana);
  expect(seen).toMatch(/Ana · Tue Mar 9.* · prep in/);
  expect(seen).toMatch(/Marcus · .* · no prep yet/);
});

test('a leader sees when a pair last met', async () => {
  await using w = await world();
  await agreed(w);
  expect(await homeOf(w.dana)).not.toContain('last held');
  await w.moves('2027-03-09T18:00:00Z');
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', { Outcome: 'a decision', Decided: 'relist on Monday' });
  await w.dana.opensHome();
  expect(await homeOf(w.dana)).toContain('You and Ana · last held Tue Mar 9');
});

test('a colleague who owns a promise reads it and for whom, and nothing else of the pair', async () => {
  await using w = await world();
  await agreed(w);
  await w.ana.types('/commit a canary that is between the two by Thursday');
  await w.dana.types('/commit firm: @mia yard signs by Friday');
  await w.mia.clicks('Take it');
  await w.mia.opensHome();
  const seen = await homeOf(w.mia);
  expect(seen).toContain('yard signs');
  expect(seen).toContain('for Ana');
  expect(seen).not.toContain('canary');
  expect(seen).not.toContain('Next with');
});

test('what Slack did not take is drawn again a minute later', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.control('faults', { method: 'views.publish', fault: '500', times: 2 });
  await w.dana.submits('Propose a rhythm', {});
  expect(await homeOf(w.ana)).toBe('');
  await w.moves('+1h');
  expect(await homeOf(w.ana)).toContain('Dana proposes a rhythm');
});

test('where Slack asks to be left alone, no Home of that workspace is drawn before it may be', async () => {
  await using w = await world();
  await w.control('faults', { method: 'views.publish', fault: '429', retryAfter: 30, times: 1 });
  await w.mia.opensHome();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  expect(await homeOf(w.ana)).toBe('');
  await w.moves('+1h');
  expect(await homeOf(w.ana)).toContain('Dana proposes a rhythm');
});

test('a Home that somebody else published meanwhile is drawn over it', async () => {
  await using w = await world();
  await w.ana.opensHome();
  await w.control('faults', { method: 'views.publish', fault: 'error:hash_conflict', times: 1 });
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  expect(await homeOf(w.ana)).toContain('Dana proposes a rhythm');
});

test('a stale button changes nothing, and Home then shows what is so', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.control('faults', { method: 'views.publish', fault: '500', times: 2 });
  await w.ana.clicks('Decline', { in: '@Accord' });
  expect(await homeOf(w.ana)).toContain('[Accept]');
  await w.ana.clicks('Accept', { in: 'home' });
  expect(await homeOf(w.ana)).not.toContain('[Accept]');
  expect(await homeOf(w.ana)).not.toContain('Next with');
});
