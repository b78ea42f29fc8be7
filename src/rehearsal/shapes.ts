import type { Conversation, Message, OpenView, Person, StoredFile } from './state.ts';
import type { Workspace } from './workspace.ts';

/** What Slack's objects look like in answers, events and interactions. */

export const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

export function personShape({ state, now }: Workspace, person: Person, { locale }: { locale: boolean }) {
  const foreign = person.teamId !== state.team.id;
  const shared = {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    profile: profileShape(person),
    is_bot: person.bot,
    is_app_user: false,
    updated: seconds(person.updatedAt),
  };
  // Of somebody deactivated, Slack tells neither the zone nor the role.
  if (person.deleted) return shared;
  const at = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(person.zone);
  return {
    ...shared,
    color: '4bbe2e',
    real_name: person.realName,
    tz: person.zone,
    tz_label: at
      .toLocaleString('en-US', { timeZoneName: 'long' })
      .split(/[AP]M /)
      .at(-1),
    tz_offset: Math.round(at.offsetNanoseconds / 1e9),
    ...(locale && { locale: person.locale }),
    is_admin: person.admin,
    is_owner: person.owner,
    is_primary_owner: person.owner,
    is_restricted: person.guest !== 'none',
    is_ultra_restricted: person.guest === 'single',
    is_email_confirmed: !person.bot,
    who_can_share_contact_card: 'EVERYONE',
    ...(foreign && { is_stranger: false }),
  };
}

function profileShape(person: Person) {
  const [first = '', ...rest] = person.realName.split(' ');
  return {
    title: '',
    phone: '',
    skype: '',
    real_name: person.realName,
    real_name_normalized: person.realName,
    display_name: person.displayName,
    display_name_normalized: person.displayName,
    first_name: first,
    last_name: rest.join(' '),
    fields: {},
    status_text: '',
    status_emoji: '',
    status_emoji_display_info: [],
    status_expiration: 0,
    status_text_canonical: '',
    avatar_hash: 'g00000000000',
    team: person.teamId,
  };
}

/** As the app sees it: `is_member` and `user` are meant from the bot's side. */
export function conversationShape(workspace: Workspace, conversation: Conversation) {
  const { state } = workspace;
  const shared = {
    id: conversation.id,
    created: seconds(conversation.createdAt),
    is_archived: conversation.archived,
    is_im: conversation.kind === 'im',
    is_org_shared: false,
    context_team_id: state.team.id,
    updated: conversation.createdAt,
  };
  if (conversation.kind === 'im') {
    const other = conversation.members.find((id) => id !== state.app.botUserId) ?? state.app.botUserId;
    return { ...shared, user: other, is_user_deleted: state.people[other]?.deleted ?? false, priority: 0 };
  }
  const name = nameOf(workspace, conversation);
  const external = conversation.sharedWith.length > 0;
  return {
    ...shared,
    name,
    name_normalized: name,
    is_channel: conversation.kind !== 'mpim',
    is_group: conversation.kind === 'mpim',
    is_mpim: conversation.kind === 'mpim',
    is_private: conversation.kind !== 'channel',
    is_general: conversation.name === 'general',
    is_member: conversation.members.includes(state.app.botUserId),
    is_shared: external,
    is_ext_shared: external,
    is_pending_ext_shared: false,
    pending_shared: [],
    pending_connected_team_ids: [],
    ...(external && {
      shared_team_ids: [state.team.id, ...conversation.sharedWith],
      connected_team_ids: conversation.sharedWith,
      conversation_host_id: state.team.id,
    }),
    unlinked: 0,
    parent_conversation: null,
    creator: conversation.members[0] ?? '',
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

const nameOf = ({ state }: Workspace, { name, members }: Conversation): string =>
  name ?? `mpdm-${members.map((id) => state.people[id]?.name ?? id).join('--')}-1`;

/** `metadata` is told only to who asks for it. */
export function messageShape(
  workspace: Workspace,
  conversation: Conversation,
  message: Message,
  { metadata }: { metadata: boolean } = { metadata: false },
) {
  const { app, team, people } = workspace.state;
  return {
    type: 'message',
    user: message.userId,
    ts: message.ts,
    text: message.text,
    team: people[message.userId]?.teamId ?? team.id,
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.botId && {
      bot_id: message.botId,
      app_id: app.appId,
      bot_profile: { ...botShape(workspace), icons: {}, team_id: team.id },
    }),
    ...(message.edited && { edited: { user: message.edited.userId, ts: message.edited.ts } }),
    ...(metadata && message.metadata && { metadata: message.metadata }),
    ...(message.fileIds && { files: message.fileIds.flatMap((id) => fileIfAny(workspace, id)), upload: false }),
    ...(message.reactions && { reactions: reactionShapes(message.reactions) }),
    ...threadShape(conversation, message),
  };
}

const fileIfAny = (workspace: Workspace, id: string) => {
  const file = workspace.state.files[id];
  return file ? [fileShape(workspace, file)] : [];
};

const reactionShapes = (reactions: Record<string, string[]>) =>
  Object.entries(reactions).map(([name, users]) => ({ name, users, count: users.length }));

function threadShape(conversation: Conversation, message: Message) {
  if (message.threadTs !== undefined && message.threadTs !== message.ts) {
    const parent = conversation.messages.find(({ ts }) => ts === message.threadTs);
    return { thread_ts: message.threadTs, ...(parent && { parent_user_id: parent.userId }) };
  }
  const replies = conversation.messages.filter(
    ({ threadTs, ts, ephemeralTo }) => threadTs === message.ts && ts !== message.ts && ephemeralTo === undefined,
  );
  if (replies.length === 0) return {};
  const writers = [...new Set(replies.map(({ userId }) => userId))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: writers.length,
    reply_users: writers,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: false,
  };
}

export const botShape = ({ state: { app, people } }: Workspace) => ({
  id: app.botId,
  deleted: app.botToken === undefined,
  name: people[app.botUserId]?.realName ?? 'Accord',
  updated: seconds(people[app.botUserId]?.updatedAt ?? 0),
  app_id: app.appId,
  user_id: app.botUserId,
});

export const fileUrl = (workspace: Workspace, file: Pick<StoredFile, 'id' | 'name'>): string =>
  `${workspace.url}/files/${file.id}/${encodeURIComponent(file.name)}`;

export function fileShape(workspace: Workspace, file: StoredFile) {
  const { state } = workspace;
  const within = (kinds: Conversation['kind'][]) =>
    file.channels.filter((id) => kinds.includes(state.conversations[id]?.kind ?? 'channel'));
  const type = file.name.split('.').at(-1) ?? '';
  return {
    id: file.id,
    created: seconds(file.createdAt),
    timestamp: seconds(file.createdAt),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: type,
    pretty_type: type.toUpperCase(),
    user: file.userId,
    user_team: state.team.id,
    editable: false,
    size: Buffer.byteLength(file.content, 'base64'),
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: within(['channel']).length > 0,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: fileUrl(workspace, file),
    url_private_download: `${fileUrl(workspace, file)}?download=1`,
    permalink: `https://${state.team.domain}.slack.com/files/${file.userId}/${file.id}/${encodeURIComponent(file.name)}`,
    comments_count: 0,
    channels: within(['channel']),
    groups: within(['private', 'mpim']),
    ims: within(['im']),
    has_rich_preview: false,
    file_access: 'visible',
  };
}

/** The view as answers and interactions carry it, with what was filled in. */
export function viewShape({ state }: Workspace, open: OpenView) {
  const { view } = open;
  return {
    id: open.id,
    team_id: state.team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values: open.values },
    hash: open.hash,
    title: view.type === 'modal' ? view.title : { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: (view.type === 'modal' && view.clear_on_close) || false,
    notify_on_close: (view.type === 'modal' && view.notify_on_close) || false,
    close: (view.type === 'modal' && view.close) || null,
    submit: (view.type === 'modal' && view.submit) || null,
    previous_view_id: open.previousId ?? null,
    root_view_id: open.rootId,
    app_id: state.app.appId,
    external_id: open.externalId ?? '',
    app_installed_team_id: state.team.id,
    bot_id: state.app.botId,
  };
}
