/** Words turned into days by the rules, without the words. A week begins on Monday. */

export type Resolved =
  | { day: Temporal.PlainDate; alternative?: { which: 'this' | 'next'; day: Temporal.PlainDate } }
  | { ask: 'when' | 'which-day'; because: Because };

/** Why a day has to be asked for; the sentence is made from it. */
export type Because =
  | 'repeats'
  | 'vague'
  | 'working days'
  | 'a stretch of days'
  | 'a weekend'
  | 'about a day'
  | 'more than one day'
  | 'passed lately'
  | 'weekday and date differ'
  | 'no such day'
  | 'before a day'
  | 'an occasion'
  | 'years away'
  | `a ${string}`;

export const unclear = (because: Because): Resolved => ({ ask: 'which-day', because });
export const vague = (because: Because): Resolved => ({ ask: 'when', because });

/** The coming one; today when it is one. */
export const onWeekday = (today: Temporal.PlainDate, weekday: number): Temporal.PlainDate =>
  today.add({ days: (weekday - today.dayOfWeek + 7) % 7 });

/** The next such date; one that went by less than 90 days ago has to be asked. */
export function nextSuch(today: Temporal.PlainDate, month: number, day: number): Resolved {
  const inYear = (year: number) => dateIfReal(year, month, day);
  for (let year = today.year; year <= today.year + 8; year++) {
    const date = inYear(year);
    if (date && Temporal.PlainDate.compare(date, today) >= 0) {
      const before = inYear(today.year) ?? date;
      const last = Temporal.PlainDate.compare(before, today) < 0 ? before : inYear(today.year - 1);
      return last && last.until(today).days < 90 ? unclear('passed lately') : { day: date };
    }
  }
  return unclear('no such day');
}

function dateIfReal(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  const first = new Temporal.PlainDate(year, month, 1);
  return day >= 1 && day <= first.daysInMonth ? first.with({ day }) : undefined;
}

/** "the 15th": this month's, or the next month's once it has passed; `months` ahead when a month was named. */
export function dayOfMonth(today: Temporal.PlainDate, day: number, months: number): Resolved | undefined {
  if (day < 1 || day > 31) return undefined;
  const start = today.with({ day: 1 }).add({ months: months || (day < today.day ? 1 : 0) });
  const date = dateIfReal(start.year, start.month, day);
  return date ? { day: date } : unclear('no such day');
}

/** The last day of this or the next month, quarter or year; of a week its Friday. */
export function endOf(today: Temporal.PlainDate, unit: string, next: boolean): Resolved {
  if (unit === 'week') return endOfWeek(today, next);
  const months = { month: 1, quarter: 3, year: 12 }[unit] ?? 1;
  const first = today.with({ month: today.month - ((today.month - 1) % months), day: 1 });
  return { day: first.add({ months: months * (next ? 2 : 1) }).subtract({ days: 1 }) };
}

function endOfWeek(today: Temporal.PlainDate, next: boolean): Resolved {
  const friday = onWeekday(today, 5);
  if (next) return { day: today.add({ days: 5 - today.dayOfWeek + 7 }) };
  return friday.equals(today)
    ? { day: today, alternative: { which: 'next', day: today.add({ weeks: 1 }) } }
    : { day: friday };
}

/** Where a weekday was said with the date, both have to agree. */
export function agreeing(meaning: Resolved | undefined, weekday: number): Resolved | undefined {
  return meaning && 'day' in meaning && meaning.day.dayOfWeek !== weekday
    ? unclear('weekday and date differ')
    : meaning;
}
