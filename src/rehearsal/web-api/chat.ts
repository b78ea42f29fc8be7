import { z } from 'zod';
import { addMessage, findMessage, openDirect, removeMessage, withIds } from '../conversations.ts';
import { findForApp, findWritable } from '../permissions.ts';
import { messageShape } from '../shapes.ts';
import type { Conversation } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { flag, id, text } from './arguments.ts';
import { contentArguments, readContent } from './message-content.ts';
import { type Method, method, ok, type Refusal, refusal } from './method.ts';

const POST_AT_MOST = 40_000;
const UPDATE_AT_MOST = 4_000;

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': method({
    token: 'bot',
    scopes: ['chat:write'],
    tier: 'posting',
    args: z.object({
      channel: id,
      thread_ts: text.optional(),
      reply_broadcast: flag.optional(),
      unfurl_links: flag.optional(),
      unfurl_media: flag.optional(),
      ...contentArguments,
    }),
    run({ workspace, args }) {
      const found = findTarget(workspace, args.channel);
      if (!found.ok) return found;
      const content = readContent(args, { textAtMost: POST_AT_MOST });
      if (!content.ok) return content;
      if (args.thread_ts && !findMessage(found.conversation, args.thread_ts)) return refusal('thread_not_found');
      const message = addMessage(workspace, found.conversation, {
        userId: workspace.state.app.botUserId,
        botId: workspace.state.app.botId,
        text: content.text,
        blocks: content.blocks,
        metadata: content.metadata,
        threadTs: args.thread_ts || undefined,
        unfurl: args.unfurl_links === true || args.unfurl_media !== false,
      });
      return ok({
        channel: found.conversation.id,
        ts: message.ts,
        message: messageShape(workspace, found.conversation, message, { metadata: true }),
      });
    },
  }),

  'chat.update': method({
    token: 'bot',
    scopes: ['chat:write'],
    tier: 3,
    args: z.object({ channel: id, ts: id, ...contentArguments }),
    run({ workspace, args }) {
      const own = findOwn(workspace, args.channel, args.ts, 'cant_update_message');
      if (!own.ok) return own;
      const { conversation, message } = own;
      if (conversation.archived) return refusal('is_inactive');
      const content = readContent(args, { textAtMost: UPDATE_AT_MOST });
      if (!content.ok) return content;
      message.text = content.text;
      // Left out, the old blocks stay and go on saying the old words; only an empty array takes them away.
      if (args.blocks !== undefined) message.blocks = content.blocks && withIds(workspace, content.blocks);
      if (args.metadata !== undefined) message.metadata = content.metadata;
      message.edited = { userId: workspace.state.app.botUserId, ts: `${workspace.nextTs().split('.')[0]}.000000` };
      workspace.changed({ kind: 'message', conversationId: conversation.id, ts: message.ts, userId: message.userId });
      const shape = messageShape(workspace, conversation, message, { metadata: true });
      return ok({ channel: conversation.id, ts: message.ts, text: message.text, message: shape });
    },
  }),

  'chat.delete': method({
    token: 'bot',
    scopes: ['chat:write'],
    tier: 3,
    args: z.object({ channel: id, ts: id }),
    run({ workspace, args }) {
      const own = findOwn(workspace, args.channel, args.ts, 'cant_delete_message');
      if (!own.ok) return own;
      removeMessage(workspace, own.conversation, args.ts);
      return ok({ channel: own.conversation.id, ts: args.ts });
    },
  }),

  'chat.postEphemeral': method({
    token: 'bot',
    scopes: ['chat:write'],
    tier: 4,
    args: z.object({ channel: id, user: id, thread_ts: text.optional(), ...contentArguments }),
    run({ workspace, args }) {
      const found = findWritable(workspace, args.channel);
      if (!found.ok) return found;
      if (!found.conversation.members.includes(args.user)) return refusal('user_not_in_channel');
      const content = readContent(args, { textAtMost: POST_AT_MOST });
      if (!content.ok) return content;
      const { ts } = addMessage(workspace, found.conversation, {
        userId: workspace.state.app.botUserId,
        botId: workspace.state.app.botId,
        text: content.text,
        blocks: content.blocks,
        threadTs: args.thread_ts || undefined,
        ephemeralTo: args.user,
      });
      return ok({ message_ts: ts });
    },
  }),

  'chat.getPermalink': method({
    token: 'bot',
    scopes: [],
    tier: 'unlimited',
    args: z.object({ channel: id, message_ts: id }),
    run({ workspace, args }) {
      const found = findForApp(workspace, args.channel);
      if (!found.ok) return found;
      const message = findMessage(found.conversation, args.message_ts);
      if (!message) return refusal('message_not_found');
      const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${found.conversation.id}` : '';
      const link = `/archives/${found.conversation.id}/p${message.ts.replace('.', '')}${thread}`;
      return ok({
        channel: found.conversation.id,
        permalink: `https://${workspace.state.team.domain}.slack.com${link}`,
      });
    },
  }),
};

/** Where a post goes: a conversation, or the app's direct message with a person when a user id is given. */
function findTarget(workspace: Workspace, channel: string): { ok: true; conversation: Conversation } | Refusal {
  const { people, app, conversations } = workspace.state;
  const person = people[channel];
  if (person) {
    if (person.bot || person.id === 'USLACKBOT') return refusal('cannot_dm_bot');
    if (person.deleted) return refusal('user_disabled');
    if (person.teamId !== workspace.state.team.id && !sharesChannel(conversations, person.id))
      return refusal('channel_not_found');
    return { ok: true, conversation: openDirect(workspace, [app.botUserId, person.id]).conversation };
  }
  const found = findWritable(workspace, channel);
  if (!found.ok || found.conversation.kind !== 'im') return found;
  const other = found.conversation.members.find((member) => member !== app.botUserId);
  return other !== undefined && people[other]?.deleted ? refusal('user_disabled') : found;
}

const sharesChannel = (conversations: Workspace['state']['conversations'], userId: string): boolean =>
  Object.values(conversations).some(
    ({ kind, members }) => kind !== 'im' && kind !== 'mpim' && members.includes(userId),
  );

function findOwn(workspace: Workspace, channel: string, ts: string, notOwn: string) {
  const found = findForApp(workspace, channel);
  if (!found.ok) return found;
  const message = findMessage(found.conversation, ts);
  if (!message) return refusal('message_not_found');
  if (message.userId !== workspace.state.app.botUserId) return refusal(notOwn);
  return { ok: true as const, conversation: found.conversation, message };
}
