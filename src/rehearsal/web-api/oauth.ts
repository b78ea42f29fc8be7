import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Workspace } from '../workspace.ts';
import { text } from './arguments.ts';
import { type Method, method, ok, refusal } from './method.ts';

export const oauthMethods: Record<string, Method> = {
  'oauth.v2.access': method({
    token: 'none',
    scopes: [],
    tier: 4,
    args: z.object({
      code: text.optional(),
      client_id: text.optional(),
      client_secret: text.optional(),
      redirect_uri: text.optional(),
      grant_type: text.optional(),
    }),
    run({ workspace, args, headers }) {
      const { state } = workspace;
      const { app } = state;
      const [clientId, clientSecret] = basicCredentials(headers.authorization) ?? [args.client_id, args.client_secret];
      if (clientId !== app.clientId) return refusal('invalid_client_id');
      if (clientSecret !== app.clientSecret) return refusal('bad_client_secret');
      // Tokens of this app do not rotate, so that there is nothing to refresh.
      if (args.grant_type && args.grant_type !== 'authorization_code') return refusal('invalid_grant_type');
      const code = workspace.codes.get(args.code ?? '');
      if (!code || code.expiresAt < Date.now()) return refusal('invalid_code');
      if (code.used) return refusal('code_already_used');
      if ((code.redirectUri ?? args.redirect_uri) !== args.redirect_uri) return refusal('bad_redirect_uri');
      code.used = true;
      app.scopes = code.scopes;
      app.botToken ??= `xoxb-rehearsal-${workspace.nextId('Rc').toLowerCase()}`;
      workspace.changed({ kind: 'app' });
      return ok({
        app_id: app.appId,
        authed_user: { id: installer(state) },
        scope: app.scopes.join(','),
        token_type: 'bot',
        access_token: app.botToken,
        bot_user_id: app.botUserId,
        team: { id: state.team.id, name: state.team.name },
        enterprise: null,
        is_enterprise_install: false,
      });
    },
  }),
};

const installer = ({
  people,
  team,
}: {
  people: Record<string, { id: string; teamId: string; owner: boolean }>;
  team: { id: string };
}) => Object.values(people).find(({ owner, teamId }) => owner && teamId === team.id)?.id;

function basicCredentials(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return [id, secret.join(':')];
}

const CODE_LIVES_MS = 10 * 60_000;

/** The person at the browser approves at once: where to send them, or why the request makes no sense. */
export function approve(workspace: Workspace, query: URLSearchParams): { location: string } | { error: string } {
  const { app } = workspace.state;
  if (query.get('client_id') !== app.clientId) return { error: 'invalid_client_id' };
  const asked = (query.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '');
  if (asked.length === 0) return { error: 'invalid_scope' };
  const redirectUri = query.get('redirect_uri') ?? undefined;
  if (redirectUri === undefined || !URL.canParse(redirectUri)) return { error: 'bad_redirect_uri' };
  const code = randomUUID();
  workspace.codes.set(code, { redirectUri, scopes: asked, expiresAt: Date.now() + CODE_LIVES_MS, used: false });
  const location = new URL(redirectUri);
  location.searchParams.set('code', code);
  location.searchParams.set('state', query.get('state') ?? '');
  return { location: location.href };
}
