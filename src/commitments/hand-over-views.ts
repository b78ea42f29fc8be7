import type { ModalView } from '@slack/types';
import { HAND_OVER, inSentence } from '../cadence/views.ts';
import type { Words } from '../delivery/compose.ts';
import type { PairedHandOver } from '../pairs/hand-over.ts';
import type { Person } from '../people/store.ts';
import { actions, button, confirm, confirmed, context, modal, section, userSelect } from '../slack/blocks.ts';
import { type Form, type FormState, person, readForm } from '../slack/form.ts';
import { overdueFirst } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { columnLine, fitting, nameSaid } from './views.ts';

export const HAND_OVER_SUBMITTED = 'commitment:hand-over-submitted';
export const TAKE_OVER = 'commitment:take-over';
export const DECLINE_HAND_OVER = 'commitment:decline-hand-over';

const SUCCESSOR = 'successor';

export type HandOverForm = {
  pairId: string;
  partner: Pick<Person, 'name'>;
  /** Who has been asked and has not answered. */
  asked?: Pick<Person, 'name'>;
};

export const handOverModal = ({ pairId, partner, asked }: HandOverForm): ModalView =>
  modal({
    callbackId: HAND_OVER_SUBMITTED,
    title: 'Hand over',
    submit: 'Ask them',
    privateMetadata: pairId,
    blocks: [
      section(
        `Your one-on-one with *${nameSaid(partner.name)}* goes to somebody else of the firm. They read the firm’s open promises first; if they take over, those are theirs, and ${nameSaid(partner.name)} is told.`,
      ),
      ...(asked ? [context(`${nameSaid(asked.name)} has been asked. Asking somebody else takes that back.`)] : []),
      userSelect({ id: SUCCESSOR, label: 'Who takes over' }),
      context(
        'Until they answer, everything stays as it is. If they decline, the one-on-one ends, and open promises stay with their owners.',
      ),
    ],
  });

export function readHandOver(state: FormState): Form<string> {
  const read = readForm(state, { [SUCCESSOR]: person() });
  return read.ok ? { ok: true, value: read.value[SUCCESSOR] } : read;
}

export const handOverErrors = (why: string): Record<string, string> => ({ [SUCCESSOR]: why });

export const handOverAsked = (successor: Pick<Person, 'name'>): ModalView =>
  modal({
    callbackId: 'commitment:hand-over-asked',
    title: 'Asked',
    close: 'Close',
    blocks: [
      section(
        `${nameSaid(successor.name)} reads the firm’s open promises, and takes over or declines. You hear what they say.`,
      ),
    ],
  });

export type HandOverMessage = {
  handOver: Pick<PairedHandOver, 'id' | 'state'>;
  reader: Person;
  from: Person;
  partner: Person;
  /** The agreed rhythm as the reader would say it. */
  rhythm?: string;
  /** What the firm owes the partner and has not done. */
  rows: CommitmentRow[];
  now: Temporal.Instant;
};

const ROWS = 25;
/** Of the 13,200 characters that a message holds, in the text and again in the blocks; one section holds 3,000. */
const IN_ROWS = 2500;

/** To the one who is asked to lead a pair: what the firm promised in it comes first. */
export function handOverWords({ handOver, reader, from, partner, rhythm, rows, now }: HandOverMessage): Words {
  const [leader, other] = [nameSaid(from.name), nameSaid(partner.name)];
  const title = `${leader} asks you to take over the one-on-one with ${other}`;
  if (handOver.state !== 'open') return closed(ANSWERED[handOver.state](other));
  const lines = overdueFirst(rows, now).map((row) => `${columnLine(row, reader, now)}${colleagueSaid(row, from)}`);
  const shown = fitting(lines.slice(0, ROWS), ({ length }) => length + 1, IN_ROWS);
  const left = lines.length - shown.length;
  const more = left > 0 ? [`and ${left} more, in \`/accord ledger\` once you have taken over`] : [];
  const promises =
    lines.length === 0
      ? 'The firm has promised nothing here that is still open.'
      : ['The firm’s open promises, yours if you take over:', ...shown, ...more].join('\n');
  const rhythmSaid = rhythm ? `The rhythm stays: ${inSentence(rhythm)}.` : undefined;
  return {
    text: [`${title}.`, promises, rhythmSaid, 'Take over or decline in Slack.'].filter(Boolean).join('\n'),
    blocks: [
      section(`*${title}*`),
      section(promises),
      ...(rhythmSaid ? [section(rhythmSaid)] : []),
      actions(
        button('Take over', TAKE_OVER, handOver.id, 'primary'),
        confirmed(
          button('Decline', DECLINE_HAND_OVER, handOver.id),
          confirm(
            'Decline?',
            `The one-on-one of ${leader} and ${other} then ends. What they promised each other stays with its owners.`,
            'Decline',
            'Not now',
          ),
        ),
      ),
      context('Only you see this. Nothing changes until you answer.'),
    ],
  };
}

const colleagueSaid = (row: CommitmentRow, from: Pick<Person, 'id'>): string =>
  row.ownerId === from.id || row.ownerId === row.leaderId ? '' : ' · stays with them';

const ANSWERED: Record<'taken' | 'refused' | 'withdrawn', (other: string) => string> = {
  taken: (other) => `You lead the one-on-one with ${other}. \`/accord ledger\` shows both columns.`,
  refused: () => 'You declined to take over a one-on-one.',
  withdrawn: () => 'You are not asked any more.',
};

const closed = (words: string): Words => ({ text: words, blocks: [section(words)] });

export type HandedOverMessage = {
  reader: Person;
  from: Person;
  successor: Person;
  partner: Person;
  rhythm?: string;
};

/** To the two who did not decide it: the partner, with what stays, and the leader who handed it over. */
export function handedOverWords({ reader, from, successor, partner, rhythm }: HandedOverMessage): Words {
  const [leader, before] = [nameSaid(successor.name), nameSaid(from.name)];
  if (reader.id === from.id)
    return closed(
      `${leader} leads the one-on-one with ${nameSaid(partner.name)} from now on. What you wrote in it is still yours to take along: \`/accord export\` with their name.`,
    );
  const stays = rhythm ? ` The rhythm stays: ${inSentence(rhythm)}.` : '';
  return closed(
    `${leader} leads your one-on-one from now on; ${before} handed it over.${stays} What the firm promised you, ${leader} owes you now, by the same days. ${leader} sees what stands in it, and ${before} does not any more. Either of you can end it: \`/accord cadence\`.`,
  );
}

/** To the leader who asked: nothing has changed, and what to do. */
export function notTakenOverWords(
  pairId: string,
  successor: Pick<Person, 'name'>,
  partner: Pick<Person, 'name'>,
): Words {
  const text = `${nameSaid(successor.name)} could not take over your one-on-one with ${nameSaid(partner.name)}, so it is still yours.`;
  return { text, blocks: [section(text), actions(button('Ask somebody else', HAND_OVER, pairId))] };
}
