import { z } from 'zod';
import { isKnown } from '../conversations.ts';
import { personShape, seconds } from '../shapes.ts';
import { count, flag, id, page, text } from './arguments.ts';
import { type Method, method, ok, refusal } from './method.ts';

export const userMethods: Record<string, Method> = {
  'users.info': method({
    token: 'bot',
    scopes: ['users:read'],
    tier: 4,
    args: z.object({ user: id, include_locale: flag.optional() }),
    run({ workspace, args }) {
      const person = workspace.state.people[args.user];
      if (!person || !isKnown(workspace.state, person)) return refusal('user_not_found');
      return ok({ user: personShape(workspace, person, { locale: args.include_locale ?? false }) });
    },
  }),

  'users.list': method({
    token: 'bot',
    scopes: ['users:read'],
    tier: 2,
    // Without a limit Slack tries to give all of them at once.
    args: z.object({
      cursor: text.optional(),
      limit: count(1000).optional(),
      include_locale: flag.optional(),
      team_id: text.optional(),
    }),
    run({ workspace, args }) {
      const known = Object.values(workspace.state.people).filter((person) => isKnown(workspace.state, person));
      const paged = page(known, args.cursor, args.limit ?? Math.max(1, known.length));
      if (paged === 'invalid_cursor') return refusal('invalid_cursor');
      return ok({
        members: paged.items.map((person) => personShape(workspace, person, { locale: args.include_locale ?? false })),
        cache_ts: seconds(workspace.now()),
        response_metadata: paged.response_metadata,
      });
    },
  }),
};
