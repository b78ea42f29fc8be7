import type {
  ActionsBlockElement,
  AnyBlock,
  ContextBlock,
  InputBlock,
  KnownBlock,
  SectionBlock,
  TableBlock,
} from '@slack/types';
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { useContext } from 'preact/hooks';
import { ActingContext } from './acting.ts';
import { html } from './dom.ts';
import { Element } from './elements.ts';
import { Picture } from './files.ts';
import { RichText } from './rich-text.ts';
import { Mrkdwn, Words } from './text.ts';

const DRAWN: ReadonlySet<string> = new Set<KnownBlock['type']>([
  ...(['header', 'section', 'divider', 'context', 'actions', 'input', 'image', 'rich_text', 'table'] as const),
  'markdown',
]);
const isDrawn = (block: AnyBlock): block is KnownBlock => DRAWN.has(block.type);

export const Blocks = ({ blocks }: { blocks: AnyBlock[] }): ComponentChildren =>
  blocks.map((block, index) => {
    const key = block.block_id ?? index;
    return html`<div key=${key} class=${`block ${block.type}`} data-block=${block.block_id}>${h(Block, { block })}</div>`;
  });

function Block({ block }: { block: AnyBlock }): ComponentChildren {
  if (!isDrawn(block)) return html`<span class="not-drawn">The rehearsal page does not draw “${block.type}”.</span>`;
  switch (block.type) {
    case 'header':
      return html`<h3>${block.text.text}</h3>`;
    case 'divider':
      return html`<hr />`;
    case 'section':
      return h(Section, { block });
    case 'context':
      return block.elements.map(contextElement);
    case 'actions':
      return block.elements.map((element) =>
        h(Element, {
          key: element.action_id,
          element,
          site: { blockId: block.block_id ?? '', dispatches: true, label: bareLabel(element) },
        }),
      );
    case 'input':
      return h(Input, { block });
    case 'image':
      return html`<figure>${block.title && html`<figcaption>${block.title.text}</figcaption>`}${h(Picture, { image: block })}</figure>`;
    case 'rich_text':
      return h(RichText, { block });
    case 'table':
      return h(Table, { block });
    case 'markdown':
      return h(Mrkdwn, { text: block.text });
    default:
      return null;
  }
}

function Section({ block }: { block: SectionBlock }) {
  const { text, fields, accessory } = block;
  return html`<div class="section-words">
      ${text && h(Words, { text })}
      ${fields && html`<div class="fields">${fields.map((field) => html`<div>${h(Words, { text: field })}</div>`)}</div>`}
    </div>
    ${
      accessory &&
      html`<div class="accessory">${h(Element, {
        element: accessory,
        site: { blockId: block.block_id ?? '', dispatches: true, label: labelFrom(text?.text, accessory.type) },
      })}</div>`
    }`;
}

/** Beside other elements nothing names a field but the words that stand in it while it is empty. */
const bareLabel = (element: ActionsBlockElement): string | undefined =>
  'placeholder' in element ? element.placeholder?.text : undefined;

/** A field beside a text is called by that text; a button has words of its own. */
const labelFrom = (text: string | undefined, type: string): string | undefined =>
  type === 'button' || type === 'overflow' || type === 'image' ? undefined : text?.replace(/[*_~`]/g, '');

const contextElement = (element: ContextBlock['elements'][number]) =>
  element.type === 'image'
    ? html`<span class="context-image">${h(Picture, { image: element })}</span>`
    : html`<div>${h(Words, { text: element })}</div>`;

const GROUPED = ['radio_buttons', 'checkboxes'];

/** A field of a form: its label, what it is for, and what is wrong with it. */
function Input({ block }: { block: InputBlock }) {
  const acting = useContext(ActingContext);
  const blockId = block.block_id ?? '';
  const id = `${acting?.surface}/${blockId}/${block.element.action_id ?? ''}`;
  const error = acting?.errors[blockId];
  const describedBy = [error && `${id}/error`, block.hint && `${id}/hint`].filter(Boolean).join(' ') || undefined;
  const label = html`${block.label.text}${block.optional && html`<span class="optional"> (optional)</span>`}`;
  return html`<div class=${error ? 'field wrong' : 'field'}>
    ${
      GROUPED.includes(block.element.type)
        ? html`<div class="label" id=${`${id}/label`}>${label}</div>`
        : html`<label class="label" for=${id}>${label}</label>`
    }
    ${h(Element, {
      element: block.element,
      site: { blockId, dispatches: block.dispatch_action === true, describedBy, invalid: error !== undefined },
    })}
    ${error && html`<p class="error" id=${`${id}/error`} role="alert">${error}</p>`}
    ${block.hint && html`<p class="hint" id=${`${id}/hint`}>${block.hint.text}</p>`}
  </div>`;
}

/** The first row is the head, as Slack draws it. */
function Table({ block }: { block: TableBlock }) {
  const alignment = (column: number) => `text-align:${block.column_settings?.[column]?.align ?? 'left'}`;
  const cell = (content: TableBlock['rows'][number][number]) =>
    content.type === 'rich_text' ? h(RichText, { block: content }) : content.text;
  const [head = [], ...rows] = block.rows;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>
    <thead><tr>${head.map((content, column) => html`<th scope="col" style=${alignment(column)}>${cell(content)}</th>`)}</tr></thead>
    <tbody>${rows.map(
      (row) =>
        html`<tr>${row.map((content, column) => html`<td style=${alignment(column)}>${cell(content)}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`;
}
