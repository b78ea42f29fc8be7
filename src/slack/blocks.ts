import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  HomeView,
  InputBlock,
  InputBlockElement,
  KnownBlock,
  ModalView,
  MrkdwnElement,
  Option,
  Overflow,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
  SectionBlockAccessory,
  StaticSelect,
} from '@slack/types';
import { shorten } from '../ground/slack-text.ts';

/**
 * Makers of Block Kit. Texts over a hard limit of Slack's are cut with "…" rather than refused: nothing here throws.
 * Mrkdwn is taken as it is (escape what people wrote before it comes here); plain text needs no escaping.
 */

const plain = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: shorten(visible(text), max),
  emoji: true,
});
/** Verbatim: Slack makes links and mentions only of explicit markup, never of bare words that look like them. */
const mrkdwn = (text: string, max: number): MrkdwnElement => ({
  type: 'mrkdwn',
  text: shorten(visible(text), max),
  verbatim: true,
});

/** Slack refuses an empty text; a name that is only blanks still needs a place on the screen. */
const visible = (text: string): string => (text.trim() === '' ? '–' : text);

// Layout

export function section(text: string, accessory?: SectionBlockAccessory): SectionBlock {
  return { type: 'section', text: mrkdwn(text, 3000), ...(accessory && { accessory }) };
}

/** Two columns side by side: odd ones left, even ones right; at most ten are shown. */
export function fields(...texts: string[]): SectionBlock {
  return { type: 'section', fields: texts.slice(0, 10).map((text) => mrkdwn(text, 2000)) };
}

export function context(...texts: string[]): ContextBlock {
  return { type: 'context', elements: texts.slice(0, 10).map((text) => mrkdwn(text, 3000)) };
}

export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text, 150) });
export const divider = (): DividerBlock => ({ type: 'divider' });

export function actions(...elements: ActionsBlockElement[]): ActionsBlock {
  return { type: 'actions', elements: elements.slice(0, 25) };
}

/** The same block under an id of its own: needed where two blocks carry the same action. */
export const withId = <B extends KnownBlock>(block: B, blockId: string): B => ({ ...block, block_id: blockId });

// What is pressed

export function button(label: string, actionId: string, value?: string, style?: 'primary' | 'danger'): Button {
  return {
    type: 'button',
    text: plain(label, 75),
    action_id: actionId,
    ...(value !== undefined && { value }),
    ...(style && { style }),
  };
}

export const linkButton = (label: string, actionId: string, url: string): Button => ({
  ...button(label, actionId),
  url,
});

/** Asks again before the element acts. */
export function confirmed<E extends Button | Overflow>(element: E, dialog: ConfirmationDialog): E {
  return { ...element, confirm: dialog };
}

export function confirm(title: string, text: string, yes: string, no: string): ConfirmationDialog {
  return { title: plain(title, 100), text: mrkdwn(text, 300), confirm: plain(yes, 30), deny: plain(no, 30) };
}

export type Choice = { label: string; value: string; description?: string };

const option = ({ label, value, description }: Choice): PlainTextOption => ({
  text: plain(label, 75),
  value,
  ...(description?.trim() && { description: plain(description, 75) }),
});

/** The menu behind three dots; at most five choices are shown. */
export function overflow(actionId: string, choices: Choice[]): Overflow {
  return { type: 'overflow', action_id: actionId, options: choices.slice(0, 5).map(option) };
}

/** A menu that tells at once what is chosen; one to a hundred choices, of which one is set. */
export function selectMenu(actionId: string, choices: Choice[], initial: string): StaticSelect {
  const options = choices.slice(0, 100).map(option);
  return { type: 'static_select', action_id: actionId, options, ...initialOption(options, initial) };
}

// Views

type Modal = {
  callbackId: string;
  title: string;
  /** Required by Slack as soon as one block is an input. */
  submit?: string;
  close?: string;
  privateMetadata?: string;
  notifyOnClose?: boolean;
  blocks: KnownBlock[];
};

export function modal({ callbackId, title, submit, close, privateMetadata, notifyOnClose, blocks }: Modal): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title, 24),
    ...(submit !== undefined && { submit: plain(submit, 24) }),
    close: plain(close ?? 'Cancel', 24),
    ...(privateMetadata !== undefined && { private_metadata: privateMetadata }),
    ...(notifyOnClose && { notify_on_close: true }),
    blocks: blocks.slice(0, 100),
  };
}

export const home = (blocks: KnownBlock[]): HomeView => ({ type: 'home', blocks: blocks.slice(0, 100) });

/** Tells us at once what is chosen, instead of only when the form is sent. */
export const withDispatch = (block: InputBlock): InputBlock => ({ ...block, dispatch_action: true });

// Inputs. One name a field: the block's id is the action's id, and readers and field errors use it.

export type Field = {
  id: string;
  label: string;
  hint?: string;
  optional?: boolean;
  placeholder?: string;
};

function input(field: Field, element: InputBlockElement): InputBlock {
  return {
    type: 'input',
    block_id: field.id,
    label: plain(field.label, 2000),
    ...(field.hint?.trim() && { hint: plain(field.hint, 2000) }),
    ...(field.optional && { optional: true }),
    element,
  };
}

const placeholderOf = (field: Field) =>
  field.placeholder?.trim() ? { placeholder: plain(field.placeholder, 150) } : {};

type TextField = Field & { initial?: string; maxLength?: number };

function typedText(field: TextField, multiline: boolean): InputBlock {
  const most = Math.min(field.maxLength ?? 3000, 3000);
  return input(field, {
    type: 'plain_text_input',
    action_id: field.id,
    multiline,
    max_length: most,
    ...(field.initial && { initial_value: shorten(field.initial, most) }),
    ...placeholderOf(field),
  });
}

export const textInput = (field: TextField): InputBlock => typedText(field, false);
export const textArea = (field: TextField): InputBlock => typedText(field, true);

export function datePicker(field: Field & { initial?: Temporal.PlainDate }): InputBlock {
  return input(field, {
    type: 'datepicker',
    action_id: field.id,
    ...(field.initial && { initial_date: field.initial.toString() }),
    ...placeholderOf(field),
  });
}

export function timePicker(field: Field & { initial?: Temporal.PlainTime }): InputBlock {
  return input(field, {
    type: 'timepicker',
    action_id: field.id,
    ...(field.initial && { initial_time: field.initial.toString({ smallestUnit: 'minute' }) }),
    ...placeholderOf(field),
  });
}

type ChoiceField = Field & { choices: Choice[]; initial?: string };

/** Slack wants the initial option to equal one of those offered: an unknown value selects nothing. */
function initialOption(options: PlainTextOption[], value: string | undefined): { initial_option?: PlainTextOption } {
  const found = options.find((one) => one.value === value);
  return found ? { initial_option: found } : {};
}

/** A menu of one to a hundred choices. */
export function select(field: ChoiceField): InputBlock {
  const options = field.choices.slice(0, 100).map(option);
  return input(field, {
    type: 'static_select',
    action_id: field.id,
    options,
    ...initialOption(options, field.initial),
    ...placeholderOf(field),
  });
}

/** One to ten choices, all in sight. */
export function radio(field: ChoiceField): InputBlock {
  const options = field.choices.slice(0, 10).map(option);
  return input(field, {
    type: 'radio_buttons',
    action_id: field.id,
    options,
    ...initialOption(options, field.initial),
  });
}

/** One to ten boxes. */
export function checkboxes(field: Field & { choices: Choice[]; initial?: string[] }): InputBlock {
  const options: Option[] = field.choices.slice(0, 10).map(option);
  const ticked = options.filter((one) => one.value !== undefined && field.initial?.includes(one.value));
  return input(field, {
    type: 'checkboxes',
    action_id: field.id,
    options,
    ...(ticked.length > 0 && { initial_options: ticked }),
  });
}

export function userSelect(field: Field & { initial?: string }): InputBlock {
  return input(field, {
    type: 'users_select',
    action_id: field.id,
    ...(field.initial && { initial_user: field.initial }),
    ...placeholderOf(field),
  });
}

export function usersSelect(field: Field & { initial?: string[]; atMost?: number }): InputBlock {
  return input(field, {
    type: 'multi_users_select',
    action_id: field.id,
    ...(field.initial && field.initial.length > 0 && { initial_users: field.initial }),
    ...(field.atMost !== undefined && { max_selected_items: field.atMost }),
    ...placeholderOf(field),
  });
}

/** Public and private channels of this workspace alone: none that is shared with other firms, no direct messages. */
export function channelSelect(field: Field & { initial?: string }): InputBlock {
  return input(field, {
    type: 'conversations_select',
    action_id: field.id,
    filter: { include: ['public', 'private'], exclude_external_shared_channels: true, exclude_bot_users: true },
    ...(field.initial && { initial_conversation: field.initial }),
    ...placeholderOf(field),
  });
}
