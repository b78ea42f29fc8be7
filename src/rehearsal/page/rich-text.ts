import type { RichTextBlock, RichTextElement } from '@slack/types';
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { html } from './dom.ts';
import { isSafe } from './mrkdwn.ts';
import { ChannelMention, Link, Moment, UserMention } from './text.ts';

export const RichText = ({ block }: { block: RichTextBlock }): ComponentChildren => block.elements.map(part);

function part(element: RichTextBlock['elements'][number]): ComponentChildren {
  switch (element.type) {
    case 'rich_text_section':
      return html`<div class="lines">${element.elements.map(styled)}</div>`;
    case 'rich_text_list': {
      const rows = element.elements.map((row) => html`<li>${row.elements.map(styled)}</li>`);
      const indent = `margin-inline-start:${(element.indent ?? 0) * 1.5}em`;
      return element.style === 'ordered'
        ? html`<ol style=${indent}>${rows}</ol>`
        : html`<ul style=${indent}>${rows}</ul>`;
    }
    case 'rich_text_quote':
      return html`<blockquote>${element.elements.map(styled)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre>${element.elements.map(bare)}</pre>`;
  }
}

function styled(element: RichTextElement): ComponentChildren {
  const { bold, italic, strike, code } = element.style ?? {};
  let shown = bare(element);
  if (code) shown = html`<code>${shown}</code>`;
  if (strike) shown = html`<s>${shown}</s>`;
  if (italic) shown = html`<em>${shown}</em>`;
  return bold ? html`<strong>${shown}</strong>` : shown;
}

function bare(element: RichTextElement): ComponentChildren {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return isSafe(element.url)
        ? h(Link, { url: element.url, label: element.text ?? element.url })
        : (element.text ?? element.url);
    case 'user':
      return h(UserMention, { id: element.user_id });
    case 'channel':
      return h(ChannelMention, { id: element.channel_id });
    case 'broadcast':
      return html`<span class="mention to-me">@${element.range}</span>`;
    case 'emoji':
      return `:${element.name}:`;
    case 'date':
      return h(Moment, {
        seconds: element.timestamp,
        format: element.format,
        url: element.url && isSafe(element.url) ? element.url : undefined,
        fallback: element.fallback ?? '',
      });
    default:
      return '';
  }
}
