import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ModalView } from '@slack/types';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { actions, button, confirm, confirmed, home, modal, section, select, textInput } from '../../src/slack/blocks.ts';
import { launchBrowser } from '../support/browser.ts';
import { type BesideApp, besideApp } from './bolt-app.ts';

const browser = await launchBrowser();
if (!browser) process.stdout.write('No Chromium here (CHROMIUM_PATH names one): the rehearsal page is not tried in a browser.\n');
afterAll(() => browser?.close());

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';

/** The page as a person has it in front of them, with a small app on the other side. */
async function opened(beside: BesideApp, at = '', options: BrowserContextOptions = {}): Promise<Page> {
  if (!browser) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(`${beside.rehearsal.url}/#${at}`);
  await page.getByRole('group', { name: 'Who you are' }).waitFor();
  return page;
}
const pageErrors: string[] = [];
beforeEach(() => {
  pageErrors.length = 0;
});

const say = async ({ app }: BesideApp, userId: string, text: string, blocks?: ReturnType<typeof section>[]) => {
  const { channel } = await app.client.conversations.open({ users: userId });
  return app.client.chat.postMessage({ channel: channel?.id ?? '', text, ...(blocks && { blocks }) });
};
const composer = (page: Page) => page.getByRole('combobox', { name: /^Message/ });

const form: ModalView = modal({
  callbackId: 'form',
  title: 'Propose a rhythm',
  submit: 'Propose',
  blocks: [
    select({ id: 'often', label: 'How often', choices: [{ value: 'w', label: 'Every week' }, { value: 'm', label: 'Every month' }], initial: 'w' }),
    textInput({ id: 'purpose', label: 'What it is for' }),
  ],
});

(browser ? describe : describe.skip)('the rehearsal page', () => {
});
