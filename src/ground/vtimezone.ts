import { nthWeekday } from './zoned.ts';

/** A change of a zone's offset: the wall time that it happens at, and the offsets before and after. */
type Change = { wall: Temporal.PlainDateTime; from: string; to: string };

const YEARS_LOOKED_AT = 12;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** "TU" for an ISO weekday, as calendars write it. */
export const calendarWeekday = (weekday: number): string => WEEKDAYS[weekday - 1] ?? 'MO';

/**
 * A zone's clock changes from `since` on, as RFC 5545 wants them beside a TZID. Outlook reads one yearly rule for each
 * of standard and daylight time and takes a list of dates for no rule at all, so a rule is found where there is one;
 * the few zones without (they follow the moon, or the second day of a month) get the dates of the years to come.
 */
export function vtimezone(zone: string, since: Temporal.Instant): string {
  const changes = changesOf(zone, since);
  const springs = changes.filter(({ from, to }) => hours(to) > hours(from));
  const autumns = changes.filter(({ from, to }) => hours(to) < hours(from));
  const observances = [...observance('DAYLIGHT', springs), ...observance('STANDARD', autumns)];
  const offset = since.toZonedDateTimeISO(zone).offset;
  const always = { wall: new Temporal.PlainDateTime(1970, 1, 1), from: offset, to: offset };
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${zone}`,
    ...(observances.length > 0 ? observances : lines('STANDARD', always, [])),
    'END:VTIMEZONE',
  ].join('\r\n');
}

function changesOf(zone: string, since: Temporal.Instant): Change[] {
  const changes: Change[] = [];
  // A year back, so that the time in force at the beginning has its observance too.
  let at = since.toZonedDateTimeISO(zone).subtract({ years: 1 });
  const until = since.toZonedDateTimeISO(zone).add({ years: YEARS_LOOKED_AT });
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || Temporal.ZonedDateTime.compare(next, until) > 0) return changes;
    const from = next.subtract({ nanoseconds: 1 }).offset;
    const wall = next.toInstant().toZonedDateTimeISO(from).toPlainDateTime();
    if (from !== next.offset) changes.push({ wall, from, to: next.offset });
    at = next;
  }
}

function observance(kind: 'DAYLIGHT' | 'STANDARD', changes: Change[]): string[] {
  const [first] = changes;
  if (first === undefined) return [];
  const nth = [...[1, 2, 3, 4], -1].find((n) => changes.every((change) => isYearly(change, first, n)));
  if (nth === undefined || changes.length < YEARS_LOOKED_AT)
    return changes.flatMap((change) => lines(kind, change, []));
  const { month, dayOfWeek } = first.wall;
  const wall = nthWeekday(new Temporal.PlainYearMonth(1970, month), dayOfWeek, nth).toPlainDateTime(first.wall);
  return lines(kind, { ...first, wall }, [
    `RRULE:FREQ=YEARLY;BYMONTH=${month};BYDAY=${nth}${calendarWeekday(dayOfWeek)}`,
  ]);
}

function isYearly({ wall, from, to }: Change, first: Change, nth: number): boolean {
  return (
    from === first.from &&
    to === first.to &&
    wall.month === first.wall.month &&
    wall.toPlainTime().equals(first.wall.toPlainTime()) &&
    nthWeekday(wall.toPlainDate().toPlainYearMonth(), first.wall.dayOfWeek, nth).equals(wall.toPlainDate())
  );
}

function lines(kind: string, { wall, from, to }: Change, rule: string[]): string[] {
  return [
    `BEGIN:${kind}`,
    `DTSTART:${wall.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}`,
    `TZOFFSETFROM:${from.replaceAll(':', '')}`,
    `TZOFFSETTO:${to.replaceAll(':', '')}`,
    ...rule,
    `END:${kind}`,
  ];
}

/** "+05:45" as 5.75. */
function hours(offset: string): number {
  const [whole = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (whole + minutes / 60);
}
