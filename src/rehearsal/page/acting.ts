import type { Confirm } from '@slack/types';
import { createContext, h } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Value, Values } from './api.ts';
import { Confirmation } from './dialog.ts';
import { Words } from './text.ts';

/** What the elements of one surface (a message, a modal, Home) read and do. */
export type Acting = {
  /** Tells surfaces apart, so that each field has an id of its own in the page. */
  surface: string;
  valueOf(blockId: string, actionId: string): Value | undefined;
  change(blockId: string, actionId: string, value: Value): void;
  /** Tells the app at once. */
  dispatch(blockId: string, actionId: string, value: Value): Promise<void>;
  errors: Record<string, string>;
};

export const ActingContext = createContext<Acting | undefined>(undefined);

/** What an element knows of itself: where it stands, and whether choosing something tells the app at once. */
export type Site = { blockId: string; dispatches: boolean; label?: string; describedBy?: string; invalid?: boolean };

/**
 * One element's value and how it changes. `choose` keeps the value and, where the element dispatches, tells the app,
 * after asking again where the element says so.
 */
export function useElement(element: { type: string; action_id?: string; confirm?: Confirm }, site: Site) {
  const acting = useContext(ActingContext);
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<Value | undefined>();
  const actionId = element.action_id ?? '';

  const tell = async (value: Value) => {
    acting?.change(site.blockId, actionId, value);
    if (!acting || !site.dispatches) return;
    setBusy(true);
    await acting.dispatch(site.blockId, actionId, value).finally(() => setBusy(false));
  };
  const choose = (rest: Omit<Value, 'type'>) => {
    const value = { type: element.type, ...rest };
    if (element.confirm && site.dispatches) setPending(value);
    else void tell(value);
  };
  const { confirm } = element;
  const question =
    confirm &&
    pending &&
    h(Confirmation, {
      question: {
        title: confirm.title?.text ?? 'Are you sure?',
        text: h(Words, { text: confirm.text }),
        yes: confirm.confirm?.text ?? 'Yes',
        no: confirm.deny?.text ?? 'Cancel',
        danger: confirm.style === 'danger',
      },
      answer: (yes) => {
        setPending(undefined);
        if (yes) void tell(pending);
      },
    });
  return {
    id: `${acting?.surface}/${site.blockId}/${actionId}`,
    value: acting?.valueOf(site.blockId, actionId),
    keep: (rest: Omit<Value, 'type'>) => acting?.change(site.blockId, actionId, { type: element.type, ...rest }),
    choose,
    busy,
    question,
  };
}

/** The values of a surface while somebody fills it in; what the server knows already stands below what is typed here. */
export function mergeValues(known: Values, typed: Values): Values {
  return Object.fromEntries(
    Object.entries(known).map(([blockId, actions]) => [
      blockId,
      Object.fromEntries(
        Object.entries(actions).map(([actionId, value]) => {
          const here = typed[blockId]?.[actionId];
          return [actionId, here && here.type === value.type ? here : value];
        }),
      ),
    ]),
  );
}

export const withValue = (values: Values, blockId: string, actionId: string, value: Value): Values => ({
  ...values,
  [blockId]: { ...values[blockId], [actionId]: value },
});
