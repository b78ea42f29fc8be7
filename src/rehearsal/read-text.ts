import { readTyped, type TextPart, unescapeMrkdwn } from '../ground/slack-text.ts';
import { isJson } from './act/elements.ts';
import type { Person, RehearsalState } from './state.ts';

/** Who reads, and when: names, days and hours are theirs. `now` is epoch milliseconds. */
export type Reader = { state: RehearsalState; person: Person; now: number };

export const shownName = (person: Person | undefined, id: string): string =>
  person?.displayName || person?.realName || id;

const DATE = /<!date\^(-?\d+)\^([^|>^]*)(?:\^[^|>]*)?\|([^>]*)>/g;
/** Bold, italic, strike and code are seen, not heard. */
const MARKS = /(^|[\s([{"'])([*_~`])(?=\S)([^\n]*?\S)\2(?=$|[\s.,;:!?)\]}"'])/gm;

/** Mrkdwn as it is read out: names for mentions, dates in the reader's zone, labels for links. */
export function readMrkdwn(reader: Reader, mrkdwn: string): string {
  const dated = mrkdwn.replace(DATE, (_all, seconds: string, format: string, fallback: string) =>
    readDate(reader, Number(seconds), format, fallback),
  );
  return readTyped(dated)
    .parts.map((part) => (part.kind === 'text' ? unmarked(part.text) : readPart(reader, part)))
    .join('');
}

const unmarked = (text: string): string => text.replace(MARKS, '$1$3').replace(MARKS, '$1$3');

function readPart({ state }: Reader, part: TextPart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'mention':
      return `@${shownName(state.people[part.id], part.name ?? part.id)}`;
    case 'channel':
      return `#${state.conversations[part.id]?.name ?? part.name ?? 'private channel'}`;
    case 'broadcast':
      return `@${part.name}`;
    case 'link':
      return part.label ?? part.url;
  }
}

/** A text object, or a text. */
export function readTextObject(reader: Reader, value: unknown): string {
  if (typeof value === 'string') return readMrkdwn(reader, value);
  if (!isJson(value) || typeof value.text !== 'string') return '';
  return value.type === 'mrkdwn' ? readMrkdwn(reader, value.text) : unescapeMrkdwn(value.text);
}

function readDate({ person, now }: Reader, seconds: number, format: string, fallback: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(person.zone);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(person.zone).toPlainDate();
  const written = (options: Intl.DateTimeFormatOptions) => at.toLocaleString(person.locale, options);
  const days = today.until(at.toPlainDate()).days;
  const near = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
  const long = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' } as const;
  const date = written({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = written({ month: 'short', day: 'numeric', year: 'numeric' });
  const words: Record<string, string> = {
    date_num: at.toPlainDate().toString(),
    date,
    date_short: short,
    date_long: written(long),
    date_pretty: near ?? date,
    date_short_pretty: near ?? short,
    date_long_pretty: near ?? written(long),
    time: written({ hour: 'numeric', minute: '2-digit' }),
    time_secs: written({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
  };
  const known = [...format.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => name in words);
  return known ? format.replace(/\{(\w+)\}/g, (_all, name: string) => words[name] ?? '') : fallback;
}
