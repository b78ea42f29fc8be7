import { isOver as isTimeOver, UNDO_FOR } from '../commitments/change.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { atWallTime, dayIn, isBefore } from '../ground/zoned.ts';

/** Every week on this weekday (1 for Monday to 7 for Sunday) at this wall time. */
export type WeeklyTime = { weekday: number; at: Temporal.PlainTime; zone: string };

/** A digest that could not be posted within this long says too little about the week that is left. */
export const DIGEST_LASTS = { hours: 72 };

/** The first time after `now`, from the wall clock each week: clocks that change move no later one. */
export function nextDigest({ weekday, at, zone }: WeeklyTime, now: Temporal.Instant): Temporal.Instant {
  const today = dayIn(zone, now);
  const first = today.add({ days: (weekday - today.dayOfWeek + 7) % 7 });
  const next = atWallTime(first, at, zone);
  return isBefore(now, next) ? next : atWallTime(first.add({ days: 7 }), at, zone);
}

/** The week whose digest is due at `now`, by its day; undefined when that one has come to nothing. */
export function digestDay(weekly: WeeklyTime, now: Temporal.Instant): Temporal.PlainDate | undefined {
  const today = dayIn(weekly.zone, now);
  const day = today.subtract({ days: (today.dayOfWeek - weekly.weekday + 7) % 7 });
  const at = atWallTime(day, weekly.at, weekly.zone);
  // On the day itself, before its hour, what is still due is last week's.
  const on = isBefore(now, at) ? day.subtract({ days: 7 }) : day;
  const wasDue = atWallTime(on, weekly.at, weekly.zone);
  return isBefore(wasDue.add(DIGEST_LASTS), now) ? undefined : on;
}

/** What Slack says about a channel, as far as it decides whether the firm's promises may be shown there. */
export type ChannelFacts = { isMember: boolean; isArchived: boolean; isSharedWithOthers: boolean };

export const CHANNEL_STANDINGS = ['fine', 'shared', 'archived', 'outside'] as const;
export type ChannelStanding = (typeof CHANNEL_STANDINGS)[number];

export function channelStanding({ isMember, isArchived, isSharedWithOthers }: ChannelFacts): ChannelStanding {
  if (isSharedWithOthers) return 'shared';
  if (isArchived) return 'archived';
  return isMember ? 'fine' : 'outside';
}

/** Whether the firm's promises may be shown there, with what to do when not. */
export function mayHoldDigest(standing: ChannelStanding): Outcome<'fine'> {
  switch (standing) {
    case 'shared':
      return refuse('That channel is shared with another firm. Pick one that only your firm reads.');
    case 'archived':
      return refuse('That channel is archived. Pick another.');
    case 'outside':
      return refuse('Accord is not in that channel. Type `/invite @Accord` there, then save again.');
    case 'fine':
      return done('fine');
  }
}

/** An open promise of the firm as the digest sees it. */
export type DigestItem = {
  /** What the channel may read; null keeps it counted but unnamed. */
  line: string | null;
  ownerName: string;
  dueOn: Temporal.PlainDate;
  /** The day it is where the owner lives. */
  ownerToday: Temporal.PlainDate;
  /** When somebody last promised, accepted or put in what is named, and with that first read its line. */
  shownAt: Temporal.Instant;
};

export type DigestRows = {
  overdue: (DigestItem & { line: string })[];
  dueThisWeek: (DigestItem & { line: string })[];
  unnamed: { overdue: number; dueThisWeek: number };
};

/**
 * Overdue first and longest first; then what falls due in the seven days from `today` on. Until its ten minutes of Undo
 * are over an item is counted and not named: whoever wrote it reads its line before the channel does.
 */
export function digestRows(items: readonly DigestItem[], today: Temporal.PlainDate, now: Temporal.Instant): DigestRows {
  const isNamed = (item: DigestItem): item is DigestItem & { line: string } =>
    item.line !== null && isTimeOver(now, item.shownAt, UNDO_FOR);
  const byDay = [...items].sort((a, b) => Temporal.PlainDate.compare(a.dueOn, b.dueOn));
  const isOver = ({ dueOn, ownerToday }: DigestItem) => Temporal.PlainDate.compare(ownerToday, dueOn) > 0;
  const over = byDay.filter(isOver);
  const week = byDay.filter((item) => !isOver(item) && today.until(item.dueOn).days < 7);
  return {
    overdue: over.filter(isNamed),
    dueThisWeek: week.filter(isNamed),
    unnamed: {
      overdue: over.length - over.filter(isNamed).length,
      dueThisWeek: week.length - week.filter(isNamed).length,
    },
  };
}
