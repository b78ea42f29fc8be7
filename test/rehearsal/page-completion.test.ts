import { expect, test } from '@jest/globals';
import type { App, Face } from '../../src/rehearsal/page/api.ts';
import { complete, usageOf } from '../../src/rehearsal/page/completion.ts';

const app: App = {
  name: 'Accord',
  botUserId: 'U0ACCORD01',
  commands: [
    { command: '/accord', description: 'One-on-ones', usageHint: 'with @person' },
    { command: '/commit', description: 'Log who will do what by when' },
  ],
  shortcuts: [],
};
const face = (name: string, realName: string, deleted = false): Face => ({
  id: `U0${name.toUpperCase()}`,
  name,
  realName,
  displayName: realName,
  zone: 'America/New_York',
  locale: 'en-US',
  selectable: true,
  guest: false,
  deleted,
  bot: false,
  teamId: 'T0RIVER001',
});
const people = [face('dana', 'Dana Reyes'), face('ana', 'Ana Flores'), face('paul', 'Paul Ito', true)];
const offered = (text: string, caret = text.length) =>
  complete(text, caret, app, people).offers.map(({ label }) => label);

test.each([
  ['/', ['/accord with @person', '/commit']],
  ['/com', ['/commit']],
  ['/commit x', []],
  ['see /acc', []],
  ['/nothing', []],
  ['ask @', ['Dana Reyes', 'Ana Flores']],
  ['ask @an', ['Ana Flores']],
  ['ask @flo', ['Ana Flores']],
  ['ask @paul', []],
  ['write ana@home', []],
])('typing %j offers %j', (typed, offers) => {
  expect(offered(typed)).toEqual(offers);
});

test('what is offered stands in for what was typed before the caret, and only that', () => {
  expect(complete('ask @an tomorrow', 7, app, people)).toMatchObject({ from: 4, to: 7, offers: [{ insert: '@ana ' }] });
});

test('a handle that stands there whole can be sent as it is', () => {
  expect(complete('/accord with @ana', 17, app, people).offers).toMatchObject([{ isTyped: true }]);
});

test('a command that stands there whole shows its usage', () => {
  expect(usageOf('/accord with', app)).toBe('/accord with @person – One-on-ones');
  expect(usageOf('/accor', app)).toBeUndefined();
});
