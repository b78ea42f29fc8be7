import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { complete, type Offer, usageOf } from './completion.ts';
import { html } from './dom.ts';
import { Icon } from './icons.ts';
import { MenuButton } from './menu.ts';
import { appFor } from './news.ts';
import { useReading } from './reader.ts';
import { draftKey, isWide } from './session.ts';

type ComposerProps = { in: string; title: string; thread?: string };

/** Where one writes. Enter sends, Shift and Enter makes a new line; a slash lists the app's commands, `@` people. */
export function Composer({ in: conversationId, title, thread }: ComposerProps) {
  const { session, me, people } = useReading();
  const { screen } = session.get();
  const where = draftKey(me.id, conversationId, thread);
  const text = session.draft(where);
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(0);
  const [picked, setPicked] = useState(0);
  const [isShut, setShut] = useState(false);
  const [busy, setBusy] = useState(false);

  // As in Slack one opens a conversation and types, also when the tour wrote something here; but whoever walks along the
  // faces stays there.
  useEffect(() => {
    const isBusyElsewhere = document.querySelector('dialog[open]') || document.activeElement?.closest('.faces');
    if (isWide() && !isBusyElsewhere) field.current?.focus();
  }, [text !== '']);
  useEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
  }, [text]);

  if (!screen) return null;
  const app = appFor(screen);
  const completion = complete(text, Math.min(caret, text.length), app, [...people.values()]);
  const { offers } = completion;
  const isOpen = offers.length > 0 && !isShut && document.activeElement === field.current;
  const chosen = offers[Math.min(picked, offers.length - 1)];
  const listId = `offers-${where}`;

  const write = (next: string, at: number) => {
    session.setDraft(where, next);
    setCaret(at);
    setPicked(0);
    setShut(false);
  };
  const take = ({ insert }: Offer) => {
    const before = text.slice(0, completion.from) + insert;
    write(before + text.slice(completion.to).trimStart(), before.length);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(before.length, before.length));
  };
  const send = async () => {
    if (busy || text.trim() === '') return;
    setBusy(true);
    const isCommand = text.startsWith('/') && thread === undefined;
    session.setDraft(where, '');
    const answer = await session.act(
      isCommand ? { do: 'command', text, in: conversationId } : { do: 'message', in: conversationId, text, thread },
    );
    setBusy(false);
    // What was typed is not lost because the app failed.
    if (!answer.ok && session.draft(where) === '') session.setDraft(where, text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isOpen && step) setPicked((picked + step + offers.length) % offers.length);
    else if (isOpen && event.key === 'Escape') setShut(true);
    else if (isOpen && chosen && (event.key === 'Tab' || (event.key === 'Enter' && !chosen.isTyped))) take(chosen);
    else if (event.key === 'Enter' && !event.shiftKey) void send();
    else return;
    event.preventDefault();
  };
  const onInput = (event: Event) => {
    if (event.target instanceof HTMLTextAreaElement) write(event.target.value, event.target.selectionStart);
  };
  const shortcuts = app.shortcuts.filter(({ type }) => type === 'global');
  const hint = app.commands.length > 0 && isWide() ? ', or / for commands' : '';
  const placeholder = thread ? 'Reply' : `Message ${title}${hint}`;
  const usage = isOpen ? undefined : usageOf(text, app);
  return html`<form class="composer" onSubmit=${(event: Event) => {
    event.preventDefault();
    void send();
  }}>
    ${
      isOpen &&
      html`<ul class="offers" role="listbox" id=${listId} aria-label="Suggestions">
        ${offers.map(
          (offer) => html`<li role="option" id=${`${listId}/${offer.insert}`} aria-selected=${offer === chosen}
            onPointerDown=${(event: Event) => {
              event.preventDefault();
              take(offer);
            }}><strong>${offer.label}</strong><small>${offer.hint}</small></li>`,
        )}
      </ul>`
    }
    ${usage && html`<p class="usage" id=${`${listId}/usage`}>${usage}</p>`}
    <div class="box">
      ${
        shortcuts.length > 0 &&
        h(MenuButton, {
          label: 'Shortcuts',
          face: h(Icon, { name: 'plus' }),
          heading: 'Shortcuts',
          items: shortcuts.map(({ name, description, callbackId }) => ({
            label: name,
            hint: description,
            choose: () => void session.act({ do: 'shortcut', callbackId, in: conversationId }),
          })),
        })
      }
      <textarea ref=${field} rows="1" value=${text} aria-label=${`${thread ? 'Reply in' : 'Message'} ${title}`}
        placeholder=${placeholder} role="combobox" aria-expanded=${isOpen}
        aria-controls=${isOpen ? listId : undefined} aria-autocomplete="list"
        aria-activedescendant=${isOpen && chosen ? `${listId}/${chosen.insert}` : undefined}
        aria-describedby=${usage ? `${listId}/usage` : undefined}
        onInput=${onInput} onKeyDown=${onKeyDown}
        onSelect=${() => setCaret(field.current?.selectionStart ?? 0)}></textarea>
      <button type="submit" class="send" aria-label="Send" aria-busy=${busy} disabled=${busy || text.trim() === ''}>${h(Icon, { name: 'send' })}</button>
    </div>
  </form>`;
}
