import { asTick } from '../../src/db/as-workspace.ts';
import type { Fields } from '../support/persona.ts';
import type { World } from '../support/world.ts';

/** Dana and Ana have agreed on every second Tuesday. */
export async function agreed(w: World): Promise<void> {
  await w.dana.types('/accord with @ana');
  await w.dana.submits('Propose a rhythm', { 'What it is for': 'operating support' });
  await w.dana.act({ do: 'close' });
  await w.ana.clicks('Accept');
}

/** Their first meeting is over. */
export async function met(w: World): Promise<void> {
  await agreed(w);
  const [first] = await meetings(w);
  if (!first) throw new Error('No meeting was planned');
  await w.moves(first.startsAt.add({ hours: 1 }).toString());
}

export const meetings = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('meeting').selectAll().orderBy('startsAt').execute());

export const recaps = (w: World) =>
  asTick(w.database.db, (trx) => trx.selectFrom('recap').selectAll().orderBy('version').execute());

/** Text and state, in the order of writing. */
export async function promises(w: World): Promise<string[]> {
  const rows = await asTick(w.database.db, (trx) => trx.selectFrom('commitment').selectAll().orderBy('id').execute());
  return rows.map(({ text, side, state, dueOn }) => `${text} (${side}): ${state}, ${dueOn}`);
}

/** A day as a date picker takes it, from Dana's today on. */
export const inDays = (w: World, days: number): string =>
  w.now().toZonedDateTimeISO('America/New_York').toPlainDate().add({ days }).toString();

/** The recap as Dana would write it: one row for each side. */
export const asDana = (w: World): Fields => ({
  Outcome: 'decision on relisting Oak Street',
  Decided: 'relist at $1.15M on Monday\nstop the portal ads',
  'Row 1: who': 'Me',
  'Row 1: what': 'listing presentation',
  'Row 1: by when': inDays(w, 2),
  'Row 2: who': 'Ana',
  'Row 2: what': 'two comps',
  'Row 2: by when': inDays(w, 3),
});

/** Dana has written the recap. */
export async function posted(w: World): Promise<void> {
  await met(w);
  await w.dana.types('/accord recap');
  await w.dana.submits('Recap', asDana(w));
}
