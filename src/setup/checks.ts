import type { WebClient } from '@slack/web-api';
import { type Kysely, sql } from 'kysely';
import { asTick, usesRoles } from '../db/as-workspace.ts';
import { pendingMigrations } from '../db/migrate.ts';
import type { Database } from '../db/schema.ts';
import { readFailure } from '../delivery/failures.ts';
import { deliveryBehind } from '../delivery/standing.ts';
import type { Scopes } from './manifest.ts';

/** One thing that was looked at: as it should be, worth knowing, or to be mended before Accord can work. */
export type Finding = { level: 'ok' | 'note' | 'mend'; what: string };

const ok = (what: string): Finding => ({ level: 'ok', what });
const note = (what: string): Finding => ({ level: 'note', what });
const mend = (what: string): Finding => ({ level: 'mend', what });

const OLDEST = 15;
/** By more than this, what is due and what is leased drift apart noticeably. */
const CLOCK_SKEW_MS = 2_000;

/** With `now`, the product's clock, also how far delivery is behind. */
export async function checkDatabase(
  db: Kysely<Database>,
  machineMs: () => number,
  now?: Temporal.Instant,
): Promise<Finding[]> {
  let server: Server;
  try {
    server = await lookAtServer(db, machineMs);
  } catch (error) {
    return [mend(`the database cannot be used (${codeOf(error)}); check its address, user and password`)];
  }
  if (server.version < OLDEST) return [mend(`PostgreSQL ${server.version} is too old: ${OLDEST} or later is needed`)];
  const found = [ok(`PostgreSQL ${server.version} answers`), clockFinding(server.skewMs)];
  if (server.isSuperuser || server.bypassesRls)
    found.push(
      note(
        `its login role ${server.isSuperuser ? 'is a superuser' : 'may bypass row-level security'}: use one that may not, so that the guard of each workspace's rows holds for it too`,
      ),
    );
  const pending = await pendingMigrations(db);
  if (pending.length > 0)
    return [...found, note(`${pending.length} migrations are pending; the next start applies them`)];
  const standing = [ok('no migration is pending'), await rolesFinding(db), await sealFinding(db)];
  return [...found, ...standing, ...(now ? [await deliveryFinding(db, now)] : [])];
}

async function deliveryFinding(db: Kysely<Database>, now: Temporal.Instant): Promise<Finding> {
  const { workspaces, due, oldestSeconds } = await deliveryBehind(db, now);
  if (due === 0) return ok('no message waits for more than a minute');
  const [messages, where] = [counted(due, 'message'), counted(workspaces, 'workspace')];
  const minutes = Math.floor(oldestSeconds / 60);
  return note(
    `${messages} in ${where} ${due === 1 ? 'waits' : 'wait'} for more than a minute, the oldest for ${counted(minutes, 'minute')}: no bot runs, or Slack holds it up`,
  );
}

const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

type Server = { version: number; skewMs: number; isSuperuser: boolean; bypassesRls: boolean };

async function lookAtServer(db: Kysely<Database>, machineMs: () => number): Promise<Server> {
  const before = machineMs();
  const { rows } = await sql<{ version: number; ms: number; isSuperuser: boolean; bypassesRls: boolean }>`
    select current_setting('server_version_num')::int / 10000 as version,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as ms,
      rolsuper as is_superuser, rolbypassrls as bypasses_rls
    from pg_roles where rolname = current_user`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('The server did not answer');
  const middle = (before + machineMs()) / 2;
  return { ...row, skewMs: row.ms - middle };
}

function clockFinding(skewMs: number): Finding {
  const off = `${Math.round(Math.abs(skewMs))} ms ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  return Math.abs(skewMs) > CLOCK_SKEW_MS
    ? note(`the database's clock is ${off}: set both by the same time server`)
    : ok(`the database's clock is ${off}`);
}

async function rolesFinding(db: Kysely<Database>): Promise<Finding> {
  return (await usesRoles(db))
    ? ok('listeners and timed work act in roles of their own')
    : note('the login role could not make roles, so the workspace setting alone guards the rows');
}

async function sealFinding(db: Kysely<Database>): Promise<Finding> {
  try {
    await asTick(db, (trx) => trx.selectFrom('workspace').select('token').limit(1).execute());
    return ok('the sealing key opens what is stored');
  } catch {
    return mend('the sealing key does not open what is stored: set ACCORD_SEAL_KEY to the one that sealed it');
  }
}

/** What the network or the server called it; never their sentences, which may quote an address with its password. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'no answer';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : 'no answer';
}

export type SlackTokens = { botToken?: string; appToken?: string };

export async function checkSlack(
  client: WebClient,
  { botToken, appToken }: SlackTokens,
  scopes: Scopes,
): Promise<Finding[]> {
  return [
    ...(botToken ? await checkBotToken(client, botToken, scopes) : []),
    ...(appToken ? [await checkAppToken(client, appToken)] : []),
  ];
}

async function checkBotToken(client: WebClient, token: string, { required, optional }: Scopes): Promise<Finding[]> {
  try {
    const who = await client.auth.test({ token });
    const granted = who.response_metadata?.scopes;
    const works = ok(`SLACK_BOT_TOKEN works: ${who.user ?? 'the bot'} in ${who.team ?? who.team_id ?? 'a workspace'}`);
    if (!granted) return [works, note('Slack did not say which scopes it grants')];
    const missing = required.filter((scope) => !granted.includes(scope));
    const without = optional.filter((scope) => !granted.includes(scope));
    return [
      works,
      missing.length > 0
        ? mend(`scopes of manifest.yml are missing: ${missing.join(', ')}. Add them to the app and install it again`)
        : ok('every required scope of manifest.yml is granted'),
      ...(without.length > 0
        ? [
            note(
              `optional scopes are missing: ${without.join(', ')}. A message whose fate is unknown may come twice, marked`,
            ),
          ]
        : []),
    ];
  } catch (error) {
    return [mend(`SLACK_BOT_TOKEN is not accepted (${readFailure(error).reason})`)];
  }
}

async function checkAppToken(client: WebClient, token: string): Promise<Finding> {
  try {
    await client.apps.connections.open({ token });
    return ok('SLACK_APP_TOKEN opens a socket');
  } catch (error) {
    return mend(`SLACK_APP_TOKEN is not accepted (${readFailure(error).reason}); it needs connections:write`);
  }
}
