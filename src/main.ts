import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import cron from 'node-cron';
import type { Logger } from 'pino';
import { type Bot, EVENTS_PATH, openBot } from './bot.ts';
import { type Config, readConfig } from './config.ts';
import { asTick } from './db/as-workspace.ts';
import { forgetOnce } from './db/do-once.ts';
import { type DataStore, openStore } from './db/store.ts';
import { doctor } from './doctor.ts';
import type { Clock } from './ground/clock.ts';
import { followClock } from './ground/follow-clock.ts';
import { health } from './health.ts';
import { openLog } from './log.ts';
import { makeMetrics } from './metrics.ts';
import { outbox } from './outbox.ts';
import { openRehearsal } from './rehearsal/server.ts';
import { forgetWorkspaces, seedWorkspace } from './setup/installation.ts';
import { readScopes } from './setup/manifest.ts';
import type { InstallSettings } from './setup/oauth.ts';
import { makeSlack } from './slack/client.ts';

/** How long a stop may take before we leave what is under way to the next process. */
const STOP_WITHIN_MS = 9_500;
/** Slack hears from us within 3 s; whoever is still connected then never asked anything. */
const ANSWERED_WITHIN_MS = 4_000;

type Part = { name: string; close: () => Promise<unknown> };

async function start(config: Config, log: Logger, opened: Part[]): Promise<string> {
  if (config.mode !== 'rehearsal') return (await startBot(config, log, opened)).address;

  const rehearsal = await openRehearsal({
    port: config.PORT,
    statePath: path.join(config.ACCORD_DATA, 'rehearsal.json'),
    log,
  });
  opened.push({ name: 'rehearsal', close: () => rehearsal.close() });
  const { app } = rehearsal.state;
  const bot: Config = {
    ...config,
    mode: 'http',
    SLACK_API_URL: `${rehearsal.url}/api/`,
    SLACK_BOT_TOKEN: app.botToken,
    SLACK_SIGNING_SECRET: app.signingSecret,
    ACCORD_CLOCK_URL: rehearsal.url,
    PORT: 0,
  };
  const running = await startBot(bot, log, opened);
  rehearsal.alsoServe(['/healthz', '/readyz', '/metrics'], running.listener);
  rehearsal.setRequestUrl(`${running.address}${EVENTS_PATH}`);
  return rehearsal.url;
}

/** The stand-in alone: any number of bots connect to it as to Slack. */
async function startRehearsal(config: Config, log: Logger, opened: Part[]): Promise<string> {
  const statePath = path.join(config.ACCORD_DATA, 'rehearsal.json');
  const rehearsal = await openRehearsal({ port: config.PORT, statePath, log });
  opened.push({ name: 'rehearsal', close: () => rehearsal.close() });
  return rehearsal.url;
}

type Running = { address: string; listener: RequestListener };

async function startBot(config: Config, log: Logger, opened: Part[]): Promise<Running> {
  const store = await openStore(config, log);
  opened.push({ name: 'database', close: store.close });

  let bot: Bot | undefined;
  const time = await openClock(config, log, store, () => bot);
  opened.push({ name: 'clock', close: time.close });

  const client = { slackApiUrl: config.SLACK_API_URL, log };
  const metrics = makeMetrics({ db: store.db, clock: time.clock, log });
  const running = openBot({
    db: store.db,
    clock: time.clock,
    log,
    client,
    from: config.SLACK_APP_TOKEN
      ? { socket: { appToken: config.SLACK_APP_TOKEN } }
      : { http: { signingSecret: config.SLACK_SIGNING_SECRET ?? '', install: await installSettings(config) } },
    wake: time.nudge,
    meter: metrics.meter,
  });
  opened.push({ name: 'bot', close: running.stop });
  await introduceWorkspace(config, log, store, time.clock);

  const listener = metrics.serve(health(store.db, running.listener));
  const server = await listen(listener, config.PORT);
  // Nothing new is begun, while what came in is still answered; what came in last is waited for too.
  opened.push({ name: 'http', close: () => Promise.all([running.stop(), closed(server).then(running.stop)]) });
  await running.connect();
  const minutely = cron.schedule('* * * * *', () => running.deps.wake(), { noOverlap: true });
  opened.push({ name: 'cron', close: async () => minutely.destroy() });
  const sweep = () =>
    asTick(store.db, forgetOnce).catch((error) => log.warn({ err: error }, 'old request keys were not swept'));
  const nightly = cron.schedule('41 3 * * *', sweep, { noOverlap: true });
  opened.push({ name: 'sweep', close: async () => nightly.destroy() });
  bot = running;
  running.deps.wake();
  return { address: `http://localhost:${(server.address() as AddressInfo).port}`, listener };
}

/** Where other workspaces can install the app from; undefined where only one is served. */
async function installSettings(config: Config): Promise<InstallSettings | undefined> {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, ACCORD_PUBLIC_URL: publicUrl } = config;
  if (!clientId || !clientSecret || !publicUrl) return undefined;
  const { required, optional } = await readScopes();
  const authorizationUrl = new URL('/oauth/v2/authorize', config.SLACK_API_URL).href;
  return { clientId, clientSecret, publicUrl, scopes: [...required, ...optional], authorizationUrl };
}

type Time = { clock: Clock; nudge?: () => void; close: () => Promise<void> };

/** The machine's clock, or the one of a rehearsal, which says when it was moved and waits until we are through. */
async function openClock(config: Config, log: Logger, store: DataStore, bot: () => Bot | undefined): Promise<Time> {
  if (!config.ACCORD_CLOCK_URL) return { clock: () => Temporal.Now.instant(), close: async () => {} };
  let known: number | undefined;
  const followed = await followClock({
    url: config.ACCORD_CLOCK_URL,
    log,
    work: async () => (await bot()?.settle()) ?? { next: undefined },
    onEpoch: async (epoch) => {
      if (known !== undefined) {
        await forgetWorkspaces(store.db);
        await introduceWorkspace(config, log, store, followed.clock);
      }
      known = epoch;
    },
  });
  return { clock: followed.clock, nudge: followed.nudge, close: followed.stop };
}

async function introduceWorkspace(config: Config, log: Logger, { db }: DataStore, clock: Clock): Promise<void> {
  const token = config.SLACK_BOT_TOKEN;
  if (!token) return;
  const slack = makeSlack({ slackApiUrl: config.SLACK_API_URL, log });
  await seedWorkspace(db, slack('', token), token, clock);
}

function listen(listener: RequestListener, port: number): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), ANSWERED_WITHIN_MS).unref();
  });
}

/** Closes what was opened, the last one first, each whatever becomes of the others. */
async function stop(opened: Part[], log: Logger): Promise<void> {
  for (const part of opened.toReversed()) {
    await part.close().catch((error: unknown) => log.error({ part: part.name, err: error }, 'did not stop cleanly'));
  }
}

/** The code to end with. */
function sayWhy(error: unknown): number {
  const port = portInUse(error);
  if (port !== undefined) console.error(`Port ${port} is in use. Set PORT to another one: PORT=${port + 1} npm start`);
  else console.error(error instanceof Error ? error.message : error);
  return 1;
}

function portInUse(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return undefined;
  return 'port' in error && typeof error.port === 'number' ? error.port : undefined;
}

async function main(): Promise<void> {
  const [command = 'start'] = process.argv.slice(2);
  if (command === 'doctor') process.exit(await doctor(process.env, console.log, () => Temporal.Now.instant()));
  const read = readConfig(process.env);
  if ('problems' in read) {
    for (const { name, why } of read.problems) console.error(`${name} ${why}`);
    console.error('Mend these settings, then start again. `npm run doctor` explains each one.');
    process.exit(1);
  }
  const { config } = read;
  // A rehearsal is looked at, not operated: only what went wrong is worth a line there.
  const log = openLog(config.LOG_LEVEL ?? (config.mode === 'rehearsal' ? 'warn' : 'info'));
  if (command === 'outbox') process.exit(await outbox(config, process.argv.slice(3), console.log, log).catch(sayWhy));
  const opened: Part[] = [];

  const leave = (code: number) => async () => {
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await stop(opened, log);
    process.exit(code);
  };
  // Node would print the error with its message, which may quote what a person wrote.
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by an error that nobody caught');
    process.exit(1);
  });
  process.once('SIGTERM', leave(0));
  process.once('SIGINT', leave(0));
  try {
    const address = await (command === 'rehearsal' ? startRehearsal : start)(config, log, opened);
    console.log(config.mode === 'rehearsal' ? `Rehearsal workspace: ${address}` : `Accord is running: ${address}`);
  } catch (error) {
    await leave(sayWhy(error))();
  }
}

await main();
