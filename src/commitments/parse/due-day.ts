import type { Because, Resolved } from './calendar.ts';
import { type Expression, findExpressions } from './expressions.ts';
import { PERSON } from './line.ts';

/** The due day of a line and the line without it; or why it has to be asked. */
export type Due = { rest: string } & (
  | Extract<Resolved, { day: unknown }>
  | { ask: 'when' | 'which-day' | 'past'; because: Because | 'none' | 'hour only' | 'passed'; day?: Temporal.PlainDate }
);

/** Words that lead to a deadline: a day after one of them is the due day, whatever other days the line speaks of. */
const DEADLINE =
  /\b(?:(?:no|not) later than|on or before|by or before|due(?: by| on| for)?|deadline:?|by|before|until|till|til)\s*(?:the\s+)?$/i;
/** Words that go with the day when it leaves the text. */
const LEAD =
  /(?:[\s,;(–-]|\b(?:(?:is |are |to be )?due(?: by| on| for)?|(?:no|not) later than|on or before|deadline:?|by|before|until|till|til|on|for|at|come|this|coming|the)(?=\s|$))*$/i;
const TRAIL = /^(?:\s*,?\s*(?:at the latest|latest|or (?:sooner|earlier))(?![\p{L}\p{N}]))?\)?/iu;
/** "minutes from Tuesday": a day that tells which thing is meant. */
const DESCRIBES = /\b(?:from|of|since|dated|after|as of|starting|re|about)\s+(?:the\s+)?$/i;
/** Not due days: what ends in them lies after, or begins there. */
const BEGINS = /\b(?:from|since|after|starting)\s+(?:the\s+)?$/i;
/** Words of another language that lead to a day. */
const FOREIGN =
  /(?<![\p{L}])(?:bis|am|vor|zum|spätestens|para|antes de|hasta|pour|avant|jusqu'?(?:à|au)|até|entro|per|voor|op)\s+(?:el|le|la|den|dem|o|il)?\s*$/iu;
const REPEATS =
  /(?<![\p{L}])(?:daily|weekly|fortnightly|biweekly|bi-weekly|monthly|quarterly|yearly|annually)(?=\s*[.!,]*\s*$|\s+(?:by|on|until|till|from|starting|for)\s)/iu;
const VAGUE =
  /(?<![\p{L}])(?:soon(?:ish)?|asap|shortly|sometime|someday|eventually|later|when(?:ever)? (?:i|we|possible)|as soon as|one of these days|at some point|now)(?![\p{L}])/iu;
/** Words after a day that show it stands on its own, and does not describe the thing after it ("the Friday report"). */
const STANDS_ALONE = new RegExp(
  `^(?:[\\s,]*$|\\s*[,.;:!?)\\u2013-]|\\s+(?:by|on|at|in|to|for|with|and|or|but|so|if|from|via|re|before|after|until|the|a|an|my|our|your|his|her|their|this|that|i|we|please|pls|thanks|thx|latest|am|pm|morning|afternoon|evening|night|noon|midday|then|when|once|as|because|since|unless|max|sharp|eod|cob)(?![\\p{L}])|\\s+I['’]|\\s*${PERSON}|\\s+!)`,
  'iu',
);

export function findDue(body: string, today: Temporal.PlainDate, locale: string): Due {
  const expressions = findExpressions(body, today, locale);
  const repeats = expressions.find((one) => 'because' in one.meaning && one.meaning.because === 'repeats');
  if (repeats || REPEATS.test(body)) return { rest: body, ask: 'when', because: 'repeats' };

  const strong = expressions.filter((one) => DEADLINE.test(body.slice(0, one.start)));
  const occasion = strong.find((one) => isOccasion(one, body));
  if (occasion) return { rest: body, ask: 'which-day', because: 'an occasion' };
  const weak = expressions.filter((one) => !strong.includes(one) && mayBeDue(one, body));
  const [only, ...others] = [...strong, ...weak];
  if (others.length > 0) return { rest: body, ask: 'which-day', because: 'more than one day' };
  if (!only) return { rest: body, ask: 'when', because: nothingBecause(body) };
  return dueOf(only, body, today);
}

function nothingBecause(body: string): Because | 'none' | 'hour only' {
  if (VAGUE.test(body)) return 'vague';
  return /\b(?:by|at)\s+(?:\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\b|$)|noon|midnight)/i.test(body) ? 'hour only' : 'none';
}

/** "by Thursday's meeting", "by the Friday call": a thing that happens, on a day that we do not know for sure. */
function isOccasion(one: Expression, body: string): boolean {
  const after = body.slice(one.end);
  if (/^['’]s\b/.test(after)) return true;
  return /\b(?:the|our|my|his|her|their)\s+$/i.test(body.slice(0, one.start)) && !STANDS_ALONE.test(after);
}

/** A day without a word that makes it a deadline is due only where it does not describe the thing promised. */
function mayBeDue(one: Expression, body: string): boolean {
  const before = body.slice(0, one.start);
  const after = body.slice(one.end);
  if (/^['’]s\b/.test(after) || DESCRIBES.test(before)) return false;
  if (STANDS_ALONE.test(after)) return true;
  const opens = /^\s*(?:on\s+|for\s+)?$/i.test(before);
  return opens && /^(?:today|tomorrow|tonight|tmrw)$/i.test(one.text);
}

function dueOf(one: Expression, body: string, today: Temporal.PlainDate): Due {
  const before = body.slice(0, one.start);
  if (FOREIGN.test(before)) return { rest: body, ask: 'when', because: 'none' };
  const rest = without(one, body);
  const { meaning } = one;
  if ('ask' in meaning) return { rest, ...meaning };
  if (/\bbefore\s+(?:the\s+)?$/i.test(before) && !/\b(?:on|by) or before\s+(?:the\s+)?$/i.test(before) && !one.isEnd)
    return { rest, ask: 'which-day', because: 'before a day', day: meaning.day };
  if (BEGINS.test(before)) return { rest: body, ask: 'when', because: 'none' };
  if (Temporal.PlainDate.compare(meaning.day, today) < 0)
    return { rest, ask: 'past', because: 'passed', day: meaning.day };
  if (Temporal.PlainDate.compare(meaning.day, today.add({ years: 5 })) > 0)
    return { rest, ask: 'which-day', because: 'years away' };
  return { rest, ...meaning };
}

/** The line without the day and the words that lead to it. A clock time said with the day stays. */
function without(one: Expression, body: string): string {
  const before = body.slice(0, one.start);
  const after = body.slice(one.end);
  const lead = LEAD.exec(before)?.[0] ?? '';
  const kept = before.slice(0, before.length - lead.length);
  const by = /\bby\b/i.test(lead) ? 'by' : 'at';
  const time = one.time ? ` ${/^at\b/i.test(one.time) ? one.time : `${by} ${one.time}`}` : '';
  return `${kept}${time} ${after.replace(TRAIL, '')}`;
}
