import { type Masked, PERSON, type Person } from './line.ts';

/** Who is to do it: the writer, or somebody who is asked. */
export type Act = {
  marker?: 'firm' | 'ask';
  isAsk: boolean;
  /** Named as owner of a firm-side item. */
  colleague?: Person;
  /** "Ana should …": neither a promise of the writer's nor an ask in so many words. */
  isUnclearOwner?: boolean;
  /** What is left to be done; the person asked is out of the words, but `asked` still names them. */
  body: string;
};

const ASK_PERSON = new RegExp(`^ask\\s+(${PERSON})\\s*[,:]?\\s*(?:(?:to|for)\\s+)?`, 'i');
const MARKED_PERSON = new RegExp(`^(${PERSON})\\s*[,:]?\\s*(?:(?:to|for|will|shall)\\s+)?`, 'i');
const PERSON_WILL = new RegExp(`^(${PERSON})(?:['’]ll|,?\\s+(?:will|shall|is going to))(?:\\s+|$)`, 'i');
const PERSON_GIVE_ME = new RegExp(`^(${PERSON})\\s*[,:]?\\s+(?:please\\s+)?(?=\\p{L}+\\s+(?:me|us)(?!\\p{L}))`, 'iu');
const PERSON_SHOULD = new RegExp(
  `^(?:(${PERSON})\\s+(?:to|should|must|needs? to|has to|ought to|can|could)(?!\\p{L})|(?:can|could|would|will)\\s+${PERSON})`,
  'iu',
);
const I_WILL = /^(?:I['’]ll|I will|I shall|I['’]m going to|I am going to|will)\s+/i;

export function actOf(rest: string, marker: Act['marker'], masked: Masked): Act {
  const body = rest.replace(/^[\s,;:.–-]+/, '').replace(/\s+/g, ' ');
  if (marker === 'firm') return firmAct(body, masked);

  const start = marker === 'ask' ? MARKED_PERSON : ASK_PERSON;
  for (const pattern of [start, PERSON_WILL, PERSON_GIVE_ME]) {
    const match = pattern.exec(body);
    if (match) return { marker, isAsk: true, body: addressed(body, match) };
  }
  if (marker === 'ask') return { marker, isAsk: true, body };
  return { isAsk: false, isUnclearOwner: PERSON_SHOULD.test(body), body: body.replace(I_WILL, '') };
}

/** The words without the person at their head, who is moved behind "for" so that the line still names them. */
function addressed(body: string, match: RegExpExecArray): string {
  return `${body.slice(match[0].length)} for ${match[1] ?? ''}`;
}

const OWNER = [
  new RegExp(`^(${PERSON})(?:['’]ll|,?\\s+(?:will|shall|to|is going to|owns|handles|can))?\\s+`, 'i'),
  new RegExp(`[\\s,;(–-]*\\b(?:owner|owned by|done by|by)\\s*:?\\s*(${PERSON})\\)?`, 'i'),
  new RegExp(`\\s*\\((${PERSON})\\)`, 'i'),
];

/** After `firm:` a colleague at the head, after "owner" or in brackets is asked to own it. */
function firmAct(body: string, masked: Masked): Act {
  for (const pattern of OWNER) {
    const match = pattern.exec(body);
    const person = match && masked.person(match[1] ?? '');
    if (!match || !person) continue;
    const others = masked.persons(body).filter((other) => other !== person);
    const isColleague =
      person.id !== undefined && (person.pairs.length === 0 || others.some((other) => other.pairs.length > 0));
    if (isColleague)
      return {
        marker: 'firm',
        isAsk: false,
        colleague: person,
        body: body.slice(0, match.index) + body.slice(match.index + match[0].length),
      };
    const will = PERSON_WILL.exec(body);
    // The leader speaks for the firm: "firm: Dana will" is the firm's; "firm: Ana will" of a partner is neither.
    if (will && person.pairs.some((pair) => pair.role === 'partner'))
      return { marker: 'firm', isAsk: true, body: addressed(body, will) };
    if (will) return { marker: 'firm', isAsk: false, isUnclearOwner: true, body };
  }
  return { marker: 'firm', isAsk: false, body };
}
