import { type Logger, pino } from 'pino';
import { type Config, readConfig, type SettingName, settingMeanings } from './config.ts';
import { findCluster } from './db/embedded/place.ts';
import { DatabaseInUse, openEmbedded } from './db/embedded.ts';
import { openDatabase } from './db/open.ts';
import { sealKeysIn } from './db/seal-file.ts';
import { sealKeysFrom } from './db/sealed.ts';
import type { Clock } from './ground/clock.ts';
import { checkDatabase, checkSlack, type Finding } from './setup/checks.ts';
import { readScopes } from './setup/manifest.ts';
import { makeSlack } from './slack/client.ts';

type Env = Record<string, string | undefined>;
type Print = (line: string) => void;

/** What may be shown of a setting: never the value of a secret. */
const SHOWN: SettingName[] = [
  'SLACK_API_URL',
  'ACCORD_DATA',
  'ACCORD_CLOCK_URL',
  'ACCORD_PUBLIC_URL',
  'PORT',
  'LOG_LEVEL',
];

/** Says what is set, what is missing and what it means, and tries all of it. Not zero where something must be mended. */
export async function doctor(env: Env, print: Print, clock: Clock): Promise<number> {
  print('Settings');
  for (const [name, meaning] of Object.entries(settingMeanings)) print(settingLine(name as SettingName, meaning, env));
  const read = readConfig(env);
  if ('problems' in read) {
    print('\nTo mend');
    for (const { name, why } of read.problems) print(`  ${name} ${why}`);
    return 1;
  }

  const { config } = read;
  if (config.mode === 'rehearsal')
    print('\nNo Slack settings: `npm start` opens the rehearsal workspace, which needs none. That is fine.');
  const log = pino({ level: 'silent' });
  const found = [...(await lookAtDatabase(config, log, clock)), ...(await lookAtSlack(config, log))];
  print('\nLooked at');
  for (const { level, what } of found) print(`  ${marks[level]} ${what}`);
  return found.some(({ level }) => level === 'mend') ? 1 : 0;
}

const marks: Record<Finding['level'], string> = { ok: 'ok  ', note: 'note', mend: 'MEND' };

function settingLine(name: SettingName, meaning: string, env: Env): string {
  const value = env[name]?.trim();
  const state = !value ? 'not set' : SHOWN.includes(name) ? value : 'set';
  return `  ${name} (${state}): ${meaning}`;
}

async function lookAtDatabase(config: Config, log: Logger, clock: Clock): Promise<Finding[]> {
  const { DATABASE_URL: url, ACCORD_DATA: dataFolder } = config;
  if (url) return lookInto(config, url, log, clock);
  if (!(await findCluster(dataFolder)))
    return [{ level: 'ok', what: `no DATABASE_URL: the first start makes a database in ${dataFolder}` }];
  try {
    const embedded = await openEmbedded({ dataFolder, log });
    try {
      return await lookInto(config, embedded.connection, log, clock);
    } finally {
      await embedded.close();
    }
  } catch (error) {
    if (error instanceof DatabaseInUse)
      return [{ level: 'ok', what: `the database in ${dataFolder} is in use by an Accord that runs` }];
    return [{ level: 'mend', what: error instanceof Error ? error.message : 'the database does not start' }];
  }
}

async function lookInto(
  { ACCORD_SEAL_KEY, ACCORD_DATA, ACCORD_CLOCK_URL, mode }: Config,
  connection: Parameters<typeof openDatabase>[0]['connection'],
  log: Logger,
  clock: Clock,
): Promise<Finding[]> {
  const seal = ACCORD_SEAL_KEY ? sealKeysFrom(ACCORD_SEAL_KEY) : await sealKeysIn(ACCORD_DATA);
  const db = openDatabase({ connection, seal, log, poolSize: 2 });
  try {
    // A rehearsal has a clock of its own, by which alone one could say what is late.
    const isRehearsed = mode === 'rehearsal' || ACCORD_CLOCK_URL !== undefined;
    return await checkDatabase(db, () => clock().epochMilliseconds, isRehearsed ? undefined : clock());
  } finally {
    await db.destroy();
  }
}

async function lookAtSlack(config: Config, log: Logger): Promise<Finding[]> {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = config;
  if (!botToken && !appToken) return [];
  const client = makeSlack({ slackApiUrl, log })('', botToken ?? '');
  return checkSlack(client, { botToken, appToken }, await readScopes());
}
