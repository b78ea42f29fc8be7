/**
 * Slack's text, in and out. Slack sends `&`, `<` and `>` escaped and puts mentions and links between angle brackets:
 * `<@U1|dana>`, `<#C1|general>`, `<!channel>`, `<https://…|label>`.
 */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Makes plain words safe inside mrkdwn: no mention, link or broadcast can come out of them. */
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The inverse of `escapeMrkdwn`. Each entity is decoded once: `&amp;lt;` is the four characters `&lt;`. */
export const unescapeMrkdwn = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (_all, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));

export type Mention = { id: string; name?: string };
export type TextPart =
  | { kind: 'text'; text: string }
  | ({ kind: 'mention' } & Mention)
  | { kind: 'channel'; id: string; name?: string }
  | { kind: 'broadcast'; name: string }
  | { kind: 'link'; url: string; label?: string };

export type Typed = {
  /** What the person sees in front of them: `@dana`, `#general`, a link as its label. Unescaped, nothing in it is live. */
  text: string;
  mentions: Mention[];
  parts: TextPart[];
};

const TOKEN = /<([^<>]*)>/g;

/** Reads what a person typed, as Slack delivered it. */
export function readTyped(raw: string): Typed {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of raw.matchAll(TOKEN)) {
    if (match.index > from) parts.push({ kind: 'text', text: unescapeMrkdwn(raw.slice(from, match.index)) });
    parts.push(readToken(match[1] ?? ''));
    from = match.index + match[0].length;
  }
  if (from < raw.length) parts.push({ kind: 'text', text: unescapeMrkdwn(raw.slice(from)) });
  return {
    text: parts.map(shownPart).join(''),
    mentions: parts.flatMap((part) => (part.kind === 'mention' ? [{ id: part.id, name: part.name }] : [])),
    parts,
  };
}

function readToken(token: string): TextPart {
  const [, mark = '', rest = ''] = /^([@#!]?)(.*)$/s.exec(token) ?? [];
  const bar = rest.indexOf('|');
  const target = unescapeMrkdwn(bar < 0 ? rest : rest.slice(0, bar));
  const label = bar < 0 ? undefined : unescapeMrkdwn(rest.slice(bar + 1)) || undefined;
  if (mark === '@' && /^[UW][A-Z0-9]+$/.test(target)) return { kind: 'mention', id: target, name: label };
  if (mark === '#' && /^[CGD][A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target, name: label };
  if (mark === '!') return readSpecial(target, label);
  if (mark === '' && /^(https?|mailto|tel):/i.test(target)) return { kind: 'link', url: target, label };
  return { kind: 'text', text: `<${unescapeMrkdwn(token)}>` };
}

function readSpecial(target: string, label: string | undefined): TextPart {
  if (target.startsWith('date^')) return { kind: 'text', text: label ?? '' };
  if (target.startsWith('subteam^')) return { kind: 'broadcast', name: label ?? 'group' };
  return { kind: 'broadcast', name: target };
}

/** One part as a person sees it. */
export function shownPart(part: TextPart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'mention':
      return `@${(part.name ?? part.id).replace(/^@/, '')}`;
    case 'channel':
      return `#${(part.name ?? part.id).replace(/^#/, '')}`;
    case 'broadcast':
      return `@${part.name.replace(/^@/, '')}`;
    case 'link':
      return shownLink(part.url, part.label);
  }
}

/** A label that hides where it leads is shown with the address beside it. */
function shownLink(url: string, label: string | undefined): string {
  if (label === undefined) return url.replace(/^(mailto|tel):/i, '');
  return url.includes(label) ? label : `${label} (${url})`;
}

const WORD_JOINER = '\u2060';

/**
 * What a person typed, safe to show again in mrkdwn: no mention, link or broadcast is live, whatever they typed. Where
 * Slack would make one out of bare words (`@channel`, `https://`), an invisible word joiner stands in between.
 */
export function plain(raw: string): string {
  return quiet(readTyped(raw).text);
}

/** The same for text that is stored unescaped: what `readTyped` returned, or what a modal's input held. */
export function quiet(text: string): string {
  return escapeMrkdwn(text)
    .replace(/@(?=(channel|here|everyone|group)\b)/gi, `@${WORD_JOINER}`)
    .replaceAll('://', `:${WORD_JOINER}//`);
}

/**
 * At most `max` of the units that Slack counts (UTF-16), cut between whole characters as people see them, with "…" in
 * place of what is missing. Never leaves half an entity (`&am…`) or half a mention (`<@U1…`) behind.
 */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  let kept = '';
  for (const { segment } of graphemes.segment(text.slice(0, max * 2))) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.replace(/&[a-z]{0,3}$|<(?:[@#!]|https?:|mailto:)[^<>]*$/, '').trimEnd()}…`;
}
