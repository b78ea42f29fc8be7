import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  type CallbackOptions,
  type Installation,
  type InstallationStore,
  InstallProvider,
  type InstallURLOptions,
  InvalidStateError,
  type StateStore,
} from '@slack/oauth';
import type { WebClientOptions } from '@slack/web-api';
import type { Kysely } from 'kysely';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Clock } from '../ground/clock.ts';
import { pathOf } from '../slack/door.ts';
import { recordInstallation } from './store.ts';

export const INSTALL_PATH = '/slack/install';
export const REDIRECT_PATH = '/slack/oauth_redirect';

export type InstallSettings = {
  clientId: string;
  clientSecret: string;
  /** Where browsers reach us. */
  publicUrl: string;
  scopes: string[];
  /** Where people allow the app; Slack's own unless a stand-in takes its place. */
  authorizationUrl: string;
};

/**
 * Lets other workspaces install the app at `/slack/install`; everything else is for whoever stands behind. A state is good
 * once, for ten minutes, in the browser that began (a cookie of @slack/oauth's holds it), and we keep only its digest.
 */
export function installPages(
  db: Kysely<Database>,
  clock: Clock,
  { clientId, clientSecret, publicUrl, scopes, authorizationUrl }: InstallSettings,
  clientOptions: WebClientOptions,
  behind: RequestListener,
): RequestListener {
  const options = { scopes, redirectUri: new URL(REDIRECT_PATH, publicUrl).href };
  const provider = new InstallProvider({
    clientId,
    clientSecret,
    authorizationUrl,
    clientOptions,
    logger: clientOptions.logger,
    directInstall: true,
    stateCookieExpirationSeconds: STATE_LIVES.minutes * 60,
    stateStore: stateStore(db, clock, options),
    installationStore: installationStore(db, clock),
  });
  const install = (request: IncomingMessage, response: ServerResponse) =>
    provider.handleInstallPath(request, response, {}, options);
  const comeBack = (request: IncomingMessage, response: ServerResponse) =>
    provider.handleCallback(request, response, { success: installed, failure: notInstalled });

  return (request, response) => {
    const path = request.method === 'GET' ? pathOf(request) : undefined;
    if (path !== INSTALL_PATH && path !== REDIRECT_PATH) return behind(request, response);
    (path === INSTALL_PATH ? install : comeBack)(request, response).catch(() => {
      if (!response.headersSent)
        page(response, 500, 'That did not work', 'Nothing was changed. Try again in a minute.');
    });
  };
}

const installed: CallbackOptions['success'] = (_installation, _options, _request, response) =>
  page(response, 200, 'Accord is installed', 'In Slack, type /accord with @name to start a one-on-one.');

const notInstalled: CallbackOptions['failure'] = (_error, _options, _request, response) =>
  page(
    response,
    400,
    'Accord was not installed',
    `Nothing was changed. Start again from ${INSTALL_PATH}, in one browser and within ten minutes.`,
  );

const STATE_LIVES = { minutes: 10 };

const digestOf = (state: string): string => createHash('sha256').update(state).digest('base64url');

export function stateStore(db: Kysely<Database>, clock: Clock, options: InstallURLOptions): StateStore {
  return {
    async generateStateParam() {
      const state = randomBytes(32).toString('base64url');
      const now = clock();
      await db.deleteFrom('installState').where('expiresAt', '<=', now).execute();
      await db
        .insertInto('installState')
        .values({ digest: digestOf(state), createdAt: now, expiresAt: now.add(STATE_LIVES) })
        .execute();
      return state;
    },
    /** Uses the state up, whatever comes of the rest. */
    async verifyStateParam(_machineTime, state) {
      const { numDeletedRows } = await db
        .deleteFrom('installState')
        .where('digest', '=', digestOf(state))
        .where('expiresAt', '>', clock())
        .executeTakeFirstOrThrow();
      if (numDeletedRows !== 1n) throw new InvalidStateError('This state is over, or was used before');
      return options;
    },
  };
}

export function installationStore(db: Kysely<Database>, clock: Clock): InstallationStore {
  return {
    async storeInstallation(installation) {
      const { bot, enterprise, team, isEnterpriseInstall } = installation;
      const home = isEnterpriseInstall ? enterprise : team;
      if (!home || !bot) throw new Error('Slack named no workspace or gave no bot token');
      await asWorkspace(db, home.id, (trx) =>
        recordInstallation(
          trx,
          {
            id: home.id,
            name: home.name ?? home.id,
            enterpriseId: enterprise?.id ?? null,
            botUserId: bot.userId,
            botId: bot.id,
            scopes: bot.scopes,
            token: bot.token,
          },
          clock(),
        ),
      );
    },
    /** Requests are authorised from the workspace's row, never through here. */
    async fetchInstallation(): Promise<Installation> {
      throw new Error('Installations are looked up by the authorizer');
    },
  };
}

function page(response: ServerResponse<IncomingMessage>, status: number, title: string, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
  });
  response.end(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`,
  );
}
