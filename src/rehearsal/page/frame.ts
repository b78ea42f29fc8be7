import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Arrived } from './arrived.ts';
import { ClockBar } from './clock-bar.ts';
import { ConversationView, ThreadView } from './conversation.ts';
import { html } from './dom.ts';
import { HomeTab } from './home.ts';
import { Icon } from './icons.ts';
import { ModalDialog } from './modal.ts';
import { appDirect } from './news.ts';
import { APP, addressOf, HOME } from './place.ts';
import { ReadingContext, shownName, titleOf, useReading } from './reader.ts';
import type { Session } from './session.ts';
import { Sidebar } from './sidebar.ts';
import { Tour } from './tour.ts';

/** The whole page: the bar on top, conversations left, what lies open in the middle, its thread right. */
export function Frame({ session }: { session: Session }) {
  const [shown, setShown] = useState(session.get());
  useEffect(() => session.subscribe(() => setShown(session.get())), [session]);
  const { screen, people, readAt, place } = shown;
  const me = people.find(({ id }) => id === place.as);
  const reading = useMemo(
    () =>
      me && {
        session,
        me: screen?.me.id === me.id ? screen.me : me,
        people: new Map(people.map((face) => [face.id, face])),
        conversations: new Map(screen?.conversations.map((row) => [row.id, row])),
        now: () => new Date((screen ? Date.parse(screen.clock.now) : readAt) + Date.now() - readAt),
      },
    [session, me, people, screen, readAt],
  );
  if (!reading || !me) return html`<p class="opening">${shown.notice ?? 'Opening the rehearsal workspace …'}</p>`;
  const { at, thread } = place;
  return h(ReadingContext.Provider, {
    value: reading,
    children: html`<div class=${`frame ${at ? 'at-place' : 'at-list'} ${thread ? 'with-thread' : ''}`} data-as=${me.id}>
      <div class="top">
        ${h(ClockBar, { screen })}
        ${!shown.connected && html`<p class="line-down" role="alert">The rehearsal does not answer. Is it still running? Trying again.</p>`}
        ${shown.arrived && h(Arrived, { arrived: shown.arrived })}
        ${screen && !screen.tour.dismissed && h(Tour, { tour: screen.tour })}
      </div>
      ${screen && h(Sidebar, { screen })}
      <main class="middle">${screen && h(Middle, {})}</main>
      ${thread && shown.thread && h(Side, { children: h(ThreadView, { thread: shown.thread, ts: thread }) })}
      ${screen?.modal && h(ModalDialog, { key: screen.modal.id, modal: screen.modal })}
      ${shown.notice && h(Notice, { text: shown.notice })}
      <div class="heard" aria-live="polite">${shown.said}</div>
    </div>`,
  });
}

function Middle() {
  const { session, me } = useReading();
  const { place, screen, conversation, newFrom } = session.get();
  if (!screen) return null;
  const direct = appDirect(screen);
  const isApp = place.at === HOME || place.at === APP || place.at === direct?.id;
  const back = html`<a class="back" href=${addressOf({ as: me.id })} aria-label="Back to conversations">${h(Icon, { name: 'back' })}</a>`;
  if (!place.at) return html`<p class="empty-state">Choose a conversation on the left.</p>`;
  if (isApp)
    return html`<header class="place">${back}<h1>${screen.app.name}</h1>
        <nav class="tabs" aria-label=${screen.app.name}>
          ${tab('Home', HOME)} ${tab('Messages', direct?.id ?? APP)}
        </nav></header>
      ${
        place.at === HOME
          ? h(HomeTab, { home: screen.home, appName: screen.app.name })
          : conversation?.id === place.at && h(ConversationView, { key: conversation.id, conversation, newFrom })
      }`;
  if (conversation?.id !== place.at) return null;
  return html`<header class="place">${back}<h1>${titleOf(conversation)}</h1>${h(Members, { ids: conversation.members })}</header>
    ${h(ConversationView, { key: conversation.id, conversation, newFrom })}`;

  function tab(name: string, at: string): ComponentChildren {
    return html`<a href=${addressOf({ as: me.id, at })} aria-current=${place.at === at ? 'page' : undefined}>${name}</a>`;
  }
}

function Members({ ids }: { ids: string[] }) {
  const { people } = useReading();
  const names = ids.flatMap((id) => {
    const face = people.get(id);
    return face ? [shownName(face)] : [];
  });
  return html`<p class="members" title=${names.join(', ')}>${names.length} ${names.length === 1 ? 'member' : 'members'}<span>: ${names.join(', ')}</span></p>`;
}

function Side({ children }: { children: ComponentChildren }) {
  const { session } = useReading();
  return html`<aside class="side" aria-label="Thread">
    <header class="place"><h2>Thread</h2>
      <button type="button" class="icon" aria-label="Close thread" onClick=${() => session.go({ thread: undefined })}>${h(Icon, { name: 'close' })}</button>
    </header>
    ${children}
  </aside>`;
}

function Notice({ text }: { text: string }) {
  const { session } = useReading();
  return html`<div class="notice" role="alert"><p>${text}</p>
    <button type="button" class="icon" aria-label="Dismiss" onClick=${() => session.dismiss('notice')}>${h(Icon, { name: 'close' })}</button></div>`;
}
