import type { TextObject } from '@slack/types';
import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { html } from './dom.ts';
import { type Inline, type Piece, parseMrkdwn } from './mrkdwn.ts';
import { addressOf } from './place.ts';
import { shownName, titleOf, useReading } from './reader.ts';
import { slackDate } from './times.ts';

/** Words that somebody wrote, with their formatting. */
export function Mrkdwn({ text, verbatim }: { text: string; verbatim?: boolean }): ComponentChildren {
  return parseMrkdwn(text, { verbatim }).map(piece);
}

function piece(one: Piece): ComponentChildren {
  if (one.kind === 'pre') return html`<pre>${one.text}</pre>`;
  const inside = one.inside.map(inline);
  return one.kind === 'quote' ? html`<blockquote>${inside}</blockquote>` : html`<div class="lines">${inside}</div>`;
}

function inline(one: Inline): ComponentChildren {
  switch (one.kind) {
    case 'text':
      return withMarks(one.text);
    case 'bold':
      return html`<strong>${one.inside.map(inline)}</strong>`;
    case 'italic':
      return html`<em>${one.inside.map(inline)}</em>`;
    case 'strike':
      return html`<s>${one.inside.map(inline)}</s>`;
    case 'code':
      return html`<code>${one.text}</code>`;
    case 'link':
      return h(Link, { url: one.url, label: one.label });
    case 'user':
      return h(UserMention, { id: one.id, name: one.name });
    case 'channel':
      return h(ChannelMention, { id: one.id, name: one.name });
    case 'broadcast':
      return html`<span class="mention to-me">@${one.name}</span>`;
    case 'date':
      return h(Moment, one);
  }
}

const MARKS: Record<string, string> = { '○': 'open', '●': 'kept', '◐': 'late', '◆': 'over' };

/** The marks of state are drawn over their letters: fonts differ much in them, and some have none. */
const withMarks = (text: string): ComponentChildren =>
  text
    .split(/([○●◐◆])/)
    .map((part, index) => (index % 2 === 1 ? html`<span class=${`state ${MARKS[part]}`}>${part}</span>` : part));

export const Link = ({ url, label }: { url: string; label: string }) =>
  html`<a href=${url} target="_blank" rel="noreferrer noopener">${label}</a>`;

export function UserMention({ id, name }: { id: string; name?: string }) {
  const { people, me } = useReading();
  const face = people.get(id);
  return html`<span class=${id === me.id ? 'mention to-me' : 'mention'}>@${face ? shownName(face) : (name ?? id)}</span>`;
}

export function ChannelMention({ id, name }: { id: string; name?: string }) {
  const { conversations, me } = useReading();
  const row = conversations.get(id);
  if (!row) return html`<span class="mention">#${name ?? 'private-channel'}</span>`;
  return html`<a class="mention" href=${addressOf({ as: me.id, at: id })}>${titleOf(row)}</a>`;
}

type Dated = { seconds: number; format: string; url?: string; fallback: string };
export function Moment({ seconds, format, url, fallback }: Dated) {
  const { me, now } = useReading();
  const words = slackDate(seconds, format, now(), me) ?? fallback;
  return url ? h(Link, { url, label: words }) : words;
}

/** A text of Block Kit: formatted, or as it is. */
export const Words = ({ text }: { text: TextObject }): ComponentChildren =>
  text.type === 'mrkdwn' ? h(Mrkdwn, { text: text.text, verbatim: text.verbatim }) : text.text;
