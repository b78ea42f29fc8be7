/**
 * Slack's mrkdwn as a small tree, so that nothing anybody wrote is ever taken for markup of the page. Lists stay as
 * they were typed; emoji shortcodes stay text.
 */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; label: string }
  | { kind: 'user' | 'channel'; id: string; name?: string }
  | { kind: 'broadcast'; name: string }
  | { kind: 'date'; seconds: number; format: string; url?: string; fallback: string };

export type Piece = { kind: 'lines' | 'quote'; inside: Inline[] } | { kind: 'pre'; text: string };

/** `verbatim`: bare addresses stay text, as where a block says so. */
export function parseMrkdwn(text: string, { verbatim = false } = {}): Piece[] {
  return text.split(/```\n?([\s\S]+?)\n?```\n?/).flatMap((part, index): Piece[] => {
    if (index % 2 === 1) return [{ kind: 'pre', text: unescaped(part) }];
    return part === '' ? [] : parseLines(part, verbatim);
  });
}

const QUOTED = /^(?:&gt;|>) ?/;
const QUOTED_TO_THE_END = /(?:^|\n)(?:&gt;|>){3} ?/;

function parseLines(text: string, verbatim: boolean): Piece[] {
  const rest = QUOTED_TO_THE_END.exec(text);
  const ordinary = rest ? text.slice(0, rest.index) : text;
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of ordinary === '' ? [] : ordinary.split('\n')) {
    const quoted = QUOTED.test(line);
    if (groups.at(-1)?.quoted !== quoted) groups.push({ quoted, lines: [] });
    groups.at(-1)?.lines.push(quoted ? line.replace(QUOTED, '') : line);
  }
  if (rest) groups.push({ quoted: true, lines: [text.slice(rest.index + rest[0].length)] });
  return groups.map(({ quoted, lines }) => ({
    kind: quoted ? 'quote' : 'lines',
    inside: parseInline(lines.join('\n'), verbatim),
  }));
}

/** Stands for one atom while the formatting around it is read; a noncharacter, so that nobody can type it. */
const HOLE = '\uFDD0';
const ATOM = /`[^`\n]+`|<[^<>\n]+>/g;
const ATOM_OR_ADDRESS = /`[^`\n]+`|<[^<>\n]+>|\bhttps?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]]/g;

function parseInline(text: string, verbatim: boolean): Inline[] {
  const atoms: Inline[] = [];
  const holed = text.replaceAll(HOLE, '').replace(verbatim ? ATOM : ATOM_OR_ADDRESS, (found) => {
    atoms.push(readAtom(found));
    return HOLE;
  });
  return parseFormats(holed, () => atoms.shift() ?? { kind: 'text', text: '' });
}

const format = (mark: string) => `(?<![\\p{L}\\p{N}])${mark}(?!\\s)([^\\n]+?)(?<!\\s)${mark}(?![\\p{L}\\p{N}])`;
const FORMATS = new RegExp(`${format('\\*')}|${format('_')}|${format('~')}`, 'gu');

function parseFormats(text: string, nextAtom: () => Inline): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(FORMATS)) {
    found.push(...fillHoles(text.slice(from, match.index), nextAtom));
    const [, bold, italic, strike] = match;
    const kind = bold !== undefined ? 'bold' : italic !== undefined ? 'italic' : 'strike';
    found.push({ kind, inside: parseFormats(bold ?? italic ?? strike ?? '', nextAtom) });
    from = match.index + match[0].length;
  }
  return [...found, ...fillHoles(text.slice(from), nextAtom)];
}

const fillHoles = (text: string, nextAtom: () => Inline): Inline[] =>
  text.split(HOLE).flatMap((plain, index): Inline[] => {
    const before = index === 0 ? [] : [nextAtom()];
    return plain === '' ? before : [...before, { kind: 'text', text: unescaped(plain) }];
  });

function readAtom(found: string): Inline {
  if (found.startsWith('`')) return { kind: 'code', text: unescaped(found.slice(1, -1)) };
  if (!found.startsWith('<')) return { kind: 'link', url: unescaped(found), label: unescaped(found) };
  const [target = '', ...labels] = found.slice(1, -1).split('|');
  const label = labels.length > 0 ? unescaped(labels.join('|')) : undefined;
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { kind: 'user', id: target.slice(1), name: label };
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target.slice(1), name: label };
  if (target.startsWith('!date^')) return readDate(target, label ?? '');
  if (target.startsWith('!')) return { kind: 'broadcast', name: (label ?? target.slice(1)).replace(/^@/, '') };
  const url = unescaped(target);
  if (isSafe(url)) return { kind: 'link', url, label: label ?? url.replace(/^(mailto|tel):/i, '') };
  return { kind: 'text', text: unescaped(found) };
}

function readDate(target: string, fallback: string): Inline {
  const [, seconds = '', format = '', url] = target.split('^');
  if (!/^\d+$/.test(seconds)) return { kind: 'text', text: fallback };
  return { kind: 'date', seconds: Number(seconds), format, ...(url && isSafe(url) && { url }), fallback };
}

/** An address that may be followed: anything else that somebody wrote, such as `javascript:`, stays text. */
export const isSafe = (url: string): boolean => /^(https?|mailto|tel):/i.test(url);

const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_all, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
