import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from './dom.ts';

export type MenuItem = { label: string; hint?: string; choose: () => void; danger?: boolean };
type Menu = { label: string; face: ComponentChildren; items: MenuItem[]; kind?: string; heading?: string };

/** A button that opens a list of things to do. Arrow keys walk it, Escape closes it and goes back to the button. */
export function MenuButton({ label, face, items, kind = 'icon', heading }: Menu) {
  const [place, setPlace] = useState<{ top: number; left: number } | undefined>();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const isOpen = place !== undefined;
  const close = (focus = true) => {
    setPlace(undefined);
    if (focus) button.current?.focus();
  };

  useEffect(() => {
    if (!isOpen) return;
    list.current?.querySelector('button')?.focus();
    const outside = (event: Event) => {
      const inside = event.target instanceof Node && list.current?.contains(event.target);
      if (!inside) setPlace(undefined);
    };
    addEventListener('pointerdown', outside);
    addEventListener('scroll', outside, true);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', outside, true);
    };
  }, [isOpen]);

  const toggle = () => {
    const box = button.current?.getBoundingClientRect();
    setPlace(isOpen || !box ? undefined : placeBeside(box, items.length));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!walk(event, list.current, close)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<span class="menu-place">
    <button ref=${button} type="button" class=${kind} aria-haspopup="menu" aria-expanded=${isOpen} aria-label=${label}
      title=${label} onClick=${toggle}>${face}</button>
    ${
      place &&
      html`<div ref=${list} class="menu" role="menu" aria-label=${label} onKeyDown=${onKeyDown}
        style=${`top:${place.top}px;left:${place.left}px`}>
        ${heading && html`<div class="menu-heading" role="presentation">${heading}</div>`}
        ${items.map(
          (item) => html`<button type="button" role="menuitem" tabindex="-1" class=${item.danger ? 'danger' : ''}
            onClick=${() => {
              close();
              item.choose();
            }}>${item.label}${item.hint && html`<small>${item.hint}</small>`}</button>`,
        )}
      </div>`
    }
  </span>`;
}

const WIDTH = 288;
const ROW = 54;

/** Below the button, or above it where there is no room; never over the edge. */
function placeBeside(box: DOMRect, rows: number): { top: number; left: number } {
  const height = Math.min(rows * ROW + 16, innerHeight * 0.6);
  const below = box.bottom + 4 + height < innerHeight;
  return {
    top: Math.max(8, below ? box.bottom + 4 : box.top - height - 4),
    left: Math.max(8, Math.min(box.left, innerWidth - WIDTH - 8)),
  };
}

/** Whether the key meant something to the menu. */
function walk({ key }: KeyboardEvent, list: HTMLElement | null, close: (focus?: boolean) => void): boolean {
  if (key === 'Escape' || key === 'Tab') {
    close();
    return true;
  }
  const items = [...(list?.querySelectorAll('button') ?? [])];
  const here = items.findIndex((item) => item.matches(':focus'));
  const next = { ArrowDown: here + 1, ArrowUp: here - 1 + items.length, Home: 0, End: items.length - 1 }[key];
  if (next === undefined) return false;
  items[next % items.length]?.focus();
  return true;
}
