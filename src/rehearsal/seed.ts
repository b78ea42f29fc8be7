import type { AppManifest } from './manifest.ts';
import type { Conversation, InstalledApp, Person, RehearsalState } from './state.ts';

/** Plainly made up, and the same every time, so that a bot beside the stand-in can be configured once. */
export const REHEARSAL_BOT_TOKEN = 'xoxb-rehearsal-bot-token';
export const REHEARSAL_APP_TOKEN = 'xapp-rehearsal-app-token';
export const REHEARSAL_SIGNING_SECRET = 'rehearsal-signing-secret';
export const REHEARSAL_CLIENT_ID = '1000000000000.2000000000000';
export const REHEARSAL_CLIENT_SECRET = 'rehearsal-client-secret';

const TEAM = { id: 'T0RIVER001', name: 'Rivermark Realty', domain: 'rivermark-rehearsal' };
const LENDER = { id: 'T0LENDER01', name: 'Harbor Lending', domain: 'harbor-rehearsal' };
const BOT = 'U0ACCORD01';

/** The workspace as a newcomer finds it at `at` (epoch milliseconds): a firm, its people, nobody paired yet. */
export function seed(manifest: AppManifest, at: number): RehearsalState {
  const people = [...cast(at), botUser(manifest, at)];
  const conversations = channels(at, people);
  return {
    epoch: 1,
    team: { ...TEAM },
    otherTeams: [{ ...LENDER }],
    people: Object.fromEntries(people.map((person) => [person.id, person])),
    conversations: Object.fromEntries(conversations.map((conversation) => [conversation.id, conversation])),
    files: {},
    homes: {},
    app: install(manifest),
    clockOffset: 0,
    counters: {},
    tour: { dismissed: false, done: [] },
  };
}

/** What the manifest declares now, on an app that was installed earlier. */
export function declare(app: InstalledApp, { scopes, commands, shortcuts, botEvents }: AppManifest): void {
  Object.assign(app, { scopes, commands, shortcuts, botEvents });
}

const install = ({ scopes, commands, shortcuts, botEvents }: AppManifest): InstalledApp => ({
  appId: 'A0ACCORD01',
  botUserId: BOT,
  botId: 'B0ACCORD01',
  clientId: REHEARSAL_CLIENT_ID,
  clientSecret: REHEARSAL_CLIENT_SECRET,
  signingSecret: REHEARSAL_SIGNING_SECRET,
  appToken: REHEARSAL_APP_TOKEN,
  verificationToken: 'rehearsal-verification-token',
  botToken: REHEARSAL_BOT_TOKEN,
  scopes,
  commands,
  shortcuts,
  botEvents,
});

function cast(at: number): Person[] {
  const person = (id: string, realName: string, zone: string, locale: string, rest: Partial<Person> = {}): Person => {
    const name = realName.split(' ')[0]?.toLowerCase() ?? id;
    return {
      id,
      teamId: TEAM.id,
      name,
      realName,
      displayName: realName.split(' ')[0] ?? realName,
      zone,
      locale,
      deleted: false,
      guest: 'none',
      bot: false,
      admin: false,
      owner: false,
      updatedAt: at,
      ...rest,
    };
  };
  return [
    person('U0DANA0001', 'Dana Reyes', 'America/New_York', 'en-US', {
      admin: true,
      owner: true,
      about: 'leads the brokerage, New York',
    }),
    person('U0ANA00001', 'Ana Flores', 'America/Los_Angeles', 'en-US', { about: 'new team leader, Los Angeles' }),
    person('U0MARCUS01', 'Marcus Webb', 'America/Chicago', 'en-US', { about: 'solo top producer, Chicago' }),
    person('U0KIRAN001', 'Kiran Patel', 'Europe/London', 'en-GB', { about: "works the firm's leads, London" }),
    person('U0MIA00001', 'Mia Chen', 'America/New_York', 'en-US', { about: 'marketing, New York' }),
    person('U0OTTO0001', 'Otto Lind', 'Europe/Stockholm', 'sv-SE', {
      teamId: LENDER.id,
      about: 'outsider, Harbor Lending',
    }),
    person('U0GUS00001', 'Gus Moreno', 'America/Denver', 'es-US', { guest: 'multi' }),
    person('U0PAUL0001', 'Paul Ito', 'America/New_York', 'en-US', { deleted: true }),
    person('USLACKBOT', 'Slackbot', 'America/Los_Angeles', 'en-US', { bot: false, updatedAt: 0 }),
  ];
}

const botUser = ({ botName }: AppManifest, at: number): Person => ({
  id: BOT,
  teamId: TEAM.id,
  name: botName.toLowerCase(),
  realName: botName,
  displayName: '',
  zone: 'America/Los_Angeles',
  locale: 'en-US',
  deleted: false,
  guest: 'none',
  bot: true,
  admin: false,
  owner: false,
  updatedAt: at,
});

function channels(at: number, people: Person[]): Conversation[] {
  const firm = people
    .filter(
      ({ teamId, guest, deleted, id }) => teamId === TEAM.id && guest === 'none' && !deleted && id !== 'USLACKBOT',
    )
    .map(({ id }) => id)
    .filter((id) => id !== BOT);
  const channel = (id: string, name: string, members: string[], rest: Partial<Conversation> = {}): Conversation => ({
    id,
    kind: 'channel',
    name,
    members,
    archived: false,
    sharedWith: [],
    createdAt: at,
    messages: [],
    read: {},
    ...rest,
  });
  return [
    channel('C0GENERAL1', 'general', firm),
    channel('C0PROMISES', 'promises', [...firm, BOT]),
    channel('C0LENDERS1', 'harbor-lending', ['U0DANA0001', 'U0MIA00001', 'U0OTTO0001', BOT], {
      sharedWith: [LENDER.id],
    }),
    channel('C0LEADERS1', 'leaders', ['U0DANA0001', 'U0MIA00001'], { kind: 'private' }),
  ];
}
