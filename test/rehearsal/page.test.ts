import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  actions,
  button,
  confirm,
  confirmed,
  home,
  modal,
  section,
  select,
  textInput,
} from '../../src/slack/blocks.ts';
import { launchBrowser } from '../support/browser.ts';
import { type BesideApp, besideApp } from './bolt-app.ts';

const browser = await launchBrowser();
afterAll(() => browser?.close());

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';

const broken: string[] = [];
afterEach(async () => {
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  expect(broken.splice(0)).toEqual([]);
});

/** The page in front of whoever rehearses; what breaks in it fails the test. */
async function openPage(
  inside: Browser,
  beside: BesideApp,
  at = '',
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await inside.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => broken.push(error.message));
  await page.goto(`${beside.rehearsal.url}/#${at}`);
  await page.getByRole('group', { name: 'Who you are' }).waitFor();
  return page;
}

async function directOf({ app }: BesideApp, users: string): Promise<string> {
  const { channel } = await app.client.conversations.open({ users });
  return channel?.id ?? '';
}

async function say(beside: BesideApp, users: string, text: string, blocks?: KnownBlock[]): Promise<void> {
  const channel = await directOf(beside, users);
  await beside.app.client.chat.postMessage({ channel, text, ...(blocks && { blocks }) });
}

const composer = (page: Page) => page.getByRole('combobox', { name: /^Message/ });

const form = modal({
  callbackId: 'form',
  title: 'Propose a rhythm',
  submit: 'Propose',
  blocks: [
    select({
      id: 'often',
      label: 'How often',
      choices: [
        { value: 'week', label: 'Every week' },
        { value: 'month', label: 'Every month' },
      ],
      initial: 'week',
    }),
    textInput({ id: 'purpose', label: 'What it is for', maxLength: 200 }),
  ],
});

if (browser) {
  test('a slash lists the commands, and the answer to one is for the typist alone', async () => {
    const beside = await besideApp();
    beside.app.command('/accord', ({ ack, command }) => ack(`You typed ${command.text}.`));
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);

    await composer(page).pressSequentially('/acc');
    await expectText(page.getByRole('option', { selected: true }), /^\/accord/);
    await composer(page).press('Tab');
    await composer(page).pressSequentially('help');
    await composer(page).press('Enter');

    const answer = page.getByRole('article').filter({ hasText: 'You typed help.' });
    await answer.getByText('Only visible to you').waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });

  test('a form keeps what was typed when the app finds fault with it, and closes when it does not', async () => {
    const beside = await besideApp();
    const sent: unknown[] = [];
    beside.app.command('/accord', async ({ ack, client, command }) => {
      await client.views.open({ trigger_id: command.trigger_id, view: form });
      await ack();
    });
    beside.app.view('form', async ({ ack, view }) => {
      const { values } = view.state;
      sent.push([values.often?.often?.selected_option?.value, values.purpose?.purpose?.value]);
      if (values.purpose?.purpose?.value === 'nothing')
        await ack({ response_action: 'errors', errors: { purpose: 'Say what for.' } });
      else await ack();
    });
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    await composer(page).fill('/accord with @ana');
    await composer(page).press('Enter');

    const dialog = page.getByRole('dialog', { name: 'Propose a rhythm' });
    await dialog.getByLabel('How often').selectOption('Every month');
    const purpose = dialog.getByLabel('What it is for');
    await purpose.fill('nothing');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Say what for.' }).waitFor();
    expect(await purpose.inputValue()).toBe('nothing');
    expect(await purpose.evaluate((field) => field === document.activeElement)).toBe(true);

    await purpose.fill('support');
    await purpose.press('Tab');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent).toEqual([
      ['month', 'nothing'],
      ['month', 'support'],
    ]);
  });

  test('Escape closes a form, and the app hears of it', async () => {
    const beside = await besideApp();
    let isClosed = false;
    beside.app.command('/accord', async ({ ack, client, command }) => {
      await client.views.open({ trigger_id: command.trigger_id, view: { ...form, notify_on_close: true } });
      await ack();
    });
    beside.app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => {
      isClosed = true;
      await ack();
    });
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    await composer(page).fill('/accord');
    await composer(page).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Propose a rhythm' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(isClosed).toBe(true);
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('a button asks again where it says so, and the message changes in place', async () => {
    const beside = await besideApp();
    beside.app.action('decline', async ({ ack, respond }) => {
      await ack();
      await respond({ replace_original: true, text: 'You declined.' });
    });
    const decline = confirmed(
      button('Decline', 'decline'),
      confirm('Decline?', 'Dana hears of it.', 'Do decline', 'Keep it'),
    );
    await say(beside, ANA, 'A proposal', [section('A proposal'), actions(decline)]);
    const page = await openPage(browser, beside, `${ANA}/app`);

    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByRole('button', { name: 'Do decline' }).click();
    await page.getByRole('article').filter({ hasText: 'You declined.' }).getByText('(edited)').waitFor();
    expect(await page.getByRole('button', { name: 'Decline' }).count()).toBe(0);
  });

  test('what arrives while one looks on is shown at once, and told to who listens', async () => {
    const beside = await besideApp();
    await say(beside, ANA, 'The first');
    const page = await openPage(browser, beside, `${ANA}/app`);
    await page.getByRole('article').filter({ hasText: 'The first' }).waitFor();
    await say(beside, ANA, 'The second');
    await page.getByRole('article').filter({ hasText: 'The second' }).waitFor();
    await page.locator('[aria-live=polite]').filter({ hasText: 'Accord: The second' }).waitFor({ state: 'attached' });
  });

  test('another face has another screen, with what waits there', async () => {
    const beside = await besideApp();
    await say(beside, ANA, 'For Ana alone');
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    await page.getByRole('button', { name: 'Ana, new team leader, Los Angeles, 1 unread' }).click();
    await page.getByRole('link', { name: 'Messages, 1 unread' }).click();
    await page.getByRole('article').filter({ hasText: 'For Ana alone' }).waitFor();
    await page.getByRole('link', { name: 'Messages', exact: true }).first().waitFor();
  });

  test('Home is drawn by the app when it is opened, and its buttons act', async () => {
    const beside = await besideApp();
    const publish = (userId: string, label: string) =>
      beside.app.client.views.publish({ user_id: userId, view: home([actions(button(label, 'start'))]) });
    beside.app.event('app_home_opened', async ({ event }) => {
      await publish(event.user, 'Start a one-on-one');
    });
    beside.app.action('start', async ({ ack, body }) => {
      await publish(body.user.id, 'Started');
      await ack();
    });
    const page = await openPage(browser, beside, `${DANA}/home`);
    await page.getByRole('main').getByRole('button', { name: 'Start a one-on-one' }).click();
    await page.getByRole('main').getByRole('button', { name: 'Started' }).waitFor();
  });

  test('the clock moves by a week, on the wall of whoever looks', async () => {
    const beside = await besideApp();
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    const clock = page.getByRole('region', { name: 'Rehearsal clock' });
    const before = Date.parse((await clock.getAttribute('data-now')) ?? '');
    await page.getByRole('button', { name: '+1 week' }).click();
    await page.getByText('Nothing new arrived.').waitFor();
    const after = Date.parse((await clock.getAttribute('data-now')) ?? '');
    expect(Math.round((after - before) / 86_400_000)).toBe(7);
  });

  test('what somebody wrote is never taken for a part of the page', async () => {
    const beside = await besideApp();
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    await composer(page).fill('<img src=x onerror="document.title=1"> *bold* <script>1</script>');
    await composer(page).press('Enter');
    const message = page.getByRole('article').filter({ hasText: '<script>1</script>' });
    await message.waitFor();
    expect(await message.locator('img, script').count()).toBe(0);
    expect(await message.locator('strong', { hasText: 'bold' }).count()).toBe(1);
  });

  test('on a phone it is one column with a way back, and nothing is wider than the screen', async () => {
    const beside = await besideApp();
    await say(beside, ANA, 'A proposal', [section('A proposal '.repeat(20)), actions(button('Accept', 'accept'))]);
    const page = await openPage(browser, beside, ANA, { viewport: { width: 390, height: 844 } });
    await page.getByRole('link', { name: /^Messages/ }).click();
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Conversations' }).isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('link', { name: 'Back to conversations' }).click();
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  });

  test('starting over asks first, and then nothing is left', async () => {
    const beside = await besideApp();
    await say(beside, DANA, 'Soon forgotten');
    const page = await openPage(browser, beside, `${DANA}/app`);
    await page.getByRole('article').filter({ hasText: 'Soon forgotten' }).waitFor();
    await page.getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('dialog', { name: 'Start over?' }).getByRole('button', { name: 'Start over' }).click();
    await page.getByRole('article').filter({ hasText: 'Soon forgotten' }).waitFor({ state: 'detached' });
    expect(beside.rehearsal.state.epoch).toBe(2);
  });

  test('the tour notices what was done, and can be dismissed', async () => {
    const beside = await besideApp();
    const page = await openPage(browser, beside, `${DANA}/C0PROMISES`);
    const tour = page.getByRole('region', { name: 'Guided tour' });
    await tour.getByText('Step 1 of 5').waitFor();
    await say(beside, ANA, 'Dana proposes a standing one-on-one with you');
    await tour.getByText('Step 2 of 5').waitFor();
    await tour.getByRole('button', { name: 'Dismiss tour' }).click();
    await tour.waitFor({ state: 'detached' });
    expect(beside.rehearsal.state.tour).toEqual({ dismissed: true, done: ['propose'] });
  });
} else {
  process.stdout.write('No Chromium here (CHROMIUM_PATH names one): the rehearsal page is not tried in a browser.\n');
  test('the files of the page are served even where nothing can show them', async () => {
    const { rehearsal } = await besideApp();
    const paths = [
      '/',
      '/main.ts',
      '/style.css',
      '/modules/preact.js',
      '/modules/preact/hooks.js',
      '/modules/htm/preact.js',
    ];
    const answers = await Promise.all(paths.map((path) => fetch(rehearsal.url + path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  });
}

async function expectText(locator: ReturnType<Page['getByRole']>, words: RegExp): Promise<void> {
  expect(await locator.textContent()).toMatch(words);
}
