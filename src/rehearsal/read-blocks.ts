import { CARRIES, type Element, isJson, type Json, optionsOf, textOf } from './act/elements.ts';
import { type Reader, readTextObject, shownName } from './read-text.ts';
import type { OpenView } from './state.ts';

/** What was filled in so far, and the problems under the fields. */
export type Filled = { values?: OpenView['values']; errors?: Record<string, string> };

/** Blocks as a screen reader goes through them: one line a text, buttons in brackets, fields with what they hold. */
export function readBlocks(reader: Reader, blocks: readonly unknown[], filled: Filled = {}): string[] {
  return blocks.filter(isJson).flatMap((block) => readBlock(reader, block, filled).filter((line) => line !== ''));
}

function readBlock(reader: Reader, block: Json, filled: Filled): string[] {
  const read = (value: unknown) => readTextObject(reader, value);
  const element = (value: unknown) => readElement(reader, block, value, filled);
  const elements = Array.isArray(block.elements) ? block.elements : [];
  switch (block.type) {
    case 'header':
    case 'markdown':
      return [read(block.text)];
    case 'section': {
      const fields = Array.isArray(block.fields) ? block.fields.map(read) : [];
      const accessory = element(block.accessory);
      return [...read(block.text).split('\n'), ...fields, accessory];
    }
    case 'context':
      return [elements.map((one) => (isJson(one) && one.type === 'image' ? imageOf(one) : read(one))).join(' · ')];
    case 'actions':
      return [elements.map(element).join(' ')];
    case 'input':
      return readInput(reader, block, element(block.element), filled);
    case 'divider':
      return ['---'];
    case 'image':
      return [imageOf(block)];
    case 'rich_text':
      return elements.map((one) => richText(reader, one));
    case 'table':
      return (Array.isArray(block.rows) ? block.rows : []).map((row) => rowOf(reader, row));
    default:
      return [read(block.text) || read(block.title)];
  }
}

const imageOf = ({ alt_text: text }: Json): string => `(image: ${typeof text === 'string' ? text : ''})`;

function readInput(reader: Reader, block: Json, held: string, { errors }: Filled): string[] {
  const optional = block.optional === true ? ' (optional)' : '';
  const problem = typeof block.block_id === 'string' ? errors?.[block.block_id] : undefined;
  return [
    `${readTextObject(reader, block.label)}${optional}: ${held}`,
    readTextObject(reader, block.hint),
    problem === undefined ? '' : `! ${problem}`,
  ];
}

function readElement(reader: Reader, block: Json, value: unknown, { values }: Filled): string {
  if (!isJson(value) || typeof value.type !== 'string') return '';
  const element: Element = { ...value, type: value.type, action_id: String(value.action_id) };
  if (element.type === 'image') return imageOf(element);
  if (element.type === 'button' || element.type === 'workflow_button') return `[${textOf(element.text)}]`;
  const options = optionsOf(element).map((option) => textOf(option.text));
  if (element.type === 'overflow') return `[More: ${options.join(' | ')}]`;
  const held = heldBy(reader, element, values?.[String(block.block_id)]?.[element.action_id]);
  if (element.type === 'checkboxes' || element.type === 'radio_buttons')
    return options.map((label) => (held.includes(label) ? `[x] ${label}` : `[ ] ${label}`)).join('  ');
  const shown = held.length > 0 ? held.join(', ') : `(${textOf(element.placeholder) || 'empty'})`;
  if (block.type !== 'input') return `[${shown}${options.length > 0 ? ` of: ${options.join(' | ')}` : ''}]`;
  return options.length > 0 ? `${shown} [of: ${options.join(' | ')}]` : shown;
}

/** What an element holds, in words: what was entered, else what it began with. */
function heldBy(reader: Reader, element: Element, entered: unknown): string[] {
  const property = CARRIES[element.type] ?? 'value';
  const initial = Object.entries(element).find(([name]) => name.startsWith('initial_'))?.[1];
  const held = isJson(entered) && property in entered ? entered[property] : initial;
  return (Array.isArray(held) ? held : [held]).flatMap((one) => inWords(reader, element, one));
}

function inWords({ state, person }: Reader, element: Element, held: unknown): string[] {
  if (held === undefined || held === null || held === '') return [];
  if (isJson(held)) return [textOf(held.text) || richText({ state, person, now: 0 }, held)];
  if (element.type === 'datetimepicker')
    return [
      Temporal.Instant.fromEpochMilliseconds(Number(held) * 1000)
        .toZonedDateTimeISO(person.zone)
        .toString(),
    ];
  const id = String(held);
  if (element.type.endsWith('users_select')) return [`@${shownName(state.people[id], id)}`];
  if (/(conversations|channels)_select$/.test(element.type)) return [`#${state.conversations[id]?.name ?? id}`];
  return [id];
}

/** Rich text, however deep, as plain words. */
function richText(reader: Reader, value: unknown): string {
  if (!isJson(value)) return '';
  if (Array.isArray(value.elements)) {
    const between = value.type === 'rich_text_list' || value.type === 'rich_text' ? '\n' : '';
    return value.elements.map((one) => richText(reader, one)).join(between);
  }
  if (value.type === 'user') return readTextObject(reader, `<@${String(value.user_id)}>`);
  if (value.type === 'channel') return readTextObject(reader, `<#${String(value.channel_id)}>`);
  if (value.type === 'emoji') return `:${String(value.name)}:`;
  return textOf(value) || (typeof value.url === 'string' ? value.url : '');
}

const rowOf = (reader: Reader, row: unknown): string =>
  (Array.isArray(row) ? row : [])
    .map((cell) => (isJson(cell) && cell.type === 'rich_text' ? richText(reader, cell) : textOf(cell)))
    .join(' | ');
