import type { Words } from '../delivery/compose.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { section } from '../slack/blocks.ts';

export type Answers = ReadonlyMap<string, string>;

export const said = (answer: string, atMost: number): string =>
  shorten(quiet(answer.replace(/\s+/g, ' ').trim()), atMost);
const OUTCOME_LINE = 600;
export const outcomeOf = (answers: Answers): string | undefined => {
  const outcome = answers.get('outcome');
  return outcome && said(outcome, OUTCOME_LINE);
};

/** What is left of a message whose meeting is over or elsewhere. */
export function ended(title: string, ...lines: (string | undefined)[]): Words {
  const all = [`*${title}*`, ...lines.filter((line) => line !== undefined)];
  return { text: all.join('\n').replaceAll('*', ''), blocks: [section(all.join('\n'))] };
}
