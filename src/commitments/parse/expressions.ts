import * as chrono from 'chrono-node';
import { writesDayFirst } from '../../ground/days.ts';
import { agreeing, nextSuch, onWeekday, type Resolved, unclear } from './calendar.ts';
import { FIGURE, figure, IMPOSSIBLE, PHRASES } from './phrases.ts';

/** A stretch of the line that speaks of a day, and what it means. */
export type Expression = {
  start: number;
  end: number;
  text: string;
  meaning: Resolved;
  /** Words of a clock time inside the stretch: a due day has no hour, so they stay in the promise. */
  time?: string;
  /** "the end of the month" is a day to be before; "before Friday" is not Friday. */
  isEnd?: boolean;
};

const DAY_END =
  /(?<![\p{L}\p{N}])(?:eod|cob|eob|(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?(?:business\s+|working\s+)?(?:day|business|play))(?![\p{L}\p{N}])/giu;

/** All stretches that speak of a day, from left to right, none over another. */
export function findExpressions(body: string, today: Temporal.PlainDate, locale: string): Expression[] {
  const found: Expression[] = [];
  let rest = body;
  const take = (expression: Expression) => {
    found.push(expression);
    rest =
      rest.slice(0, expression.start) + '\uE200'.repeat(expression.end - expression.start) + rest.slice(expression.end);
  };
  for (const { pattern, meaning, isEnd } of PHRASES)
    for (const match of [...rest.matchAll(pattern)]) {
      const resolved = meaning(today, match.groups ?? {});
      if (resolved)
        take({ start: match.index, end: match.index + match[0].length, text: match[0], meaning: resolved, isEnd });
    }
  for (const expression of chronoExpressions(rest, today, locale)) take(expression);
  for (const match of [...rest.matchAll(DAY_END)]) take({ ...spanOf(match), meaning: { day: today }, isEnd: true });
  for (const match of [...rest.matchAll(FIGURE)])
    take({ ...spanOf(match), meaning: figure(today, Number(match[1]), Number(match[2]), writesDayFirst(locale)) });
  for (const match of [...rest.matchAll(IMPOSSIBLE)]) take({ ...spanOf(match), meaning: unclear('no such day') });
  return joinDayEnds(
    found.sort((a, b) => a.start - b.start),
    body,
  );
}

const spanOf = (match: RegExpExecArray) => ({ start: match.index, end: match.index + match[0].length, text: match[0] });

/** "EOD Friday", "Friday COB": one day, not two. */
function joinDayEnds(expressions: Expression[], body: string): Expression[] {
  const isDayEnd = (one: Expression) => new RegExp(`^${DAY_END.source}$`, 'iu').test(one.text);
  const joined: Expression[] = [];
  for (const one of expressions) {
    const last = joined.at(-1);
    const touches = last && /^[\s,]*(?:on\s+|of\s+)?$/i.test(body.slice(last.end, one.start));
    if (last && touches && isDayEnd(last) !== isDayEnd(one)) {
      const kept = isDayEnd(last) ? one : last;
      joined[joined.length - 1] = { ...kept, start: last.start, end: one.end, text: body.slice(last.start, one.end) };
    } else joined.push(one);
  }
  return joined;
}

function chronoExpressions(text: string, today: Temporal.PlainDate, locale: string): Expression[] {
  const noon = new Date(today.toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).epochMilliseconds);
  const read = (parser: chrono.Chrono) => parser.parse(text, { instant: noon, timezone: 0 });
  const results = writesDayFirst(locale) ? eitherOrder(read) : read(chrono.en.casual);
  return results.flatMap((result): Expression[] => {
    const meaning = meaningOf(result, text, today);
    if (!meaning) return [];
    const start = result.index;
    const said = result.text.replace(/[\s,]+$/, '');
    return [{ start, end: start + said.length, text: said, meaning, time: clockTimeIn(result) }];
  });
}

const NAMED_MONTH = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** Who writes the day first means the same by "April 20" as everybody; only of figures the order tells. */
function eitherOrder(read: (parser: chrono.Chrono) => chrono.ParsedResult[]): chrono.ParsedResult[] {
  const named = read(chrono.en.casual).filter(({ text }) => NAMED_MONTH.test(text));
  const isApart = (one: chrono.ParsedResult) =>
    named.every((other) => one.index + one.text.length <= other.index || other.index + other.text.length <= one.index);
  return [...named, ...read(chrono.en.GB).filter(isApart)];
}

const CLOCK =
  /(?:\bat\s+)?(?:\b\d{1,2}(?::\d{2})?(?:\s*[-–]\s*\d{1,2}(?::\d{2})?)?\s*(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b|\bnoon\b|\bmidday\b|\bmidnight\b)|\bat\s+\d{1,2}\b/i;
const clockTimeIn = (result: chrono.ParsedResult): string | undefined =>
  result.start.isCertain('hour') ? CLOCK.exec(result.text)?.[0].trim() : undefined;

/** What chrono found, read by our rules; undefined where it is no day at all (an hour, "now", a lone "may"). */
function meaningOf(result: chrono.ParsedResult, text: string, today: Temporal.PlainDate): Resolved | undefined {
  const { start } = result;
  const said = result.text;
  if (/^now$/i.test(said)) return undefined;
  const before = text.slice(0, result.index);
  if (result.end && !sameDay(start, result.end)) return unclear('more than one day');
  if (/\bhours?\b|\bminutes?\b|\bhrs?\b|\bmins?\b/i.test(said)) return inHours(said, today);
  if (
    start.tags().has('result/relativeDate') ||
    ([...start.tags()].some((tag) => tag.startsWith('casualReference/')) && start.isCertain('day'))
  )
    return { day: dateOf(start) };
  if (start.isCertain('day') && start.isCertain('month'))
    return isRiskyFigure(said, before, text, result) ? undefined : monthDay(result, today);
  if (start.isCertain('weekday') && !start.isCertain('day'))
    return isLoneShortWord(said, before, text.slice(result.index + said.length))
      ? undefined
      : weekdayOf(said, start, today);
  return undefined;
}

const dateOf = (parts: chrono.ParsedComponents): Temporal.PlainDate =>
  Temporal.PlainDate.from({ year: parts.get('year') ?? 1, month: parts.get('month') ?? 1, day: parts.get('day') ?? 1 });

const sameDay = (one: chrono.ParsedComponents, other: chrono.ParsedComponents): boolean =>
  dateOf(one).equals(dateOf(other)) ||
  (!other.isCertain('day') && !other.isCertain('weekday') && !other.isCertain('month'));

function inHours(said: string, today: Temporal.PlainDate): Resolved | undefined {
  const hours = Number(/(\d+)\s*(?:hours?|hrs?)\b/i.exec(said)?.[1]);
  return hours > 0 && hours % 24 === 0 ? { day: today.add({ days: hours / 24 }) } : undefined;
}

/** "1/2 the deposit" is no date: a bare figure counts only after a word that leads to a day, or at the very end. */
function isRiskyFigure(said: string, before: string, text: string, result: chrono.ParsedResult): boolean {
  if (!/^\d{1,2}[/.-]\d{1,2}\.?$/.test(said)) return false;
  const after = text.slice(result.index + said.length);
  return !/\b(by|on|until|till|due|before|for|than)\s*$/i.test(before) && !/^[\s.!,]*$/.test(after);
}

/** "sat with the seller", "sun room": three letters in lower case mean a day only after a word that leads to one. */
function isLoneShortWord(said: string, before: string, after: string): boolean {
  if (!/^(sat|sun|mon|wed|fri)\.?$/.test(said)) return false;
  return !/\b(by|on|until|till|due|before|for|than|this|next|coming)\s*$/i.test(before) && !/^[\s.!,]*$/.test(after);
}

function monthDay(result: chrono.ParsedResult, today: Temporal.PlainDate): Resolved {
  const { start } = result;
  const month = start.get('month') ?? 1;
  const day = start.get('day') ?? 1;
  const meaning = start.isCertain('year') ? { day: dateOf(start) } : nextSuch(today, month, day);
  return (start.isCertain('weekday') && agreeing(meaning, start.get('weekday') || 7)) || meaning;
}

function weekdayOf(said: string, start: chrono.ParsedComponents, today: Temporal.PlainDate): Resolved {
  const weekday = start.get('weekday') || 7;
  const coming = onWeekday(today, weekday);
  const thisWeeks = today.add({ days: weekday - today.dayOfWeek });
  if (/\b(last|past|previous)\b/i.test(said)) return { day: coming.subtract({ weeks: 1 }) };
  if (/\bnext\s+week\b/i.test(said)) return { day: thisWeeks.add({ weeks: 1 }) };
  if (/\bnext\b/i.test(said)) {
    const isAhead = Temporal.PlainDate.compare(thisWeeks, today) >= 0;
    return { day: thisWeeks.add({ weeks: 1 }), ...(isAhead && { alternative: { which: 'this', day: thisWeeks } }) };
  }
  return coming.equals(today)
    ? { day: today, alternative: { which: 'next', day: today.add({ weeks: 1 }) } }
    : { day: coming };
}
