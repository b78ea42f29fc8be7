import { h } from 'preact';
import { Avatar } from './avatar.ts';
import { html } from './dom.ts';
import { shownName } from './reader.ts';
import type { Session } from './session.ts';

/** Everybody one can be, one click each, with what waits for them. */
export function Faces({ session }: { session: Session }) {
  const { people, place, unread } = session.get();
  const faces = people.filter(({ selectable }) => selectable);
  return html`<div class="faces" role="group" aria-label="Who you are">
    ${faces.map((face) => {
      const name = shownName(face);
      const waiting = face.id === place.as ? 0 : (unread[face.id] ?? 0);
      const label = [name, face.about, waiting > 0 && `${waiting} unread`].filter(Boolean).join(', ');
      return html`<button type="button" class="face" aria-pressed=${face.id === place.as} aria-label=${label} title=${face.about}
          data-person=${face.id} onClick=${() => session.go({ as: face.id })}>
        ${h(Avatar, { id: face.id, name })}
        <span>${name.split(' ')[0]}</span>
        ${waiting > 0 && html`<span class="count" aria-hidden="true">${waiting}</span>`}
      </button>`;
    })}
  </div>`;
}
