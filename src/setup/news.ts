import type { Transaction } from 'kysely';
import { giveUpHandOvers } from '../commitments/hand-over.ts';
import { lockAllOf } from '../commitments/owner-store.ts';
import { rescheduleFallsDue } from '../commitments/write-store.ts';
import { asTick, asWorkspace, startDeadline } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import { refreshPosted } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { rescheduleSteps } from '../meetings/schedule.ts';
import { findHandOversTo, handOverKey } from '../pairs/hand-over.ts';
import { mayLead } from '../pairs/rules.ts';
import { findPairsOf, lockPairs, resumePlanning } from '../pairs/store.ts';
import { findPerson, markHomeStale } from '../people/store.ts';
import { handBackAll } from './handing-back.ts';
import { claimNews, type News, recordFollowed } from './store.ts';

type Trx = Transaction<Database>;

const AT_ONCE = 10;
/** No more than a batch of due work may take. */
const FOLLOWED_WITHIN_MS = 60_000;

/**
 * Does what follows from Slack's news of people. Whoever dies in the middle of it leaves it to be done again: what is done
 * twice has no further effect.
 */
export async function followNews(deps: Deps, now: Temporal.Instant, signal?: AbortSignal): Promise<number> {
  const news = await asTick(deps.db, (trx) => claimNews(trx, now, AT_ONCE));
  for (const one of news) {
    if (signal?.aborted) break;
    await followOne(deps, one, now).catch((err) =>
      deps.log.warn({ workspace: one.workspaceId, err }, 'news of somebody could not be followed; again soon'),
    );
  }
  return news.length;
}

async function followOne(deps: Deps, news: News, now: Temporal.Instant): Promise<void> {
  const { workspaceId, id } = news;
  const inTime = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    asWorkspace(deps.db, workspaceId, work, { deadline: startDeadline(FOLLOWED_WITHIN_MS) });
  const isGone = await inTime((trx) => follow(trx, deps, news, now));
  if (isGone) await handBackAll(deps, workspaceId, id);
  await inTime((trx) => recordFollowed(trx, news));
}

/**
 * Their meetings' steps and their due days follow their zone, and every Home that names them; when they are back, their
 * meetings go on. True when they left: what they owned for the firm in other pairs is to be handed back.
 */
async function follow(trx: Trx, deps: Deps, { workspaceId, id }: News, now: Temporal.Instant): Promise<boolean> {
  const asked = await findHandOversTo(trx, workspaceId, id);
  const known = await findPairsOf(trx, workspaceId, id);
  await lockPairs(trx, workspaceId, [...known.map((pair) => pair.id), ...asked.map(({ pairId }) => pairId)]);
  // Whoever waited for these may have been overtaken: by more news, or by what was taken over.
  const person = await findPerson(trx, workspaceId, id);
  if (!person) return false;
  const pairs = await findPairsOf(trx, workspaceId, id);
  if (person.active) await resumePlanning(trx, workspaceId, id, now);
  await rescheduleSteps(
    trx,
    workspaceId,
    pairs.map((pair) => pair.id),
  );
  await lockAllOf(trx, workspaceId, id);
  await rescheduleFallsDue(trx, person);
  if (!mayLead(person)) {
    const given = await giveUpHandOvers(trx, deps, workspaceId, id);
    const keys = given.map((handOver) => handOverKey(handOver.id));
    await refreshPosted(trx, workspaceId, keys, now);
  }
  await markHomeStale(trx, workspaceId, [id, ...pairs.flatMap((pair) => [pair.leaderId, pair.partnerId])], now);
  return !person.active;
}
