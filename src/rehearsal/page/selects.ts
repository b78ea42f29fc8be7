import type { MultiSelect as MultiElement, Option, Select as SelectElement } from '@slack/types';
import { h } from 'preact';
import { type Site, useElement } from './acting.ts';
import type { Value } from './api.ts';
import { html } from './dom.ts';
import { Icon } from './icons.ts';
import { type Reading, shownName, titleOf, useReading } from './reader.ts';

/** What a select offers: what it sends for each, under its words; in groups where the element has them. */
type Offer = { key: string; label: string; sends: unknown };
type Offers = { heading?: string; offers: Offer[] }[];

/** The property of the value, with what to begin with. */
const PROPERTIES: Record<string, [property: string, initial: string]> = {
  static_select: ['selected_option', 'initial_option'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
};

const optionOffer = (option: Option): Offer => ({ key: option.value ?? '', label: option.text.text, sends: option });

function offersOf(element: SelectElement | MultiElement, { people, conversations }: Reading): Offers {
  if ('option_groups' in element && element.option_groups)
    return element.option_groups.map(({ label, options }) => ({
      heading: label.text,
      offers: options.map(optionOffer),
    }));
  if ('options' in element && element.options) return [{ offers: element.options.map(optionOffer) }];
  if (element.type.endsWith('users_select'))
    return [
      {
        offers: [...people.values()]
          .filter(({ deleted }) => !deleted)
          .map((face) => ({ key: face.id, label: shownName(face), sends: face.id })),
      },
    ];
  const rows = [...conversations.values()].filter(
    ({ kind }) => element.type.endsWith('conversations_select') || kind === 'channel',
  );
  return [{ offers: rows.map((row) => ({ key: row.id, label: titleOf(row), sends: row.id })) }];
}

/** An option by its value, anything else by its id. */
const keyOf = (chosen: unknown): string | undefined => {
  if (typeof chosen === 'string') return chosen;
  const isOption = typeof chosen === 'object' && chosen !== null && 'value' in chosen;
  return isOption && typeof chosen.value === 'string' ? chosen.value : undefined;
};

const initialOf = (element: object, property: string): unknown =>
  Object.entries(element).find(([name]) => name === property)?.[1];

const drawOffers = (groups: Offers, chosen?: string) =>
  groups.map(({ heading, offers }) => {
    const options = offers.map(
      ({ key, label }) => html`<option value=${key} selected=${key === chosen}>${label}</option>`,
    );
    return heading === undefined ? options : html`<optgroup label=${heading}>${options}</optgroup>`;
  });

const picked = (event: Event): string => (event.target instanceof HTMLSelectElement ? event.target.value : '');

function useOffers(element: SelectElement | MultiElement) {
  const groups = offersOf(element, useReading());
  const all = groups.flatMap(({ offers }) => offers);
  return { groups, find: (key: string | undefined) => all.find((offer) => offer.key === key) };
}

export function SingleSelect({ element, site }: { element: SelectElement; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const { groups, find } = useOffers(element);
  const [property, initial] = PROPERTIES[element.type] ?? ['', ''];
  const chosen = keyOf(value ? value[property] : initialOf(element, initial));
  const empty = element.placeholder?.text ?? 'Choose one';
  return html`<select id=${id} value=${chosen ?? ''} aria-label=${site.label}
      class=${chosen ? '' : 'empty'} aria-describedby=${site.describedBy} aria-invalid=${site.invalid} aria-busy=${busy}
      onChange=${(event: Event) => choose({ [property]: find(picked(event))?.sends ?? null })}>
    <option value="">${empty}</option>
    ${drawOffers(groups, chosen)}
  </select>${question}`;
}

export function MultiSelect({ element, site }: { element: MultiElement; site: Site }) {
  const { id, value, choose, busy, question } = useElement(element, site);
  const { groups, find } = useOffers(element);
  const [property, initial] = PROPERTIES[element.type] ?? ['', ''];
  const chosen = chosenIn(value, property, initialOf(element, initial)).flatMap((one) => find(keyOf(one)) ?? []);
  const tell = (offers: Offer[]) => choose({ [property]: offers.map(({ sends }) => sends) });
  const left = groups.map(({ heading, offers }) => ({
    heading,
    offers: offers.filter((one) => !chosen.includes(one)),
  }));
  const isFull = element.max_selected_items !== undefined && chosen.length >= element.max_selected_items;
  const add = (event: Event) => {
    const offer = find(picked(event));
    if (offer) tell([...chosen, offer]);
  };
  return html`<div class="several" aria-busy=${busy}>
    ${
      chosen.length > 0 &&
      html`<ul class="chips" aria-label="Chosen">
        ${chosen.map(
          (offer) => html`<li>${offer.label}<button type="button" aria-label=${`Remove ${offer.label}`}
            onClick=${() => tell(chosen.filter((one) => one !== offer))}>${h(Icon, { name: 'close' })}</button></li>`,
        )}
      </ul>`
    }
    ${
      !isFull &&
      html`<select id=${id} class="empty" value="" aria-label=${site.label} aria-describedby=${site.describedBy}
          aria-invalid=${site.invalid} onChange=${add}>
        <option value="">${element.placeholder?.text ?? (chosen.length > 0 ? 'Add another' : 'Choose')}</option>
        ${drawOffers(left)}
      </select>`
    }
  </div>${question}`;
}

function chosenIn(value: Value | undefined, property: string, initial: unknown): unknown[] {
  const chosen = value ? value[property] : initial;
  return Array.isArray(chosen) ? chosen : [];
}
