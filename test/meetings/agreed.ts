import { asTick } from '../../src/db/as-workspace.ts';
import type { Fields } from '../support/persona.ts';
import type { World } from '../support/world.ts';

/** Dana and Ana have agreed on a Tuesday, 9:00 to 9:45 for Ana, every two weeks unless said otherwise. When the first one begins. */
export async function agreed(w: World, fields: Fields = {}): Promise<Temporal.Instant> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', { 'First day': '2027-03-09', Time: '09:00', ...fields });
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
  const [first] = await planned(w);
  if (!first) throw new Error('Nothing was planned');
  return first.startsAt;
}

/** Every meeting there is, earliest first. */
export function planned(w: World) {
  const query = w.bot.deps.db.selectFrom('meeting').selectAll().orderBy('startsAt').orderBy('createdAt');
  return asTick(w.bot.deps.db, async (trx) => (await trx.executeQuery(query)).rows);
}
