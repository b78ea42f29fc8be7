import { asTick } from '../db/as-workspace.ts';
import { type Enqueued, enqueue, refreshPosted } from '../delivery/outbox.ts';
import type { Deps, OutwardWork } from '../deps.ts';
import { askChannel } from './channel.ts';
import { type ChannelStanding, DIGEST_LASTS, digestDay, nextDigest } from './rules.ts';
import {
  claimDigests,
  claimStaleDigests,
  type DigestSettings,
  setDigestDue,
  setLastDigest,
  setUpToDate,
  weeklyTime,
} from './store.ts';

const AT_ONCE = 8;
/** When Slack did not say what the channel is, it is asked again after this long. */
const ASKED_AGAIN_AFTER = { minutes: 10 };

export const outward: OutwardWork[] = [
  { subject: 'digest', table: 'workspace', column: 'digestDueAt', work: sayDigests },
  { subject: 'digests to edit', table: 'workspace', column: 'digestStaleAt', work: editDigests },
];

/** Asks about each channel first: one that another firm reads since it was chosen gets nothing. */
async function sayDigests(deps: Deps, now: Temporal.Instant): Promise<number> {
  const due = await asTick(deps.db, (trx) => claimDigests(trx, now, now.add(ASKED_AGAIN_AFTER), AT_ONCE));
  await eachApart(deps, due, (settings) => sayDigest(deps, settings, now));
  return due.length;
}

/** The latest one alone: what stood in those before it was read long ago. */
async function editDigests(deps: Deps, now: Temporal.Instant): Promise<number> {
  const again = now.add(ASKED_AGAIN_AFTER);
  const stale = await asTick(deps.db, (trx) => claimStaleDigests(trx, now, again, AT_ONCE));
  await eachApart(deps, stale, (settings) => editDigest(deps, settings, now, again));
  return stale.length;
}

/** One workspace's failure never stops the next; it is due again. */
async function eachApart(
  deps: Deps,
  all: DigestSettings[],
  work: (settings: DigestSettings) => Promise<void>,
): Promise<void> {
  await Promise.all(
    all.map((settings) =>
      work(settings).catch((error) =>
        deps.log.warn({ workspace: settings.id, err: error }, 'a digest could not be prepared; again soon'),
      ),
    ),
  );
}

async function sayDigest(deps: Deps, settings: DigestSettings, now: Temporal.Instant): Promise<void> {
  const { id: workspaceId } = settings;
  const weekly = weeklyTime(settings);
  if (!weekly) return asTick(deps.db, (trx) => setDigestDue(trx, workspaceId, null));
  const day = settings.uninstalledAt === null ? digestDay(weekly, now) : undefined;
  if (!day) return asTick(deps.db, (trx) => setDigestDue(trx, workspaceId, nextDigest(weekly, now)));

  const standing = await askChannel(await deps.slack(workspaceId), weekly.channelId);
  await asTick(deps.db, async (trx) => {
    for (const message of messagesOf(settings, weekly.channelId, day, standing))
      await enqueue(trx, { ...message, id: deps.newId(), notBefore: now, expiresAt: now.add(DIGEST_LASTS), now });
    await setDigestDue(trx, workspaceId, standing === 'fine' ? nextDigest(weekly, now) : null);
    if (standing === 'fine') await setLastDigest(trx, workspaceId, day, now);
  });
}

/** One that another firm reads since it was posted stops as a new one would, and what stands there is taken down. */
async function editDigest(
  deps: Deps,
  settings: DigestSettings,
  now: Temporal.Instant,
  again: Temporal.Instant,
): Promise<void> {
  const { id: workspaceId, digestLastOn: day, digestDueAt } = settings;
  const weekly = digestDueAt === null ? undefined : weeklyTime(settings);
  const isThere = day !== null && settings.uninstalledAt === null;
  const isShared =
    isThere && weekly !== undefined && (await askChannel(await deps.slack(workspaceId), weekly.channelId)) === 'shared';
  await asTick(deps.db, async (trx) => {
    if (isThere) await refreshPosted(trx, workspaceId, [digestKey('digest', workspaceId, day)], now);
    if (isShared)
      for (const message of messagesOf(settings, weekly.channelId, day, 'shared'))
        await enqueue(trx, { ...message, id: deps.newId(), notBefore: now, expiresAt: now.add(DIGEST_LASTS), now });
    await setUpToDate(trx, workspaceId, again);
    if (isShared) await setDigestDue(trx, workspaceId, null);
    if (isThere) await setLastDigest(trx, workspaceId, day, now);
  });
}

const digestKey = (kind: string, workspaceId: string, day: Temporal.PlainDate): string =>
  `${kind}:${workspaceId}:${day}`;

type Message = Pick<Enqueued, 'workspaceId' | 'kind' | 'key' | 'about' | 'to'>;

/** The digest with its picture, or a word to whoever set it up that it has stopped. */
function messagesOf(
  { id: workspaceId, digestConfiguredBy }: DigestSettings,
  channel: string,
  day: Temporal.PlainDate,
  standing: ChannelStanding,
): Message[] {
  if (standing === 'fine')
    return ['digest', 'digest-trend'].map((kind) => ({
      workspaceId,
      kind,
      key: digestKey(kind, workspaceId, day),
      about: { day: String(day) },
      to: { channel },
    }));
  if (digestConfiguredBy === null) return [];
  const key = `digest-stopped:${workspaceId}:${digestConfiguredBy}:${day}`;
  return [
    {
      workspaceId,
      kind: 'digest-stopped',
      key,
      about: { channel, standing },
      to: { people: [digestConfiguredBy] },
    },
  ];
}
