import { h } from 'preact';
import { useState } from 'preact/hooks';
import type { Row, Screen } from './api.ts';
import { Avatar } from './avatar.ts';
import { Dialog } from './dialog.ts';
import { html } from './dom.ts';
import { Icon, type IconName } from './icons.ts';
import { appDirect, hasApp } from './news.ts';
import { APP, addressOf, HOME } from './place.ts';
import { shownName, useReading } from './reader.ts';

/** The conversations of the person one is, with what is unread. */
export function Sidebar({ screen }: { screen: Screen }) {
  const { me } = useReading();
  const direct = appDirect(screen);
  const channels = screen.conversations.filter(({ kind }) => kind === 'channel' || kind === 'private');
  const messages = screen.conversations
    .filter(({ kind, id }) => (kind === 'im' || kind === 'mpim') && id !== direct?.id)
    .sort((a, b) => (b.lastTs ?? '').localeCompare(a.lastTs ?? ''));
  return html`<nav class="sidebar" aria-label="Conversations">
    <p class="team">${me.teamId === screen.team.id ? screen.team.name : `Shared with ${screen.team.name}`}</p>
    ${
      hasApp(screen) &&
      html`<h2>${screen.app.name}</h2>
        <ul>
          <li>${h(Entry, { at: HOME, mark: 'home', name: 'Home', unread: 0 })}</li>
          <li>${h(Entry, { at: direct?.id ?? APP, mark: 'messages', name: 'Messages', unread: direct?.unread ?? 0 })}</li>
        </ul>`
    }
    <h2>Channels</h2>
    <ul>${channels.map((row) => html`<li key=${row.id}>${h(Entry, entryOf(row))}</li>`)}</ul>
    <h2>Direct messages</h2>
    <ul>
      ${messages.map((row) => html`<li key=${row.id}>${h(Entry, entryOf(row))}</li>`)}
      <li>${h(WriteToSomebody, {})}</li>
    </ul>
  </nav>`;
}

type EntryProps = { at: string; mark: IconName; name: string; unread: number; note?: string };

const MARKS: Record<Row['kind'], IconName> = { channel: 'channel', private: 'private', im: 'person', mpim: 'people' };

const entryOf = (row: Row): EntryProps => ({
  at: row.id,
  mark: MARKS[row.kind],
  name: row.name,
  unread: row.unread,
  note: row.archived ? 'archived' : row.shared ? 'shared with another firm' : undefined,
});

function Entry({ at, mark, name, unread, note }: EntryProps) {
  const { me, session } = useReading();
  const isHere = session.get().place.at === at;
  const label = [mark === 'channel' ? `#${name}` : name, note, unread > 0 && `${unread} unread`]
    .filter(Boolean)
    .join(', ');
  return html`<a class=${unread > 0 ? 'entry unread' : 'entry'} href=${addressOf({ as: me.id, at })} data-conversation=${at}
      aria-current=${isHere ? 'page' : undefined} aria-label=${label}>
    <span class="mark">${h(Icon, { name: mark })}</span>
    <span class="name">${name}</span>
    ${note && html`<span class="note">${note === 'archived' ? note : 'shared'}</span>`}
    ${unread > 0 && html`<span class="count">${unread}</span>`}
  </a>`;
}

/** Opens a direct message with one person. */
function WriteToSomebody() {
  const { session, people, me } = useReading();
  const [isOpen, setOpen] = useState(false);
  const write = async (id: string) => {
    setOpen(false);
    const answer = await session.act({ do: 'openDm', with: [id] });
    if (answer.id) session.go({ at: answer.id });
  };
  const others = [...people.values()].filter(
    ({ id, deleted, bot }) => id !== me.id && !deleted && !bot && id !== 'USLACKBOT',
  );
  return html`<button type="button" class="entry" onClick=${() => setOpen(true)}>
      <span class="mark">${h(Icon, { name: 'plus' })}</span><span class="name">New message</span>
    </button>
    ${
      isOpen &&
      h(Dialog, {
        label: 'Write to somebody',
        kind: 'confirmation',
        close: () => setOpen(false),
        children: html`<h2>Write to</h2>
          <ul class="body people">
            ${others.map(
              (face) => html`<li><button type="button" onClick=${() => write(face.id)}>
                ${h(Avatar, { id: face.id, name: shownName(face) })}<span>${shownName(face)}<small>${face.about ?? ''}</small></span>
              </button></li>`,
            )}
          </ul>
          <div class="foot"><button type="button" class="plain" onClick=${() => setOpen(false)}>Cancel</button></div>`,
      })
    }`;
}
