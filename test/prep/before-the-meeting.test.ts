import { describe, expect, test } from '@jest/globals';
import { PREP_SUBMITTED } from '../../src/prep/form.ts';
import { ANSWER_PREP } from '../../src/prep/opening-views.ts';
import { agreed, planned } from '../meetings/agreed.ts';
import { forgeClick, forgeForm } from '../support/forge.ts';
import { type World, world } from '../support/world.ts';

const OUTCOME = 'What is the highest-value outcome this meeting needs to produce for you today?';
const SUPPORT = 'What support do you need from me in the coming week(s)?';

const messagesLike = (seen: string, words: string) => seen.split(words).length - 1;

/** The day before their first meeting, at the same hour. */
async function asked(w: World) {
  const first = await agreed(w);
  await w.moves(first.subtract({ hours: 24 }).toString());
}

describe('the opening question', () => {
  test('reaches the partner a day before, once, with who can read the answer', async () => {
    await using w = await world();
    await asked(w);
    const seen = await w.ana.sees();
    expect(seen).toContain('Tomorrow 9:00 AM with Dana: what should it produce for you?');
    expect(seen).toContain(OUTCOME);
    expect(seen).toContain('Your firm’s Slack owner may be able to export messages.');
    expect(await w.dana.sees()).not.toContain('what should it produce for you?');
  });

  test('is answered in one form, shown in place, changed until the meeting, and the brief follows', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Answer, 1 minute');
    const answer = await w.ana.submits('Before you meet', {
      [OUTCOME]: 'a decision on relisting Oak Street',
      [SUPPORT]: 'a second photographer',
    });
    expect(answer.errors).toBeUndefined();
    expect(await w.ana.sees()).toContain('You answered: a decision on relisting Oak Street');

    await w.moves('next'); // the brief, at the end of Dana's working day
    expect(await w.dana.sees()).toContain('Ana wants: a decision on relisting Oak Street');
    expect(await w.dana.sees()).toContain('a second photographer');

    await w.ana.clicks('Change');
    await w.ana.submits('Before you meet', { [OUTCOME]: 'the price for Oak Street' });
    expect(await w.ana.sees()).toContain('You answered: the price for Oak Street');
    const brief = await w.dana.sees();
    expect(brief).toContain('Ana wants: the price for Oak Street');
    expect(messagesLike(brief, 'Worth asking')).toBe(1);
  });

  test('without an outcome the form stays open with the problem under it', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Answer, 1 minute');
    const answer = await w.ana.submits('Before you meet', { [OUTCOME]: '   ', [SUPPORT]: 'a photographer' });
    expect(answer.modal).not.toBeNull();
    expect(await w.database.count('prep_answer')).toBe(0);
  });

  test('closes with the meeting, and keeps what was being typed in front of the person', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Answer, 1 minute');
    await w.moves('+1d');
    const { errors } = await w.ana.submits('Before you meet', { [OUTCOME]: 'too late' });
    expect(Object.values(errors ?? {})[0]).toContain('Your words are still here');
    expect(await w.database.count('prep_answer')).toBe(0);
    expect(await w.ana.sees()).toContain('It has begun.');
  });

  test('is the partner’s alone to answer: not the leader’s, not a colleague’s', async () => {
    await using w = await world();
    await asked(w);
    const [meeting] = await planned(w);
    for (const who of [w.dana, w.mia]) {
      await forgeClick(w, who.id, { actionId: ANSWER_PREP, value: meeting?.id });
      expect(await who.modal()).toBeNull();
      const values = { outcome: { outcome: { type: 'plain_text_input', value: 'mine' } } };
      await forgeForm(w, who.id, { callbackId: PREP_SUBMITTED, metadata: meeting?.id, values });
    }
    expect(await w.database.count('prep_answer')).toBe(0);
  });

  test('who answered before it was sent is not asked', async () => {
    await using w = await world();
    const first = await agreed(w);
    const [meeting] = await planned(w);
    const values = { outcome: { outcome: { type: 'plain_text_input', value: 'Oak Street' } } };
    await forgeForm(w, w.ana.id, { callbackId: PREP_SUBMITTED, metadata: meeting?.id, values });
    await w.moves(first.subtract({ hours: 1 }).toString());
    expect(await w.ana.sees()).not.toContain('what should it produce for you?');
    expect(await w.dana.sees()).toContain('Ana wants: Oak Street');
  });
});

describe('a contractor who named nothing', () => {
  test('is asked once whether to keep it; shortening makes it a quarter of an hour for both', async () => {
    await using w = await world();
    await asked(w);
    await w.moves('+10h');
    expect(await w.ana.sees()).toContain('No outcome named for tomorrow’s meeting with Dana');
    await w.ana.clicks('Shorten');
    expect(await w.ana.sees()).toContain('It is 15 minutes now.');
    expect(await w.dana.sees()).toContain('15 minutes');
    expect((await planned(w))[0]?.minutes).toBe(15);
  });

  test('who keeps it is not asked again, and can still name the outcome', async () => {
    await using w = await world();
    await asked(w);
    await w.moves('+10h');
    await w.ana.clicks('Keep');
    expect(await w.ana.sees()).toContain('You kept it. 45 minutes.');
    expect(messagesLike(await w.ana.sees(), 'Keep it, make it 15 minutes')).toBe(0);
  });

  test('who answered is not asked', async () => {
    await using w = await world();
    await asked(w);
    await w.ana.clicks('Answer, 1 minute');
    await w.ana.submits('Before you meet', { [OUTCOME]: 'Oak Street' });
    await w.moves('+10h');
    expect(await w.ana.sees()).not.toContain('No outcome named');
  });

  test('but a report is never asked: that meeting stands', async () => {
    await using w = await world();
    const first = await agreed(w, { 'Who they are to the firm': 'Reports to me' });
    await w.moves(first.subtract({ hours: 1 }).toString());
    expect(await w.ana.sees()).toContain('what should it produce for you?');
    expect(await w.ana.sees()).not.toContain('No outcome named for');
  });
});

describe('the card', () => {
  test('is in the shared conversation at the time, with both columns, and asks for the recap', async () => {
    await using w = await world();
    const first = await agreed(w);
    await w.dana.types('/commit send Ana the listing presentation by Friday');
    await w.ana.types('/accord agenda vendor list');
    await w.moves(first.toString());
    for (const who of [w.ana, w.dana]) {
      const seen = await who.sees();
      expect(seen).toContain('First, each other: how are you?');
      expect(seen).toContain('vendor list');
      expect(seen).toContain('listing presentation');
      expect(seen).toContain('Write recap');
    }
    expect(await w.mia.sees()).not.toContain('vendor list');
  });

  test('who met without a recap says so, and it is held', async () => {
    await using w = await world();
    const first = await agreed(w);
    await w.ana.types('/accord agenda vendor list');
    await w.moves(first.add({ hours: 26 }).toString());
    await w.dana.clicks('We met');
    expect((await planned(w))[0]?.state).toBe('held');
    expect(await w.ana.sees()).toContain('You met.');
    const { modal } = await w.ana.types('/accord agenda');
    expect(JSON.stringify(modal?.view)).not.toContain('vendor list');
  });

  test('with neither recap nor a word it is unrecorded after seven days', async () => {
    await using w = await world();
    const first = await agreed(w);
    await w.moves(first.add({ hours: 8 * 24 }).toString());
    expect((await planned(w))[0]?.state).toBe('unrecorded');
  });
});
