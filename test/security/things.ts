import { findOpenProposal } from '../../src/cadence/store.ts';
import { act } from '../../src/commitments/acting.ts';
import { findCommitment, findStanding } from '../../src/commitments/store.ts';
import { asTick, asWorkspace } from '../../src/db/as-workspace.ts';
import { findAgenda } from '../../src/meetings/agenda-store.ts';
import { findPairBetween, updatePair } from '../../src/pairs/store.ts';
import { findPersonOrThrow } from '../../src/people/store.ts';
import { recordInstallation } from '../../src/setup/store.ts';
import type { World } from '../support/world.ts';
import { type Stranger, TEAM } from './forged.ts';

export const SECOND = 'T0SECOND01';
export const CANARY = 'CANARY';

/** The real ids of what belongs to Kiran and Ana, each in the state in which its buttons would work. */
export type Things = {
  pair: string;
  /** An open promise of the firm's. */
  open: string;
  partners: string;
  asked: string;
  lapsed: string;
  kept: string;
  /** Its new day waits for the other side: the asking for it is its last event. */
  wanted: string;
  event: string;
  unrecorded: string;
  recap: string;
  /** Kiran has asked Paul to take the pair over. */
  handOver: string;
  recorded: string;
  /** Ana has suggested another rhythm; Kiran has not answered. */
  proposal: string;
  agendaItem: string;
};

/**
 * Mia began a one-on-one with Ana, and Kiran leads it now; Marcus has one with Kiran as well. Dana administers the
 * workspace. All of Kiran's and Ana's words hold a canary.
 */
export async function madeThings(w: World): Promise<Things> {
  const { mia, ana, kiran, marcus } = w;
  await mia.types('/accord with @ana');
  await mia.submits('Propose a rhythm', { 'What it is for': `${CANARY} purpose` });
  await mia.act({ do: 'close' });
  await ana.clicks('Accept');
  await kiran.types('/accord help');
  await handOver(w, mia.id, kiran.id);
  await kiran.types('/accord with @marcus');
  await kiran.submits('Propose a rhythm', {});
  await kiran.act({ do: 'close' });
  await marcus.clicks('Accept');

  await kiran.types(`/commit ask @ana ${CANARY} lapsed by Mar 2`);
  await w.moves('2027-03-09T20:00:00Z');
  await kiran.types('/accord recap @ana');
  await kiran.submits('Recap', { Outcome: `${CANARY} outcome`, Decided: `${CANARY} decision` });
  for (const what of ['open', 'kept', 'wanted']) await kiran.types(`/commit ${CANARY} ${what} for @ana by Apr 20`);
  await kiran.types(`/commit ask @ana ${CANARY} asked by Apr 20`);
  await ana.types(`/commit ${CANARY} partners by Apr 20`);
  await ana.types(`/accord agenda @kiran ${CANARY} item`);
  await ana.types('/accord cadence @kiran');
  await ana.submits('Suggest a rhythm', { 'What it is for': `${CANARY} other purpose` });
  await ana.act({ do: 'close' });
  return readThings(w);
}

/** As when a hand-over was agreed: what Mia led, Kiran leads. */
async function handOver(w: World, from: string, to: string): Promise<void> {
  await asTick(w.database.db, async (trx) => {
    const pair = await findPairBetween(trx, TEAM, from, w.ana.id);
    if (pair) await updatePair(trx, pair, { leaderId: to });
  });
}

function readThings(w: World): Promise<Things> {
  return asTick(w.database.db, async (trx) => {
    const pair = await findPairBetween(trx, TEAM, w.kiran.id, w.ana.id);
    const kiran = await findPersonOrThrow(trx, TEAM, w.kiran.id);
    if (!pair) throw new Error('They have no one-on-one');
    const all = await findStanding(trx, TEAM, [pair.id], Temporal.PlainDate.from('2027-01-01'));
    const id = (what: string): string => {
      const found = all.find(({ text }) => text.includes(`${CANARY} ${what}`));
      if (!found) throw new Error(`There is no ${what}`);
      return found.id;
    };
    await act(trx, w.bot.deps, kiran, id('kept'), { act: 'done' });
    for (const day of ['2027-04-21', '2027-04-22'])
      await act(trx, w.bot.deps, kiran, id('wanted'), {
        act: 'move',
        to: Temporal.PlainDate.from(day),
        reason: `${CANARY} reason`,
      });
    const meetings = await trx
      .selectFrom('meeting')
      .selectAll()
      .where('pairId', '=', pair.id)
      .orderBy('startsAt')
      .execute();
    const handOver = w.bot.deps.newId();
    const asked = { pairId: pair.id, fromId: w.kiran.id, toId: 'U0PAUL0001', at: w.now(), state: 'open' as const };
    await trx
      .insertInto('handOver')
      .values({ workspaceId: TEAM, id: handOver, ...asked })
      .execute();
    const recap = await trx.selectFrom('recap').selectAll().executeTakeFirstOrThrow();
    return {
      pair: pair.id,
      open: id('open'),
      partners: id('partners'),
      asked: id('asked'),
      lapsed: id('lapsed'),
      kept: id('kept'),
      wanted: id('wanted'),
      event: (await findCommitment(trx, TEAM, id('wanted')))?.lastId ?? '',
      unrecorded: meetings.find(({ state }) => state === 'planned')?.id ?? '',
      recap: recap.id,
      handOver,
      recorded: recap.meetingId,
      proposal: (await findOpenProposal(trx, TEAM, pair.id))?.id ?? '',
      agendaItem: (await findAgenda(trx, TEAM, [pair.id]))[0]?.id ?? '',
    };
  });
}

/** Another firm has installed Accord too, and knows somebody under the very id that Ana has here. */
export async function secondWorkspace(w: World): Promise<Stranger> {
  const { app } = w.rehearsal.state;
  const installation = { name: 'Second', enterpriseId: null, botUserId: app.botUserId, botId: app.botId, scopes: [] };
  await asWorkspace(w.database.db, SECOND, (trx) =>
    recordInstallation(trx, { id: SECOND, ...installation, token: app.botToken ?? '' }, w.now()),
  );
  await asTick(w.database.db, async (trx) => {
    const ana = await findPersonOrThrow(trx, TEAM, w.ana.id);
    await trx
      .insertInto('person')
      .values({ ...ana, workspaceId: SECOND })
      .execute();
  });
  return { who: 'somebody of another workspace with the partner’s id', userId: w.ana.id, team: SECOND };
}
