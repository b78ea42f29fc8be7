import { asTick } from '../../src/db/as-workspace.ts';
import { seal } from '../../src/db/sealed.ts';
import type { World } from '../support/world.ts';

/** As many more like the one with this word in it, each with its events. */
export async function manyMore(w: World, count: number, word: string): Promise<void> {
  await asTick(w.database.db, async (trx) => {
    const all = await trx.selectFrom('commitment').selectAll().orderBy('createdAt').execute();
    const like = all.find(({ text }) => text.includes(word));
    const events = await trx
      .selectFrom('commitmentEvent')
      .selectAll()
      .where('commitmentId', '=', like?.id ?? '')
      .execute();
    for (let n = 0; like && n < count; n++) {
      const id = w.bot.deps.newId();
      await trx
        .insertInto('commitment')
        .values({ ...like, id, text: seal(like.text) })
        .execute();
      for (const event of events)
        await trx
          .insertInto('commitmentEvent')
          .values({
            ...event,
            id: w.bot.deps.newId(),
            commitmentId: id,
            before: JSON.stringify(event.before),
            after: JSON.stringify(event.after),
            reason: null,
          })
          .execute();
    }
  });
}
