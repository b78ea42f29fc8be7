import { expect } from '@jest/globals';
import type { Persona } from '../support/persona.ts';
import type { World } from '../support/world.ts';
import type { Hand, Who } from './story.ts';

/** The story told by somebody with curl. */
export function byControlApi(w: World): Hand {
  const persona = (who: Who): Persona => w[who];
  const must = async (what: string, answer: ReturnType<Persona['act']>): Promise<void> => {
    const { errors, notice } = await answer;
    if (errors ?? notice) throw new Error(`${what}: ${JSON.stringify(errors ?? notice)}`);
  };
  return {
    types: (who, line) => must(line, persona(who).types(line)),
    async clicks(who, label, where) {
      const place = where?.in === undefined ? undefined : await idOf(w, persona(who).id, where.in);
      await must(label, persona(who).clicks(label, { ...where, in: place }));
    },
    async submits(who, title, fields) {
      await must(title, persona(who).submits(title, fields));
      if (await persona(who).modal()) await persona(who).act({ do: 'close' });
    },
    async sees(who, where, ...words) {
      const seen = sectionOf(await persona(who).sees(), where);
      for (const word of words) expect(seen).toContain(word);
      return seen;
    },
    moves: async (to) => {
      await w.moves(to);
    },
    shows: async () => {},
  };
}

/** The conversation that this person sees under this name. */
async function idOf(w: World, personId: string, name: string): Promise<string> {
  const screen = (await w.control(`screen?as=${personId}`)) as { conversations: { id: string; name: string }[] };
  const found = screen.conversations.find((conversation) => conversation.name === name);
  if (!found) throw new Error(`${name} is not among: ${screen.conversations.map((one) => one.name).join(' | ')}`);
  return found.id;
}

/** One conversation, or Home, out of all that somebody sees. */
function sectionOf(text: string, where: string): string {
  const sections = text.split(/^== /m);
  const found = sections.find((section) =>
    [`${where} (`, `#${where} (`, `${where} ==`].some((start) => section.startsWith(start)),
  );
  if (found === undefined)
    throw new Error(`${where} is not among: ${sections.map((one) => one.split('\n', 1)[0]).join(' | ')}`);
  return found;
}
