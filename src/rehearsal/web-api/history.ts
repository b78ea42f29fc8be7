import { z } from 'zod';
import { findReadable, scopesFor } from '../permissions.ts';
import { messageShape } from '../shapes.ts';
import type { Conversation, Message } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { count, flag, id, text } from './arguments.ts';
import { type Answer, type Method, method, ok, refusal } from './method.ts';

const historyArguments = z.object({
  channel: id,
  cursor: text.optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
  latest: text.optional(),
  oldest: text.optional(),
  limit: count(999).default(100),
});

export const historyMethods: Record<string, Method> = {
  'conversations.history': method({
    token: 'bot',
    scopes: scopesFor('history'),
    tier: 3,
    args: historyArguments,
    run({ workspace, args }) {
      const found = findReadable(workspace, args.channel, 'history');
      if (!found.ok) return found;
      // Replies are read with conversations.replies.
      const rootMessages = visible(found.conversation).filter(
        ({ threadTs, ts }) => threadTs === undefined || threadTs === ts,
      );
      const within = rootMessages.filter(({ ts }) => isWithin(ts, args)).reverse();
      const extras = { pin_count: 0, channel_actions_ts: null, channel_actions_count: 0 };
      return answerPage(workspace, found.conversation, { ordered: within, newestFirst: true }, args, extras);
    },
  }),

  'conversations.replies': method({
    token: 'bot',
    scopes: scopesFor('history'),
    tier: 3,
    args: historyArguments.extend({ ts: id }),
    run({ workspace, args }) {
      const found = findReadable(workspace, args.channel, 'history');
      if (!found.ok) return found;
      const asked = visible(found.conversation).find(({ ts }) => ts === args.ts);
      if (!asked) return refusal('thread_not_found');
      const root = asked.threadTs ?? asked.ts;
      const thread = visible(found.conversation).filter(
        ({ ts, threadTs }) => ts === root || (threadTs === root && isWithin(ts, args)),
      );
      return answerPage(workspace, found.conversation, { ordered: thread, newestFirst: false }, args);
    },
  }),
};

type Ordered = { ordered: Message[]; newestFirst: boolean };

/**
 * One page of messages that are in order already. The cursor names the message that was last shown, so that what is
 * posted or deleted between two pages neither repeats nor hides another.
 */
function answerPage(
  workspace: Workspace,
  conversation: Conversation,
  { ordered, newestFirst }: Ordered,
  args: z.output<typeof historyArguments>,
  extras: Record<string, unknown> = {},
): Answer {
  const from = args.cursor ? placeAfter({ ordered, newestFirst }, readCursor(args.cursor)) : 0;
  if (from === undefined) return refusal('invalid_cursor');
  const shown = ordered.slice(from, from + args.limit);
  const last = shown.at(-1);
  const more = last !== undefined && from + args.limit < ordered.length;
  return ok({
    messages: shown.map((message) =>
      messageShape(workspace, conversation, message, { metadata: args.include_all_metadata ?? false }),
    ),
    has_more: more,
    ...extras,
    ...(more && { response_metadata: { next_cursor: writeCursor(last.ts) } }),
  });
}

const writeCursor = (ts: string): string => Buffer.from(`next_ts:${ts}`).toString('base64');
const readCursor = (cursor: string): string | undefined =>
  /^next_ts:(\d+\.\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];

function placeAfter({ ordered, newestFirst }: Ordered, shown: string | undefined): number | undefined {
  if (shown === undefined) return undefined;
  const next = ordered.findIndex(({ ts }) => (newestFirst ? ts < shown : ts > shown));
  return next === -1 ? ordered.length : next;
}

const visible = ({ messages }: Conversation): Message[] =>
  messages.filter(({ ephemeralTo }) => ephemeralTo === undefined);

function isWithin(
  ts: string,
  { oldest, latest, inclusive }: { oldest?: string; latest?: string; inclusive?: boolean },
) {
  const at = Number(ts);
  if (oldest && (inclusive ? at < Number(oldest) : at <= Number(oldest))) return false;
  if (latest && (inclusive ? at > Number(latest) : at >= Number(latest))) return false;
  return true;
}
