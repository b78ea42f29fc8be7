import { html } from './dom.ts';

/** Drawn here, because not every machine has a font with such signs. All on a grid of 16. */
const PATHS = {
  home: 'M2.5 7.5 8 2.8l5.5 4.7M4 6.8v6.4h8V6.8',
  messages: 'M2.5 3.5h11v7.5H7L4 13.5V11H2.5z',
  channel: 'M6.2 2.5 4.8 13.5M11.2 2.5 9.8 13.5M3 6h11M2 10h11',
  private: 'M4 7.5h8v6H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3',
  person: 'M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.6c.5-2.6 2.5-4 5-4s4.5 1.4 5 4',
  people:
    'M6 8a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 6 8zM2 13c.4-2.2 2-3.4 4-3.4s3.6 1.2 4 3.4M10.6 3.9a2.1 2.1 0 0 1 0 4M11.6 9.8c1.4.5 2.2 1.6 2.5 3.2',
  plus: 'M8 3v10M3 8h10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  send: 'M8 13V3.5M3.8 7.5 8 3.3l4.2 4.2',
  close: 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4',
  back: 'M9.8 3 4.8 8l5 5',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) =>
  html`<svg class=${name === 'more' ? 'icon-drawn dots' : 'icon-drawn'} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${PATHS[name]} /></svg>`;
