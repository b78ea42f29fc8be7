import type { KnownBlock } from '@slack/types';
import { actions, button, confirm, confirmed, context, section } from '../slack/blocks.ts';
import type { Forgotten } from './forget.ts';

export const BE_FORGOTTEN = 'record:be-forgotten';

/** The answer to an export, or why there is none; from there one may also be forgotten. */
export const exportAnswer = (words: string): { text: string; blocks: KnownBlock[] } => ({
  text: words,
  blocks: [
    section(words),
    actions(
      confirmed(
        button('Be forgotten', BE_FORGOTTEN, undefined, 'danger'),
        confirm(
          'Be forgotten?',
          'Your one-on-ones end, what you wrote is removed, and what you still owe counts as not kept. What others promised you, and recaps they confirmed, stay theirs without your name. It cannot be undone; export first.',
          'Forget me',
          'Not now',
        ),
      ),
    ),
    context('Being forgotten removes what Accord stores of you. Messages that Slack has stay with Slack.'),
  ],
});

export const FORGETTING =
  'You are being forgotten. It takes a few minutes; the last message from here says that it is done.';

/** The counts as a message carries them. */
export function readForgotten(about: Record<string, string>): Forgotten {
  const { answers, agendaItems, purposes, reasons, promises, recaps, ended } = about;
  return {
    answers: Number(answers),
    agendaItems: Number(agendaItems),
    purposes: Number(purposes),
    reasons: Number(reasons),
    promises: Number(promises),
    recaps: Number(recaps),
    ended: Number(ended),
  };
}

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What was removed, in counts. */
export function forgottenWords(forgotten: Forgotten): string {
  if (!forgotten) return 'Nothing of yours is stored here.';
  const { ended, answers, agendaItems, purposes, reasons, promises, recaps } = forgotten;
  const removed = [
    ...counted(answers, 'answer', 'answers'),
    ...counted(agendaItems, 'agenda item', 'agenda items'),
    ...counted(promises, 'promise’s text', 'promises’ texts'),
    ...counted(recaps, 'recap', 'recaps'),
    ...counted(purposes, 'purpose', 'purposes'),
    ...counted(reasons, 'reason', 'reasons'),
    'your name, hours and settings',
  ];
  const pairs = counted(ended, 'one-on-one ended', 'one-on-ones ended').map((words) => `${words}. `);
  return `You are forgotten. ${pairs.join('')}Removed: ${removed.join(', ')}. What others promised you stays theirs, without your name.`;
}
