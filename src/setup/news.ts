import type { Transaction } from 'kysely';
import { giveUpHandOvers } from '../commitments/hand-over.ts';
import { handBackFrom } from '../commitments/leaving.ts';
import { lockAllOf } from '../commitments/owner-store.ts';
import { rescheduleFallsDue } from '../commitments/write-store.ts';
import { asTick, asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import { refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { rescheduleSteps } from '../meetings/schedule.ts';
import { findHandOversTo, handOverKey } from '../pairs/hand-over.ts';
import { mayLead } from '../pairs/rules.ts';
import { findPairsOf, lockPairs, resumePlanning } from '../pairs/store.ts';
import { findPerson, markHomeStale, type Person } from '../people/store.ts';
import { claimNews, type News, recordFollowed } from './store.ts';

type Trx = Transaction<Database>;

const AT_ONCE = 10;

/**
 * Does what follows from Slack's news of people. Whoever dies in the middle of it leaves it to be done again: what is done
 * twice has no further effect.
 */
export async function followNews(deps: Deps, now: Temporal.Instant): Promise<number> {
  const news = await asTick(deps.db, (trx) => claimNews(trx, now, AT_ONCE));
  for (const one of news)
    await followOne(deps, one, now).catch((err) =>
      deps.log.warn({ workspace: one.workspaceId, err }, 'news of somebody could not be followed; again soon'),
    );
  return news.length;
}

async function followOne(deps: Deps, news: News, now: Temporal.Instant): Promise<void> {
  const { workspaceId, id } = news;
  await asWorkspace(deps.db, workspaceId, async (trx) => {
    const person = await findPerson(trx, workspaceId, id);
    if (person) await follow(trx, deps, person, now);
  });
  await asWorkspace(deps.db, workspaceId, (trx) => recordFollowed(trx, news));
}

/**
 * Their meetings' steps and their due days follow their zone, and every Home that names them. What somebody who left owned
 * for the firm in other pairs is the leader's again; when they are back, their meetings go on.
 */
async function follow(trx: Trx, deps: Deps, person: Person, now: Temporal.Instant): Promise<void> {
  const { workspaceId, id, active } = person;
  const asked = mayLead(person) ? [] : await findHandOversTo(trx, workspaceId, id);
  const known = await findPairsOf(trx, workspaceId, id);
  await lockPairs(trx, workspaceId, [...known.map((pair) => pair.id), ...asked.map(({ pairId }) => pairId)]);
  // One that they were taking over at that moment is among them now.
  const pairs = await findPairsOf(trx, workspaceId, id);
  if (active) await resumePlanning(trx, workspaceId, id, now);
  await rescheduleSteps(
    trx,
    workspaceId,
    pairs.map((pair) => pair.id),
  );
  await lockAllOf(trx, workspaceId, id);
  await rescheduleFallsDue(trx, person);
  if (!active) await handBackFrom(trx, deps, workspaceId, id);
  if (!mayLead(person)) {
    const given = await giveUpHandOvers(trx, deps, workspaceId, id);
    const keys = given.map((handOver) => handOverKey(handOver.id));
    await refreshPosted(trx, workspaceId, keys, now);
  }
  await markHomeStale(trx, workspaceId, [id, ...pairs.flatMap((pair) => [pair.leaderId, pair.partnerId])], now);
}
