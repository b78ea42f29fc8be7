import type { App, Face } from './api.ts';

/** What the composer offers while something is typed: what stands in for `from`..`to` when it is taken. */
export type Offer = { label: string; hint: string; insert: string; isTyped: boolean };
export type Completion = { from: number; to: number; offers: Offer[] };

const NOTHING: Completion = { from: 0, to: 0, offers: [] };
const AT_MOST = 8;

/** Commands after a slash that begins the line, people after an `@`, up to the caret. */
export function complete(text: string, caret: number, app: App, people: Face[]): Completion {
  const before = text.slice(0, caret);
  const command = /^\/\S*$/.exec(before)?.[0].toLowerCase();
  if (command !== undefined)
    return {
      from: 0,
      to: caret,
      offers: app.commands
        .filter((one) => one.command.startsWith(command))
        .map((one) => ({
          label: one.usageHint ? `${one.command} ${one.usageHint}` : one.command,
          hint: one.description,
          insert: `${one.command} `,
          isTyped: one.command === command,
        })),
    };
  const mention = /(?:^|[\s(])@([\p{L}\p{N}.'_-]*)$/u.exec(before);
  if (!mention) return NOTHING;
  const asked = mention[1]?.toLowerCase() ?? '';
  const names = (face: Face) => [face.name, face.displayName, face.realName].map((name) => name.toLowerCase());
  const offers = people
    .filter(
      (face) => !face.deleted && names(face).some((name) => name.split(/\s+/).some((word) => word.startsWith(asked))),
    )
    .slice(0, AT_MOST)
    .map((face) => ({
      label: face.displayName || face.realName,
      hint: `@${face.name}${face.about ? ` · ${face.about}` : ''}`,
      insert: `@${face.name} `,
      isTyped: names(face).includes(asked),
    }));
  return { from: caret - asked.length - 1, to: caret, offers };
}

/** The usage of the command that is being typed, once it stands there whole. */
export function usageOf(text: string, app: App): string | undefined {
  const command = app.commands.find((one) => text.startsWith(`${one.command} `));
  return command && `${command.command} ${command.usageHint ?? ''} – ${command.description}`;
}
