import type { Checkboxes as CheckboxesElement, Option, RadioButtons as RadioElement } from '@slack/types';
import { h } from 'preact';
import { type Site, useElement } from './acting.ts';
import { html } from './dom.ts';
import { Words } from './text.ts';

const isOption = (value: unknown): value is Option =>
  typeof value === 'object' && value !== null && 'value' in value && 'text' in value;

/** The option itself as the element lists it, whatever copy of it came back. */
export const optionIn = (options: Option[], value: unknown): Option | undefined =>
  isOption(value) ? options.find((option) => option.value === value.value) : undefined;

const face = (option: Option) => html`<span>
  ${h(Words, { text: option.text })}
  ${option.description && html`<small>${h(Words, { text: option.description })}</small>`}
</span>`;

export function RadioButtons({ element, site }: { element: RadioElement; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const chosen = value ? optionIn(element.options, value.selected_option) : element.initial_option;
  return html`<div class="choices" role="radiogroup" id=${id} aria-labelledby=${`${id}/label`} aria-label=${site.label}
      aria-describedby=${site.describedBy} aria-busy=${busy}>
    ${element.options.map(
      (option) => html`<label><input type="radio" name=${id} checked=${chosen?.value === option.value}
        onChange=${() => choose({ selected_option: option })} />${face(option)}</label>`,
    )}
  </div>${question}`;
}

export function Checkboxes({ element, site }: { element: CheckboxesElement; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const known = value?.selected_options ?? element.initial_options;
  const chosen = Array.isArray(known) ? known.flatMap((one) => optionIn(element.options, one) ?? []) : [];
  const toggle = (option: Option) =>
    choose({
      selected_options: chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option],
    });
  return html`<div class="choices" role="group" id=${id} aria-labelledby=${`${id}/label`} aria-label=${site.label}
      aria-describedby=${site.describedBy} aria-busy=${busy}>
    ${element.options.map(
      (option) => html`<label><input type="checkbox" checked=${chosen.includes(option)}
        onChange=${() => toggle(option)} />${face(option)}</label>`,
    )}
  </div>${question}`;
}
