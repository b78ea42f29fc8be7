import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Hand, Who } from './story.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** With more left than this the rest is set at once: each step costs the page half a second on a busy machine. */
const MANY_HOURS = 5 * HOUR;

export const FACES: Record<Who, string> = { dana: 'U0DANA0001', ana: 'U0ANA00001' };

type InFront = {
  page: Page;
  /** To an instant, by the minute. */
  setClock(to: string): Promise<unknown>;
  /** Keeps a picture of what is shown. */
  keep(name: string): Promise<void>;
};

/**
 * The story told by somebody in front of the rehearsal page: one window, another face at each turn. All that it finds is
 * what the page shows; the control API only sets the clock where the page's buttons are too coarse.
 */
export function byPage({ page, setClock, keep }: InFront): Hand {
  return {
    async types(who, line) {
      await beAt(page, FACES[who], 'Accord');
      const composer = page.getByRole('combobox', { name: /^Message/ });
      await composer.fill(line);
      await composer.press('Enter');
      await idle(page);
      // What could not be sent would stand there still.
      expect(await composer.inputValue()).toBe('');
    },
    async clicks(who, label, { in: place = 'Accord', row } = {}) {
      await beAt(page, FACES[who], place);
      await page.locator('main').getByRole('button', { name: label, exact: true }).first().waitFor();
      const message = messageWith(page, label, row);
      await message.waitFor();
      await (row === undefined ? message : rowOf(message, row, label))
        .getByRole('button', { name: label, exact: true })
        .first()
        .click();
      await idle(page);
    },
    async submits(who, title, fields) {
      await become(page, FACES[who]);
      const dialog = page.getByRole('dialog', { name: title });
      for (const [label, value] of Object.entries(fields)) await fill(dialog, label, [value].flat().join(', '));
      await keep(`form-${title.toLowerCase().replaceAll(' ', '-')}`);
      await dialog.locator('button[type=submit]').click();
      await idle(page);
      expect(await dialog.getByRole('alert').allTextContents()).toEqual([]);
      // A form that was taken goes by itself; what the app puts in its place says that it is done, and has to be closed.
      await page.waitForFunction(
        () => document.querySelector('[role=dialog] button[type=submit], dialog button[type=submit]') === null,
      );
      const left = page.getByRole('dialog');
      if ((await left.count()) > 0) await left.locator('.foot button').first().click();
      await left.waitFor({ state: 'detached' });
    },
    async sees(who, where, ...words) {
      await beAt(page, FACES[who], where);
      return text(page, words);
    },
    async moves(to) {
      const target = Date.parse(to);
      const clock = page.getByRole('region', { name: 'Rehearsal clock' });
      const left = async () => target - Date.parse((await clock.getAttribute('data-now')) ?? '');
      for (let step = stepFor(await left()); step; step = stepFor(await left())) await press(page, step);
      await setClock(to);
      await page.waitForFunction(
        ([selector, until]) => Date.parse(document.querySelector(selector)?.getAttribute('data-now') ?? '') >= until,
        ['[data-now]', target] as const,
      );
    },
    shows: keep,
  };
}

const stepFor = (left: number): string | undefined => {
  if (left >= DAY) return left >= 7 * DAY ? '+1 week' : '+1 day';
  return left >= HOUR && left < MANY_HOURS ? '+1 hour' : undefined;
};

/** One of the clock's buttons; the bar then says what it brought. */
export async function press(page: Page, button: string | RegExp): Promise<void> {
  await page.getByRole('group', { name: 'Move the clock' }).getByRole('button', { name: button }).click();
  await idle(page);
  await page.getByRole('region', { name: 'What the clock brought' }).waitFor();
}

/** Nothing that was pressed or sent is under way any more. */
const idle = (page: Page): Promise<void> => page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });

/** The face in the bar is the one that one is. */
async function become(page: Page, id: string): Promise<void> {
  const face = page.getByRole('group', { name: 'Who you are' }).locator(`[data-person="${id}"]`);
  if ((await face.getAttribute('aria-pressed')) !== 'true') await face.click();
  await page.locator(`[data-as="${id}"] nav[aria-label=Conversations]`).waitFor();
}

/** Who, and by the links on the left where: Home, the messages with Accord, a channel, a shared conversation. */
export async function beAt(page: Page, id: string, where: string): Promise<void> {
  await become(page, id);
  const called = { Accord: 'Messages', promises: '#promises' }[where] ?? where;
  const link = page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link', { name: new RegExp(`^${called}(, \\d+ unread)?$`) });
  await link.click();
  // The address changes a moment after the click: until then one is where one was.
  await link.and(page.locator('[aria-current=page]')).waitFor();
  await page.waitForFunction(() => {
    const here = document.querySelector('nav.sidebar [aria-current=page]')?.getAttribute('data-conversation');
    return here && document.querySelector('main [data-conversation]')?.getAttribute('data-conversation') === here;
  }, undefined);
}

/** The newest message that has such a button, and speaks of what the row does. */
function messageWith(page: Page, label: string, row?: string): Locator {
  const buttons = page.getByRole('button', { name: label, exact: true });
  const messages = page.locator('main').getByRole('article').filter({ has: buttons });
  return (row === undefined ? messages : messages.filter({ hasText: row })).last();
}

/** The blocks of a row, from the one with its words to the one with its buttons. */
function rowOf(message: Locator, row: string, label: string): Locator {
  const own = message.locator('.block', { hasText: row });
  return own
    .first()
    .locator(`xpath=(self::*|following-sibling::*)[.//button[normalize-space()=${JSON.stringify(label)}]][1]`);
}

async function fill(dialog: Locator, label: string, value: string): Promise<void> {
  const field = dialog.getByLabel(new RegExp(`^${RegExp.escape(label)}( \\(optional\\))?$`));
  const kind = await field.evaluate((element) => element.getAttribute('role') ?? element.localName);
  if (kind === 'radiogroup') await field.getByRole('radio', { name: value, exact: true }).check();
  else if (kind === 'select') await field.selectOption({ label: value });
  else await field.fill(value);
  await idle(dialog.page());
}

/** What the middle of the page says, once all of these words stand there; told which are missing when they do not come. */
export async function text(page: Page, words: string[]): Promise<string> {
  const read = async () =>
    (await page.locator('main [data-conversation]').innerText()).replaceAll(/[^\S\n]+/g, ' ').replaceAll(/ \n/g, '\n');
  await page
    .waitForFunction((all) => {
      const shown = document.querySelector('main [data-conversation]');
      const said = shown instanceof HTMLElement ? shown.innerText.replaceAll(/[^\S\n]+/g, ' ') : '';
      return all.every((word) => said.includes(word));
    }, words)
    .catch(() => {});
  const said = await read();
  for (const word of words) expect(said).toContain(word);
  return said;
}
