import type { Fields, Persona } from '../support/persona.ts';
import type { World } from '../support/world.ts';

/** Dana leads, the partner agrees: every second Tuesday unless said otherwise, the first one on 9 March. */
export async function agree(w: World, partner: Persona, name: string, fields: Fields = {}): Promise<void> {
  await w.dana.types(`/accord with @${name}`);
  await w.dana.submits('Propose a rhythm', { 'First day': '2027-03-09', ...fields });
  await w.dana.act({ do: 'close' });
  await partner.clicks('Accept');
}

/** One conversation as somebody sees it, by its name: "Accord", "Accord, Dana", "promises". */
export async function read(w: World, who: Persona, name: string): Promise<string> {
  return who.sees(await idOf(w, who, name));
}

export async function idOf(w: World, who: Persona, name: string): Promise<string> {
  const screen = (await w.control(`screen?as=${who.id}`)) as { conversations: { id: string; name: string }[] };
  const found = screen.conversations.find((conversation) => conversation.name === name);
  if (!found) throw new Error(`${name} is not among: ${screen.conversations.map((one) => one.name).join(' | ')}`);
  return found.id;
}

/** The messages of a conversation, oldest first, each with the line that says who wrote it and when. */
export async function messages(w: World, who: Persona, name = 'Accord'): Promise<string[]> {
  return (await read(w, who, name)).split(/\n(?=\S+, .*\d+:\d\d)/).slice(1);
}

export const newest = async (w: World, who: Persona, name = 'Accord'): Promise<string> =>
  (await messages(w, who, name)).at(-1) ?? '';

/** Both columns as the ledger answers them. */
export async function ledger(who: Persona, of = ''): Promise<string> {
  const { answer } = await who.types(`/accord ledger ${of}`.trim());
  return answer?.text ?? '';
}

/** Both columns with their figures, as Home shows them. */
export async function home(who: Persona): Promise<string> {
  await who.opensHome();
  return (await who.sees()).split('== Home ==')[1] ?? '';
}
