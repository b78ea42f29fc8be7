import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startMain } from '../support/bot-process.ts';
import { launchBrowser } from '../support/browser.ts';
import { freshDatabase } from '../support/database.ts';
import { world } from '../support/world.ts';
import { byControlApi } from './control-api.ts';
import { byPage, FACES, press, text } from './page.ts';
import { AFTER_SIX_WEEKS, sixWeeks } from './story.ts';

const OUTCOME = 'What is the highest-value outcome this meeting needs to produce for you today?';

const browser = await launchBrowser();
afterAll(() => browser?.close());

const broken: string[] = [];
afterEach(async () => {
  const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
  // What stood there when a test failed.
  const name = expect.getState().currentTestName?.split(' ').slice(0, 3).join('-');
  await Promise.all(pages.map((page) => keep(page, `last-${name}`)));
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  expect(broken.splice(0)).toEqual([]);
});

if (browser) {
  test('six weeks of one relationship, on the rehearsal page', async () => {
    await using w = await world();
    const page = await openPage(browser, w.rehearsal.url);
    await sixWeeks(byPage({ page, setClock: w.moves, keep: (name) => keep(page, name) }));

    await page.reload();
    await text(page, AFTER_SIX_WEEKS);
  }, 120_000);

  test('the tour leads somebody new from the first proposal to the digest, as its words say', async () => {
    await using w = await world();
    const page = await openPage(browser, w.rehearsal.url);
    const hand = byPage({ page, setClock: w.moves, keep: (name) => keep(page, name) });
    const tour = page.getByRole('region', { name: 'Guided tour' });
    const button = (name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
    const goes = async (step: number, face: string) => {
      await tour.getByText(`Step ${step} of 5`).waitFor();
      await tour.getByRole('button', { name: /^(Take me there|Become .*)$/ }).click();
      await page.locator(`[data-as="${face}"] main [data-conversation]`).waitFor();
    };
    const moves = async (by: RegExp, until: string) => {
      for (let times = 0; times < 20 && (await button(until).count()) === 0; times++) await press(page, by);
    };

    await goes(1, FACES.dana);
    await page.waitForFunction(() => {
      const field = document.activeElement;
      return field instanceof HTMLTextAreaElement && field.value === '/accord with @ana';
    });
    await page.keyboard.press('Enter');
    await hand.submits('dana', 'Propose a rhythm', {});
    await goes(2, FACES.ana);
    await button('Accept').click();
    await goes(3, FACES.ana);
    await moves(/^Next due/, 'Answer, 1 minute');
    await button('Answer, 1 minute').click();
    await hand.submits('ana', 'Before you meet', { [OUTCOME]: 'a decision on relisting Oak Street' });
    await goes(4, FACES.dana);
    await moves(/^Next due/, 'Write recap');
    await button('Write recap').click();
    await hand.submits('dana', 'Recap', {
      Decided: 'relist on Monday',
      'Row 1: what': 'vendor introduction',
      'Row 1: by when': '2027-03-12',
    });
    await goes(5, FACES.ana);
    await button('Confirm').click();
    await hand.submits('ana', 'Confirm the recap', {});
    await hand.types('dana', '/accord settings');
    await hand.submits('dana', 'Settings', { 'Digest channel': '#promises' });
    await press(page, '+1 week');
    await tour.getByText('Tour done').waitFor();
    await hand.shows('12-tour-done');
    await hand.sees('dana', 'promises', 'vendor introduction, Dana, 3 days overdue');
  }, 90_000);

  test('what was done is still there after a restart, and the page finds it by itself', async () => {
    const data = await mkdtemp(path.join(tmpdir(), 'accord-page-'));
    const database = await freshDatabase();
    const settings = {
      ACCORD_DATA: data,
      DATABASE_URL: database.url,
      ACCORD_SEAL_KEY: Buffer.alloc(32).toString('base64'),
      // Below those that a system hands out: nobody takes it while the process is away.
      PORT: String(20_000 + (process.pid % 10_000)),
    };
    let running = await startRehearsal(settings);
    try {
      const page = await openPage(browser, running.url);
      const hand = byPage({ page, setClock: async () => {}, keep: (name) => keep(page, name) });
      await hand.types('dana', '/accord with @ana');
      await hand.submits('dana', 'Propose a rhythm', {});
      await hand.sees('ana', 'Accord', 'Dana proposes a standing one-on-one with you');

      await running.stop();
      const down = page.getByRole('alert').filter({ hasText: 'The rehearsal does not answer.' });
      await down.waitFor();
      running = await startRehearsal(settings);
      await down.waitFor({ state: 'detached' });
      await hand.sees('ana', 'Accord', 'Dana proposes a standing one-on-one with you');
      await hand.clicks('ana', 'Accept');
      await hand.sees('dana', 'Accord', 'Agreed with Ana');
    } finally {
      await running.stop();
      await database.drop();
      await rm(data, { recursive: true, force: true });
    }
  }, 60_000);
} else {
  console.log(
    'No Chromium here (CHROMIUM_PATH names one): the story is told through the control API instead of the page.',
  );
  test('six weeks of one relationship, without a browser', async () => {
    await using w = await world();
    await sixWeeks(byControlApi(w));
  }, 120_000);
}

async function openPage(inside: Browser, url: string): Promise<Page> {
  const page = await inside.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => broken.push(error.message));
  await page.goto(url);
  await page.getByRole('group', { name: 'Who you are' }).waitFor();
  return page;
}

type Running = { url: string; stop(): Promise<void> };

/** `npm start` with no Slack settings. */
async function startRehearsal(settings: Record<string, string>): Promise<Running> {
  const child = startMain([], settings);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  child.once('exit', (code) => reject(new Error(`The rehearsal ended with ${code}: ${said}`)));
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      const url = /^Rehearsal workspace: (\S+)/.exec(line)?.[1];
      if (url) resolve(url);
    });
  const url = await promise;
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

const SCREENSHOTS = '.screenshots';

/** The pictures of the README: the newest message of what is shown then. `ACCORD_PICTURES=docs` makes them anew. */
const PICTURES: Record<string, string> = { '07-brief': 'brief', '09-recap': 'recap', '10-digest': 'digest' };

const FRAMED = '.message { padding-block: 14px; outline: 1px solid #d5dcd9; outline-offset: -1px; }';

async function keep(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  const folder = process.env.ACCORD_PICTURES;
  if (folder) await keepOthers(page, name, folder);
}

/** The same in the dark and on a phone, and what the README shows. */
async function keepOthers(page: Page, name: string, folder: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-phone.png`) });
  const picture = PICTURES[name];
  if (picture) {
    await mkdir(folder, { recursive: true });
    await page.setViewportSize({ width: 1000, height: 900 });
    await page.mouse.move(0, 0);
    await page
      .getByRole('main')
      .getByRole('article')
      .last()
      .screenshot({ path: path.join(folder, `${picture}.png`), style: FRAMED });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
