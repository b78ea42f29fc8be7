import { expect, test } from '@jest/globals';
import { type World, world } from '../support/world.ts';

const NOT_OPENED = /^The form did not open in time, so nothing was changed\. Do the same once more\. \([0-9a-f]{6}\)/;

const expireNext = (w: World) => w.control('faults', { method: 'views.open', fault: 'error:expired_trigger_id' });

test('IN9 a command whose form came too late says so, with what was typed', async () => {
  await using w = await world();
  await expireNext(w);
  const typed = await w.dana.types('/accord with @ana');
  expect(typed.answer?.text).toMatch(NOT_OPENED);
  expect(typed.answer?.text).toContain('You typed:\n>/accord with @ana');
  expect(typed.modal).toBeNull();
  expect((await w.dana.types('/accord with @ana')).modal).not.toBeNull();
});

test('IN9 a long line with links and mentions in it comes back as text, with nothing in it that is live', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
  await expireNext(w);
  const line = `/commit the <market> report & comps for https://oak.example/1 and @channel ${'x'.repeat(2_500)}`;
  const { answer } = await w.dana.types(line);
  expect(answer?.text).toMatch(NOT_OPENED);
  expect(answer?.text).toContain('\n>/commit the &lt;market&gt; report &amp; comps for https:');
  expect(answer?.text).not.toMatch(/<!channel>|<https/);
  expect(answer?.text.length).toBeLessThan(3_000);
});

test('IN9 a click whose form came too late is answered beside the button, which still works', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await expireNext(w);
  expect(await w.ana.clicks('Suggest another')).toMatchObject({ status: 'acked', modal: null });
  expect(await w.ana.sees()).toContain('The form did not open in time');
  expect((await w.ana.clicks('Suggest another')).modal).not.toBeNull();
});

test('a button that no listener knows any more says so where it was clicked', async () => {
  await using w = await world();
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  const messages = Object.values(w.rehearsal.state.conversations).flatMap((conversation) => conversation.messages);
  const rows = messages.flatMap(({ blocks = [] }) => blocks).filter((block) => block.type === 'actions');
  for (const element of rows.flatMap(({ elements }) => elements)) element.action_id = 'of:an-earlier-version';
  await w.ana.clicks('Accept');
  expect(await w.ana.sees()).toContain('Accord does not do that any more, so nothing was changed.');
});
