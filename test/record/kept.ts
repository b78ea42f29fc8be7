import { asDana, met } from '../recap/met.ts';
import type { Persona } from '../support/persona.ts';
import type { World } from '../support/world.ts';

/** Dana and Ana have met once and written it down. */
export async function recorded(w: World): Promise<void> {
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
  await w.ana.clicks('Confirm');
  await w.ana.submits('Confirm the recap', {
    'Was the outcome produced?': 'Yes',
    'Who did most of the talking?': 'I did',
  });
}

/** What the open form shows, as JSON. */
export const inModal = async (person: Persona): Promise<string> => JSON.stringify((await person.modal())?.view.blocks);

/** The files that have come to somebody alone with Accord, by name; of several of one name the last. */
export async function filesOf(w: World, person: Persona): Promise<Record<string, string>> {
  const { files, conversations, app } = w.rehearsal.state;
  const mine = Object.values(conversations).filter(
    ({ members }) => members.length === 2 && members.includes(person.id) && members.includes(app.botUserId),
  );
  const ids = new Set(mine.map(({ id }) => id));
  const theirs = Object.values(files).filter(({ channels }) => channels.some((channel) => ids.has(channel)));
  return Object.fromEntries(theirs.map(({ name, content }) => [name, Buffer.from(content, 'base64').toString('utf8')]));
}
