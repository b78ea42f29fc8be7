import { isMember } from './conversations.ts';
import type { Conversation, InstalledApp } from './state.ts';
import { type Refusal, refusal } from './web-api/method.ts';
import type { Workspace } from './workspace.ts';

export type TokenKind = 'bot' | 'app';

/** Whose token this is, or what Slack says to it. */
export function identify(app: InstalledApp, token: string | undefined): { ok: true; kind: TokenKind } | Refusal {
  if (!token) return refusal('not_authed');
  if (token === app.appToken) return { ok: true, kind: 'app' };
  if (token === app.botToken) return { ok: true, kind: 'bot' };
  return refusal(app.pastTokens?.[token] ?? 'invalid_auth');
}

/** Nothing when one of the scopes is granted. */
export function missingScope(app: InstalledApp, scopes: readonly string[]): Refusal | undefined {
  if (scopes.length === 0 || scopes.some((scope) => app.scopes.includes(scope))) return undefined;
  return refusal('missing_scope', { needed: scopes.join(','), provided: app.scopes.join(',') });
}

const FAMILY = { channel: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const;

export const scopeFor = (kind: Conversation['kind'], what: 'read' | 'history' | 'write'): string =>
  `${FAMILY[kind]}:${what}`;

export const scopesFor = (what: 'read' | 'history' | 'write'): string[] =>
  Object.values(FAMILY).map((family) => `${family}:${what}`);

type Found = { ok: true; conversation: Conversation } | Refusal;

/** A conversation that the app knows of: its own ones and public channels. Others do not exist for it. */
export function findForApp({ state }: Workspace, id: string): Found {
  const conversation = state.conversations[id];
  if (!conversation) return refusal('channel_not_found');
  if (conversation.kind !== 'channel' && !isMember(conversation, state.app.botUserId))
    return refusal('channel_not_found');
  return { ok: true, conversation };
}

/** One whose facts (`read`) or messages (`history`) the app may see: known to it, with the scope of its kind. */
export function findReadable(workspace: Workspace, id: string, what: 'read' | 'history'): Found {
  const found = findForApp(workspace, id);
  if (!found.ok) return found;
  const { conversation } = found;
  const missing = missingScope(workspace.state.app, [scopeFor(conversation.kind, what)]);
  if (missing) return missing;
  if (what === 'history' && !isMember(conversation, workspace.state.app.botUserId)) return refusal('not_in_channel');
  return found;
}

/** One that the app may write to. */
export function findWritable(workspace: Workspace, id: string): Found {
  const found = findForApp(workspace, id);
  if (!found.ok) return found;
  const { conversation } = found;
  const { app } = workspace.state;
  if (conversation.archived) return refusal('is_archived');
  if (!isMember(conversation, app.botUserId) && !app.scopes.includes('chat:write.public'))
    return refusal('not_in_channel');
  return found;
}
