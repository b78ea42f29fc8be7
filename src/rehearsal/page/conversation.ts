import { h } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation, Message } from './api.ts';
import { Composer } from './composer.ts';
import { html } from './dom.ts';
import { MessageView } from './message.ts';
import { appFor } from './news.ts';
import { titleOf, useReading } from './reader.ts';
import { dayHeading, dayKey } from './times.ts';

/** What was said in a conversation, and the place to say something. */
export function ConversationView({ conversation, newFrom }: { conversation: Conversation; newFrom?: string }) {
  const { me } = useReading();
  const shown = conversation.messages.filter(({ ts, threadTs }) => !threadTs || threadTs === ts);
  const title = titleOf(conversation);
  const canWrite = conversation.members.includes(me.id) && !conversation.archived;
  return html`<div class="conversation" data-conversation=${conversation.id}>
    ${h(Messages, { messages: shown, in: conversation.id, newFrom, inThread: false, label: `Messages in ${title}` })}
    ${
      canWrite
        ? h(Composer, { key: conversation.id, in: conversation.id, title })
        : html`<p class="closed">${conversation.archived ? `${title} is archived.` : `You are not in ${title}.`}</p>`
    }
  </div>`;
}

/** A message and the replies to it. */
export function ThreadView({ thread, ts }: { thread: Conversation; ts: string }) {
  const title = titleOf(thread);
  return html`<div class="conversation" data-thread=${ts}>
    ${h(Messages, { messages: thread.messages, in: thread.id, inThread: true, label: `Thread in ${title}` })}
    ${h(Composer, { key: ts, in: thread.id, title, thread: ts })}
  </div>`;
}

type MessagesProps = { messages: Message[]; in: string; newFrom?: string; inThread: boolean; label: string };

const NEAR_THE_END = 120;
const FOLLOWS_WITHIN_MS = 5 * 60_000;

function Messages({ messages, in: conversationId, newFrom, inThread, label }: MessagesProps) {
  const { me, now, session } = useReading();
  const { screen } = session.get();
  const { commands, name } = screen ? appFor(screen) : { commands: [], name: '' };
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const last = messages.at(-1);

  // A new message is followed only by whoever was at the end; on opening, everybody is.
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [conversationId, inThread]);
  useLayoutEffect(() => {
    const box = list.current;
    if (box && (isAtEnd.current || last?.user.id === me.id)) box.scrollTop = box.scrollHeight;
  });
  useEffect(() => {
    const box = list.current;
    const onScroll = () => {
      if (box) isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
    };
    // A keyboard on the screen, or a strip on top, takes room from the list: its end stays in sight.
    const onResize = new ResizeObserver(() => {
      if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
    });
    box?.addEventListener('scroll', onScroll, { passive: true });
    if (box) onResize.observe(box);
    return () => {
      box?.removeEventListener('scroll', onScroll);
      onResize.disconnect();
    };
  }, []);

  return html`<div class="messages" ref=${list} tabindex="0" role="log" aria-live="off" aria-label=${label}>
    ${
      messages.length === 0 &&
      html`<p class="empty-state">Nothing was said here yet. Write a message below${commands.length > 0 ? `, or type / to see what ${name} can do` : ''}.</p>`
    }
    ${messages.map((message, index) => {
      const before = messages[index - 1];
      const isNewDay = !before || dayOf(before) !== dayOf(message);
      return html`
        ${isNewDay && html`<div class="day" key=${`day ${message.ts}`}><span>${dayHeading(new Date(message.at), now(), me)}</span></div>`}
        ${message.ts === newFrom && html`<div class="new-line" key="new"><span>New</span></div>`}
        ${h(MessageView, {
          key: message.ts,
          message,
          in: conversationId,
          inThread,
          follows: !isNewDay && message.ts !== newFrom && follows(before, message),
        })}`;
    })}
  </div>`;

  function dayOf({ at }: Message): string {
    return dayKey(new Date(at), me);
  }
}

const follows = (before: Message | undefined, { user, at, ephemeral }: Message): boolean =>
  before !== undefined &&
  before.user.id === user.id &&
  !before.ephemeral &&
  !ephemeral &&
  Date.parse(at) - Date.parse(before.at) < FOLLOWS_WITHIN_MS;
