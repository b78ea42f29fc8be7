import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

/**
 * The log tells what happened to which kind of thing, and never what a person wrote, at no level. An error's message may
 * quote what it was about, so only its name, code and place are kept.
 */
export const openLog = (level: string, destination?: DestinationStream): Logger => {
  const options: LoggerOptions = { level, serializers: { err: withoutWords, error: withoutWords } };
  return destination ? pino(options, destination) : pino(options);
};

export type LoggedError = { name: string; code?: string; slack?: string; at: string[]; cause?: LoggedError };

/** How often an error is looked into for what caused it. */
const DEEP = 5;

export function withoutWords(error: unknown, depth = 0): LoggedError | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = depth < DEEP ? withoutWords(error.cause, depth + 1) : undefined;
  const code = plainWord('code' in error ? error.code : undefined);
  const slack = 'data' in error ? plainWord(Object(error.data).error) : undefined;
  return {
    name: plainWord(error.name) ?? 'Error',
    ...(code && { code }),
    ...(slack && { slack }),
    at: placesOf(error),
    ...(cause && { cause }),
  };
}

/** Names and codes are single words: "ECONNREFUSED", "22P02", "slack_webapi_platform_error". */
const plainWord = (value: unknown): string | undefined => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && /^[\w.-]{1,60}$/.test(word) ? word : undefined;
};

/** The stack without the message that stands above it, which may have lines of its own. */
function placesOf({ message, stack = '' }: Error): string[] {
  const below = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return [...below.matchAll(/^ +at (?:[\w.<>#[\] ]+ \()?((?:file:\/\/|node:)?[\w/.@+-]+:\d+:\d+)\)?$/gm)].flatMap(
    ([, place]) => place ?? [],
  );
}
