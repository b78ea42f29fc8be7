import type { ActionsBlockElement, Button, InputBlockElement, Overflow, SectionBlockAccessory } from '@slack/types';
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { type Site, useElement } from './acting.ts';
import { Checkboxes, RadioButtons } from './choices.ts';
import { html } from './dom.ts';
import { DatePicker, TextField, TimePicker } from './fields.ts';
import { Picture } from './files.ts';
import { Icon } from './icons.ts';
import { MenuButton } from './menu.ts';
import { isSafe } from './mrkdwn.ts';
import { MultiSelect, SingleSelect } from './selects.ts';

type AnyElement = ActionsBlockElement | InputBlockElement | SectionBlockAccessory;

/** One interactive element (or the picture beside a section), drawn by its kind. */
export function Element({ element, site }: { element: AnyElement; site: Site }): ComponentChildren {
  switch (element.type) {
    case 'button':
      return h(PressButton, { element, site });
    case 'overflow':
      return h(OverflowMenu, { element, site });
    case 'image':
      return h(Picture, { image: element });
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
      return h(SingleSelect, { element, site });
    case 'multi_static_select':
    case 'multi_users_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return h(MultiSelect, { element, site });
    case 'datepicker':
      return h(DatePicker, { element, site });
    case 'timepicker':
      return h(TimePicker, { element, site });
    case 'radio_buttons':
      return h(RadioButtons, { element, site });
    case 'checkboxes':
      return h(Checkboxes, { element, site });
    case 'plain_text_input':
    case 'number_input':
    case 'url_text_input':
    case 'email_text_input':
      return h(TextField, { element, site });
    default:
      return html`<span class="not-drawn">The rehearsal page does not draw “${element.type}”.</span>`;
  }
}

function PressButton({ element, site }: { element: Button; site: Site }) {
  const { choose, busy, question } = useElement(element, site);
  const kind = element.style ? `press ${element.style}` : 'press';
  const name = element.accessibility_label;
  const press = () => choose({ ...(element.value !== undefined && { value: element.value }) });
  if (element.url && isSafe(element.url))
    return html`<a class=${kind} href=${element.url} target="_blank" rel="noreferrer noopener" aria-label=${name}
      data-action=${element.action_id} onClick=${press}>${element.text.text}</a>`;
  return html`<button type="button" class=${kind} aria-label=${name} aria-busy=${busy} disabled=${busy}
    data-action=${element.action_id} onClick=${press}>${element.text.text}</button>${question}`;
}

function OverflowMenu({ element, site }: { element: Overflow; site: Site }) {
  const { choose, busy, question } = useElement(element, site);
  const items = element.options.map((option) => ({
    label: option.text.text,
    hint: option.description?.text,
    choose: () => {
      if (option.url && isSafe(option.url)) open(option.url, '_blank', 'noreferrer');
      choose({ selected_option: option });
    },
  }));
  return html`<span aria-busy=${busy}>${h(MenuButton, { label: 'More', face: h(Icon, { name: 'more' }), items, kind: 'press overflow' })}</span>
    ${question}`;
}
