import type { KnownBlock, ModalView } from '@slack/types';
import { quiet, shorten } from '../ground/slack-text.ts';
import type { Person } from '../people/store.ts';
import { button, context, divider, modal, section, select, textArea, withId } from '../slack/blocks.ts';
import { type Form, type FormState, optionalChoice, readForm, text } from '../slack/form.ts';
import type { PairedAgendaItem } from './agenda-store.ts';
import { AGENDA_LENGTH } from './rules.ts';
import type { Meeting } from './store.ts';
import { meetingTime, nameOf } from './views.ts';

/** The value is the pair's id. */
export const OPEN_AGENDA = 'meetings:agenda';
export const REMOVE_AGENDA_ITEM = 'meetings:agenda-remove';
export const AGENDA_SUBMITTED = 'meetings:agenda-submitted';
/** The message shortcut, as the manifest names it. */
export const AGENDA_FROM_MESSAGE = 'agenda_from_message';

export const agendaButton = (pairId: string) => button('Open agenda', OPEN_AGENDA, pairId);

const WITH = 'with';
const ITEM = 'item';

export type AgendaOf = { pairId: string; other: Person; items: PairedAgendaItem[]; next?: Pick<Meeting, 'startsAt'> };
export type AgendaModal = {
  viewer: Person;
  pairs: AgendaOf[];
  /** The pair that is chosen in the form, where there are several. */
  chosen?: string;
  text?: string;
  /** The message that an item points to, as ids. */
  from?: { channel: string; ts: string };
  /** How often this form was shown: Slack keeps what was typed as long as a field keeps its name. */
  round?: number;
};

/** What the form carries. */
export type AgendaForm = { pairs: string[]; round: number; from?: { channel: string; ts: string } };

const ITEMS_SHOWN = 25;
const PAIRS_SHOWN = 20;

/** What is on the agenda with each, and a field to add to it. */
export function agendaModal({ viewer, pairs, chosen, text: initial, from, round = 0 }: AgendaModal): ModalView {
  const several = pairs.length > 1;
  const adding = from !== undefined || (several && initial !== undefined);
  const [only] = pairs;
  return modal({
    callbackId: AGENDA_SUBMITTED,
    title: 'Agenda',
    submit: 'Add',
    close: 'Close',
    privateMetadata: JSON.stringify({
      pairs: pairs.slice(0, PAIRS_SHOWN).map(({ pairId }) => pairId),
      round,
      from,
    } satisfies AgendaForm),
    blocks: [
      ...(adding
        ? []
        : pairs.slice(0, PAIRS_SHOWN).flatMap((one) => agendaBlocks(one, viewer, several ? 4 : ITEMS_SHOWN))),
      ...(several
        ? [
            select({
              id: WITH,
              label: 'With',
              choices: pairs.slice(0, PAIRS_SHOWN).map(({ pairId, other }) => ({ value: pairId, label: other.name })),
              initial: chosen,
            }),
          ]
        : adding && only
          ? [section(`With *${nameOf(only.other)}*${nextSaid(only, viewer)}`)]
          : []),
      textArea({ id: itemField(round), label: 'What to talk about', initial, maxLength: AGENDA_LENGTH }),
      context('Both of you see the agenda, and nobody else.'),
    ],
  });
}

const nextSaid = ({ next, other }: AgendaOf, viewer: Person): string =>
  next ? `, ${meetingTime(next.startsAt, viewer, other)}` : '';

function agendaBlocks(one: AgendaOf, viewer: Person, atMost: number): KnownBlock[] {
  const { items, other } = one;
  const left = items.length - atMost;
  return [
    section(`*${nameOf(other)}*${nextSaid(one, viewer)}${items.length === 0 ? '\nNothing yet.' : ''}`),
    ...items
      .slice(0, atMost)
      .map((item) =>
        withId(section(itemLine(item, viewer), button('Remove', REMOVE_AGENDA_ITEM, item.id)), `item/${item.id}`),
      ),
    ...(left > 0 ? [context(`and ${left} more`)] : []),
    divider(),
  ];
}

const ITEM_LINE = 300;

/** "vendor list · Ana", linked to the message that it came from. */
export function itemLine(item: PairedAgendaItem, reader?: Pick<Person, 'id'>): string {
  const words = shorten(quiet(item.text.replace(/\s+/g, ' ').trim()), ITEM_LINE);
  const source = item.permalink ? ` · <${item.permalink}|message>` : '';
  return `${words} · ${item.byId === reader?.id ? 'you' : nameOf({ name: item.authorName })}${source}`;
}

/** The agenda as lines under each other, with what is left out counted. */
export function agendaLines(items: PairedAgendaItem[], reader: Pick<Person, 'id'> | undefined, atMost = 8): string[] {
  const left = items.length - atMost;
  return [
    ...items.slice(0, atMost).map((item) => `• ${itemLine(item, reader)}`),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

const itemField = (round: number): string => `${ITEM}.${round}`;

/** The pair wanted is undefined where the form asked for none: there is one only. */
export function readAgenda(state: FormState, { round }: AgendaForm): Form<{ with?: string; item: string }> {
  const field = itemField(round);
  const read = readForm(state, { [WITH]: optionalChoice(), [field]: text({ max: AGENDA_LENGTH }) });
  return read.ok ? { ok: true, value: { with: read.value[WITH], item: read.value[field] ?? '' } } : read;
}

/** Where a refusal is shown. */
export const agendaErrors = (why: string, { round }: AgendaForm): Record<string, string> => ({
  [itemField(round)]: why,
});

export const addedToAgenda = (words: string, one: AgendaOf, viewer: Person): string =>
  `On the agenda with ${nameOf(one.other)}${nextSaid(one, viewer)}: ${quiet(words)}`;
