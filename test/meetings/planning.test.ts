import { describe, expect, test } from '@jest/globals';
import { world } from '../support/world.ts';
import { agreed, planned } from './agreed.ts';

const HOURS = (days: number) => ({ hours: 24 * days });
const daysOf = (meetings: { occurrenceOn: unknown }[]) => meetings.map(({ occurrenceOn }) => String(occurrenceOn));

describe('planning', () => {
  test('an agreement plans its first meeting, and nothing before both agreed', async () => {
    await using w = await world();
    await w.dana.types('/accord with @ana');
    await w.dana.submits('Propose a rhythm', {});
    expect(await w.database.count('meeting')).toBe(0);
    await w.dana.act({ do: 'close' });
    await w.ana.clicks('Accept');
    expect(await w.database.count('meeting')).toBe(1);
  });

  test('over two months and a change of clocks, each occurrence is planned once, at the agreed local hour', async () => {
    await using w = await world();
    await agreed(w, { 'How often': 'Every 2 weeks' });
    await w.moves('2027-05-04T16:30:00Z');
    const meetings = await planned(w);
    expect(daysOf(meetings)).toEqual(['2027-03-09', '2027-03-23', '2027-04-06', '2027-04-20', '2027-05-04']);
    const hours = meetings.map(({ startsAt }) =>
      startsAt.toZonedDateTimeISO('America/Los_Angeles').toPlainTime().toString(),
    );
    expect(new Set(hours)).toEqual(new Set(['09:00:00']));
  });

  test('a weekly rhythm goes on while a meeting has no recap yet', async () => {
    await using w = await world();
    const first = await agreed(w, { 'How often': 'Every week' });
    await w.moves(first.add(HOURS(8)).toString());
    expect(daysOf(await planned(w))).toEqual(['2027-03-09', '2027-03-16', '2027-03-23']);
    expect((await planned(w)).map(({ state }) => state)).toEqual(['unrecorded', 'planned', 'planned']);
  });

  test('a new agreement replaces what the old rhythm had planned, and its messages say so', async () => {
    await using w = await world();
    const first = await agreed(w);
    await w.moves(first.subtract(HOURS(1)).toString());
    await w.ana.types('/accord cadence');
    await w.ana.submits('Suggest a rhythm', { 'How often': 'Every week', 'First day': '2027-03-12', Time: '11:00' });
    await w.ana.act({ do: 'close' });
    await w.dana.clicks('Accept');
    const meetings = await planned(w);
    expect(meetings.map(({ state, occurrenceOn }) => [state, String(occurrenceOn)])).toEqual([
      ['replaced', '2027-03-09'],
      ['planned', '2027-03-12'],
    ]);
    expect(await w.ana.sees()).toContain('The rhythm has changed, so this one is off. Next: Fri Mar 12, 11:00 AM');
  });

  test('a bot that was away for weeks says what still makes sense, once, and keeps what went by on record', async () => {
    await using w = await world();
    const first = await agreed(w, { 'How often': 'Every week' });
    await w.control('clock', { to: first.add(HOURS(20)).toString(), outage: true });
    await w.settles();
    // The one of 30 March is a day away; about those that went by nobody is asked beforehand.
    const seen = await w.ana.sees();
    expect(seen.split('what should it produce for you?').length - 1).toBe(1);
    expect(seen).toContain('Tue Mar 30, 9:00 AM');
    expect((await planned(w)).map(({ state, occurrenceOn }) => [state, String(occurrenceOn)])).toEqual([
      ['unrecorded', '2027-03-09'],
      ['unrecorded', '2027-03-16'],
      // It may have taken place: a week is left to say so.
      ['planned', '2027-03-23'],
      ['planned', '2027-03-30'],
    ]);
  });
});
