import { type Act, actOf } from './parse/act.ts';
import { type Due, findDue } from './parse/due-day.ts';
import { type Masked, maskLine, PERSON, type Person } from './parse/line.ts';
import { type Question, whyAsked } from './parse/questions.ts';
import type { Writer } from './parse/writer.ts';

export type CommitDraft = {
  pairId: string;
  side: 'partner' | 'firm';
  ownerId: string;
  act: 'promise' | 'ask';
  /** Asked to own a firm-side promise; until they accept it is `ownerId`'s. */
  colleagueId?: string;
  /** Plain text, unescaped: escape it before it is shown. */
  text: string;
  dueOn: Temporal.PlainDate;
  priority: 'now' | 'later';
  /** The other day that the words could mean, one click away. */
  alternative?: { label: string; dueOn: Temporal.PlainDate };
};

export type Parsed =
  | { ok: true; value: CommitDraft }
  | { ok: false; question: Question; why: string; draft: Partial<CommitDraft> & { text: string } };

type Pair = Writer['pairs'][number];
type Who = { pair?: Pair; question?: 'no-pair' | 'who'; outsider?: Person };

/** What a line typed after `/commit` says, or the one question that it leaves open, with everything else filled in. */
export function parseCommit(line: string, writer: Writer): Parsed {
  const masked = maskLine(line, writer);
  const { body: unflagged, priority } = takeLater(masked.body);
  const { marker, body } = takeMarker(unflagged);
  const due = findDue(body, writer.today, writer.locale);
  const act = actOf(due.rest, marker, masked);
  const who = pairOf(act, masked, writer);
  const draft = draftOf({ act, due, who, priority, masked, writer });
  const question = questionOf({ act, due, who, text: draft.text, writer });
  if (!question && isWhole(draft)) return { ok: true, value: draft };
  const asked = question ?? 'when';
  return { ok: false, question: asked, why: whyAsked(asked, due, writer, who.outsider?.shown), draft };
}

const LATER = /(?<!\S)!later(?=$|[\s.,;:!?])/gi;

function takeLater(body: string): { body: string; priority: 'now' | 'later' } {
  const without = body.replace(LATER, ' ');
  return { body: without.replace(/\s+/g, ' ').trim(), priority: without === body ? 'now' : 'later' };
}

function takeMarker(body: string): { marker?: 'firm' | 'ask'; body: string } {
  const [whole, word] = /^(firm|ask)\s*:\s*/i.exec(body) ?? [''];
  if (!word) return { body };
  return { marker: word.toLowerCase() === 'firm' ? 'firm' : 'ask', body: body.slice(whole.length) };
}

/** The one pair that the line is about; more than one, two people, or none named is a question. */
function pairOf(act: Act, masked: Masked, writer: Writer): Who {
  if (writer.pairs.length === 0) return { question: 'no-pair' };
  const named = masked.persons(act.body).filter((person) => person !== act.colleague);
  const outsider = named.find((person) => person.pairs.length === 0);
  const sure = new Set(named.filter((person) => person.pairs.length === 1).flatMap((person) => person.pairs));
  const meant = new Set(
    named.flatMap((person) => (person.pairs.some((pair) => sure.has(pair)) ? [] : person.pairs)).concat(...sure),
  );
  const [pair, ...more] = meant.size === 0 ? writer.pairs : meant;
  if (!pair || more.length > 0) return { question: 'who', outsider };
  // Only a leader names a colleague as owner; from a partner it is an ask to the leader, who does that.
  if (act.colleague && pair.role === 'partner') return { question: 'who', outsider: act.colleague };
  if (outsider && !(act.marker === 'firm' && pair.role === 'leader')) return { question: 'who', outsider };
  return { pair, outsider };
}

type Findings = { act: Act; due: Due; who: Who; masked: Masked; writer: Writer; priority: 'now' | 'later' };

function draftOf({ act, due, who, priority, masked, writer }: Findings): Partial<CommitDraft> & { text: string } {
  const draft: Partial<CommitDraft> & { text: string } = { text: wordsOf(act.body, who.pair, masked), priority };
  if ('day' in due && due.day && !('ask' in due)) draft.dueOn = due.day;
  if ('alternative' in due && due.alternative)
    draft.alternative = {
      label: `${due.alternative.which} ${weekdayName(due.alternative.day)}`,
      dueOn: due.alternative.day,
    };
  const { pair } = who;
  if (!pair) return draft;
  const isAsk = act.isAsk || (act.marker === 'firm' && pair.role === 'partner');
  const ownerIsLeader = isAsk ? pair.role === 'partner' : pair.role === 'leader';
  return {
    ...draft,
    pairId: pair.pairId,
    act: isAsk ? 'ask' : 'promise',
    side: ownerIsLeader ? 'firm' : 'partner',
    ownerId: isAsk ? pair.otherId : writer.id,
    ...(act.colleague?.id !== undefined && { colleagueId: act.colleague.id }),
  };
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const weekdayName = (day: Temporal.PlainDate): string => WEEKDAYS[day.dayOfWeek - 1] ?? '';

function isWhole(draft: Partial<CommitDraft>): draft is CommitDraft {
  return draft.pairId !== undefined && draft.dueOn !== undefined && Boolean(draft.text);
}

function questionOf(found: Pick<Findings, 'act' | 'due' | 'who' | 'writer'> & { text: string }): Question | undefined {
  const { act, due, who, text, writer } = found;
  if (writer.pairs.length === 0) return 'no-pair';
  if (!/[\p{L}\p{N}]/u.test(text)) return 'what';
  if (who.question) return who.question;
  if (who.outsider || act.isUnclearOwner) return 'owner';
  return 'ask' in due ? due.ask : undefined;
}

/** The words that are kept: without "for Ana" where Ana is the one it is for, and tidied at both ends. */
function wordsOf(body: string, pair: Pair | undefined, masked: Masked): string {
  const forWhom = new RegExp(`\\s*,?\\s*\\bfor\\s+(${PERSON})(?!['’]|\\s+(?:and|or|to)\\b|\\s*&)`, 'gi');
  const kept = body.replace(forWhom, (all, mark: string) =>
    pair && masked.person(mark)?.pairs.includes(pair) ? '' : all,
  );
  return masked
    .show(kept)
    .replace(/\(\s*\)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;:?])(?=\s|$)/g, '$1')
    .replace(/^[\s,;:.–-]+|[\s,;:.!–-]+$/g, '');
}
