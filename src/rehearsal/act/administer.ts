import { z } from 'zod';
import { isZone } from '../../ground/zoned.ts';
import { addMessage } from '../conversations.ts';
import { personShape } from '../shapes.ts';
import type { Conversation, Person } from '../state.ts';
import { closeViews } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { type Acted, acted, type Refused, refused } from './outcome.ts';
import { findConversation, findPerson, whereActs } from './place.ts';
import { kindOf } from './talk.ts';

const zone = z.string().refine(isZone, 'an IANA zone such as Europe/London');
export const personChange = z.strictObject({
  zone: zone.optional(),
  locale: z.string().min(2).optional(),
  realName: z.string().min(1).optional(),
  displayName: z.string().optional(),
  deleted: z.boolean().optional(),
  guest: z.enum(['none', 'multi', 'single']).optional(),
  admin: z.boolean().optional(),
});
export const newPerson = z.strictObject({
  realName: z.string().min(1),
  zone,
  locale: z.string().min(2).default('en-US'),
  guest: z.enum(['none', 'multi', 'single']).default('none'),
});

/** Changes a profile: one's own, or as an admin anybody's, and who has a seat at all. */
export async function changePerson(
  workspace: Workspace,
  person: Person,
  { id, change }: { id: string; change: z.output<typeof personChange> },
): Promise<Acted | Refused> {
  const changed = findPerson(workspace, id);
  if (!changed || changed.bot) return refused('user_not_found', 'GET /rehearsal/people lists everybody.');
  const administers = change.deleted !== undefined || change.guest !== undefined || change.admin !== undefined;
  if (!person.admin && (changed.id !== person.id || administers)) return onlyAdmins('change that of somebody else');
  if (change.deleted && changed.owner) return refused('owner', 'The owner of the workspace cannot be deactivated.');
  Object.assign(changed, change, { updatedAt: workspace.now() });
  if (changed.deleted) closeViews(workspace, changed.id, 'all');
  workspace.changed({ kind: 'people', userId: changed.id });
  const event = {
    type: 'user_change',
    user: personShape(workspace, changed, { locale: true }),
    cache_ts: cacheTs(workspace),
  };
  await workspace.dispatch.event(event);
  return acted({ id: changed.id });
}

/** Somebody new joins the team, and with it #general. */
export async function joinTeam(
  workspace: Workspace,
  { realName, guest, ...rest }: z.output<typeof newPerson>,
): Promise<Acted> {
  const { state } = workspace;
  const joined: Person = {
    id: workspace.nextId('U'),
    teamId: state.team.id,
    name: realName.toLowerCase().replace(/\s+/g, '.'),
    realName,
    displayName: realName,
    deleted: false,
    guest,
    bot: false,
    admin: false,
    owner: false,
    about: guest === 'none' ? 'just joined' : 'a guest',
    updatedAt: workspace.now(),
    ...rest,
  };
  state.people[joined.id] = joined;
  const general = Object.values(state.conversations).find(({ name }) => name === 'general');
  if (guest === 'none') general?.members.push(joined.id);
  workspace.changed({ kind: 'people', userId: joined.id });
  await workspace.dispatch.event({
    type: 'team_join',
    user: personShape(workspace, joined, { locale: true }),
    cache_ts: cacheTs(workspace),
  });
  return acted({ id: joined.id });
}

const cacheTs = (workspace: Workspace): number => Math.floor(workspace.now() / 1000);

/** Archives a channel, or brings it back. The app hears of public channels and of private ones that it is in. */
export async function archive(
  workspace: Workspace,
  person: Person,
  { in: where, archived }: { in: string; archived: boolean },
): Promise<Acted | Refused> {
  const conversation = findConversation(workspace, person, where);
  if (!conversation?.members.includes(person.id))
    return refused('channel_not_found', `${person.realName} is in no such channel.`);
  if (!isChannel(conversation)) return refused('not_a_channel', 'Only channels can be archived.');
  if (person.guest !== 'none') return refused('user_is_restricted', 'Guests cannot archive channels.');
  if (conversation.name === 'general') return refused('cant_archive_general', '#general cannot be archived.');
  if (conversation.archived === archived) return refused('already_so', 'It is that already.');
  conversation.archived = archived;
  workspace.changed({ kind: 'conversation', conversationId: conversation.id });
  const kind = conversation.kind === 'channel' ? 'channel' : 'group';
  const heard = kind === 'channel' || conversation.members.includes(workspace.state.app.botUserId);
  const type = `${kind}_${archived ? 'archive' : 'unarchive'}`;
  if (heard) await workspace.dispatch.event({ type, channel: conversation.id, user: person.id, is_moved: 0 });
  return acted();
}

const isChannel = ({ kind }: Conversation): boolean => kind === 'channel' || kind === 'private';

/** Adds somebody, or the app, to a channel, or takes them out. */
export async function setMembership(
  workspace: Workspace,
  person: Person,
  { in: where, who, member }: { in: string; who: string; member: boolean },
): Promise<Acted | Refused> {
  const there = whereActs(workspace, person, where);
  if (!there.ok) return there;
  const { conversation } = there;
  const subject = findPerson(workspace, who);
  if (!subject) return refused('user_not_found', 'GET /rehearsal/people lists everybody.');
  if (!isChannel(conversation)) return refused('not_a_channel', 'The people of a direct message are always the same.');
  if (conversation.members.includes(subject.id) === member) return refused('already_so', 'It is that already.');
  if (member) conversation.members.push(subject.id);
  else conversation.members.splice(conversation.members.indexOf(subject.id), 1);
  addMessage(workspace, conversation, {
    userId: subject.id,
    text: member ? `<@${subject.id}> has joined the channel` : `<@${subject.id}> has left the channel`,
  });
  workspace.changed({ kind: 'conversation', conversationId: conversation.id });
  const heard = conversation.members.includes(workspace.state.app.botUserId);
  if (heard)
    await workspace.dispatch.event({
      type: member ? 'member_joined_channel' : 'member_left_channel',
      user: subject.id,
      channel: conversation.id,
      channel_type: kindOf(conversation) === 'group' ? 'G' : 'C',
      team: subject.teamId,
      inviter: person.id,
    });
  return acted();
}

/** Takes the app out of the workspace: its token is dead, its forms close, its Home is gone. Its messages stay. */
export async function uninstall(workspace: Workspace, person: Person): Promise<Acted | Refused> {
  const { app } = workspace.state;
  if (!person.admin) return onlyAdmins('uninstall the app');
  if (app.botToken === undefined) return refused('app_not_installed', 'The app is not installed.');
  app.pastTokens = { ...app.pastTokens, [app.botToken]: 'account_inactive' };
  delete app.botToken;
  for (const userId of [...workspace.stacks.keys()]) closeViews(workspace, userId, 'all');
  workspace.state.homes = {};
  workspace.changed({ kind: 'app' });
  // In any order, Slack says; so both go out at once.
  await Promise.all([
    workspace.dispatch.event({ type: 'tokens_revoked', tokens: { oauth: [], bot: [app.botUserId] } }),
    workspace.dispatch.event({ type: 'app_uninstalled' }),
  ]);
  return acted();
}

/** Installs the app again. Its last token works anew, so that a bot which was configured with it goes on. */
export function install(workspace: Workspace, person: Person): Acted | Refused {
  const { app } = workspace.state;
  if (!person.admin) return onlyAdmins('install the app');
  const last = Object.keys(app.pastTokens ?? {}).at(-1);
  if (app.botToken !== undefined || last === undefined) return refused('already_installed', 'The app is installed.');
  app.botToken = last;
  delete app.pastTokens?.[last];
  workspace.changed({ kind: 'app' });
  return acted();
}

const onlyAdmins = (what: string): Refused => refused('not_an_admin', `Only an admin, such as dana, can ${what}.`);
