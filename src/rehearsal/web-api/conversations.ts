import { z } from 'zod';
import { isKnown, isMember, openDirect } from '../conversations.ts';
import { findForApp, findReadable, missingScope, scopeFor, scopesFor } from '../permissions.ts';
import { conversationShape } from '../shapes.ts';
import type { Conversation, Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { count, flag, id, idList, page, text } from './arguments.ts';
import { type Answer, type Method, method, ok, type Refusal, refusal } from './method.ts';

const KINDS = { public_channel: 'channel', private_channel: 'private', im: 'im', mpim: 'mpim' } as const;
const types = z.enum(['public_channel', 'private_channel', 'im', 'mpim']);
const listArguments = z.object({
  types: idList.optional(),
  exclude_archived: flag.optional(),
  cursor: text.optional(),
  limit: count(1000).default(100),
  team_id: text.optional(),
});
export const conversationMethods: Record<string, Method> = {
  'conversations.open': method({
    token: 'bot',
    scopes: scopesFor('write'),
    tier: 3,
    args: z.object({ users: idList.optional(), channel: text.optional(), return_im: flag.optional() }),
    run({ workspace, args }) {
      if (args.channel) return resume(workspace, args.channel, args.return_im ?? false);
      if (!args.users?.length) return refusal('users_list_not_supplied');
      return open(workspace, args.users, args.return_im ?? false);
    },
  }),

  'conversations.info': method({
    token: 'bot',
    scopes: scopesFor('read'),
    tier: 3,
    args: z.object({ channel: id, include_locale: flag.optional(), include_num_members: flag.optional() }),
    run({ workspace, args }) {
      const found = findReadable(workspace, args.channel, 'read');
      if (!found.ok) return found;
      const { conversation } = found;
      return ok({
        channel: {
          ...conversationShape(workspace, conversation),
          ...(conversation.kind === 'im' && { is_open: true, last_read: '0000000000.000000', latest: null }),
          ...(args.include_locale && { locale: 'en-US' }),
          ...(args.include_num_members && { num_members: conversation.members.length }),
        },
      });
    },
  }),

  'conversations.list': method({
    token: 'bot',
    scopes: scopesFor('read'),
    tier: 2,
    args: listArguments,
    run: ({ workspace, args }) =>
      list(workspace, args, (conversation) => findForApp(workspace, conversation.id).ok, { members: true }),
  }),

  'users.conversations': method({
    token: 'bot',
    scopes: scopesFor('read'),
    tier: 3,
    args: listArguments.extend({ user: text.optional() }),
    run({ workspace, args }) {
      const of = args.user ?? workspace.state.app.botUserId;
      if (!workspace.state.people[of]) return refusal('user_not_found');
      const both = (conversation: Conversation) =>
        isMember(conversation, of) && findForApp(workspace, conversation.id).ok;
      return list(workspace, args, both, { members: false });
    },
  }),

  'conversations.members': method({
    token: 'bot',
    scopes: scopesFor('read'),
    tier: 4,
    args: z.object({ channel: id, cursor: text.optional(), limit: count(1000).default(100) }),
    run({ workspace, args }) {
      const found = findReadable(workspace, args.channel, 'read');
      if (!found.ok) return found;
      const paged = page(found.conversation.members, args.cursor, args.limit);
      if (paged === 'invalid_cursor') return refusal('invalid_cursor');
      return ok({ members: paged.items, response_metadata: paged.response_metadata });
    },
  }),
};

function list(
  workspace: Workspace,
  args: z.output<typeof listArguments>,
  belongs: (conversation: Conversation) => boolean,
  { members }: { members: boolean },
): Answer {
  const wanted = z.array(types).safeParse(args.types?.length ? args.types : ['public_channel']);
  if (!wanted.success) return refusal('invalid_types');
  const kinds = wanted.data.map((type) => KINDS[type]);
  for (const kind of kinds) {
    const missing = missingScope(workspace.state.app, [scopeFor(kind, 'read')]);
    if (missing) return missing;
  }
  const found = Object.values(workspace.state.conversations).filter(
    (conversation) =>
      kinds.includes(conversation.kind) && !(args.exclude_archived && conversation.archived) && belongs(conversation),
  );
  const paged = page(found, args.cursor, args.limit);
  if (paged === 'invalid_cursor') return refusal('invalid_cursor');
  return ok({
    channels: paged.items.map((conversation) => ({
      ...conversationShape(workspace, conversation),
      ...(members && conversation.kind !== 'im' && { num_members: conversation.members.length }),
    })),
    response_metadata: paged.response_metadata,
  });
}

function resume(workspace: Workspace, channel: string, full: boolean): Answer {
  const found = findForApp(workspace, channel);
  if (!found.ok) return found;
  const { conversation } = found;
  if (conversation.kind !== 'im' && conversation.kind !== 'mpim')
    return refusal('method_not_supported_for_channel_type');
  const missing = missingScope(workspace.state.app, [scopeFor(conversation.kind, 'write')]);
  return missing ?? opened(workspace, conversation, true, full);
}

function open(workspace: Workspace, asked: string[], full: boolean): Answer {
  const { state } = workspace;
  const others = [...new Set(asked)].filter((userId) => userId !== state.app.botUserId);
  if (others.length === 0) return refusal('not_enough_users');
  if (others.length > 8) return refusal('too_many_users');
  const kind = others.length === 1 ? 'im' : 'mpim';
  const missing = missingScope(state.app, [scopeFor(kind, 'write')]);
  if (missing) return missing;
  const people: Person[] = [];
  for (const userId of others) {
    const person = state.people[userId];
    const why = person ? cannotMeet(workspace, person) : refusal('user_not_found');
    if (!person || why) return why ?? refusal('user_not_found');
    people.push(person);
  }
  const direct = openDirect(workspace, [state.app.botUserId, ...people.map((person) => person.id)]);
  return opened(workspace, direct.conversation, direct.alreadyOpen, full);
}

function cannotMeet({ state }: Workspace, person: Person): Refusal | undefined {
  if (person.bot || person.id === 'USLACKBOT') return refusal('cannot_dm_bot');
  if (!isKnown(state, person)) return refusal('user_not_found');
  return person.deleted ? refusal('user_disabled') : undefined;
}

function opened(workspace: Workspace, conversation: Conversation, already: boolean, full: boolean): Answer {
  const whole = full || conversation.kind === 'mpim';
  return ok({
    ...(already && { no_op: true, already_open: true }),
    channel: whole
      ? { ...conversationShape(workspace, conversation), is_open: true, last_read: '0000000000.000000', latest: null }
      : { id: conversation.id },
  });
}
