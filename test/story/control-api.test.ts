import { test } from '@jest/globals';
import type { Persona } from '../support/persona.ts';
import { type World, world } from '../support/world.ts';
import { type Hand, sixWeeks, type Who } from './story.ts';

test('six weeks of one relationship, through the control API', async () => {
  await using w = await world();
  await sixWeeks(byControlApi(w));
}, 120_000);

/** The story told by somebody with curl. */
export function byControlApi(w: World): Hand {
  const persona = (who: Who): Persona => w[who];
  const must = async (what: string, answer: ReturnType<Persona['act']>): Promise<void> => {
    const { errors, notice } = await answer;
    if (errors ?? notice) throw new Error(`${what}: ${JSON.stringify(errors ?? notice)}`);
  };
  return {
    types: (who, line) => must(line, persona(who).types(line)),
    clicks: (who, label, where) => must(label, persona(who).clicks(label, where)),
    async submits(who, title, fields) {
      await must(title, persona(who).submits(title, fields));
      if (await persona(who).modal()) await persona(who).act({ do: 'close' });
    },
    sees: (who, where) => persona(who).sees(where),
    moves: async (to) => {
      await w.moves(to);
    },
    shows: async () => {},
  };
}
