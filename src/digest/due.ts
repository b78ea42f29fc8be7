import { asTick } from '../db/as-workspace.ts';
import { type Enqueued, enqueue } from '../delivery/outbox.ts';
import type { Deps, OutwardWork } from '../deps.ts';
import { askChannel } from './channel.ts';
import { type ChannelStanding, DIGEST_LASTS, digestDay, nextDigest } from './rules.ts';
import { claimDigests, type DigestSettings, setDigestDue, weeklyTime } from './store.ts';

const AT_ONCE = 8;
/** When Slack did not say what the channel is, it is asked again after this long. */
const ASKED_AGAIN_AFTER = { minutes: 10 };

export const outward: OutwardWork[] = [
  { subject: 'digest', table: 'workspace', column: 'digestDueAt', work: sayDigests },
];

/** Asks about each channel first: one that another firm reads since it was chosen gets nothing. */
async function sayDigests(deps: Deps, now: Temporal.Instant): Promise<number> {
  const due = await asTick(deps.db, (trx) => claimDigests(trx, now, now.add(ASKED_AGAIN_AFTER), AT_ONCE));
  await Promise.all(
    due.map((settings) =>
      sayDigest(deps, settings, now).catch((error) =>
        deps.log.warn({ workspace: settings.id, err: error }, 'a digest could not be prepared; again soon'),
      ),
    ),
  );
  return due.length;
}

async function sayDigest(deps: Deps, settings: DigestSettings, now: Temporal.Instant): Promise<void> {
  const { id: workspaceId } = settings;
  const weekly = weeklyTime(settings);
  if (!weekly) return asTick(deps.db, (trx) => setDigestDue(trx, workspaceId, null));
  const day = settings.uninstalledAt === null ? digestDay(weekly, now) : undefined;
  if (!day) return asTick(deps.db, (trx) => setDigestDue(trx, workspaceId, nextDigest(weekly, now)));

  const standing = await askChannel(await deps.slack(workspaceId), weekly.channelId);
  await asTick(deps.db, async (trx) => {
    await setDigestDue(trx, workspaceId, standing === 'fine' ? nextDigest(weekly, now) : null);
    for (const message of messagesOf(settings, weekly.channelId, day, standing))
      await enqueue(trx, { ...message, id: deps.newId(), notBefore: now, expiresAt: now.add(DIGEST_LASTS), now });
  });
}

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
      key: `${kind}:${workspaceId}:${day}`,
      about: {},
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
