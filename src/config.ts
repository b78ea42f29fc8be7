import { z } from 'zod';
import { sealKeysFrom } from './db/sealed.ts';

function areSealKeys(value: string): boolean {
  try {
    sealKeysFrom(value);
    return true;
  } catch {
    return false;
  }
}

/** Browsers keep the installation's cookie to themselves only over https, or on this machine. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

/**
 * Every setting, with what it means to whoever sets it. The doctor prints these lines, and .env.example repeats them.
 * An empty value counts as not set, because that is how a copied example file leaves it.
 */
const settings = {
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must be a bot token (xoxb-…)').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token (xapp-…)').optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'is shorter than a signing secret').optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_API_URL: z.url('must be an address').default('https://slack.com/api/'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
    .optional(),
  ACCORD_DATA: z.string().default('./.accord'),
  ACCORD_SEAL_KEY: z.string().refine(areSealKeys, 'must be 32 bytes in base64; several by comma').optional(),
  ACCORD_CLOCK_URL: z.url('must be an address').optional(),
  ACCORD_PUBLIC_URL: z
    .url('must be an address')
    .refine(isSafe, 'must be an https address, or one of this machine')
    .optional(),
  PORT: z.coerce.number('must be a port number').int().min(0).max(65_535, 'must be a port number').default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
};

export type SettingName = keyof typeof settings;

export const settingMeanings: Record<SettingName, string> = {
  SLACK_BOT_TOKEN: 'the bot token of one workspace (xoxb-…); without any Slack setting the rehearsal workspace opens',
  SLACK_APP_TOKEN:
    'an app-level token (xapp-…) with connections:write: connects by Socket Mode, no public address needed',
  SLACK_SIGNING_SECRET: 'proves that a request comes from Slack: listens over HTTP instead of Socket Mode',
  SLACK_CLIENT_ID: 'with the client secret: other workspaces can install the app at /slack/install (HTTP only)',
  SLACK_CLIENT_SECRET: 'the other half of SLACK_CLIENT_ID',
  SLACK_API_URL: 'where the Web API is, when it is not slack.com (the rehearsal workspace, a double)',
  DATABASE_URL: 'a PostgreSQL 15 or later; without it Accord runs its own in the data folder',
  ACCORD_DATA: 'the data folder: the embedded database, its seal key, the rehearsal workspace',
  ACCORD_SEAL_KEY:
    '32 bytes in base64 that seal what people write; several by comma, the first one seals. Without it a key file in the data folder; processes on several machines need the same key',
  ACCORD_CLOCK_URL: 'follow the clock of the rehearsal workspace at this address; refused with slack.com',
  ACCORD_PUBLIC_URL: 'the https address that Slack and browsers reach us at, for installing from other workspaces',
  PORT: 'where HTTP mode and the rehearsal page listen',
  LOG_LEVEL: 'debug, info, warn, error or silent; no level ever logs what a person wrote',
};

const schema = z.object(settings);
type Settings = z.infer<typeof schema>;

/** How the bot meets Slack. */
export type Mode = 'rehearsal' | 'socket' | 'http';
export type Config = Settings & { mode: Mode };
export type Problem = { name: string; why: string };

/** The settings, or everything that is wrong with them, by name. */
export function readConfig(env: Record<string, string | undefined>): { config: Config } | { problems: Problem[] } {
  const filled = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = schema.safeParse(filled);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => ({ name: String(issue.path[0]), why: issue.message })) };
  }
  const problems = contradictions(parsed.data);
  return problems.length > 0 ? { problems } : { config: { ...parsed.data, mode: modeOf(parsed.data) } };
}

export function modeOf(settings: Settings): Mode {
  if (settings.SLACK_APP_TOKEN) return 'socket';
  return settings.SLACK_SIGNING_SECRET ? 'http' : 'rehearsal';
}

/** What each setting allows by itself, but not together. */
function contradictions(settings: Settings): Problem[] {
  const problems: Problem[] = [];
  const need = (name: SettingName, why: string) => {
    if (!settings[name]) problems.push({ name, why });
  };
  const mode = modeOf(settings);
  const canBeInstalled = Boolean(settings.SLACK_CLIENT_ID && settings.SLACK_CLIENT_SECRET);

  if (mode === 'socket') need('SLACK_BOT_TOKEN', 'is needed beside SLACK_APP_TOKEN');
  if (mode === 'http' && !canBeInstalled)
    need('SLACK_BOT_TOKEN', 'is needed, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET');
  if (mode === 'rehearsal' && settings.SLACK_BOT_TOKEN) {
    need('SLACK_APP_TOKEN', 'is needed beside SLACK_BOT_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET (HTTP)');
  }
  if (settings.SLACK_CLIENT_ID) need('SLACK_CLIENT_SECRET', 'is needed beside SLACK_CLIENT_ID');
  if (settings.SLACK_CLIENT_SECRET) need('SLACK_CLIENT_ID', 'is needed beside SLACK_CLIENT_SECRET');
  if (canBeInstalled && mode === 'http') need('ACCORD_PUBLIC_URL', 'is needed for installing from other workspaces');
  if (settings.ACCORD_CLOCK_URL && isSlack(settings.SLACK_API_URL)) {
    problems.push({ name: 'ACCORD_CLOCK_URL', why: 'moves the clock, which must not be done against slack.com' });
  }
  return problems;
}

const isSlack = (address: string): boolean => /(^|\.)slack\.com$/.test(new URL(address).hostname);
