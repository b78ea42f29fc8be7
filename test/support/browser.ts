import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * A real Chromium without a window: the one from npm on Linux x64, else one of the system (`CHROMIUM_PATH` first).
 * Nothing where there is none. The caller closes it.
 */
export async function launchBrowser(): Promise<Browser | undefined> {
  for (const find of [named, fromNpm, ofTheSystem]) {
    const executablePath = await find();
    const browser = executablePath && (await launch(executablePath));
    if (browser) return browser;
  }
  return undefined;
}

/** Run as root the sandbox cannot be had, and the page is our own. One that does not start counts as none. */
const launch = (executablePath: string): Promise<Browser | undefined> =>
  chromium.launch({ executablePath, args: ['--no-sandbox'] }).catch(() => undefined);

const named = async () => process.env.CHROMIUM_PATH;

async function fromNpm(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // Makes it unpack its own copies of the system libraries that a bare machine lacks; it looks while it is loaded.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath().catch(() => undefined);
}

async function ofTheSystem(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...found, ...PLACES].find((path) => existsSync(path));
}
