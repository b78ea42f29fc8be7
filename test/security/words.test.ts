import { expect, test } from '@jest/globals';
import { met } from '../recap/met.ts';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';

/** What would call everybody, name somebody, or lead elsewhere than it says. */
const LIVE = '<!channel> <@U0MIA00001> <https://evil.example|bank> & <!date^0^{date}|x>';
const ASLEEP = '&lt;!channel&gt; &lt;@U0MIA00001&gt; &lt;https://evil.example|bank&gt; &amp; &lt;!date^0^{date}|x&gt;';

/** Keeps Slack from making a link of bare words. */
const JOINER = '\u2060';

/** Every text that Slack would read markup in, of all that the app has posted or shown. */
function marked(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(marked);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'plain_text') return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'text' && typeof part === 'string' ? [part] : marked(part),
  );
}

const posted = ({ rehearsal: { state } }: World) =>
  Object.values(state.conversations)
    .flatMap(({ messages }) => messages)
    .filter(({ botId }) => botId !== undefined);

async function inForm(one: Persona): Promise<string[]> {
  const open = await one.modal();
  return open ? marked(open.view.blocks) : [];
}

test('SEC7: what people type is shown as they typed it, calls nobody and links nowhere', async () => {
  await using w = await world();
  await met(w);
  const forms: string[] = [];
  const looks = async (one: Persona) => void forms.push(...(await inForm(one)));

  await w.dana.types('/commit');
  await w.dana.submits('Make a commitment', { What: `${LIVE} plan`, 'By when': '2027-03-12' });
  await looks(w.dana);
  await w.dana.submits('Make a commitment', {});
  await looks(w.dana);
  await w.dana.act({ do: 'close' });
  await w.ana.types('/commit');
  await w.ana.submits('Make a commitment', {
    What: `${LIVE} asked`,
    'By when': '2027-03-13',
    'Who does it': 'I ask Dana',
  });
  await w.ana.act({ do: 'close' });
  await w.dana.clicks('Decline');
  await looks(w.dana);
  await w.dana.submits('Decline', { 'Why the firm will not do it': LIVE });
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Move');
  await looks(w.dana);
  await w.dana.submits('Give it a new day', { 'New day': '2027-03-15', Why: LIVE });
  await w.dana.act({ do: 'close' });
  await w.dana.types('/accord ledger');
  await w.dana.clicks('Show all');
  await looks(w.dana);
  await w.dana.clicks('Show all of it');
  await looks(w.dana);
  await w.dana.clicks('Reword for digest');
  await w.dana.submits('Reword for digest', { 'What the channel reads': LIVE });
  await w.dana.act({ do: 'close' });
  await w.dana.act({ do: 'close' }).catch(() => undefined);

  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', {
    Outcome: LIVE,
    Decided: LIVE,
    'Row 1: who': 'Ana',
    'Row 1: what': LIVE,
    'Row 1: by when': '2027-03-20',
  });
  await w.ana.clicks('Show all');
  await looks(w.ana);
  await w.ana.act({ do: 'close' });
  await w.ana.clicks('Confirm');
  await looks(w.ana);
  await w.ana.submits('Confirm the recap', {});
  await w.dana.types('/accord record');
  await looks(w.dana);
  await w.dana.act({ do: 'close' });
  await w.dana.types('/accord settings');
  await w.dana.submits('Settings', { 'Digest channel': '#promises' });
  for (const one of [w.dana, w.ana]) await one.opensHome();
  await w.moves('2027-03-15T13:30:00Z');
  expect(await w.mia.sees('#promises')).toContain('What the firm promised');

  const shown = [...forms, ...marked(posted(w)), ...marked(w.rehearsal.state.homes)];
  for (const text of shown) expect(text).not.toMatch(/<!|<@U0MIA|https:\/\/evil|&(?!amp;|lt;|gt;)/);
  expect(shown.filter((text) => text.replaceAll(JOINER, '').includes(ASLEEP)).length).toBeGreaterThan(5);
  expect(posted(w).filter(({ unfurl }) => unfurl === true)).toEqual([]);
});
