import type { ServerResponse } from 'node:http';
import { isMember, maySee } from './conversations.ts';
import type { Person } from './state.ts';
import type { Change, Workspace } from './workspace.ts';

const STILL_HERE_MS = 15_000;

/** Server-sent events: each change that this person may know of, until they leave. */
export function streamChanges(workspace: Workspace, person: Person, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 1000\n\n');
  const stop = workspace.onChange((change) => {
    if (concerns(workspace, person, change)) response.write(`data: ${JSON.stringify(change)}\n\n`);
  });
  const stillHere = setInterval(() => response.write(': still here\n\n'), STILL_HERE_MS).unref();
  response.on('close', () => {
    stop();
    clearInterval(stillHere);
  });
}

function concerns({ state }: Workspace, person: Person, { kind, conversationId, userId, ts }: Change): boolean {
  if (kind === 'view' || kind === 'home' || kind === 'read') return userId === person.id;
  const conversation = conversationId === undefined ? undefined : state.conversations[conversationId];
  if (!conversation) return true;
  if (kind === 'message' && ts !== undefined) {
    const message = conversation.messages.findLast((one) => one.ts === ts);
    if (message?.ephemeralTo !== undefined && message.ephemeralTo !== person.id) return false;
  }
  return isMember(conversation, person.id) || maySee(state, conversation, person.id);
}
