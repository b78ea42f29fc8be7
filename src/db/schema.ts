import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { Sealed, SealedText } from './sealed.ts';

type Instant = Temporal.Instant;
type Day = Temporal.PlainDate;
type WallTime = Temporal.PlainTime;

/** Set when the row is made and never changed. */
type Fixed<T> = ColumnType<T, T, never>;
type FixedSealed = ColumnType<string, Sealed, never>;

/** One interface a table, columns in camel case; a test holds it against the catalogue. */
export interface Database {
  workspace: WorkspaceTable;
  audit: AuditTable;
  doOnce: DoOnceTable;
  installState: InstallStateTable;
  person: PersonTable;
  pair: PairTable;
  handOver: HandOverTable;
  proposal: ProposalTable;
  meeting: MeetingTable;
  prepAnswer: PrepAnswerTable;
  agendaItem: AgendaItemTable;
  commitment: CommitmentTable;
  commitmentEvent: CommitmentEventTable;
  recap: RecapTable;
  recapAsk: RecapAskTable;
  conversation: ConversationTable;
  workspacePace: WorkspacePaceTable;
  outbox: OutboxTable;
  forgetting: ForgettingTable;
  homeChange: HomeChangeTable;
}

/** One Slack installation: the firm, and what its settings say. */
export interface WorkspaceTable {
  id: Fixed<string>;
  name: Generated<string>;
  zone: Generated<string>;
  enterpriseId: string | null;
  botUserId: string | null;
  botId: string | null;
  token: SealedText | null;
  scopes: Generated<string[]>;
  installedAt: Instant | null;
  uninstalledAt: Instant | null;
  /** When the token was last seen to work. */
  checkedAt: Instant | null;
  /** When the token and the people are looked at again. */
  checkDueAt: Instant | null;
  /** When everything of an uninstalled workspace is deleted. */
  purgeDueAt: Instant | null;
  ownerId: string | null;
  contractorWord: Generated<string>;
  reportWord: Generated<string>;
  digestChannelId: string | null;
  digestWeekday: number | null;
  digestAt: WallTime | null;
  digestCoversReports: Generated<boolean>;
  digestConfiguredBy: string | null;
  digestDueAt: Instant | null;
  /** Of which day the latest digest is, and when its words were last made. */
  digestLastOn: Day | null;
  digestLastAt: Instant | null;
  /** Something that it may name was kept out or reworded since. */
  digestStaleAt: Instant | null;
  version: Generated<number>;
  /** Slack asked to be left alone with the Homes until then. */
  homesFrom: Instant | null;
}

export interface AuditTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  at: Fixed<Instant>;
  actorId: Fixed<string>;
  verb: Fixed<string>;
  thing: Fixed<string>;
  decision: Fixed<'allowed' | 'denied'>;
}

export interface DoOnceTable {
  workspaceId: Fixed<string>;
  key: Fixed<string>;
  at: Fixed<Instant>;
}

/** An installation under way, before there is a workspace that could own the row. Only a digest of the state is kept. */
export interface InstallStateTable {
  digest: Fixed<string>;
  createdAt: Fixed<Instant>;
  expiresAt: Fixed<Instant>;
}

/** A member of the workspace as Slack last told, and how much they want to hear. */
export interface PersonTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  name: string;
  handle: string;
  zone: string;
  locale: string;
  kind: 'member' | 'guest' | 'bot' | 'foreign';
  active: boolean;
  welcomeFrom: Generated<WallTime>;
  welcomeTo: Generated<WallTime>;
  workdays: Generated<number[]>;
  level: Generated<'quiet' | 'standard' | 'active'>;
  snoozedUntil: Instant | null;
  prepHours: Generated<number>;
  bundleDueAt: Instant | null;
  /** The local day of the last bundle: one a day at most. */
  bundledOn: Day | null;
  /** What has changed since is news for the next one. */
  bundledAt: Instant | null;
  homeStaleAt: Instant | null;
  homeHash: string | null;
  privacyToldAt: Instant | null;
  checkedAt: Instant;
  /** Slack told something new about them, of which what follows is not done yet. */
  newsDueAt: Instant | null;
}

export interface PairTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  leaderId: string;
  partnerId: Fixed<string>;
  kind: 'contractor' | 'report';
  complexity: 'solo-top-producer' | 'new-team-leader' | 'firm-leads' | null;
  state: 'proposed' | 'active' | 'declined' | 'ended';
  createdAt: Fixed<Instant>;
  createdBy: Fixed<string>;
  agreedAt: Instant | null;
  endedAt: Instant | null;
  /** When the next meeting has to be planned: at the end of the one planned, or at once. */
  planDueAt: Instant | null;
  /** Since when nothing is planned, because one of the two has no account any more. */
  pausedAt: Instant | null;
  /** When both are next asked whether the rhythm still fits. */
  reviewDueAt: Instant | null;
  version: Generated<number>;
}

/** A leader's wish that somebody else leads a pair from now on. */
export interface HandOverTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  pairId: Fixed<string>;
  fromId: Fixed<string>;
  toId: Fixed<string>;
  at: Fixed<Instant>;
  state: 'open' | 'taken' | 'refused' | 'withdrawn';
  answeredAt: Instant | null;
}

/** One step of a negotiation. The accepted one is the pair's cadence until another is accepted. */
export interface ProposalTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  pairId: Fixed<string>;
  byId: Fixed<string>;
  toId: Fixed<string>;
  at: Fixed<Instant>;
  every: Fixed<'weeks' | 'months' | 'quarters'>;
  interval: Fixed<number>;
  /** Months and quarters only: by the anchor's day of the month, or by its weekday ("second Tuesday"). */
  monthlyBy: Fixed<'day' | 'weekday' | null>;
  anchor: Fixed<Day>;
  wallTime: Fixed<WallTime>;
  zone: Fixed<string>;
  minutes: Fixed<number>;
  purpose: FixedSealed;
  state: 'open' | 'accepted' | 'countered' | 'declined' | 'withdrawn' | 'replaced';
  answeredBy: string | null;
  answeredAt: Instant | null;
}

export interface MeetingTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  pairId: Fixed<string>;
  proposalId: Fixed<string>;
  /** The day that the cadence gave it, kept when it is moved; null for an extra meeting. */
  occurrenceOn: Fixed<Day | null>;
  startsAt: Instant;
  minutes: number;
  /** Replaced: another rhythm was agreed before it came. */
  state: 'planned' | 'held' | 'skipped' | 'unrecorded' | 'replaced';
  createdAt: Fixed<Instant>;
  /** When this time was settled, by the rhythm or by a move. */
  bookedAt: Instant;
  stepsDone: Generated<string[]>;
  dueStep: string | null;
  dueAt: Instant | null;
  movedTimes: Generated<number>;
  /** The firm's moves and a report's own; a contractor's are not counted. */
  countedMoves: Generated<number>;
  movedBy: string | null;
  skippedBy: string | null;
  skipReason: SealedText | null;
  endedAt: Instant | null;
  version: Generated<number>;
}

export interface PrepAnswerTable {
  workspaceId: Fixed<string>;
  meetingId: string;
  personId: Fixed<string>;
  question: Fixed<string>;
  answer: SealedText;
  updatedAt: Instant;
}

export interface AgendaItemTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  pairId: Fixed<string>;
  byId: Fixed<string>;
  text: SealedText;
  permalink: string | null;
  createdAt: Fixed<Instant>;
  /** The meeting at which it was talked about. */
  meetingId: string | null;
  removedAt: Instant | null;
}

/** Who will do what by when, on one of the two sides. The row is the sum of its events. */
export interface CommitmentTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  pairId: Fixed<string>;
  side: Fixed<'partner' | 'firm'>;
  ownerId: string;
  writtenBy: Fixed<string>;
  /** Who asked for it; null when its owner wrote it. */
  askedBy: Fixed<string | null>;
  /** A colleague asked to own a firm-side item, until they answer. */
  askedOwnerId: string | null;
  text: SealedText;
  dueOn: Day;
  priority: 'now' | 'later';
  state: 'asked' | 'open' | 'kept' | 'missed' | 'withdrawn' | 'declined' | 'lapsed';
  /** The end of the due day in the owner's zone: when an ask lapses and a promise falls due. */
  fallsDueAt: Instant | null;
  /** The first due day that passed unkept; nothing later changes it but undo, reopening and "not yet". */
  firstUnkeptOn: Day | null;
  /** The day its owner finished it, in the owner's zone. */
  keptOn: Day | null;
  /** When the owner said so: the other side has seven days for "not yet". */
  keptAt: Instant | null;
  moves: Generated<number>;
  /** A further new date, or a withdrawal, that waits for the other side's agreement. */
  wantedDueOn: Day | null;
  wantsWithdrawal: Generated<boolean>;
  slips: Generated<number>;
  recapId: string | null;
  permalink: string | null;
  /** What the channel may read; null keeps it counted but unnamed. */
  digestLine: string | null;
  createdAt: Fixed<Instant>;
  changedAt: Instant;
  version: Generated<number>;
}

export interface CommitmentEventTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  commitmentId: Fixed<string>;
  /** The commitment's version after this event. */
  version: Fixed<number>;
  at: Fixed<Instant>;
  /** Null when time did it. */
  byId: Fixed<string | null>;
  verb: Fixed<string>;
  /** The changed columns before and after, texts left out. */
  before: JSONColumnType<Record<string, string | number | boolean | null>>;
  after: JSONColumnType<Record<string, string | number | boolean | null>>;
  reason: ColumnType<string | null, Sealed | null, never>;
}

export interface RecapTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  meetingId: Fixed<string>;
  version: Fixed<number>;
  writtenBy: Fixed<string>;
  writtenAt: Fixed<Instant>;
  outcome: FixedSealed;
  decisions: FixedSealed;
  nextAt: Fixed<Instant | null>;
  state: 'posted' | 'confirmed' | 'replaced';
  confirmedBy: string | null;
  confirmedAt: Instant | null;
  produced: 'yes' | 'partly' | 'no' | null;
  talkedMost: 'leader' | 'partner' | 'even' | null;
}

/** What a version of a recap asks of a commitment's owner: done when they confirm it. */
export interface RecapAskTable {
  workspaceId: Fixed<string>;
  recapId: Fixed<string>;
  commitmentId: Fixed<string>;
  wants: Fixed<'kept' | 'moved' | 'dropped'>;
  dueOn: Fixed<Day | null>;
}

/** Where a set of people (or a channel) is reached, and when it may next be posted to. */
export interface ConversationTable {
  workspaceId: Fixed<string>;
  /** Sorted member ids joined by "+", without the bot; or a channel's id. */
  address: Fixed<string>;
  channelId: string | null;
  /** Read and written against the database's clock. */
  nextSendAt: Generated<Instant>;
  /** Why Slack last refused for good to post here; null again with the next message that it takes. */
  stopped: string | null;
}

export interface WorkspacePaceTable {
  workspaceId: Fixed<string>;
  nextSendAt: Generated<Instant>;
  stopped: string | null;
}

/** What has to be said about what, to whom; the words are made when it is sent. */
export interface OutboxTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  /** The order in which messages were enqueued; ids of the same millisecond have none. */
  seq: GeneratedAlways<number>;
  kind: Fixed<string>;
  key: Fixed<string>;
  about: JSONColumnType<Record<string, string>>;
  address: Fixed<string>;
  state: 'queued' | 'sending' | 'posted' | 'dropped' | 'held';
  wantedRevision: Generated<number>;
  /** What the last sender set out to post; once posted, `postedRevision` is the same. */
  claimedRevision: Generated<number>;
  postedRevision: Generated<number>;
  /** On the product's clock, as is expiresAt. */
  notBefore: Instant;
  /** Which of the messages that are due go first. */
  sendBy: Instant;
  expiresAt: Instant | null;
  /** On the database's clock, as is leaseUntil. */
  retryAt: Instant | null;
  leaseToken: string | null;
  leaseUntil: Instant | null;
  inDoubt: Generated<boolean>;
  attempts: Generated<number>;
  channelId: string | null;
  ts: string | null;
  /** Slack's id of the file that this message brings, noted before it is shared. */
  fileId: string | null;
  reason: string | null;
  createdAt: Fixed<Instant>;
  postedAt: Instant | null;
}

/** Somebody who is being forgotten, or whose id may still stand in what was said about others' things. */
export interface ForgettingTable {
  workspaceId: Fixed<string>;
  id: Fixed<string>;
  personId: Fixed<string>;
  step: 'leaving' | 'telling' | 'combing';
  /** How many one-on-ones ended with it. */
  ended: number;
  askedAt: Fixed<Instant>;
  dueAt: Instant;
  /** Who stands where they stood, and since when; null until they are forgotten. */
  instead: string | null;
  forgottenAt: Instant | null;
  /** Which table is combed for their id, and how far. */
  combing: 'outbox' | 'commitment_event' | null;
  combedTo: string | null;
}

/** Something that this person's Home shows has changed. */
export interface HomeChangeTable {
  workspaceId: Fixed<string>;
  id: GeneratedAlways<number>;
  personId: Fixed<string>;
  at: Fixed<Instant>;
}
