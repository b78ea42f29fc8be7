import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { addMessage, removeMessage, withIds } from './conversations.ts';
import type { Conversation, Message } from './state.ts';
import { contentArguments, readContent } from './web-api/message-content.ts';
import type { Responses, Workspace } from './workspace.ts';

const LIVES_MS = 30 * 60_000;
const USES = 5;
const TEXT_AT_MOST = 40_000;

/** `ts` is the message that the URL stands for: the one that was clicked, or the last one that came through it. */
type Address = { channel: string; userId: string; ts?: string; at: number; left: number; epoch: number };

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
const answerShape = z.looseObject({
  ...contentArguments,
  response_type: z.enum(['in_channel', 'ephemeral']).optional(),
  replace_original: flag.optional(),
  delete_original: flag.optional(),
  thread_ts: z.string().optional(),
});
export type AppMessage = z.output<typeof answerShape>;
export const isAppMessage = (value: unknown): value is AppMessage => answerShape.safeParse(value).success;

/** Where an app may still answer what a person did: 30 minutes of the rehearsal clock and five times long. */
export function makeResponses(workspace: Workspace): Responses {
  const addresses = new Map<string, Address>();

  const forgetOld = () => {
    for (const [token, { at, epoch }] of addresses) {
      if (epoch === workspace.state.epoch && workspace.now() - at <= 2 * LIVES_MS) return;
      addresses.delete(token);
    }
  };

  return {
    issue({ channel, userId, ts }) {
      forgetOld();
      const token = randomBytes(16).toString('hex');
      const { epoch } = workspace.state;
      addresses.set(token, { channel, userId, ts, at: workspace.now(), left: USES, epoch });
      return `${workspace.url}/response/${token}`;
    },

    receive(token, body) {
      const address = addresses.get(token);
      if (!address || address.epoch !== workspace.state.epoch) return answer(404, 'invalid_url');
      if (workspace.now() - address.at > LIVES_MS) return answer(404, 'expired_url');
      if (address.left === 0) return answer(404, 'used_url');
      const parsed = answerShape.safeParse(body);
      const conversation = workspace.state.conversations[address.channel];
      if (!parsed.success) return answer(400, 'invalid_payload');
      if (!conversation) return answer(404, 'channel_not_found');
      if (conversation.archived) return answer(403, 'is_archived');
      const error = apply(workspace, conversation, address, parsed.data);
      if (error) return answer(400, error);
      address.left -= 1;
      return { status: 200, body: JSON.stringify({ ok: true }) };
    },
  };
}

const answer = (status: number, error: string) => ({ status, body: JSON.stringify({ ok: false, error }) });

/** Nothing, or the error that Slack answers. */
function apply(
  workspace: Workspace,
  conversation: Conversation,
  address: Address,
  said: AppMessage,
): string | undefined {
  const original = conversation.messages.find(({ ts }) => ts === address.ts);
  if (said.delete_original) {
    if (original) removeMessage(workspace, conversation, original.ts);
    return original ? undefined : 'message_not_found';
  }
  const content = readContent(said, { textAtMost: TEXT_AT_MOST });
  if (!content.ok) return content.error;
  if (said.replace_original && original) {
    Object.assign(original, { text: content.text, blocks: content.blocks && withIds(workspace, content.blocks) });
    if (original.ephemeralTo === undefined)
      original.edited = { userId: workspace.state.app.botUserId, ts: `${Math.floor(workspace.now() / 1000)}.000000` };
    workspace.changed({ kind: 'message', conversationId: conversation.id, ts: original.ts });
    return undefined;
  }
  const posted = sayAsApp(workspace, conversation, address.userId, said, content);
  // What a command or a shortcut brought forth can be replaced through the same address; what was clicked stays itself.
  if (!original) address.ts = posted.ts;
  return undefined;
}

/** The app's answer to one person's doing: theirs alone, unless it says that it is for the channel. */
export function sayAsApp(
  workspace: Workspace,
  conversation: Conversation,
  userId: string,
  said: AppMessage,
  { text, blocks }: Pick<Message, 'text' | 'blocks'>,
): Message {
  const { app } = workspace.state;
  return addMessage(workspace, conversation, {
    userId: app.botUserId,
    botId: app.botId,
    text,
    blocks,
    threadTs: said.thread_ts,
    ...(said.response_type !== 'in_channel' && { ephemeralTo: userId }),
  });
}
