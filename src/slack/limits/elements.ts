import { z } from 'zod';
import {
  type Complain,
  confirmDialog,
  imageHasOneSource,
  imageParts,
  link,
  menuOption,
  optionGroup,
  overflowOption,
  plainText,
  rule,
  tickOption,
  upTo,
  words,
} from './objects.ts';

/** Block elements with Slack's limits. Kinds that are not listed are refused: add one, with its limits, before using it. */

const acts = { action_id: words(255).optional() };
const confirms = { ...acts, confirm: confirmDialog.optional() };
const picks = { ...confirms, focus_on_load: z.boolean().optional(), placeholder: plainText(150).optional() };
const dispatches = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
    })
    .optional(),
};
const types = {
  ...acts,
  ...dispatches,
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
};
const severalAtMost = { max_selected_items: z.int().min(1).optional() };
const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();

type Option = { value: string };
type Offered = { options?: Option[]; option_groups?: { options: Option[] }[] };

function offeredOptions(menu: Offered): Option[] {
  return [...(menu.options ?? []), ...(menu.option_groups ?? []).flatMap((group) => group.options)];
}

/** Slack compares the whole option, not only its value. */
const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );

function judgeOffered(menu: Offered, complain: Complain): void {
  const values = offeredOptions(menu).map((option) => option.value);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) complain(`duplicate option value: ${twice}`, ['options']);
}

const offersInitial = rule<Offered & { initial_option?: Option; initial_options?: Option[] }>((menu, complain) => {
  judgeOffered(menu, complain);
  const offered = offeredOptions(menu);
  const known = (option: Option) => offered.some((other) => same(option, other));
  if (menu.initial_option && !known(menu.initial_option))
    complain('`initial_option` must be one of the provided options', ['initial_option']);
  if (menu.initial_options?.some((option) => !known(option)))
    complain('`initial_options` must be among the provided options', ['initial_options']);
});

const offersOneList = rule<Offered>((menu, complain) => {
  if ((menu.options === undefined) === (menu.option_groups === undefined))
    complain('must define either `options` or `option_groups`');
});

const menuOptions = {
  options: z.array(menuOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};

const real = (parse: (text: string) => unknown) => (text: string) => {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
};
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date in the format YYYY-MM-DD')
  .refine(real(Temporal.PlainDate.from), 'must be a valid date');
const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time in the format HH:mm');
const zone = z.string().refine(
  real((name) => new Intl.DateTimeFormat('en', { timeZone: name })),
  'must be a valid time zone',
);

const button = z.strictObject({
  type: z.literal('button'),
  ...confirms,
  text: plainText(75),
  value: upTo(2000).optional(),
  url: link.optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: words(75).optional(),
});
export const imageElement = z.strictObject(imageParts).check(imageHasOneSource);
const overflow = z
  .strictObject({ type: z.literal('overflow'), ...confirms, options: z.array(overflowOption).min(1).max(5) })
  .check(rule(judgeOffered));

const datePicker = z.strictObject({ type: z.literal('datepicker'), ...picks, initial_date: day.optional() });
const timePicker = z.strictObject({
  type: z.literal('timepicker'),
  ...picks,
  initial_time: wallTime.optional(),
  timezone: zone.optional(),
});
const dateTimePicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...confirms,
  focus_on_load: z.boolean().optional(),
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});

const ticks = { ...confirms, focus_on_load: z.boolean().optional(), options: z.array(tickOption).min(1).max(10) };
const radio = z
  .strictObject({ type: z.literal('radio_buttons'), ...ticks, initial_option: tickOption.optional() })
  .check(offersInitial);
const checkboxes = z
  .strictObject({ type: z.literal('checkboxes'), ...ticks, initial_options: z.array(tickOption).min(1).optional() })
  .check(offersInitial);

const staticSelect = z
  .strictObject({ type: z.literal('static_select'), ...picks, ...menuOptions, initial_option: menuOption.optional() })
  .check(offersOneList, offersInitial);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...picks,
    ...menuOptions,
    ...severalAtMost,
    initial_options: z.array(menuOption).min(1).max(100).optional(),
  })
  .check(offersOneList, offersInitial);
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  ...picks,
  initial_option: menuOption.optional(),
  min_query_length: z.int().min(0).optional(),
});
const usersSelect = z.strictObject({ type: z.literal('users_select'), ...picks, initial_user: words(255).optional() });
const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  ...picks,
  ...severalAtMost,
  initial_users: z.array(words(255)).optional(),
});
const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  ...picks,
  initial_channel: words(255).optional(),
  response_url_enabled: z.boolean().optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...picks,
  initial_conversation: words(255).optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: conversationFilter,
});

const textInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    ...types,
    initial_value: upTo(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  })
  .check(
    rule((input, complain) => {
      if ((input.min_length ?? 0) > (input.max_length ?? 3000))
        complain('`min_length` must not exceed `max_length`', ['min_length']);
      if ((input.initial_value ?? '').length > (input.max_length ?? 3000))
        complain('`initial_value` must not exceed `max_length`', ['initial_value']);
    }),
  );
const typed = { ...types, initial_value: upTo(3000).optional() };
const emailInput = z.strictObject({ type: z.literal('email_text_input'), ...typed });
const urlInput = z.strictObject({ type: z.literal('url_text_input'), ...typed });
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  ...acts,
  filetypes: z.array(words(255)).min(1).optional(),
  max_files: z.int().min(1).max(10).optional(),
});

const menus = [staticSelect, externalSelect, usersSelect, channelsSelect, conversationsSelect] as const;
const multiMenus = [multiStaticSelect, multiUsersSelect] as const;
const choices = [radio, checkboxes, datePicker, timePicker, ...menus, ...multiMenus] as const;

export const accessory = z.discriminatedUnion('type', [button, overflow, imageElement, ...choices]);
export const actionElement = z.discriminatedUnion('type', [button, overflow, dateTimePicker, ...choices]);
export const inputElement = z.discriminatedUnion('type', [textInput, dateTimePicker, ...choices]);
/** E-mail, link, number and file inputs work in modals only. */
export const modalInputElement = z.discriminatedUnion('type', [
  textInput,
  dateTimePicker,
  emailInput,
  urlInput,
  numberInput,
  fileInput,
  ...choices,
]);
