import { describe, expect, test } from '@jest/globals';
import { proposedRhythm } from '../../src/cadence/rules.ts';
import { END_PAIR, endedMessage, endedModal, REOPEN_CADENCE } from '../../src/cadence/views.ts';
import { asTick } from '../../src/db/as-workspace.ts';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';
import { agreed } from '../commitments/paired.ts';
import { anybody, awkwardTexts } from '../support/awkward.ts';
import { forgeClick } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';

const NOT_YOURS = 'That proposal is not open for you any more. `/accord cadence` shows what is agreed.';
const HAS_ENDED = 'This one-on-one has ended. Begin anew: `/accord with @name`.';

const pairs = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('pair').selectAll().orderBy('createdAt').execute());
const meetings = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('meeting').selectAll().orderBy('startsAt').execute());
const pairId = async (w: World) => (await pairs(w))[0]?.id ?? '';

async function ends(person: World['dana'], other: string): Promise<void> {
  await person.types(`/accord cadence @${other}`);
  await person.clicks('End this one-on-one');
}

describe('ending a one-on-one', () => {
  test('either side ends it: both are told once, with the file that takes it off a calendar, and nothing is planned', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await ends(w.ana, 'dana');
    expect(JSON.stringify((await w.ana.modal())?.view)).toContain('Your one-on-one with *Dana* has ended.');
    expect(await w.dana.sees()).toContain('Ana ended your one-on-one.');
    expect(await w.dana.sees()).toContain('one-on-one-ended.ics');
    const file = Object.values(w.rehearsal.state.files).find(({ name }) => name === 'one-on-one-ended.ics');
    const content = Buffer.from(file?.content ?? '', 'base64').toString('utf8');
    expect(content).toContain('METHOD:CANCEL');
    expect(content).toContain(`UID:${await pairId(w)}`);
    expect((await meetings(w)).map(({ state }) => state)).toEqual(['replaced']);

    const before = await w.database.count('outbox');
    await w.moves('+1w');
    await w.moves('+1w');
    expect(await w.database.count('outbox')).toBe(before);
    expect(await w.database.count('meeting')).toBe(1);
  });

  test('what was prompted already says that the meeting does not come, and cannot be answered any more', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.moves('2027-03-08T20:00:00Z');
    expect(await w.ana.sees()).toContain('[Answer, 1 minute]');
    await ends(w.dana, 'ana');
    expect(await w.ana.sees()).not.toContain('[Answer, 1 minute]');
    await w.moves('2027-03-09T18:00:00Z');
    expect((await meetings(w)).map(({ state }) => state)).toEqual(['replaced']);
    expect(Object.values(w.rehearsal.state.conversations).filter(({ members }) => members.length === 3)).toEqual([]);
  });

  test('open promises stay with their owners, seen by both and reminded of, until they are kept', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await w.ana.types('/commit two comps by Friday');
    await ends(w.dana, 'ana');
    await w.dana.act({ do: 'close' });
    for (const person of [w.dana, w.ana]) {
      const { answer } = await person.types('/accord ledger');
      expect(answer?.text).toContain('listing presentation');
      expect(answer?.text).toContain('two comps');
      await person.opensHome();
      expect(await person.sees()).toContain('ended; what is open stays');
    }
    expect((await w.ana.types('/accord ledger @dana')).answer?.text).toContain('Ledger with Dana, ended');

    await w.moves('2027-03-05T18:30:00Z');
    expect(await w.ana.sees()).toContain('two comps, today');
    await w.ana.clicks('Done', { row: 'two comps' });
    await w.moves('+3d');
    expect(await w.dana.sees()).toContain('Ana says it is done');
    await w.dana.clicks('Not yet', { row: 'two comps' });
    await w.ana.opensHome();
    expect(await w.ana.sees()).toContain('two comps');
  });

  test('an ask that waits can be answered until its day ends, and then lapses as ever', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.ana.types('/commit ask: yard signs for Oak Street by Friday');
    await w.ana.types('/commit ask: a better photographer by Friday');
    await ends(w.ana, 'dana');
    await w.dana.clicks('Accept', { row: 'yard signs' });
    await w.moves('+1w');
    const states = await asTick(w.database.db, (trx) =>
      trx.selectFrom('commitment').select(['text', 'state']).orderBy('createdAt').execute(),
    );
    expect(states).toEqual([
      { text: 'yard signs for Oak Street', state: 'open' },
      { text: 'a better photographer', state: 'lapsed' },
    ]);
  });

  test('the two begin anew with a pair of its own; the old one stays as it was', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.dana.types('/commit listing presentation by Friday');
    await ends(w.dana, 'ana');
    await w.dana.act({ do: 'close' });
    await agreed(w, w.ana, 'ana');
    expect((await pairs(w)).map(({ state }) => state)).toEqual(['ended', 'active']);
    expect((await meetings(w)).map(({ state }) => state).sort()).toEqual(['planned', 'replaced']);
    const { answer } = await w.ana.types('/accord ledger @dana');
    expect(answer?.text).toContain('Dana, ended');
    const { told } = await forgeClick(w, w.ana.id, { actionId: REOPEN_CADENCE, value: await pairId(w) });
    expect(told).toBe(HAS_ENDED);
  });

  test('nothing new is promised in it or put on its agenda', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await ends(w.dana, 'ana');
    for (const line of ['/commit two comps by Friday', '/accord agenda price of Oak Street']) {
      const { answer } = await w.ana.types(line);
      expect(answer?.text).toContain('/accord with @name');
    }
    expect([await w.database.count('commitment'), await w.database.count('agenda_item')]).toEqual([0, 0]);
  });

  test('a proposal on the table goes with it', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await w.ana.types('/accord cadence @dana');
    await w.ana.submits('Suggest a rhythm', { 'How often': 'Every week' });
    await w.ana.act({ do: 'close' });
    expect(await w.dana.sees()).toContain('[Accept]');
    await ends(w.ana, 'dana');
    expect(await w.dana.sees()).toContain('Taken back before you answered.');
    expect(await w.dana.sees()).not.toContain('[Accept]');
  });
});

describe('refused', () => {
  test.each([
    ['a colleague', 'U0MIA00001'],
    ['a guest', 'U0GUS00001'],
    ['a person of another firm', 'U0OTTO0001'],
  ])('%s ends nothing and learns nothing; the audit knows', async (_who, id) => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    const audited = await w.database.count('audit');
    const real = await forgeClick(w, id, { actionId: END_PAIR, value: await pairId(w) });
    const none = await forgeClick(w, id, { actionId: END_PAIR, value: '0190c0de-0000-7000-8000-000000000000' });
    expect([real.told, none.told]).toEqual([NOT_YOURS, NOT_YOURS]);
    expect(await w.database.count('audit')).toBe(audited + 2);
    expect((await pairs(w)).map(({ state }) => state)).toEqual(['active']);
  });

  test('a second click on a stale button tells that it has ended, and says it to nobody again', async () => {
    await using w = await world();
    await agreed(w, w.ana, 'ana');
    await ends(w.dana, 'ana');
    const before = await w.database.count('outbox');
    const { told } = await forgeClick(w, w.ana.id, { actionId: END_PAIR, value: await pairId(w) });
    expect(told).toBe(HAS_ENDED);
    expect(await w.database.count('outbox')).toBe(before);
  });
});

describe('somebody whose account is deactivated', () => {
  const changes = (w: World, id: string, change: Record<string, unknown>) => w.dana.act({ do: 'person', id, change });

  test.each([
    ['partner', 'U0ANA00001'],
    ['leader', 'U0MIA00001'],
  ])('no meeting of a %s who left is prompted and no further one planned, until they are back', async (_who, id) => {
    await using w = await world();
    await w.mia.types('/accord with @ana');
    await w.mia.submits('Propose a rhythm', {});
    await w.ana.clicks('Accept');
    await changes(w, id, { deleted: true });
    const before = await w.database.count('outbox');
    await w.moves('+4w');
    expect(await w.database.count('outbox')).toBe(before);
    expect(await w.database.count('meeting')).toBe(1);
    expect((await pairs(w)).map(({ state }) => state)).toEqual(['active']);

    await changes(w, id, { deleted: false });
    const planned = (await meetings(w)).filter(({ state }) => state === 'planned');
    expect(planned.map(({ startsAt }) => String(startsAt))).toEqual(['2027-04-06T16:00:00Z']);
    expect(await w.database.count('meeting')).toBe(2);
    await w.moves('2027-04-05T20:00:00Z');
    expect(await w.ana.sees()).toContain('[Answer, 1 minute]');
  });
});

test.each(awkwardTexts)('what is said of an end is within Slack’s limits with %s', (_what, words) => {
  const now = Temporal.Instant.from('2027-03-01T14:00:00Z');
  const leader = anybody({ name: words.slice(0, 80) });
  const partner = anybody({ id: 'U0ANA00001', zone: 'America/Los_Angeles', name: words.slice(0, 80) });
  const by = anybody({ id: 'U0MIA00001', name: words.slice(0, 80) });
  const { rhythm } = proposedRhythm('new-team-leader', Temporal.PlainDate.from('2027-03-01'), leader, partner);
  const pair = { id: '0190c0de-0000-7000-8000-000000000000', leaderId: leader.id, endedAt: now };
  const messages = [leader, partner, by].flatMap((who) => [
    endedMessage({ pair, by: who, reader: leader, other: partner, rhythm, now }),
    endedMessage({ pair, by: who, reader: partner, other: leader, now }),
  ]);
  expect(messages.map(problemsOfMessage)).toEqual(messages.map(() => []));
  expect(problemsOfView(endedModal(partner))).toEqual([]);
});
