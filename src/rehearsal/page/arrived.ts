import { h } from 'preact';
import type { Arrival } from './api.ts';
import { html } from './dom.ts';
import { Icon } from './icons.ts';
import { addressOf } from './place.ts';
import { useReading } from './reader.ts';

export type Gathered = { label: string; count: number; as: string; at: string };

/** Channels are named in small letters; a direct message goes by the names of people. */
const isChannel = ({ conversation }: Arrival): boolean => /^#?[a-z0-9_-]+$/.test(conversation);

/** One entry a person, and one a channel however many are in it; each leads to where the most came. */
export function gather(arrivals: Arrival[], me: string): Gathered[] {
  const byKey = Map.groupBy(arrivals, (one) => (isChannel(one) ? one.conversationId : one.userId));
  return [...byKey.values()].flatMap((rows) => {
    const most = rows.toSorted((a, b) => b.count - a.count)[0];
    if (!most) return [];
    if (!isChannel(most)) {
      const count = rows.reduce((sum, row) => sum + row.count, 0);
      return [{ label: most.who.split(' ')[0] ?? most.who, count, as: most.userId, at: most.conversationId }];
    }
    const mine = rows.find(({ userId }) => userId === me) ?? most;
    return [
      { label: `#${most.conversation.replace(/^#/, '')}`, count: mine.count, as: mine.userId, at: most.conversationId },
    ];
  });
}

/** What the clock brought, in one line that leads there. */
export function Arrived({ arrived }: { arrived: Arrival[] }) {
  const { session, me } = useReading();
  const entries = gather(arrived, me.id);
  return html`<section class="arrived" aria-label="What the clock brought">
    <p role="status">${entries.length === 0 ? 'Nothing new arrived.' : 'Arrived:'}</p>
    <ul>${entries.map(
      ({ label, count, as, at }) =>
        html`<li><a href=${addressOf({ as, at })}>${label} <strong>${count} new</strong></a></li>`,
    )}</ul>
    <button type="button" class="icon" aria-label="Dismiss" onClick=${() => session.dismiss('arrived')}>${h(Icon, { name: 'close' })}</button>
  </section>`;
}
