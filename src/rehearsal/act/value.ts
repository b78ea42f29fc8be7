import { isKnown, maySee } from '../conversations.ts';
import type { Person } from '../state.ts';
import type { Workspace } from '../workspace.ts';
import { CARRIES, type Element, isJson, type Json, type Option, optionsOf, textOf } from './elements.ts';
import { findConversation, findPerson } from './place.ts';

/** The value that an element would report, or why a person could not have chosen that. */
export type Chosen = { ok: true; value: Json } | { ok: false; hint: string };

type Asked = { workspace: Workspace; person: Person; element: Element };

/**
 * What somebody entered into an element: Slack's own form of it (`{"selected_date": "2026-03-24"}`), or as people write
 * it: a text, a date, the label of an option or several, `@ana`, `#general`. Nothing, or null, empties it.
 */
export function choose(asked: Asked, given: unknown): Chosen {
  const { type } = asked.element;
  const property = CARRIES[type];
  if (property === undefined) return type === 'button' ? { ok: true, value: {} } : no(`A ${type} takes no value.`);
  const wanted = isJson(given) && property in given ? given[property] : isJson(given) && 'type' in given ? null : given;
  const several = property.endsWith('s');
  if (wanted === undefined || wanted === null || wanted === '' || (Array.isArray(wanted) && wanted.length === 0))
    return { ok: true, value: { type, [property]: several ? [] : null } };
  const one = several ? everyOne(asked, Array.isArray(wanted) ? wanted : [wanted]) : single(asked, wanted);
  return 'hint' in one ? { ok: false, hint: one.hint } : { ok: true, value: { type, [property]: one.value } };
}

type One = { value: unknown } | { hint: string };
const no = (hint: string) => ({ ok: false as const, hint });

function everyOne(asked: Asked, wanted: unknown[]): One {
  const most = asked.element.max_selected_items;
  if (typeof most === 'number' && wanted.length > most) return { hint: `At most ${most} can be chosen.` };
  const values: unknown[] = [];
  for (const each of wanted) {
    const one = single(asked, each);
    if ('hint' in one) return one;
    values.push(one.value);
  }
  return { value: values };
}

function single(asked: Asked, wanted: unknown): One {
  const { type } = asked.element;
  if (/(static|external)_select$|radio_buttons|checkboxes|overflow/.test(type)) return option(asked.element, wanted);
  if (type === 'rich_text_input') return isJson(wanted) ? { value: wanted } : { value: richText(String(wanted)) };
  if (type === 'datetimepicker') return moment(wanted);
  if (type === 'number_input') return { value: String(wanted) };
  if (typeof wanted !== 'string') return { hint: `A ${type} takes a text.` };
  if (type.endsWith('users_select')) return somebody(asked, wanted);
  if (/(conversations|channels)_select$/.test(type)) return somewhere(asked, wanted);
  if (type === 'datepicker') return day(wanted);
  if (type === 'timepicker') return time(wanted);
  return { value: wanted };
}

/** By its value, or by the words that it shows. What an external source offers is not checked: only the app knows it. */
function option(element: Element, wanted: unknown): One {
  const options = optionsOf(element);
  const found = options.find((one) => (isJson(wanted) ? one.value === wanted.value : isCalled(one, wanted)));
  if (found) return { value: found };
  if (element.type.includes('external') && isJson(wanted)) return { value: wanted };
  return { hint: `Choose one of: ${options.map((one) => textOf(one.text)).join(', ')}.` };
}

const isCalled = (one: Option, wanted: unknown): boolean => one.value === wanted || textOf(one.text) === wanted;

function somebody({ workspace, person }: Asked, wanted: string): One {
  const found = findPerson(workspace, wanted);
  const known = found && isKnown(workspace.state, found) && (person.guest === 'none' || !found.deleted);
  return known ? { value: found.id } : { hint: `Nobody here is called ${wanted}.` };
}

function somewhere({ workspace, person }: Asked, wanted: string): One {
  const found = findConversation(workspace, person, wanted);
  return found && maySee(workspace.state, found, person.id)
    ? { value: found.id }
    : { hint: `${person.realName} sees no conversation called ${wanted}.` };
}

function day(wanted: string): One {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(wanted) && !Number.isNaN(Date.parse(wanted));
  return isDay ? { value: wanted } : { hint: 'A date is written YYYY-MM-DD.' };
}

const time = (wanted: string): One =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(wanted)
    ? { value: wanted }
    : { hint: 'A time is written HH:mm, from 00:00 to 23:59.' };

/** Slack reports seconds; an instant may be written out. */
function moment(wanted: unknown): One {
  const seconds = typeof wanted === 'number' ? wanted : Math.floor(Date.parse(String(wanted)) / 1000);
  return Number.isFinite(seconds) ? { value: seconds } : { hint: 'An instant is written 2026-03-24T09:00:00Z.' };
}

const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
