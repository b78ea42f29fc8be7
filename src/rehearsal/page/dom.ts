import { html as tagged } from 'htm/preact';
import type { ComponentChildren } from 'preact';

/** Markup without a build step. Components are put in with `h`, whose props are checked; elements are written out. */
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => ComponentChildren = tagged;
