import type { Datepicker, EmailInput, NumberInput, PlainTextInput, Timepicker, URLInput } from '@slack/types';
import { type Site, useElement } from './acting.ts';
import type { Value } from './api.ts';
import { html } from './dom.ts';

type TextElement = PlainTextInput | NumberInput | URLInput | EmailInput;

const KINDS = { number_input: 'number', url_text_input: 'url', email_text_input: 'email', plain_text_input: 'text' };

const textIn = (value: Value | undefined, property: string): string | undefined => {
  const text = value?.[property];
  return typeof text === 'string' ? text : text === null ? '' : undefined;
};
const typed = (event: Event): string =>
  event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement ? event.target.value : '';

/** Text of one line or several. Where the app wants to know, it is told with Enter, or with each letter. */
export function TextField({ element, site }: { element: TextElement; site: Site }) {
  const { id, value, keep, choose } = useElement(element, site);
  const text = textIn(value, 'value') ?? element.initial_value ?? '';
  const on = ('dispatch_action_config' in element && element.dispatch_action_config?.trigger_actions_on) || [
    'on_enter_pressed',
  ];
  const isMultiline = element.type === 'plain_text_input' && element.multiline === true;
  const most = element.type === 'plain_text_input' ? element.max_length : undefined;
  const shared = {
    id,
    value: text,
    placeholder: element.placeholder?.text,
    'aria-label': site.label,
    'aria-describedby': site.describedBy,
    'aria-invalid': site.invalid,
    onInput: (event: Event) => {
      const entered = { value: typed(event) || null };
      if (site.dispatches && on.includes('on_character_entered')) choose(entered);
      else keep(entered);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || isMultiline) return;
      event.preventDefault();
      if (site.dispatches && on.includes('on_enter_pressed')) choose({ value: text || null });
    },
  };
  const left = most === undefined ? Number.POSITIVE_INFINITY : most - text.length;
  const limits = element.type === 'number_input' ? { min: element.min_value, max: element.max_value } : {};
  const step = element.type === 'number_input' && element.is_decimal_allowed ? 'any' : undefined;
  return html`<span class="text-field">
    ${
      isMultiline
        ? html`<textarea rows="4" ...${shared}></textarea>`
        : html`<input type=${KINDS[element.type]} step=${step} ...${limits} ...${shared} autocomplete="off" />`
    }
    ${left < 100 && left * 5 < (most ?? 0) + 100 && html`<span class=${left < 0 ? 'left over' : 'left'} role="status">${left}</span>`}
  </span>`;
}

export function DatePicker({ element, site }: { element: Datepicker; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const date = textIn(value, 'selected_date') ?? element.initial_date ?? '';
  return html`<input type="date" id=${id} value=${date} aria-label=${site.label}
    aria-describedby=${site.describedBy} aria-invalid=${site.invalid} aria-busy=${busy} max="9999-12-31"
    onChange=${(event: Event) => choose({ selected_date: typed(event) || null })} />${question}`;
}

export function TimePicker({ element, site }: { element: Timepicker; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const time = textIn(value, 'selected_time') ?? element.initial_time ?? '';
  return html`<input type="time" id=${id} value=${time} aria-label=${site.label}
    aria-describedby=${site.describedBy} aria-invalid=${site.invalid} aria-busy=${busy}
    onChange=${(event: Event) => choose({ selected_time: typed(event) || null })} />${question}`;
}
