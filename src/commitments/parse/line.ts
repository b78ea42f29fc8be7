import { readTyped, shownPart, type TextPart } from '../../ground/slack-text.ts';
import type { Writer } from './writer.ts';

type Pair = Writer['pairs'][number];

/** Somebody named in a line: the pairs that the name could mean (none for a person outside the writer's pairs). */
export type Person = { pairs: Pair[]; id?: string; shown: string };

/**
 * A line in which every person and link stands as one private character, so that no name is taken for a month and no
 * address for a date. `show` puts the words back.
 */
export type Masked = {
  body: string;
  person: (mark: string) => Person | undefined;
  persons: (text: string) => Person[];
  show: (text: string) => string;
};

/** One character that stands for a person, for use inside a pattern. */
export const PERSON = '[\\uE000-\\uE0FF]';
const FIRST_PERSON = 0xe000;
const FIRST_VERBATIM = 0xe100;
const AT_MOST = 256;

export function maskLine(line: string, writer: Writer): Masked {
  const persons: Person[] = [];
  const verbatim: string[] = [];
  const keep = <T>(list: T[], first: number, item: T, otherwise: string): string =>
    list.length < AT_MOST ? String.fromCharCode(first + list.push(item) - 1) : otherwise;

  const fromPart = (part: TextPart): string => {
    if (part.kind === 'text') return part.text.replace(/[\uE000-\uF8FF]/g, '').normalize('NFC');
    const shown = shownPart(part);
    if (part.kind !== 'mention') return keep(verbatim, FIRST_VERBATIM, shown, shown);
    if (part.id === writer.id) return keep(verbatim, FIRST_VERBATIM, shown, shown);
    const pairs = writer.pairs.filter((pair) => pair.otherId === part.id);
    const person = { pairs, id: part.id, shown: pairs[0]?.otherNames[0] ?? shown };
    return keep(persons, FIRST_PERSON, person, shown);
  };
  const mentioned = readTyped(line).parts.map(fromPart).join('');
  const body = maskNames(mentioned, writer.pairs, (person) => keep(persons, FIRST_PERSON, person, person.shown));

  const person = (mark: string) => persons[mark.charCodeAt(0) - FIRST_PERSON];
  return {
    body,
    person,
    persons: (text) => [...text].flatMap((mark) => person(mark) ?? []),
    show: (text) =>
      text.replace(
        /[\uE000-\uE1FF]/g,
        (mark) => person(mark)?.shown ?? verbatim[mark.charCodeAt(0) - FIRST_VERBATIM] ?? '',
      ),
  };
}

/** Lower case without accents, of the same length, so that "jose" finds "José" where it stands. */
function fold(text: string): string {
  return [...text]
    .map((letter) => {
      const bare = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
      return bare.length === letter.length ? bare : letter;
    })
    .join('');
}

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function maskNames(text: string, pairs: Pair[], mark: (person: Person) => string): string {
  const byName = new Map<string, Pair[]>();
  for (const pair of pairs)
    for (const name of pair.otherNames.map((given) => fold(given.trim())).filter(Boolean))
      byName.set(name, [...new Set([...(byName.get(name) ?? []), pair])]);
  if (byName.size === 0) return text;

  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map(escapeForPattern);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])@?(${names.join('|')})(?![\\p{L}\\p{N}]|-\\p{L})`, 'gu');
  let masked = '';
  let from = 0;
  for (const match of fold(text).matchAll(pattern)) {
    const end = match.index + match[0].length;
    const said = text.slice(match.index, end);
    if (!isSaidAsName(said, text.slice(0, match.index), text.slice(end))) continue;
    masked +=
      text.slice(from, match.index) + mark({ pairs: byName.get(match[1] ?? '') ?? [], shown: said.replace(/^@/, '') });
    from = end;
  }
  return masked + text.slice(from);
}

/** Names that are words or months too: only taken for a person where nothing else reads. */
const ORDINARY = new Set(
  (
    'will mark bill may april june august grant rich art sue pat frank hope joy faith grace drew chase dean guy jack rob ' +
    'nick miles page rose sandy dale cliff glen ray gene don dot penny max ben chip christian dawn destiny earnest ' +
    'forest gay harmony heather herb iris ivy ken lance long may misty nat olive pearl pierce reed rusty sage skip ' +
    'star stone summer autumn victor violet wade ward west young lane price case major mason porter'
  ).split(' '),
);
const MONTH_NAME = /^(april|may|june|august)$/i;

function isSaidAsName(said: string, before: string, after: string): boolean {
  if (said.startsWith('@') || !ORDINARY.has(said.toLowerCase())) return true;
  if (!/^\p{Lu}/u.test(said)) return false;
  if (
    MONTH_NAME.test(said) &&
    (/^\s*\d/.test(after) || /(\d(st|nd|rd|th)?|\b(by|of|in|until|before|mid|early|late))\s*-?$/i.test(before))
  )
    return false;
  const opens = /^\s*(firm\s*:)?\s*$/i.test(before);
  return !opens || /^\s*[,:]|^['’]ll\b|^\s+(will|shall|is|send|give|get|bring|show)\b/i.test(after);
}
