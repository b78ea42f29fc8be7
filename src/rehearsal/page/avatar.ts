import { html } from './dom.ts';

/** Dark enough for white letters on each. */
const COLOURS = ['#8a3b12', '#1d5fa8', '#7a2e6d', '#3b6b1f', '#8a1f3d', '#4a4a9c', '#5e5313', '#0b6470'];

const colourOf = (id: string): string =>
  COLOURS[[...id].reduce((sum, letter) => (sum * 7 + letter.charCodeAt(0)) % 9973, 7) % COLOURS.length] ?? '#444';

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();

/** A face without a picture: the initials; a bot's is square. */
export const Avatar = ({ id, name, bot }: { id: string; name: string; bot?: boolean }) =>
  html`<span class=${bot ? 'avatar bot' : 'avatar'} style=${bot ? '' : `background:${colourOf(id)}`} aria-hidden="true">
    ${initialsOf(name)}
  </span>`;
