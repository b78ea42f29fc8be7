import type { Answer, Persona } from './persona.ts';
import type { World } from './world.ts';

/** Dana asks somebody to lead her one-on-one with Ana from now on. */
export async function asksToLead({ dana }: Pick<World, 'dana'>, successor: Persona): Promise<Answer> {
  await dana.types('/accord cadence @ana');
  await dana.clicks('Hand over…');
  const answer = await dana.submits('Hand over', { 'Who takes over': successor.id });
  await dana.act({ do: 'close' });
  await dana.act({ do: 'close' });
  return answer;
}

export type Promised = { what?: string; by?: string };

/** Dana promises something for the firm and asks a colleague to own it. */
export async function asksToOwn(
  { dana }: Pick<World, 'dana'>,
  colleague: Persona,
  { what = 'vendor introduction', by = '2027-03-20' }: Promised = {},
): Promise<void> {
  await dana.types('/commit');
  await dana.submits('Make a commitment', {
    What: what,
    'By when': by,
    'A colleague who would own it': colleague.id,
  });
  await dana.submits('Make a commitment', {});
  await dana.act({ do: 'close' });
}

/** The same, and the colleague takes it. */
export async function ownedBy(w: Pick<World, 'dana'>, colleague: Persona, promised?: Promised): Promise<void> {
  await asksToOwn(w, colleague, promised);
  await colleague.clicks('Take it');
}
