/**
 * Whether a firm-side promise may be named in the channel as it was written. It may not where it names or mentions
 * anybody but its owner, an address or a client. Names are guessed from how they are written, and in doubt the promise
 * is counted but not named: somebody of the pair can reword it.
 */

export type DigestLine = { line: string } | { line: null; because: string };

export type DigestNames = {
  ownerName: string;
  /** Everybody known who is not the owner: the partner, the other people of the pair's conversation. */
  otherNames: string[];
};

export function digestLineOf(text: string, { ownerName, otherNames }: DigestNames): DigestLine {
  const found = address(text) ?? mention(text, ownerName) ?? knownName(text, otherNames) ?? likelyName(text, ownerName);
  return found === undefined ? { line: text } : { line: null, because: found };
}

const STREET =
  /\b\d+[a-z]?\s+(?:[\p{L}'’.-]+\s+){0,3}(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|way|ter|terrace|cir|circle|hwy|highway|pkwy|parkway|sq|square|trail|close|crescent|row)\b\.?|\b(?:unit|apt|apartment|suite|lot)\s*#?\d+\b/iu;
const NAMED_STREET =
  /\b(?:\p{Lu}[\p{L}'’-]+\s+)+(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Drive|Lane|Court|Terrace|Circle|Square|Crescent)\b/u;
const REACHED = /\b[\w.+-]+@[\w-]+\.[\w.]+\b|https?:\/\/\S+|\+?\d[\d ().-]{7,}\d/i;

function address(text: string): string | undefined {
  const found = (STREET.exec(text) ?? NAMED_STREET.exec(text) ?? REACHED.exec(text))?.[0];
  return found && `it gives an address: ${found.trim()}`;
}

function mention(text: string, ownerName: string): string | undefined {
  for (const [, name = ''] of text.matchAll(/(?<![\p{L}\d])@([\p{L}\d][\p{L}\d._-]*)/gu)) {
    if (!partsOf(ownerName).includes(name.toLowerCase())) return `it mentions ${name}`;
  }
  return undefined;
}

const partsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[\s.,()_]+/)
    .filter((part) => part.length > 1);

const wordsOf = (text: string): string[] => [...text.matchAll(/[\p{L}\d][\p{L}\p{M}\d'’-]*/gu)].map(([word]) => word);
/** "Ana's" and "Anas’" name Ana too. */
const bare = (word: string): string => word.toLowerCase().replace(/['’]s?$/, '');

function knownName(text: string, otherNames: string[]): string | undefined {
  const names = new Set(otherNames.flatMap(partsOf));
  const found = wordsOf(text).find((word) => names.has(bare(word)) && (isCapital(word) || !ALSO_WORDS.has(bare(word))));
  return found && `it mentions ${found.replace(/['’]s?$/, '')}`;
}

const TITLED = /\b(?:mr|mrs|ms|miss|dr|the)\.?\s+(\p{Lu}[\p{L}'’-]+)/u;

/** A capital letter where a sentence does not begin, or a possessive anywhere ("Maria's survey"), is taken for a name. */
function likelyName(text: string, ownerName: string): string | undefined {
  const own = partsOf(ownerName);
  const isNobody = (word: string) => own.includes(bare(word)) || COMMON.has(bare(word)) || isAcronym(word);
  const titled = TITLED.exec(text)?.[1];
  if (titled && !isNobody(titled)) return `it seems to name ${titled}`;

  for (const sentence of text.split(/[.!?:;\n]+\s*/)) {
    const words = wordsOf(sentence);
    const named = words.find(
      (word, place) => isCapital(word) && !isNobody(word) && (place > 0 || isName(word, words[1])),
    );
    if (named) return `it seems to name ${named.replace(/['’]s?$/, '')}`;
  }
  return undefined;
}

const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);
const isAcronym = (word: string): boolean => /^\p{Lu}[\p{Lu}\d]{1,4}s?$/u.test(word);
const isName = (word: string, next: string | undefined): boolean =>
  /['’]s?$/.test(word) || (next !== undefined && isCapital(next) && !COMMON.has(bare(next)) && !isAcronym(next));

const COMMON = new Set(
  `i monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
   january february march april may june july august september october november december
   jan feb mar apr jun jul aug sep sept oct nov dec q1 q2 q3 q4 english zillow slack google facebook instagram linkedin
   excel powerpoint canva docusign realtor realtors instagram youtube christmas easter thanksgiving
   listing listings lead leads marketing training open house crm mls`.split(/\s+/),
);

/** First names that are words as well: written small they name nobody. */
const ALSO_WORDS = new Set(
  'will bill mark grant rich art may june april rose grace hope faith joy dawn jack frank'.split(' '),
);
