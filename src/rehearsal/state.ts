import type { KnownBlock, View } from '@slack/types';

/**
 * The whole of the stand-in workspace as plain data: what Slack would remember. Only this is saved across a restart.
 * Times ending in `At` are epoch milliseconds on the rehearsal clock unless said otherwise.
 */
export type RehearsalState = {
  /** Raised by "start over": whoever follows the clock forgets what it knew when this changes. */
  epoch: number;
  team: Team;
  /** Foreign teams whose people can be met in shared channels. */
  otherTeams: Team[];
  people: Record<string, Person>;
  conversations: Record<string, Conversation>;
  files: Record<string, StoredFile>;
  /** Home views by person. */
  homes: Record<string, OpenView>;
  app: InstalledApp;
  /** Milliseconds that the rehearsal clock is ahead of the machine's. */
  clockOffset: number;
  /** Last issued number per series (ids, ts), so that a restart never repeats one. */
  counters: Record<string, number>;
  /** Steps of the guided tour done or dismissed, by name. */
  tour: { dismissed: boolean; done: string[] };
};

export type Team = { id: string; name: string; domain: string };

export type Person = {
  id: string;
  teamId: string;
  /** Lower-case handle, unique in its team. */
  name: string;
  realName: string;
  displayName: string;
  zone: string;
  locale: string;
  deleted: boolean;
  /** Multi-channel guest (`is_restricted`) or single-channel guest (`is_ultra_restricted`). */
  guest: 'none' | 'multi' | 'single';
  bot: boolean;
  admin: boolean;
  owner: boolean;
  /** Shown in the page's row of faces, with a line about who this is ("solo top producer, Chicago"). */
  about?: string;
  updatedAt: number;
};

export type Conversation = {
  id: string;
  kind: 'channel' | 'private' | 'im' | 'mpim';
  /** Channels only. */
  name?: string;
  members: string[];
  archived: boolean;
  /** Shared with another team (Slack Connect). */
  sharedWith: string[];
  createdAt: number;
  messages: Message[];
  /** Per person, the newest ts that they have read. */
  read: Record<string, string>;
};

export type Message = {
  ts: string;
  userId: string;
  text: string;
  blocks?: KnownBlock[];
  threadTs?: string;
  edited?: { userId: string; ts: string };
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  fileIds?: string[];
  reactions?: Record<string, string[]>;
  /** Set on ephemeral messages: only this person sees it, and history never returns it. */
  ephemeralTo?: string;
  /** For messages posted by the app. */
  botId?: string;
  unfurl?: boolean;
};

export type StoredFile = {
  id: string;
  name: string;
  title: string;
  /** What a picture shows, in words. */
  alt?: string;
  mimetype: string;
  /** Base64. */
  content: string;
  userId: string;
  createdAt: number;
  /** Conversations that it was shared to. */
  channels: string[];
};

/** A view that Slack holds: a modal on somebody's stack, or a Home. */
export type OpenView = {
  id: string;
  externalId?: string;
  hash: string;
  view: View;
  /** What the person filled in so far, as Slack reports it in `state.values`. */
  values: Record<string, Record<string, unknown>>;
  rootId: string;
  previousId?: string;
  /** Who has it open. */
  userId: string;
};

export type InstalledApp = {
  appId: string;
  botUserId: string;
  botId: string;
  clientId: string;
  clientSecret: string;
  signingSecret: string;
  appToken: string;
  verificationToken: string;
  /** One per installation; absent after an uninstall. */
  botToken?: string;
  /** Tokens that worked once, with the error that Slack answers to them now. */
  pastTokens?: Record<string, 'account_inactive' | 'token_revoked'>;
  scopes: string[];
  /** Declared in manifest.yml. */
  commands: { command: string; description: string; usageHint?: string; shouldEscape: boolean }[];
  shortcuts: { name: string; type: 'message' | 'global'; callbackId: string; description: string }[];
  botEvents: string[];
};
