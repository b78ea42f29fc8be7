import type { WebClient } from '@slack/web-api';
import { peopleAt } from './address.ts';
import type { Claimed } from './claim.ts';
import { readFailure } from './failures.ts';

/** What a message carries of ours: its outbox id and nothing else, so that it can be recognised. */
export const EVENT_TYPE = 'accord_message';
export const metadataOf = (row: Claimed) => ({ event_type: EVENT_TYPE, event_payload: { outbox: row.id } });

export type Trace = { found: true; channel: string; ts: string | undefined } | { found: false } | 'unreadable';

/** How far clocks may be apart when looking back: the product's, and Slack's, which stamps the messages. */
const CLOCKS_APART = { hours: 3 };
const PAGE = 200;
/** A conversation in which more was said since then is not read to its end. */
const PAGES = 20;

/**
 * Looks where the message would stand. Throws what the client throws when Slack does not answer; what may not be read
 * is `unreadable`.
 */
export async function findTrace(slack: WebClient, row: Claimed): Promise<Trace> {
  // The conversation is written down before anything is posted to it.
  const channel = row.conversationId;
  if (channel === null) return { found: false };
  if (!mayRead(row)) return 'unreadable';

  const oldest = String(row.notBefore.subtract(CLOCKS_APART).epochMilliseconds / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const history = await readPage(slack, { channel, oldest, cursor });
    if (history === 'unreadable') return history;
    const message = history.messages?.find((one) => isTrace(one, row));
    if (message) return { found: true, channel, ts: bringsFile(message, row) ? undefined : message.ts };
    cursor = history.response_metadata?.next_cursor;
    if (!cursor) return { found: false };
  }
  return 'unreadable';
}

async function readPage(slack: WebClient, where: { channel: string; oldest: string; cursor: string | undefined }) {
  try {
    return await slack.conversations.history({ ...where, include_all_metadata: true, limit: PAGE });
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind === 'stopped' && failure.what === 'conversation') return 'unreadable';
    throw error;
  }
}

type Message = {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: object };
  files?: { id?: string }[];
};

function isTrace(message: Message, row: Claimed): boolean {
  const payload = message.metadata?.event_payload;
  const carriesId = payload !== undefined && 'outbox' in payload && payload.outbox === row.id;
  return (message.metadata?.event_type === EVENT_TYPE && carriesId) || bringsFile(message, row);
}

const bringsFile = (message: Message, row: Claimed): boolean =>
  row.fileId !== null && (message.files ?? []).some((file) => file.id === row.fileId);

/** The scope that the kind of conversation needs; without a list of granted scopes, asking is how to find out. */
function mayRead(row: Claimed): boolean {
  if (row.scopes.length === 0) return true;
  const people = peopleAt(row.address).length;
  if (people === 0) return row.scopes.includes('channels:history') || row.scopes.includes('groups:history');
  return row.scopes.includes(people === 1 ? 'im:history' : 'mpim:history');
}
