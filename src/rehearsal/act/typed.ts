import { escapeMrkdwn } from '../../ground/slack-text.ts';
import { isKnown, maySee } from '../conversations.ts';
import type { Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';

/** A mention or channel that was picked, as it comes from a client. */
const PICKED = /<([@#])([A-Z0-9]+)(?:\|[^>]*)?>/;
const LINK = /\bhttps?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]]/;
const TOKEN = new RegExp(`${PICKED.source}|${LINK.source}`, 'g');

/** What a person typed into a message: as for a command, but for mentions, which carry the id alone. */
export const encodeMessage = (workspace: Workspace, person: Person, typed: string): string =>
  encodeTyped(workspace, person, typed).replace(/<(@[A-Z0-9]+)\|[^>]*>/g, '<$1>');

/**
 * What a person typed after a command, as Slack hands it to an app: `@ana` and `#general` as ids with names, links
 * between angle brackets, the rest escaped. Names that nobody has stay plain text.
 */
export function encodeTyped(workspace: Workspace, person: Person, typed: string): string {
  const names = nameTable(workspace, person);
  let encoded = '';
  let from = 0;
  for (const match of typed.matchAll(TOKEN)) {
    encoded += encodeNames(typed.slice(from, match.index), names) + encodeToken(workspace, match);
    from = match.index + match[0].length;
  }
  return encoded + encodeNames(typed.slice(from), names);
}

function encodeToken({ state }: Workspace, [all, mark, id = '']: RegExpExecArray): string {
  if (mark === undefined) return `<${escapeMrkdwn(all)}>`;
  const name = mark === '@' ? state.people[id]?.name : state.conversations[id]?.name;
  return name === undefined ? escapeMrkdwn(all) : `<${mark}${id}|${name}>`;
}

type Names = { names: Map<string, string>; pattern: RegExp };

/** Everybody and every channel that this person could have picked, by each name under which they are shown. */
function nameTable({ state }: Workspace, person: Person): Names {
  const people = Object.values(state.people).filter((one) => isKnown(state, one) && !one.deleted);
  const channels = Object.values(state.conversations).filter(
    (one) => one.name !== undefined && maySee(state, one, person.id),
  );
  const names = new Map([
    ...people.flatMap(({ id, name, realName, displayName }) =>
      [displayName, realName, name]
        .filter((shown) => shown !== '')
        .map((shown): [string, string] => [`@${shown.toLowerCase()}`, `<@${id}|${name}>`]),
    ),
    ...channels.map(({ id, name }): [string, string] => [`#${name}`, `<#${id}|${name}>`]),
  ]);
  // The longest first: "@Ana Flores" before "@ana".
  const alternatives = [...names.keys()].sort((a, b) => b.length - a.length).map((name) => RegExp.escape(name));
  return { names, pattern: new RegExp(`(?<![\\w@#])(?:${alternatives.join('|')})(?![\\w-])`, 'gi') };
}

function encodeNames(text: string, { names, pattern }: Names): string {
  let encoded = '';
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    encoded += escapeMrkdwn(text.slice(from, match.index)) + (names.get(match[0].toLowerCase()) ?? match[0]);
    from = match.index + match[0].length;
  }
  return encoded + escapeMrkdwn(text.slice(from));
}
