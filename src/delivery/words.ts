import { context } from '../slack/blocks.ts';
import { problemsOfMessage } from '../slack/limits.ts';
import type { Words } from './compose.ts';

const AGAIN = 'Sent again: Slack did not confirm the first one.';
const MOST_BLOCKS = 50;

/** Says that this may be the second of two. */
export function markedAsRepeated(words: Words): Words {
  const blocks = words.blocks && words.blocks.length < MOST_BLOCKS ? [...words.blocks, context(AGAIN)] : words.blocks;
  return { ...words, text: `${words.text}\n${AGAIN}`, ...(blocks && { blocks }) };
}

/** The first of Slack's limits that these words break: sending them would only be refused. */
export const brokenLimit = ({ text, blocks }: Words): string | undefined => problemsOfMessage({ text, blocks })[0];
