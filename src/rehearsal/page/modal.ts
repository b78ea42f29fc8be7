import { h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ActingContext } from './acting.ts';
import type { Modal } from './api.ts';
import { Blocks } from './blocks.ts';
import { Dialog } from './dialog.ts';
import { html } from './dom.ts';
import { forgetTyped, useForm } from './forms.ts';
import { Icon } from './icons.ts';
import { useReading } from './reader.ts';

/** The modal on top of the stack, as wide as Slack's. */
export function ModalDialog({ modal }: { modal: Modal }) {
  const { session } = useReading();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | undefined>();
  const body = useRef<HTMLDivElement>(null);
  const { acting, values, setErrors } = useForm(modal, (answer) => setTrouble(answer.notice ?? answer.hint));
  const { view } = modal;
  const problems = Object.keys(acting.errors);

  useEffect(() => {
    const wrong = body.current?.querySelector('.wrong :is(input, textarea, select)');
    if (wrong instanceof HTMLElement) wrong.focus();
  }, [problems.join()]);

  if (view.type !== 'modal') return null;
  const close = () => {
    forgetTyped(modal.id);
    return session.act({ do: 'close', view: modal.id });
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setTrouble(undefined);
    const answer = await session.act({ do: 'submit', view: modal.id, values });
    setBusy(false);
    setErrors(answer.errors ?? {});
    setTrouble(answer.errors ? undefined : (answer.notice ?? answer.hint));
    if (answer.ok && answer.modal?.id !== modal.id) forgetTyped(modal.id);
  };
  return h(Dialog, {
    label: view.title.text,
    kind: 'modal',
    close,
    children: html`<form onSubmit=${submit} novalidate data-view=${modal.id}>
      <div class="head">
        <h2>${view.title.text}</h2>
        ${modal.depth > 1 && html`<span class="depth">on top of ${modal.depth - 1 === 1 ? 'another' : 'two others'}</span>`}
        <button type="button" class="icon" aria-label="Close" onClick=${close}>${h(Icon, { name: 'close' })}</button>
      </div>
      <div class="body" ref=${body}>
        ${trouble && html`<p class="trouble" role="alert">${trouble}</p>`}
        ${h(ActingContext.Provider, { value: acting, children: h(Blocks, { blocks: view.blocks }) })}
      </div>
      <div class="foot">
        <button type="button" class="plain" onClick=${close}>${view.close?.text ?? 'Cancel'}</button>
        ${
          view.submit &&
          html`<button type="submit" class="primary" aria-busy=${busy} disabled=${busy}>${view.submit.text}</button>`
        }
      </div>
    </form>`,
  });
}
