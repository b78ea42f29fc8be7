/** Block Kit as it lies in messages and views: read loosely, because the limits were checked when it came in. */
export type Json = Record<string, unknown>;
export type Element = Json & { type: string; action_id: string };
export type Block = Json & { type: string; block_id: string };
/** An element with the block that it stands in and what the block says around it. */
export type Placed = { element: Element; block: Block };

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isElement = (value: unknown): value is Element =>
  isJson(value) && typeof value.type === 'string' && typeof value.action_id === 'string';
const isBlock = (value: unknown): value is Block =>
  isJson(value) && typeof value.type === 'string' && typeof value.block_id === 'string';

export const textOf = (value: unknown): string => (isJson(value) && typeof value.text === 'string' ? value.text : '');

/** Every interactive element, in reading order. */
export function elementsOf(blocks: readonly unknown[] | undefined): Placed[] {
  return (blocks ?? []).filter(isBlock).flatMap((block) => {
    const inside = Array.isArray(block.elements) && block.type === 'actions' ? block.elements : [];
    return [block.element, block.accessory, ...inside].filter(isElement).map((element) => ({ element, block }));
  });
}

export const findElement = (
  blocks: readonly unknown[] | undefined,
  { actionId, blockId }: { actionId: string; blockId?: string },
): Placed | undefined =>
  elementsOf(blocks).find(
    ({ element, block }) => element.action_id === actionId && (blockId === undefined || block.block_id === blockId),
  );

export type Option = Json & { value?: string };

export function optionsOf(element: Element): Option[] {
  const grouped = Array.isArray(element.option_groups)
    ? element.option_groups.flatMap((group) => (isJson(group) && Array.isArray(group.options) ? group.options : []))
    : [];
  return [...(Array.isArray(element.options) ? element.options : []), ...grouped].filter(isJson);
}

/** The property in which an element's value travels, in `state.values` and in actions alike. */
export const CARRIES: Record<string, string> = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  checkboxes: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};
