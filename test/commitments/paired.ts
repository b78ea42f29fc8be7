import type { Persona } from '../support/persona.ts';
import type { World } from '../support/world.ts';

/** Dana leads, the partner has agreed: the pair is active. */
export async function agreed(w: World, partner: Persona, name: string): Promise<void> {
  await w.dana.types(`/accord with @${name}`);
  await w.dana.submits('Propose a rhythm', {});
  await w.dana.act({ do: 'close' });
  await partner.clicks('Accept');
}
