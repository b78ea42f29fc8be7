import { agreeing, dayOfMonth, endOf, nextSuch, onWeekday, type Resolved, unclear, vague } from './calendar.ts';

const WEEKDAY =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\\b\\.?';
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?';
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const numberOf = (names: string[], word = ''): number => names.indexOf(word.slice(0, 3).toLowerCase()) + 1;

const COUNTS: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, six: 6 };
const countOf = (word: string): number => COUNTS[word.toLowerCase()] ?? Number(word);

export type Phrase = {
  pattern: RegExp;
  isEnd?: boolean;
  meaning: (today: Temporal.PlainDate, groups: Record<string, string | undefined>) => Resolved | undefined;
};
const phrase = (source: string, meaning: Phrase['meaning'], isEnd = false): Phrase => ({
  pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'giu'),
  meaning,
  isEnd,
});
const ending = (source: string, meaning: Phrase['meaning']): Phrase => phrase(source, meaning, true);
const ahead = (today: Temporal.PlainDate, count: number, unit: string): Temporal.PlainDate =>
  unit === 'fortnight' ? today.add({ weeks: 2 * count }) : today.add({ [`${unit}s`]: count });
const onDay = (day: Temporal.PlainDate): Resolved => ({ day });

/** What chrono does not know, or reads otherwise than we do; the longer phrase comes first. */
export const PHRASES: Phrase[] = [
  phrase(
    `(?:every|each)\\s+(?:other\\s+|second\\s+)?(?:${WEEKDAY}|day|morning|evening|weekday|week|fortnight|month|quarter|year)`,
    () => vague('repeats'),
  ),
  phrase(`(?:on\\s+)?(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekdays|weekends)`, () =>
    vague('repeats'),
  ),
  phrase(`(?:once|twice|\\w+ times)\\s+(?:a|per|each|every)\\s+(?:day|week|month|quarter|year)`, () =>
    vague('repeats'),
  ),
  phrase(
    `(?:in|within)\\s+(?:the\\s+next\\s+)?(?:a\\s+)?(?:few|couple(?:\\s+of)?|several|some)\\s+(?:days|weeks|months)`,
    () => vague('vague'),
  ),
  phrase(`(?:in|within)\\s+\\w+\\s+(?:business|working)\\s+days?`, () => unclear('working days')),
  phrase(`(?:easter|good|black|cyber|ash|palm|labou?r|memorial|whit|shrove|holy|maundy)\\s+(?:${WEEKDAY})`, () =>
    unclear('an occasion'),
  ),
  phrase(`within\\s+(?:the|this)\\s+(?<unit>week|month|quarter|year)`, (_today, { unit }) => unclear(`a ${unit}`)),
  phrase(`(?<=\\b(?:by|in|before|until|during)\\s+)q[1-4](?:\\s+\\d{4})?`, () => unclear('a quarter')),
  phrase(`(?:this\\s+(?:morning|afternoon|evening)|later\\s+today)`, onDay),
  phrase(
    `in\\s+(?<count>a|one|two|three|four|\\d{1,3})\\s+(?<unit>day|week|fortnight|month)s?[’']?s?[’']?\\s+time`,
    (today, { count = 'a', unit = 'week' }) => onDay(ahead(today, countOf(count), unit)),
  ),
  // Chrono counts months past the end of a short one: a month after 31 January is 28 February, not 3 March.
  phrase(
    `(?:in|within)\\s+(?<count>an?|one|two|three|four|six|\\d{1,3})\\s+(?<unit>month|year)s?|(?<from>an?|one|two|three|four|six|\\d{1,3})\\s+(?<away>month|year)s?\\s+from\\s+(?:now|today)`,
    (today, { count, unit, from, away }) => onDay(ahead(today, countOf(count ?? from ?? 'a'), unit ?? away ?? 'month')),
  ),
  phrase(`(?<near>today|tomorrow)\\s+week`, (today, { near }) => onDay(today.add({ days: near === 'today' ? 7 : 8 }))),
  phrase(
    `(?:the\\s+)?(?<date>\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?(?<which>this|next|the)\\s+month`,
    (today, { date, which }) => ofMonth(today, Number(date), which),
  ),
  phrase(
    `(?<=\\b(?:by|in|until|before|during)\\s+)${MONTH}(?:\\s+\\d{4})?(?!\\s+(?:the\\s+)?\\d{1,2}(?!\\d)|-end)`,
    () => unclear('a month'),
  ),
  phrase(`(?:the\\s+)?day\\s+after\\s+tomorrow`, (today) => onDay(today.add({ days: 2 }))),
  phrase(
    `(?:(?:in|within)\\s+)?(?<count>a|one|two)\\s+fortnights?(?:\\s+from\\s+(?:now|today))?`,
    (today, { count = 'a' }) => onDay(today.add({ weeks: 2 * countOf(count) })),
  ),
  phrase(
    `(?<count>a|one|two|three|four|\\d)\\s+(?<unit>week|fortnight)s?\\s+(?:from|on|after)\\s+(?:(?<near>today|tomorrow|now)|(?<weekday>${WEEKDAY}))`,
    (today, { count = 'a', unit, near, weekday }) => {
      const from =
        near === 'tomorrow' ? today.add({ days: 1 }) : weekday ? onWeekday(today, numberOf(WEEKDAYS, weekday)) : today;
      return onDay(from.add({ weeks: countOf(count) * (unit === 'week' ? 1 : 2) }));
    },
  ),
  phrase(`(?<weekday>${WEEKDAY})\\s+week`, (today, { weekday }) =>
    onDay(onWeekday(today, numberOf(WEEKDAYS, weekday)).add({ weeks: 1 })),
  ),
  phrase(
    `(?:(?<weekday>${WEEKDAY}),?\\s+(?:of\\s+)?next\\s+week|next\\s+week,?\\s+(?:on\\s+)?(?<after>${WEEKDAY}))`,
    (today, { weekday, after }) =>
      onDay(today.add({ days: 7 - today.dayOfWeek + numberOf(WEEKDAYS, weekday ?? after) })),
  ),
  ending(
    `(?:the\\s+)?end\\s+of\\s+(?:the\\s+|this\\s+)?(?<next>next\\s+|following\\s+)?(?<unit>week|month|quarter|year)`,
    (today, { next, unit }) => endOf(today, unit ?? '', next !== undefined),
  ),
  ending(
    `(?:the\\s+)?last\\s+day\\s+of\\s+(?:the\\s+|this\\s+)?(?<next>next\\s+)?(?<unit>month|quarter|year)`,
    (today, { next, unit }) => endOf(today, unit ?? '', next !== undefined),
  ),
  ending(
    `(?:the\\s+)?(?:(?:end|last\\s+day)\\s+of\\s+)(?<month>${MONTH})(?:\\s+(?<year>\\d{4}))?`,
    (today, { month, year }) => endOfMonth(today, numberOf(MONTHS, month), year),
  ),
  ending(`(?<month>${MONTH})[\\s-]end`, (today, { month }) => endOfMonth(today, numberOf(MONTHS, month), undefined)),
  ending(
    `(?:(?:the\\s+)?end\\s+of\\s+)q(?<quarter>[1-4])(?:\\s+(?<year>\\d{4}))?|q(?<before>[1-4])[\\s-]end`,
    (today, { quarter, before, year }) => endOfMonth(today, 3 * Number(quarter ?? before), year),
  ),
  ending(`eow|week[’']?s\\s+end`, (today) => endOf(today, 'week', false)),
  ending(`eom|month(?:['’]?s)?[\\s-]end`, (today) => endOf(today, 'month', false)),
  ending(`eoq|quarter(?:['’]?s)?[\\s-]end`, (today) => endOf(today, 'quarter', false)),
  ending(`eoy|year(?:['’]?s)?[\\s-]end`, (today) => endOf(today, 'year', false)),
  phrase(
    `(?:mid|early|late|start\\s+of|beginning\\s+of|middle\\s+of|first\\s+half\\s+of|second\\s+half\\s+of)[\\s-]+(?:the\\s+|in\\s+)?(?:next\\s+|this\\s+)?(?:${MONTH}|week|month|quarter|year|q[1-4])`,
    () => unclear('a stretch of days'),
  ),
  phrase(`(?:the\\s+)?week\\s+(?:of|commencing)\\s+\\S+(?:\\s+\\S+)?`, () => unclear('a week')),
  phrase(`(?:(?:the|this|next)\\s+)?weekend`, () => unclear('a weekend')),
  phrase(
    `(?:(?:at\\s+)?some\\s*(?:time|point)\\s+)?(?:this|next|the coming|the following)\\s+(?<unit>week|month|quarter|year|spring|summer|fall|autumn|winter)`,
    (_today, { unit }) => unclear(`a ${unit}`),
  ),
  phrase(
    `(?:around|about|circa|roughly|approximately|~)\\s*(?:the\\s+)?(?:${WEEKDAY}|\\d{1,2}(?:st|nd|rd|th)|${MONTH}\\s+\\d{1,2}|\\d{1,2}\\s+${MONTH})`,
    () => unclear('about a day'),
  ),
  phrase(`(?:${WEEKDAY})-?ish|(?:${WEEKDAY})\\s+or\\s+so`, () => unclear('about a day')),
  phrase(
    `(?<weekday>${WEEKDAY}),?\\s+(?:the\\s+)?(?<date>\\d{1,2})(?:st|nd|rd|th)(?!\\s+(?:of\\s+)?${MONTH})`,
    (today, { weekday, date }) => agreeing(dayOfMonth(today, Number(date), 0), numberOf(WEEKDAYS, weekday)),
  ),
  phrase(`(?<month>${MONTH})\\s+the\\s+(?<date>\\d{1,2})(?:st|nd|rd|th)`, (today, { month, date }) =>
    nextSuch(today, numberOf(MONTHS, month), Number(date)),
  ),
  phrase(
    `(?<!${MONTH}\\s+)(?:the\\s+)?(?<date>\\d{1,2})(?:st|nd|rd|th)(?!\\s+(?:of\\s+)?${MONTH}|\\s*(?:floor|st|street|ave|avenue|draft|version|round|offer|showing|time|quarter|half|page|one|place|unit|block|installment|instalment)\\b)`,
    (today, { date }) => dayOfMonth(today, Number(date), 0),
  ),
];

function ofMonth(today: Temporal.PlainDate, date: number, which: string | undefined): Resolved | undefined {
  const isOver = which === 'this' && date < today.day && date > 0;
  return isOver ? onDay(today.with({ day: date })) : dayOfMonth(today, date, which === 'next' ? 1 : 0);
}

function endOfMonth(today: Temporal.PlainDate, month: number, year: string | undefined): Resolved {
  const first = Temporal.PlainDate.from({ year: year ? Number(year) : today.year, month, day: 1 });
  const last = (day: Temporal.PlainDate) => day.with({ day: day.daysInMonth });
  if (year) return onDay(last(first));
  const passed = Temporal.PlainDate.compare(last(first), today) < 0;
  if (passed && last(first).until(today).days < 90) return unclear('passed lately');
  return onDay(last(passed ? first.add({ years: 1 }) : first));
}

/** "1.5.", after a word that leads to a day: what chrono leaves, being a number to it. */
export const FIGURE = /(?<=\b(?:by|on|due|until|till|before)\s+)(\d{1,2})[/.-](\d{1,2})\.?(?![\p{L}\p{N}/.-])/giu;

/** In the locale's order, or in the other one where only that makes a date. */
export function figure(today: Temporal.PlainDate, first: number, second: number, dayFirst: boolean): Resolved {
  const [day, month] = dayFirst ? [first, second] : [second, first];
  if (month >= 1 && month <= 12) return nextSuch(today, month, day);
  return day >= 1 && day <= 12 ? nextSuch(today, day, month) : unclear('no such day');
}

/** Looks like a date and is none ("February 30"): what is left. */
export const IMPOSSIBLE = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${MONTH}\\s+\\d{1,2}|\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH})(?![\\p{L}\\p{N}])`,
  'giu',
);
