/** Times as the person reads them: in their zone, in their locale's order. The page itself is in English. */
export type Reader = { zone: string; locale: string };

const languageOf = ({ locale }: Reader): string => (locale.startsWith('en') ? locale : 'en-GB');

const format = (at: Date, reader: Reader, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(languageOf(reader), { timeZone: reader.zone, ...options }).format(at);

/** "America/New_York" as people call it: "New York". */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

export const timeOfDay = (at: Date, reader: Reader): string =>
  format(at, reader, { hour: 'numeric', minute: '2-digit' });

export const shortDay = (at: Date, reader: Reader): string =>
  format(at, reader, { weekday: 'short', day: 'numeric', month: 'short' });

export const fullDay = (at: Date, reader: Reader): string =>
  format(at, reader, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

export const yearOf = (at: Date, reader: Reader): string => format(at, reader, { year: 'numeric' });

/** "Tue, Mar 24, 9:00 AM" */
export const shortMoment = (at: Date, reader: Reader): string => `${shortDay(at, reader)}, ${timeOfDay(at, reader)}`;

/** Which day it is there, in a form that compares. */
export const dayKey = (at: Date, { zone }: Reader): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);

const DAY = 86_400_000;

/** Within the coming days the weekday says which day it is: "Tue 9:00 AM". */
export function soonMoment(at: Date, now: Date, reader: Reader): string {
  if (at.getTime() - now.getTime() > 6 * DAY) return shortMoment(at, reader);
  return `${format(at, reader, { weekday: 'short' })} ${timeOfDay(at, reader)}`;
}

/** "Today", "Yesterday", or the day by its name. */
export function dayHeading(at: Date, now: Date, reader: Reader): string {
  const day = dayKey(at, reader);
  if (day === dayKey(now, reader)) return 'Today';
  if (day === dayKey(new Date(now.getTime() - DAY), reader)) return 'Yesterday';
  return format(at, reader, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** Slack's `<!date^…>` with its words in braces filled in; null when one of them is not known. */
export function slackDate(seconds: number, pattern: string, now: Date, reader: Reader): string | null {
  const at = new Date(seconds * 1000);
  const long = format(at, reader, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const short = format(at, reader, { day: 'numeric', month: 'short', year: 'numeric' });
  const plain = format(at, reader, { day: 'numeric', month: 'long', year: 'numeric' });
  const pretty = (otherwise: string) => {
    const heading = dayHeading(at, now, reader);
    const tomorrow = dayKey(new Date(now.getTime() + DAY), reader) === dayKey(at, reader);
    return tomorrow ? 'tomorrow' : ['Today', 'Yesterday'].includes(heading) ? heading.toLowerCase() : otherwise;
  };
  const words: Record<string, () => string> = {
    date_num: () => dayKey(at, reader),
    date: () => plain,
    date_short: () => short,
    date_long: () => long,
    date_pretty: () => pretty(plain),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    time: () => timeOfDay(at, reader),
    time_secs: () => format(at, reader, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(at, now),
  };
  let known = true;
  const filled = pattern.replace(/\{(\w+)\}/g, (_all, word: string) => {
    const make = words[word];
    known &&= make !== undefined;
    return make?.() ?? '';
  });
  return known ? filled : null;
}

function ago(at: Date, now: Date): string {
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000);
  const said = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return said.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return said.format(Math.round(minutes / 60), 'hour');
  return said.format(Math.round(minutes / 60 / 24), 'day');
}
