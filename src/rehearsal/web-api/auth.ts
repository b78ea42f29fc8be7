import { z } from 'zod';
import { botShape, seconds } from '../shapes.ts';
import { flag, text } from './arguments.ts';
import { type Method, method, ok, refusal } from './method.ts';

export const authMethods: Record<string, Method> = {
  'api.test': method({
    token: 'none',
    scopes: [],
    tier: 'unlimited',
    args: z.looseObject({ error: text.optional() }),
    run: ({ args: { error }, raw }) => {
      const { token: _, ...args } = raw;
      return error ? refusal(error, { args }) : ok({ args });
    },
  }),

  'auth.test': method({
    token: 'bot',
    scopes: [],
    tier: 'unlimited',
    args: z.object({}),
    run: ({ workspace: { state } }) =>
      ok({
        url: `https://${state.team.domain}.slack.com/`,
        team: state.team.name,
        user: state.people[state.app.botUserId]?.name,
        team_id: state.team.id,
        user_id: state.app.botUserId,
        bot_id: state.app.botId,
        is_enterprise_install: false,
      }),
  }),

  'auth.revoke': method({
    token: 'bot',
    scopes: [],
    tier: 3,
    args: z.object({ test: flag.optional() }),
    run({ workspace, args: { test }, token }) {
      if (test || token === undefined) return ok({ revoked: false });
      const { app } = workspace.state;
      app.pastTokens = { ...app.pastTokens, [token]: 'token_revoked' };
      delete app.botToken;
      workspace.changed({ kind: 'app' });
      void workspace.dispatch.event({ type: 'tokens_revoked', tokens: { bot: [app.botUserId] } });
      return ok({ revoked: true });
    },
  }),

  'bots.info': method({
    token: 'bot',
    scopes: ['users:read'],
    tier: 3,
    args: z.object({ bot: text.optional() }),
    run: ({ workspace, args: { bot } }) =>
      bot === undefined || bot === workspace.state.app.botId
        ? ok({ bot: { ...botShape(workspace), icons: {} } })
        : refusal('bot_not_found'),
  }),

  'apps.connections.open': method({
    token: 'app',
    scopes: [],
    // Published as tier 1, but an app that reconnects or runs several processes is not held to one a minute.
    tier: 'unlimited',
    args: z.object({}),
    run: ({ workspace }) => ok({ url: workspace.sockets.ticket() }),
  }),

  'team.info': method({
    token: 'bot',
    scopes: ['team:read'],
    tier: 3,
    args: z.object({ team: text.optional() }),
    run({ workspace, args: { team } }) {
      const { state } = workspace;
      if (team !== undefined && team !== state.team.id) return refusal('team_not_found');
      return ok({
        team: {
          id: state.team.id,
          name: state.team.name,
          url: `https://${state.team.domain}.slack.com/`,
          domain: state.team.domain,
          email_domain: '',
          icon: { image_default: true },
          avatar_base_url: 'https://ca.slack-edge.com/',
          is_verified: false,
          date_create: seconds(state.conversations.C0GENERAL1?.createdAt ?? 0),
        },
      });
    },
  }),
};
