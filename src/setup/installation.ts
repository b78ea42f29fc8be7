import type { Authorize } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Kysely, Transaction } from 'kysely';
import { asTick, asWorkspace, type Deadline, startDeadline } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Clock } from '../ground/clock.ts';
import { findPerson } from '../people/store.ts';
import { findInstallation, type Installed, recordInstallation } from './store.ts';

/**
 * The workspace that a request belongs to, by what Slack authorised and by nothing else in the request; and in the same
 * look who acts there, as `known`, where they have been seen before.
 */
export function authorizer(db: Kysely<Database>): Authorize<boolean> {
  return async ({ teamId, enterpriseId, isEnterpriseInstall, userId }) => {
    const workspaceId = (isEnterpriseInstall ? enterpriseId : teamId) ?? '';
    const look = async (trx: Transaction<Database>) => ({
      workspace: await findInstallation(trx, workspaceId),
      known: userId ? await findPerson(trx, workspaceId, userId) : undefined,
    });
    const { workspace, known } = workspaceId
      ? await asWorkspace(db, workspaceId, look, { deadline: startDeadline(), reads: true })
      : {};
    if (!isInstalled(workspace)) throw new Error(`No installation for workspace ${workspaceId}`);
    return {
      known,
      workspaceId: workspace.id,
      botToken: workspace.token ?? undefined,
      botId: workspace.botId ?? undefined,
      botUserId: workspace.botUserId ?? undefined,
      teamId,
      enterpriseId,
    };
  };
}

export async function findInstalled(
  db: Kysely<Database>,
  workspaceId: string,
  deadline?: Deadline,
): Promise<Installed | undefined> {
  const workspace = await asWorkspace(db, workspaceId, (trx) => findInstallation(trx, workspaceId), {
    deadline,
    reads: true,
  });
  return isInstalled(workspace) ? workspace : undefined;
}

const isInstalled = (workspace: Installed | undefined): workspace is Installed =>
  workspace !== undefined && workspace.token !== null && workspace.uninstalledAt === null;

/** The row of the one workspace that SLACK_BOT_TOKEN belongs to. Asks Slack whose token it is. */
export async function seedWorkspace(
  db: Kysely<Database>,
  client: WebClient,
  token: string,
  clock: Clock,
): Promise<string> {
  const who = await client.auth.test({ token });
  const id = who.is_enterprise_install ? who.enterprise_id : who.team_id;
  if (!id) throw new Error('Slack did not say which workspace SLACK_BOT_TOKEN belongs to');
  await asWorkspace(db, id, (trx) =>
    recordInstallation(
      trx,
      {
        id,
        name: who.team ?? id,
        enterpriseId: who.enterprise_id ?? null,
        botUserId: who.user_id ?? null,
        botId: who.bot_id ?? null,
        scopes: who.response_metadata?.scopes ?? [],
        token,
      },
      clock(),
    ),
  );
  return id;
}

/** Everything of every workspace goes: for a rehearsal that starts over. */
export async function forgetWorkspaces(db: Kysely<Database>): Promise<void> {
  await asTick(db, (trx) => trx.deleteFrom('workspace').execute());
}
