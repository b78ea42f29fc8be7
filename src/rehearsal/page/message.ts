import { h } from 'preact';
import { useState } from 'preact/hooks';
import { type Acting, ActingContext, withValue } from './acting.ts';
import type { Message, Values } from './api.ts';
import { Avatar } from './avatar.ts';
import { Blocks } from './blocks.ts';
import { html } from './dom.ts';
import { FileCard } from './files.ts';
import { Icon } from './icons.ts';
import { MenuButton, type MenuItem } from './menu.ts';
import { appFor } from './news.ts';
import { addressOf } from './place.ts';
import { useReading } from './reader.ts';
import { Mrkdwn } from './text.ts';
import { fullDay, timeOfDay } from './times.ts';

type MessageProps = { message: Message; in: string; follows: boolean; inThread: boolean };

/** One message: who, when, what, and what can be done with it. `follows`: by the same writer as the one above. */
export function MessageView({ message, in: conversationId, follows, inThread }: MessageProps) {
  const { me } = useReading();
  const acting = useMessageActing(conversationId, message.ts);
  const at = new Date(message.at);
  const time = timeOfDay(at, me);
  const hasBlocks = message.blocks && message.blocks.length > 0;
  return html`<article class=${follows ? 'message follows' : 'message'} data-ts=${message.ts} data-user=${message.user.id}
      aria-label=${`${message.user.name}, ${time}`}>
    <div class="gutter">${follows ? html`<time>${time}</time>` : h(Avatar, { id: message.user.id, name: message.user.name, bot: message.user.bot })}</div>
    <div class="said">
      ${message.ephemeral && html`<p class="only-you">Only visible to you</p>`}
      ${
        !follows &&
        html`<p class="by"><strong>${message.user.name}</strong>
          ${message.user.bot && html`<span class="app-mark">App</span>`}
          <time datetime=${message.at} title=${`${fullDay(at, me)}, ${time}`}>${time}</time></p>`
      }
      <div class="words">
        ${
          hasBlocks
            ? h(ActingContext.Provider, { value: acting, children: h(Blocks, { blocks: message.blocks ?? [] }) })
            : h(Mrkdwn, { text: message.text })
        }
        ${message.edited && html`<span class="edited">(edited)</span>`}
      </div>
      ${message.files?.map((file) => h(FileCard, { key: file.id, file }))}
      ${h(Reactions, { message, in: conversationId })}
      ${
        !inThread &&
        message.thread &&
        html`<a class="thread-link" href=${addressOf({ as: me.id, at: conversationId, thread: message.ts })}>
          ${message.thread.count === 1 ? '1 reply' : `${message.thread.count} replies`}</a>`
      }
    </div>
    ${!message.ephemeral && h(MessageMenu, { message, in: conversationId, inThread })}
  </article>`;
}

/** What is chosen in a message is shown at once; the app hears of it, and may change the message. */
function useMessageActing(conversationId: string, ts: string): Acting {
  const { session } = useReading();
  const [values, setValues] = useState<Values>({});
  return {
    surface: ts,
    valueOf: (blockId, actionId) => values[blockId]?.[actionId],
    change: (blockId, actionId, value) => setValues(withValue(values, blockId, actionId, value)),
    async dispatch(blockId, actionId, value) {
      await session.act({ do: 'click', in: conversationId, ts, actionId, blockId, value });
    },
    errors: {},
  };
}

const OFFERED_REACTIONS = ['+1', 'white_check_mark'];

function Reactions({ message, in: conversationId }: { message: Message; in: string }) {
  const { session, me } = useReading();
  if (!message.reactions?.length) return null;
  return html`<div class="reactions">${message.reactions.map(
    ({
      name,
      users,
    }) => html`<button type="button" aria-pressed=${users.includes(me.id)} aria-label=${`${name}, ${users.length}`}
      onClick=${() => session.act({ do: 'react', in: conversationId, ts: message.ts, name })}>
      :${name}: ${users.length}</button>`,
  )}</div>`;
}

function MessageMenu({ message, in: conversationId, inThread }: { message: Message; in: string; inThread: boolean }) {
  const { session } = useReading();
  const { screen } = session.get();
  const shortcuts = screen ? appFor(screen).shortcuts.filter(({ type }) => type === 'message') : [];
  const { ts } = message;
  const items: MenuItem[] = [
    ...(inThread ? [] : [{ label: 'Reply in thread', choose: () => session.go({ at: conversationId, thread: ts }) }]),
    ...OFFERED_REACTIONS.map((name) => ({
      label: `React with :${name}:`,
      choose: () => void session.act({ do: 'react', in: conversationId, ts, name }),
    })),
    ...shortcuts.map(({ name, description, callbackId }) => ({
      label: name,
      hint: description,
      choose: () => void session.act({ do: 'shortcut', callbackId, in: conversationId, ts }),
    })),
  ];
  return html`<div class="message-menu">${h(MenuButton, { label: 'More actions', face: h(Icon, { name: 'more' }), items })}</div>`;
}
