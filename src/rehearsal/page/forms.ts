import { useMemo, useState } from 'preact/hooks';
import type { Acting } from './acting.ts';
import { mergeValues, withValue } from './acting.ts';
import type { Answer, Value, Values } from './api.ts';
import { useReading } from './reader.ts';

/** What was typed into each view, kept while another modal lies on top of it. */
const typedInto = new Map<string, Values>();

export type Form = { acting: Acting; values: Values; setErrors(errors: Record<string, string>): void };

type View = { id: string; values: Values; errors?: Record<string, string> };

/** The fields of a modal or a Home: what is typed stays here until it is sent as a whole. */
export function useForm({ id, values: known, errors: told }: View, answered?: (answer: Answer) => void): Form {
  const { session } = useReading();
  const [typed, setTyped] = useState<Values>(() => typedInto.get(id) ?? {});
  const [cleared, setCleared] = useState<{ of: typeof told; blocks: string[] }>({ of: told, blocks: [] });
  const [own, setErrors] = useState<Record<string, string> | undefined>();
  const values = useMemo(() => mergeValues(known, typed), [known, typed]);
  const shown = own ?? told ?? {};
  const hidden = cleared.of === told ? cleared.blocks : [];
  const errors = Object.fromEntries(Object.entries(shown).filter(([blockId]) => !hidden.includes(blockId)));

  const keep = (blockId: string, actionId: string, value: Value) => {
    const next = withValue(typedInto.get(id) ?? typed, blockId, actionId, value);
    typedInto.set(id, next);
    setTyped(next);
    setCleared({ of: told, blocks: [...hidden, blockId] });
    return next;
  };
  const acting: Acting = {
    surface: id,
    valueOf: (blockId, actionId) => values[blockId]?.[actionId],
    change: keep,
    async dispatch(blockId, actionId, value) {
      const all = mergeValues(known, keep(blockId, actionId, value));
      const answer = await session.act({ do: 'click', view: id, actionId, blockId, value, values: all });
      answered?.(answer);
    },
    errors,
  };
  return {
    acting,
    values,
    setErrors(next) {
      setCleared({ of: told, blocks: [] });
      setErrors(next);
    },
  };
}

export const forgetTyped = (viewId: string): boolean => typedInto.delete(viewId);
