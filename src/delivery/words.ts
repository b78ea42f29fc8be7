import type { Transaction } from 'kysely';
import { asTick, startDeadline } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { Deps } from '../deps.ts';
import { context } from '../slack/blocks.ts';
import { problemsOfMessage } from '../slack/limits.ts';
import { channelAt, peopleAt } from './address.ts';
import type { Claimed } from './claim.ts';
import type { Compose, Composers, Words } from './compose.ts';

/** How long the words of one claim may take together; one that is slower is waited for alone. */
const TOGETHER_MS = 2_000;

/**
 * The words of several messages out of one transaction, by outbox id. Empty when one of them fails or is slow: then each
 * is made by itself, so that no other has to suffer.
 */
export async function wordTogether(
  deps: Deps,
  composers: Composers,
  rows: Claimed[],
): Promise<Map<string, Words | undefined>> {
  const work = async (trx: Transaction<Database>) => {
    const words = new Map<string, Words | undefined>();
    for (const row of rows) {
      const composer = composerFor(composers, row);
      if (composer && !row.inDoubt) words.set(row.id, await word(trx, deps, composer.compose, row));
    }
    return words;
  };
  return asTick(deps.db, work, { deadline: startDeadline(TOGETHER_MS) }).catch(() => new Map());
}

export const composerFor = (composers: Composers, { kind }: Claimed): Composers[string] | undefined =>
  Object.hasOwn(composers, kind) ? composers[kind] : undefined;

export const word = (
  trx: Transaction<Database>,
  deps: Deps,
  compose: Compose,
  { workspaceId, kind, about, address, postedAt }: Claimed,
): Promise<Words | undefined> =>
  compose(trx, {
    workspaceId,
    kind,
    about,
    people: peopleAt(address),
    channel: channelAt(address),
    now: deps.clock(),
    posted: postedAt !== null,
  });

const AGAIN = 'Sent again: Slack did not confirm the first one.';
const MOST_BLOCKS = 50;

/** Says that this may be the second of two. */
export function markedAsRepeated(words: Words): Words {
  const blocks = words.blocks && words.blocks.length < MOST_BLOCKS ? [...words.blocks, context(AGAIN)] : words.blocks;
  return { ...words, text: `${words.text}\n${AGAIN}`, ...(blocks && { blocks }) };
}

/** The first of Slack's limits that these words break: sending them would only be refused. */
export const brokenLimit = ({ text, blocks }: Words): string | undefined => problemsOfMessage({ text, blocks })[0];
