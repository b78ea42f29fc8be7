import type { Conversation, Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';

/** What every interaction carries: whose app, who, where from, and a fresh trigger. */
export function interaction(workspace: Workspace, person: Person) {
  const { app, team } = workspace.state;
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    api_app_id: app.appId,
    token: app.verificationToken,
    trigger_id: workspace.triggers.issue(person.id),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export const channelOf = (conversation: Conversation) => ({ id: conversation.id, name: channelName(conversation) });

/** Slack names only public channels to an app; for all others it says what kind they are. */
export function channelName({ kind, name }: Conversation): string {
  if (kind === 'im') return 'directmessage';
  return kind === 'channel' ? (name ?? '') : 'privategroup';
}

/** "1767000000.123456", as `action_ts` has it. */
export const actionTs = (workspace: Workspace): string => (workspace.now() / 1000).toFixed(6);
