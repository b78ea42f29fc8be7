import { expect, test } from '@jest/globals';
import { problemsOfMessage, problemsOfView } from '../../src/slack/limits.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const options = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: plain(`Choice ${n}`), value: `v${n}` }));
const field = (element: object, more: object = {}) => ({ type: 'input', label: plain('Label'), element, ...more });
const textInput = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'words', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const modal = (blocks: unknown, more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Save'),
  blocks,
  ...more,
});
const fills = (length: number) => 'x'.repeat(length);

function only(...blocks: unknown[]) {
  return problemsOfMessage({ text: 'says the same', blocks });
}

test('a section of 3,000 characters is accepted, one more is refused in the words of Slack', () => {
  expect(only(section(fills(3000)))).toEqual([]);
  expect(only(section(fills(3001)))).toEqual([
    '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ]);
});

test('characters are counted in UTF-16 units, never fewer than Slack counts', () => {
  expect(only({ type: 'header', text: plain('😀'.repeat(75)) })).toEqual([]);
  expect(only({ type: 'header', text: plain('😀'.repeat(76)) })).toHaveLength(1);
});

test.each([
  ['49 and 1 blocks', () => only(...Array.from({ length: 50 }, () => ({ type: 'divider' })))],
  ['a table', () => only({ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] })],
  ['a message with words alone', () => problemsOfMessage({ text: 'hello' })],
  ['blocks alone', () => problemsOfMessage({ blocks: [section('hello')] })],
  ['an input in a message', () => only(field(textInput()))],
  ['a modal with nothing to submit', () => problemsOfView({ ...modal([section('a')]), submit: undefined })],
  ['a Home', () => problemsOfView({ type: 'home', blocks: [section('a'), field(textInput())] })],
  [
    'an initial option that equals one offered',
    () =>
      only(
        actions({
          type: 'static_select',
          options: options(100),
          initial_option: { value: 'v3', text: plain('Choice 3') },
        }),
      ),
  ],
])('%s is accepted', (_what, problems) => {
  expect(problems()).toEqual([]);
});

test.each<[string, () => string[], string]>([
  [
    '51 blocks',
    () => only(...Array.from({ length: 51 }, () => ({ type: 'divider' }))),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  ['an empty text', () => only(section('')), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a blank text', () => only(section(' \n ')), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [
    'a section with nothing in it',
    () => only({ type: 'section' }),
    'must define either `text` or `fields` [json-pointer:/blocks/0/type]',
  ],
  [
    '11 fields',
    () => only({ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('a')) }),
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'a field of 2,001',
    () => only({ type: 'section', fields: [mrkdwn(fills(2001))] }),
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'a header in mrkdwn',
    () => only({ type: 'header', text: mrkdwn('a') }),
    'must be a valid enum value [json-pointer:/blocks/0/text/type]',
  ],
  [
    'a header of 151',
    () => only({ type: 'header', text: plain(fills(151)) }),
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    '11 context elements',
    () => only({ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('a')) }),
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    '26 buttons',
    () => only(actions(...Array.from({ length: 26 }, (_, n) => button({ action_id: `go${n}` })))),
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  ['no element in actions', () => only(actions()), 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
  [
    'a kind of block nobody knows',
    () => only({ type: 'slider' }),
    'unsupported type: slider [json-pointer:/blocks/0/type]',
  ],
  ['a block with no type', () => only({ text: mrkdwn('a') }), 'missing required field: type [json-pointer:/blocks/0]'],
  [
    'a property nobody knows',
    () => only({ type: 'divider', colour: 'red' }),
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  [
    'emoji in mrkdwn',
    () => only({ type: 'section', text: { ...mrkdwn('a'), emoji: true } }),
    'invalid additional property: emoji [json-pointer:/blocks/0/text]',
  ],
  [
    'a button of 76',
    () => only(actions(button({ text: plain(fills(76)) }))),
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'a button value of 2,001',
    () => only(actions(button({ value: fills(2001) }))),
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'a button link of 3,001',
    () => only(actions(button({ url: `https://a.example/${fills(3000)}` }))),
    'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
  ],
  [
    'a button style nobody knows',
    () => only(actions(button({ style: 'loud' }))),
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'an action_id of 256',
    () => only(actions(button({ action_id: fills(256) }))),
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'the same action twice in a block',
    () => only(actions(button(), button())),
    '`action_id` already exists: go [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'the same block_id twice',
    () => only({ ...section('a'), block_id: 'b' }, { ...section('a'), block_id: 'b' }),
    '`block_id` already exists: b [json-pointer:/blocks/1/block_id]',
  ],
  [
    'a picture without words for it',
    () => only({ type: 'image', image_url: 'https://a.example/b.png' }),
    'missing required field: alt_text [json-pointer:/blocks/0]',
  ],
  [
    'a picture from nowhere',
    () => only({ type: 'image', alt_text: 'trend' }),
    'must define either `image_url` or `slack_file` [json-pointer:/blocks/0]',
  ],
  [
    'two tables',
    () =>
      only(
        { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
        { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
      ),
    'only_one_table_allowed [json-pointer:/blocks]',
  ],
  [
    '21 columns',
    () => only({ type: 'table', rows: [Array.from({ length: 21 }, () => ({ type: 'raw_text', text: 'a' }))] }),
    'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
  ],
  [
    'six choices behind the dots',
    () => only(actions({ type: 'overflow', options: options(6) })),
    'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    '11 boxes',
    () => only(actions({ type: 'checkboxes', options: options(11) })),
    'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    '101 choices',
    () => only(actions({ type: 'static_select', options: options(101) })),
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'a menu with no choices',
    () => only(actions({ type: 'static_select' })),
    'must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a choice that was never offered',
    () =>
      only(
        actions({
          type: 'static_select',
          options: options(2),
          initial_option: { value: 'v9', text: plain('Choice 9') },
        }),
      ),
    '`initial_option` must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [
    'a choice whose words differ from those offered',
    () =>
      only(
        actions({ type: 'radio_buttons', options: options(2), initial_option: { value: 'v1', text: plain('Other') } }),
      ),
    '`initial_option` must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [
    'a date that is none',
    () => only(actions({ type: 'datepicker', initial_date: '2026-02-30' })),
    'must be a valid date [json-pointer:/blocks/0/elements/0/initial_date]',
  ],
  [
    'a date in another order',
    () => only(actions({ type: 'datepicker', initial_date: '30/02/2026' })),
    'must be a date in the format YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]',
  ],
  [
    'a time that is none',
    () => only(actions({ type: 'timepicker', initial_time: '24:00' })),
    'must be a time in the format HH:mm [json-pointer:/blocks/0/elements/0/initial_time]',
  ],
  [
    'a text box among buttons',
    () => only(actions(textInput())),
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  [
    'a button as an input',
    () => only(field(button())),
    'unsupported type: button [json-pointer:/blocks/0/element/type]',
  ],
  [
    'a confirmation without words on its buttons',
    () => only(actions(button({ confirm: { title: plain('Sure?'), text: plain('Really') } }))),
    'missing required field: confirm [json-pointer:/blocks/0/elements/0/confirm]',
  ],
  [
    'a confirmation button of 31',
    () =>
      only(
        actions(
          button({ confirm: { title: plain('a'), text: plain('a'), confirm: plain(fills(31)), deny: plain('a') } }),
        ),
      ),
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
  ],
  ['a message of 40,001', () => problemsOfMessage({ text: fills(40_001) }), 'msg_too_long [json-pointer:/text]'],
  ['no words at all', () => problemsOfMessage({ text: '', blocks: [] }), 'no_text [json-pointer:/text]'],
  [
    'five long sections',
    () => only(...Array.from({ length: 5 }, () => section(fills(2900)))),
    'msg_blocks_too_long [json-pointer:/blocks]',
  ],
  [
    'blocks that are no list',
    () => problemsOfMessage({ text: 'a', blocks: 'b' }),
    'must provide an array [json-pointer:/blocks]',
  ],
])('%s is refused', (_what, problems, expected) => {
  expect(problems()).toContain(`[ERROR] ${expected}`);
});

test.each<[string, () => string[], string]>([
  [
    'an input with nothing to submit it',
    () => problemsOfView({ ...modal([section('a'), field(textInput())]), submit: undefined }),
    'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]',
  ],
  [
    'a title of 25',
    () => problemsOfView(modal([section('a')], { title: plain(fills(25)) })),
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  [
    'no title',
    () => problemsOfView({ ...modal([section('a')]), title: undefined }),
    'missing required field: title [json-pointer:/view]',
  ],
  [
    'a submit of 25',
    () => problemsOfView(modal([section('a')], { submit: plain(fills(25)) })),
    'must be less than 25 characters [json-pointer:/view/submit/text]',
  ],
  [
    'private metadata of 3,001',
    () => problemsOfView(modal([section('a')], { private_metadata: fills(3001) })),
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    'a callback_id of 256',
    () => problemsOfView(modal([section('a')], { callback_id: fills(256) })),
    'must be less than 256 characters [json-pointer:/view/callback_id]',
  ],
  [
    '101 blocks',
    () => problemsOfView(modal(Array.from({ length: 101 }, () => ({ type: 'divider' })))),
    'no more than 100 items allowed [json-pointer:/view/blocks]',
  ],
  [
    'a table in a modal',
    () => problemsOfView(modal([{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }])),
    'unsupported type: table [json-pointer:/view/blocks/0/type]',
  ],
  [
    'a file input on Home',
    () => problemsOfView({ type: 'home', blocks: [field({ type: 'file_input' })] }),
    'unsupported type: file_input [json-pointer:/view/blocks/0/element/type]',
  ],
  [
    'a title on Home',
    () => problemsOfView({ type: 'home', title: plain('a'), blocks: [section('a')] }),
    'invalid additional property: title [json-pointer:/view]',
  ],
  [
    'typed words of 3,001',
    () => problemsOfView(modal([field(textInput({ initial_value: fills(3001) }))])),
    'must be less than 3001 characters [json-pointer:/view/blocks/0/element/initial_value]',
  ],
  [
    'more typed words than the field allows',
    () => problemsOfView(modal([field(textInput({ initial_value: 'abc', max_length: 2 }))])),
    '`initial_value` must not exceed `max_length` [json-pointer:/view/blocks/0/element/initial_value]',
  ],
  [
    'two fields that both want the cursor',
    () => problemsOfView(modal([field(textInput({ focus_on_load: true })), field(textInput({ focus_on_load: true }))])),
    'only one element may set `focus_on_load` [json-pointer:/view/blocks]',
  ],
  [
    'a kind of view nobody knows',
    () => problemsOfView({ type: 'sheet', blocks: [] }),
    'unsupported type: sheet [json-pointer:/view/type]',
  ],
  ['nothing', () => problemsOfView(null), 'must provide an object [json-pointer:/view]'],
])('a view with %s is refused', (_what, problems, expected) => {
  expect(problems()).toContain(`[ERROR] ${expected}`);
});

test('nothing that arrives as JSON makes the checker throw', () => {
  for (const odd of [
    undefined,
    null,
    5,
    'x',
    [],
    [null],
    {},
    { blocks: [null, [], 3] },
    { type: 'modal', blocks: {} },
  ]) {
    expect(problemsOfView(odd).length).toBeGreaterThan(0);
    expect(Array.isArray(problemsOfMessage({ text: 'a', blocks: odd }))).toBe(true);
  }
});
