import { elementsOf } from './act/elements.ts';
import type { Message } from './state.ts';
import type { Change, Workspace } from './workspace.ts';

const VERSIONS = 5;
const MESSAGES = 2000;

type Version = { conversationId: string; message: Message };

/** Earlier versions of messages that could be clicked: somebody's screen may still show one. Not saved. */
export type Earlier = {
  /** Newest first, gone or not, with the present ones among them. */
  list(): Version[];
};

export function makeEarlier(workspace: Workspace): Earlier {
  const versions = new Map<string, Version[]>();

  const keep = (conversationId: string, message: Message | undefined) => {
    if (!message || elementsOf(message.blocks).length === 0) return;
    const known = versions.get(message.ts) ?? [];
    versions.set(message.ts, [{ conversationId, message: structuredClone(message) }, ...known].slice(0, VERSIONS));
    const oldest = versions.keys().next().value;
    if (versions.size > MESSAGES && oldest !== undefined) versions.delete(oldest);
  };

  for (const { id, messages } of Object.values(workspace.state.conversations))
    for (const message of messages.slice(-MESSAGES)) keep(id, message);
  workspace.onChange(({ kind, conversationId, ts }: Change) => {
    if (kind === 'reset') versions.clear();
    if (kind !== 'message' || conversationId === undefined || ts === undefined) return;
    keep(
      conversationId,
      workspace.state.conversations[conversationId]?.messages.findLast((one) => one.ts === ts),
    );
  });

  return { list: () => [...versions.values()].reverse().flat() };
}
