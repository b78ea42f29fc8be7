import { canSeeMessage } from './conversations.ts';
import { shownName } from './read-text.ts';
import { conversationName, theirConversations } from './seen.ts';
import type { Workspace } from './workspace.ts';

export type Arrival = { who: string; userId: string; conversation: string; conversationId: string; count: number };

/** Marks what everybody has now; the function that it returns tells what each person got since, by conversation. */
export function markArrivals(workspace: Workspace): () => Arrival[] {
  const { state } = workspace;
  const last = new Map(
    Object.values(state.conversations).map(({ id, messages }) => [
      id,
      Math.max(0, ...messages.map(({ ts }) => Number(ts))),
    ]),
  );
  return () =>
    Object.values(state.people)
      .filter((person) => !person.bot && !person.deleted && person.id !== 'USLACKBOT')
      .flatMap((person) =>
        theirConversations(workspace, person).map((conversation) => ({
          who: shownName(person, person.id),
          userId: person.id,
          conversation: conversationName(workspace, conversation, person),
          conversationId: conversation.id,
          count: conversation.messages.filter(
            (message) =>
              Number(message.ts) > (last.get(conversation.id) ?? 0) &&
              message.userId !== person.id &&
              canSeeMessage(message, person.id),
          ).length,
        })),
      )
      .filter(({ count }) => count > 0);
}
