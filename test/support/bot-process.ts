import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Rehearsal } from '../../src/rehearsal/server.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export type BotProcess = {
  child: ChildProcess;
  /** Where it answers. */
  url: string;
  log: string[];
  /** Asks it to end, and says with which code and after how long it did. */
  end(): Promise<{ code: number | null; ms: number }>;
};

export type BotEnvironment = {
  rehearsal: Rehearsal;
  database: { url: string };
  slackApiUrl?: string;
  settings?: Record<string, string>;
};

/** The settings of a bot over HTTP on the test's own database, with the seal key of the tests. */
export const botSettings = ({
  rehearsal,
  database,
  slackApiUrl,
  settings,
}: BotEnvironment): Record<string, string> => ({
  DATABASE_URL: database.url,
  ACCORD_SEAL_KEY: Buffer.alloc(32, 'test').toString('base64'),
  SLACK_API_URL: slackApiUrl ?? `${rehearsal.url}/api/`,
  SLACK_BOT_TOKEN: rehearsal.state.app.botToken ?? '',
  SLACK_SIGNING_SECRET: rehearsal.state.app.signingSecret,
  PORT: '0',
  LOG_LEVEL: 'warn',
  ...settings,
});

/** `node src/main.ts …` as the scripts of package.json start it, with these settings and no others. */
export function startMain(args: string[], settings: Record<string, string>): ChildProcess {
  const node = ['--import', './node-version.js', '--disable-warning=ExperimentalWarning', 'src/main.ts', ...args];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings };
  return spawn(process.execPath, node, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a command of main's prints, and the code it ends with. */
export async function runMain(
  args: string[],
  settings: Record<string, string>,
): Promise<{ said: string; code: number | null }> {
  const child = startMain(args, settings);
  let said = '';
  for (const out of [child.stdout, child.stderr]) out?.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(child, 'close');
  return { said, code };
}

/** The whole bot as a process of its own, which the stand-in sends its requests to. */
export async function startBotProcess(environment: BotEnvironment): Promise<BotProcess> {
  const child = startMain([], botSettings(environment));
  const log: string[] = [];
  if (!child.stdout || !child.stderr) throw new Error('The process has no output');
  child.stderr.on('data', (chunk) => log.push(String(chunk)));
  const { promise: started, resolve, reject } = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    log.push(line);
    const address = /^Accord is running: (\S+)/.exec(line)?.[1];
    if (address) resolve(address);
  });
  child.once('exit', () => reject(new Error(`The bot did not start: ${log.join('\n')}`)));
  const url = await started;
  environment.rehearsal.setRequestUrl(`${url}/slack/events`);
  return {
    child,
    url,
    log,
    async end() {
      const begun = performance.now();
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return { code: child.exitCode, ms: performance.now() - begun };
    },
  };
}
