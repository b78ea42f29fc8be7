import type { KnownBlock } from '@slack/types';
import {
  askedSaid,
  commitmentLine,
  commitmentRow,
  daysOverdue,
  fitting,
  nameSaid,
  newsLine,
} from '../commitments/views.ts';
import type { Words } from '../delivery/compose.ts';
import { overdue, spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn, isBefore } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import { actions, button, context, section } from '../slack/blocks.ts';
import type { Bundle, News } from './bundle.ts';

export const SNOOZE = 'reminders:snooze';

const AT_MOST = 12;
/** Of the 13,200 characters that a message holds; the words of a row's buttons count too. */
const IN_ROWS = 12_000;
const BUTTON_WORDS = 120;

type Line = { line: string; blocks: KnownBlock[] };

/** The day's one message: what is near or past its day, what waits for a word, what changed. */
export function bundleWords(bundle: Bundle, person: Person, now: Temporal.Instant): Words {
  const rows: Line[] = [
    ...[...bundle.promises, ...bundle.colleagues, ...bundle.waiting].map((row) => ({
      line: commitmentLine(row, person, now),
      blocks: commitmentRow(row, person, now),
    })),
    ...bundle.news.map((one) => newsRow(one, person, now)),
    ...bundle.dealtWith.map((row) => ({
      line: commitmentLine(row, person, now),
      blocks: commitmentRow(row, person, now, { buttons: 1 }),
    })),
  ];
  const shown = fitting(rows.slice(0, AT_MOST), ({ line }) => line.length + BUTTON_WORDS, IN_ROWS);
  const left = rows.length - shown.length;
  const title = titleOf(bundle, now);
  const more = left > 0 ? [`${left} more in \`/accord ledger\`.`] : [];
  return {
    text: [...title, ...shown.map(({ line }) => line), ...more].join('\n'),
    blocks: [
      ...title.map((words) => section(`*${words}*`)),
      ...shown.flatMap(({ blocks }) => blocks),
      ...more.map((words) => context(words)),
      ...ending(bundle, person, now),
    ],
  };
}

const are = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** "1 promise is with a colleague and 16 days overdue"; of several, what is true of each. */
function colleaguesSaid(rows: Bundle['colleagues'], now: Temporal.Instant): string[] {
  if (rows.length === 0) return [];
  const days = overdue(Math.min(...rows.map((row) => daysOverdue(row, now))));
  if (rows.length === 1) return [`1 promise is with a colleague and ${days}`];
  return [`${rows.length} promises are with colleagues and at least ${days}`];
}

/** The first eight words stand alone: they are what a lock screen shows. One piece of news is its own title. */
function titleOf({ promises, colleagues, waiting, news, dealtWith }: Bundle, now: Temporal.Instant): string[] {
  if (news.length === 1 && promises.length + colleagues.length + waiting.length + dealtWith.length === 0) return [];
  const parts = [
    ...(promises.length > 0
      ? [
          are(
            promises.length,
            'promise of yours is near or past its day',
            'promises of yours are near or past their day',
          ),
        ]
      : []),
    ...colleaguesSaid(colleagues, now),
    ...(waiting.length > 0 ? [are(waiting.length, 'ask waits for your word', 'asks wait for your word')] : []),
    ...(news.length > 0 ? [are(news.length, 'thing changed', 'things changed')] : []),
  ];
  return [parts.join(', ') || 'All of this is dealt with'];
}

/** Nothing on a bundle of an earlier day that is brought up to date. */
function ending({ day }: Bundle, person: Person, now: Temporal.Instant): KnownBlock[] {
  const { snoozedUntil, zone, locale } = person;
  const today = dayIn(zone, now);
  if (!today.equals(day)) return [];
  if (snoozedUntil && isBefore(now, snoozedUntil))
    return [context(`Snoozed until ${spokenDate(dayIn(zone, snoozedUntil), today, locale)}.`)];
  return [context('Last one today.'), actions(button('Snooze until Monday', SNOOZE))];
}

/** The row as it stands, then what happened in a few words. */
function newsRow({ row, event, byName }: News, person: Person, now: Temporal.Instant): Line {
  const said = happened(row, event, nameSaid(byName), person);
  const reason = event.reason ? `: “${quiet(shorten(event.reason, 150))}”` : '';
  const line = newsLine(row, person, now, `${said}${reason}`);
  return { line, blocks: commitmentRow(row, person, now, { line }) };
}

function happened(row: News['row'], { verb }: News['event'], who: string, reader: Person): string {
  switch (verb) {
    case 'done':
      return `${who} says it is done`;
    case 'missed':
      return `${who} says it will not be done`;
    case 'withdrawn':
      return `${who} withdrew it after its day`;
    case 'moved':
      return `${who} gave it a new day`;
    case 'accepted':
      return `${who} accepted`;
    case 'declined':
      return `${who} declined`;
    case 'lapsed':
      return askedSaid(row, reader);
    case 'agreed':
      return `${who} agreed`;
    case 'not yet':
      return `${who} says not yet`;
    case 'owner accepted':
      return `${who} took it on`;
    case 'owner passed':
      return `${who} passed, so it is yours`;
    case 'owner changed':
      return 'nobody leads that one-on-one any more, so it is yours';
    case 'handed back':
      return `${who} handed it back to you`;
    default:
      return `${who} changed it`;
  }
}
