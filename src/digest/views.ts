import type { KnownBlock } from '@slack/types';
import { type Rate, spokenRates } from '../commitments/figures.ts';
import type { Words } from '../delivery/compose.ts';
import { overdue, spokenDate, spokenDay, writesDayFirst } from '../ground/days.ts';
import { done, type Outcome } from '../ground/outcome.ts';
import { escapeMrkdwn, quiet, shorten } from '../ground/slack-text.ts';
import { weekdayName } from '../ground/zoned.ts';
import { channelSelect, checkboxes, context, header, section, select, timePicker } from '../slack/blocks.ts';
import {
  choices,
  type Form,
  type FormState,
  optionalChannel,
  optionalOneOf,
  readForm,
  wallTime,
} from '../slack/form.ts';
import { type ChannelStanding, type DigestRows, mayHoldDigest } from './rules.ts';
import type { DigestChoice, DigestSettings } from './store.ts';
import { trendPicture, trendSaid } from './trend.ts';

// The digest's part of `/accord settings`

/** Where a refusal of the channel is shown. */
export const DIGEST_CHANNEL = 'digestChannel';
const WEEKDAY = 'digestWeekday';
const AT = 'digestAt';
const COVERS = 'digestCovers';
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;
const MONDAY_AT_NINE = { weekday: 1, at: new Temporal.PlainTime(9) };

type Set = Pick<
  DigestSettings,
  'digestChannelId' | 'digestWeekday' | 'digestAt' | 'digestCoversReports' | 'zone' | 'contractorWord' | 'reportWord'
>;

export function digestFields(set: Set): KnownBlock[] {
  return [
    channelSelect({
      id: DIGEST_CHANNEL,
      label: 'Digest channel',
      hint: `What the firm promised its ${plural(set.contractorWord)}, every week. Empty ends it. Accord has to be in the channel: /invite @Accord`,
      optional: true,
      initial: set.digestChannelId ?? undefined,
    }),
    select({
      id: WEEKDAY,
      label: 'Digest day',
      choices: WEEKDAYS.map((value) => ({ value, label: weekdayName(Number(value)) })),
      initial: String(set.digestWeekday ?? MONDAY_AT_NINE.weekday),
    }),
    timePicker({
      id: AT,
      label: 'Digest time',
      hint: `In ${set.zone.replaceAll('_', ' ')}.`,
      initial: set.digestAt ?? MONDAY_AT_NINE.at,
    }),
    checkboxes({
      id: COVERS,
      label: 'Digest covers',
      optional: true,
      choices: [
        {
          value: 'reports',
          label: `Also what is promised to ${plural(set.reportWord)}`,
          description: 'Each stays unnamed unless its pair puts it in.',
        },
      ],
      initial: set.digestCoversReports ? ['reports'] : [],
    }),
  ];
}

/** What was chosen; undefined for no digest. */
export function readDigest(state: FormState): Form<DigestChoice | undefined> {
  const read = readForm(state, {
    [DIGEST_CHANNEL]: optionalChannel(),
    [WEEKDAY]: optionalOneOf(WEEKDAYS),
    [AT]: wallTime(),
    [COVERS]: choices(['reports']),
  });
  if (!read.ok) return read;
  const { digestChannel, digestWeekday, digestAt, digestCovers } = read.value;
  if (!digestChannel) return { ok: true, value: undefined };
  const coversReports = digestCovers.length > 0;
  return {
    ok: true,
    value: { channelId: digestChannel, weekday: Number(digestWeekday ?? '1'), at: digestAt, coversReports },
  };
}

/** A refusal says it under the channel's field. */
export function checkChannel(standing: ChannelStanding): Outcome<'fine'> {
  const may = mayHoldDigest(standing);
  return may.ok ? done('fine') : { ...may, field: DIGEST_CHANNEL };
}

// The message

export type Digest = {
  settings: Pick<DigestSettings, 'contractorWord' | 'reportWord' | 'digestCoversReports'>;
  /** Whose week it is; `today` is later where it was late, or edited since. */
  day: Temporal.PlainDate;
  today: Temporal.PlainDate;
  isEdited: boolean;
  rows: DigestRows;
  week: Rate;
  short: Rate;
  long: Rate;
  /** Whoever set it up, and in whose locale days are said. */
  configuredBy: { name: string; locale: string } | undefined;
};

const LINE = 120;
const OWNER = 60;
/** Slack takes 3,000 characters a section and about 13,200 a message. */
const OVERDUE = { lines: 30, characters: 5500 };
const THIS_WEEK = { lines: 30, characters: 2700 };

/** Nothing is overdue, nothing is due this week, and nothing fell due in the last: that is one line. */
export const isQuiet = ({ rows: { overdue, dueThisWeek, unnamed }, week }: Digest): boolean =>
  overdue.length + dueThisWeek.length + unnamed.overdue + unnamed.dueThisWeek + week.due === 0;

export function digestWords(digest: Digest): Words {
  const { rows, settings, week, configuredBy } = digest;
  const promised = `What the firm promised its ${coveredSaid(settings)}`;
  if (isQuiet(digest)) {
    const text = [`${promised}: nothing is overdue, nothing is due this week.`, editedSaid(digest)]
      .filter(Boolean)
      .join(' ');
    return { text, blocks: [section(escapeMrkdwn(text))] };
  }
  const title = `${promised} · week of ${dateSaid(digest.day, configuredBy?.locale ?? 'en-GB')}`;
  const over = overdueLines(digest);
  const lines = [
    dueLine(digest),
    week.due > 0 ? `● kept in the 7 days before: ${week.kept} of ${week.due}` : undefined,
    ratesLine(digest),
  ].filter((line) => line !== undefined);
  const notes = [editedSaid(digest), setUp(digest), unnamedSaid(rows.unnamed)].filter((note) => note !== undefined);
  const howOut = 'To keep an item out or reword it, its people find it in `/accord ledger`.';
  return {
    text: [title, ...over, ...lines, ...notes, howOut].join('\n'),
    blocks: [
      header(title),
      ...inSections(over),
      ...lines.map((line) => section(line)),
      context([...notes, howOut].join(' ')),
    ],
  };
}

const plural = (word: string): string => `${word}s`;

const coveredSaid = ({ contractorWord, reportWord, digestCoversReports }: Digest['settings']): string =>
  digestCoversReports ? `${plural(contractorWord)} and ${plural(reportWord)}` : plural(contractorWord);

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "9 March", "March 9". */
function dateSaid(day: Temporal.PlainDate, locale: string): string {
  const month = MONTHS[day.month - 1] ?? '';
  return writesDayFirst(locale) ? `${day.day} ${month}` : `${month} ${day.day}`;
}

const named = (line: string): string => quiet(shorten(line.replace(/\s+/g, ' ').trim(), LINE));
const owner = (name: string): string => escapeMrkdwn(shorten(name, OWNER));

function overdueLines({ rows }: Digest): string[] {
  const lines = rows.overdue.map(
    ({ line, ownerName, dueOn, ownerToday }) =>
      `◆ ${named(line)}, ${owner(ownerName)}, ${overdue(dueOn.until(ownerToday).days)}`,
  );
  const { shown, left } = fitting(lines, OVERDUE);
  return left > 0 ? [...shown, `◆ and ${left} more overdue`] : shown;
}

function dueLine({ rows, today, configuredBy }: Digest): string | undefined {
  if (rows.dueThisWeek.length === 0) return undefined;
  const items = rows.dueThisWeek.map(
    ({ line, ownerName, dueOn }) =>
      `${named(line)} (${owner(ownerName)}, ${spokenDay(dueOn, today, configuredBy?.locale ?? 'en-GB')})`,
  );
  const { shown, left } = fitting(items, THIS_WEEK);
  return `○ due this week: ${[...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')}`;
}

/** As many as fit, and how many do not. */
function fitting(lines: string[], most: { lines: number; characters: number }): { shown: string[]; left: number } {
  const shown: string[] = [];
  let characters = 0;
  for (const line of lines.slice(0, most.lines)) {
    characters += line.length + 2;
    if (characters > most.characters) break;
    shown.push(line);
  }
  return { shown, left: lines.length - shown.length };
}

function inSections(lines: string[]): KnownBlock[] {
  const sections: string[][] = [];
  let characters = 3000;
  for (const line of lines) {
    if (characters + line.length + 1 > 2900) {
      sections.push([]);
      characters = 0;
    }
    sections.at(-1)?.push(line);
    characters += line.length + 1;
  }
  return sections.map((some) => section(some.join('\n')));
}

function ratesLine({ short, long }: Digest): string | undefined {
  const said = spokenRates({ short, long });
  return said && `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}

/** What was done since is not in it any more. */
const editedSaid = ({ isEdited, today, configuredBy }: Digest): string | undefined =>
  isEdited
    ? `Edited ${spokenDate(today, today, configuredBy?.locale ?? 'en-GB')}: it lists what is open now.`
    : undefined;

const setUp = ({ configuredBy }: Digest): string | undefined =>
  configuredBy && `Set up by ${owner(configuredBy.name)} in \`/accord settings\`.`;

function unnamedSaid({ overdue: over, dueThisWeek: week }: DigestRows['unnamed']): string | undefined {
  if (over + week === 0) return undefined;
  const parts = [...(over > 0 ? [`${over} overdue`] : []), ...(week > 0 ? [`${week} due this week`] : [])];
  return `${over + week} more ${over + week === 1 ? 'is' : 'are'} counted but not named: ${parts.join(', ')}.`;
}

/** A picture beside the same in words. */
export const trendWords = (weeks: readonly Rate[]): Words => ({
  text: trendSaid(weeks),
  file: {
    name: 'kept-on-time.png',
    title: 'What the firm kept on time, week by week',
    content: trendPicture(weeks),
    alt: trendSaid(weeks),
  },
});

/** To whoever set it up: the firm's promises go nowhere until they choose again. */
export function stoppedWords(standing: ChannelStanding): Words {
  const may = mayHoldDigest(standing);
  const why = may.ok ? 'Its channel can take it again. Save its settings to start it.' : may.why;
  const title = 'The digest has stopped';
  const how = `${why} Nothing was posted. It is set up in \`/accord settings\`.`;
  return { text: `${title}. ${how}`, blocks: [section(`*${title}*\n${how}`)] };
}

/** In place of a posted one where no digest is wanted any more, once it would have to read otherwise. */
export function takenDownWords(): Words {
  const text = 'This digest was taken down. None is posted here any more.';
  return { text, blocks: [section(text)] };
}
