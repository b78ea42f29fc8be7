import type { Transaction } from 'kysely';
import { figuresOf, keepRate, LONG_WINDOW } from '../commitments/figures.ts';
import { findFirmRows } from '../commitments/ledger-store.ts';
import type { Database } from '../db/schema.ts';
import type { ComposedMessage, Composers, Words } from '../delivery/compose.ts';
import { dayIn } from '../ground/zoned.ts';
import { findPerson } from '../people/store.ts';
import { CHANNEL_STANDINGS, digestRows } from './rules.ts';
import { coveredKinds, type DigestSettings, findDigestItems, findDigestSettings } from './store.ts';
import { isTrend, weeklyRates } from './trend.ts';
import { type Digest, digestWords, isQuiet, stoppedWords, takenDownWords, trendWords } from './views.ts';

export const composers: Composers = {
  /** Twice in a channel is worse than late: in doubt it waits for a person. */
  digest: { compose: digest, inDoubt: 'hold' },
  'digest-trend': { compose: trend, inDoubt: 'hold' },
  'digest-stopped': { compose: stopped, inDoubt: 'send-again' },
};

type Trx = Transaction<Database>;
const THE_WEEK_BEFORE = 7;
const THE_WEEK_AHEAD = 7;

/** The picture of the last 12 weeks, below the digest; none where there is no trend yet, nor in a quiet week. */
async function trend(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const settings = await findDigestSettings(trx, message.workspaceId);
  if (settings.digestChannelId !== message.channel || settings.digestDueAt === null) return undefined;
  const { digest, counted } = await gathered(trx, settings, message);
  const weeks = weeklyRates(counted, digest.day);
  return isTrend(weeks) && !isQuiet(digest) ? trendWords(weeks) : undefined;
}

async function digest(trx: Trx, message: ComposedMessage): Promise<Words | undefined> {
  const settings = await findDigestSettings(trx, message.workspaceId);
  // Chosen anew, ended or stopped since: nothing is shown where nobody wants it any more.
  if (settings.digestChannelId !== message.channel || settings.digestDueAt === null)
    return message.posted ? takenDownWords() : undefined;
  return digestWords((await gathered(trx, settings, message)).digest);
}

/**
 * What one week's digest says, and what its figures count. Edited, it stays the digest of its week: its figures and its
 * days ahead are as they were, what is open is as it is.
 */
async function gathered(
  trx: Trx,
  settings: DigestSettings,
  { workspaceId, about, now, posted }: Pick<ComposedMessage, 'workspaceId' | 'about' | 'now' | 'posted'>,
) {
  const kinds = coveredKinds(settings);
  const today = dayIn(settings.zone, now);
  const day = about.day ? Temporal.PlainDate.from(about.day) : today;
  const counted = await findFirmRows(trx, { workspaceId, kinds }, day.subtract({ days: LONG_WINDOW }), now);
  const { short, long } = figuresOf(counted, day).firm;
  const configuredBy = settings.digestConfiguredBy;
  const items = await findDigestItems(trx, workspaceId, kinds, day.add({ days: THE_WEEK_AHEAD }), now);
  const digest: Digest = {
    settings,
    day,
    today,
    isEdited: posted,
    rows: digestRows(items, day, now),
    week: keepRate(counted, day, THE_WEEK_BEFORE),
    short,
    long,
    configuredBy: configuredBy === null ? undefined : await findPerson(trx, workspaceId, configuredBy),
  };
  return { digest, counted };
}

async function stopped(trx: Trx, { workspaceId, about }: ComposedMessage): Promise<Words | undefined> {
  const settings = await findDigestSettings(trx, workspaceId);
  const standing = CHANNEL_STANDINGS.find((one) => one === about.standing);
  if (settings.digestDueAt !== null || settings.digestChannelId !== about.channel || !standing) return undefined;
  return stoppedWords(standing);
}
