import type { ComponentChildren } from 'preact';
import { h } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { html } from './dom.ts';

type DialogProps = { label: string; kind: string; close: () => void; children: ComponentChildren };

const FIRST_FIELD = '.body :is(input:not([type=hidden]), textarea, select), .body button, .foot button';

/** A modal on top of everything: keeps the focus inside, closes with Escape, gives the focus back where it was. */
export function Dialog({ label, kind, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    const first = shown?.querySelector(FIRST_FIELD);
    const group = first instanceof HTMLInputElement && first.type === 'radio' ? first.name : undefined;
    const chosen = group && shown?.querySelector(`input[name="${CSS.escape(group)}"]:checked`);
    const target = chosen || first;
    if (target instanceof HTMLElement) target.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  // Only the app takes its modal away: Escape asks for that instead of hiding it.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return html`<dialog ref=${dialog} class=${kind} aria-label=${label} onKeyDown=${onKeyDown}
    onCancel=${(event: Event) => event.preventDefault()}>${children}</dialog>`;
}

export type Question = { title: string; text: ComponentChildren; yes: string; no: string; danger?: boolean };

/** One question with two answers. */
export const Confirmation = ({ question, answer }: { question: Question; answer: (yes: boolean) => void }) =>
  h(Dialog, {
    label: question.title,
    kind: 'confirmation',
    close: () => answer(false),
    children: html`<h2>${question.title}</h2>
      <div class="body">${question.text}</div>
      <div class="foot">
        <button type="button" class="plain" onClick=${() => answer(false)}>${question.no}</button>
        <button type="button" class=${question.danger ? 'primary danger' : 'primary'} onClick=${() => answer(true)}>
          ${question.yes}
        </button>
      </div>`,
  });
