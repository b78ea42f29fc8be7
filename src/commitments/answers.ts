import type { KnownBlock, ModalView } from '@slack/types';
import type { Words } from '../delivery/compose.ts';
import { spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { actions, button, context, modal, section } from '../slack/blocks.ts';
import { digestButton, digestNote, digestSaid } from './digest-views.ts';
import { IN_MENU, offersOf } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { actionIdOf, commitmentLine, nameSaid, offerButton, type Reader } from './views.ts';

export const ADD_AGAIN = 'commitment:add-again';
/** The other day that the typed words could mean. */
export const WEEK_LATER = 'commitment:week-later';
export const WEEK_EARLIER = 'commitment:week-earlier';

type ReaderIn = Reader & { zone: string };

/** "two comps, Thu 12 Mar · yours, with Dana": the line that says what was saved, with the date in full. */
function savedLine(row: CommitmentRow, reader: ReaderIn, now: Temporal.Instant): string {
  const day = spokenDate(row.dueOn, dayIn(reader.zone, now), reader.locale);
  const other = nameSaid(reader.id === row.leaderId ? row.partnerName : row.leaderName);
  const whose = row.state === 'asked' ? `asked of ${nameSaid(row.ownerName)}` : `yours, with ${other}`;
  const asked = row.askedOwnerName ? ` · ${nameSaid(row.askedOwnerName)} is asked to own it` : '';
  const later = row.priority === 'later' ? ' · later' : '';
  return `○ ${quiet(shorten(row.text, 300))}, ${day} · ${whose}${asked}${later}`;
}

export type Saved = {
  row: CommitmentRow;
  /** Why the text may not be shown in the channel as it stands. */
  keptOutBecause?: string;
  alternative?: { label: string; isLater: boolean };
};

export function savedWords(
  { row, keptOutBecause, alternative }: Saved,
  reader: ReaderIn,
  now: Temporal.Instant,
): Words & { blocks: KnownBlock[] } {
  const line = savedLine(row, reader, now);
  const digest = digestSaid(row, keptOutBecause);
  const other = alternative?.isLater ? WEEK_LATER : WEEK_EARLIER;
  return {
    text: [line, digest].filter(Boolean).join('\n'),
    blocks: [
      section(line),
      ...(digest ? [context(digest)] : []),
      actions(
        button('Undo', actionIdOf('undo'), row.lastId),
        ...(alternative ? [button(alternative.label, other, row.id)] : []),
        ...(digest ? [digestButton(row)] : []),
      ),
    ],
  };
}

export const sameLineWords = (
  row: CommitmentRow,
  reader: ReaderIn,
  now: Temporal.Instant,
): Words & { blocks: KnownBlock[] } => {
  const line = savedLine(row, reader, now);
  return {
    text: `Saved a moment ago: ${line}`,
    blocks: [section(`Saved a moment ago, so not again:\n${line}`), actions(button('Add again', ADD_AGAIN, row.id))],
  };
};

export const savedModal = (saved: Saved, reader: ReaderIn, now: Temporal.Instant): ModalView =>
  modal({
    callbackId: 'commitment:saved',
    title: 'Saved',
    close: 'Close',
    blocks: savedWords(saved, reader, now).blocks,
  });

/** What became of one row. As its metadata it carries what it is laid upon. */
export const STANDS_VIEW = 'commitment:stands';

export const noteModal = (words: string): ModalView =>
  modal({ callbackId: 'commitment:note', title: 'Commitment', close: 'Close', blocks: [section(words)] });

/** After an act in a form that cannot show its row: what stands now, or that nothing does. */
export const standsModal = (
  row: CommitmentRow,
  reader: ReaderIn,
  now: Temporal.Instant,
  { gone, under = {} }: { gone?: string; under?: object } = {},
): ModalView => {
  if (gone !== undefined) return noteModal(gone);
  return modal({
    callbackId: STANDS_VIEW,
    privateMetadata: JSON.stringify(under),
    title: 'Changed',
    close: 'Close',
    blocks: standsWords(row, reader, now).blocks,
  });
};

/** What came of a click on something that only the reader sees. */
export function standsWords(
  row: CommitmentRow,
  reader: ReaderIn,
  now: Temporal.Instant,
): Words & { blocks: KnownBlock[] } {
  const line = commitmentLine(row, reader, now);
  const undo = offersOf(row, reader.id, now).includes('undo') ? [actions(offerButton('undo', row))] : [];
  return { text: line, blocks: [section(line), ...digestNote(row).said, ...undo] };
}

export const goneWords = (row: CommitmentRow): Words => ({
  text: `Taken back: ${quiet(shorten(row.text, 300))}. Nobody is asked for it any more.`,
});

// What is put to one person

export function askWords(
  row: CommitmentRow | undefined,
  reader: ReaderIn,
  askerName: string,
  now: Temporal.Instant,
): Words {
  const asker = nameSaid(askerName);
  if (!row) return closed(`${asker} took back what was asked here.`);
  const day = spokenDate(row.dueOn, dayIn(reader.zone, now), reader.locale);
  const title = `${quiet(shorten(row.text, 300))}, by ${day}`;
  const said = `${asker} asks you for this.`;
  if (row.state === 'asked')
    return {
      text: `${title}? ${said} Accept or decline in Slack.`,
      blocks: [
        section(`*${title}?*\n${said}`),
        actions(offerButton('accept', row, 'primary'), offerButton('decline', row)),
        context(`It is a commitment of yours once you accept. Its day ends ${day}, at midnight where you are.`),
      ],
    };
  if (row.state === 'lapsed') {
    const lapsed = `${title}: its day passed before it was answered.`;
    return { text: lapsed, blocks: [section(`${lapsed}\n${said}`), actions(offerButton('accept-late', row))] };
  }
  return answeredWords(row, reader, now);
}

/** An answered ask goes on as a row of its own, with what can be done about it. */
function answeredWords(row: CommitmentRow, reader: ReaderIn, now: Temporal.Instant): Words {
  const line = commitmentLine(row, reader, now);
  const { said, isNew } = digestNote(row);
  const offered = offersOf(row, reader.id, now);
  const offers = offered.filter((offer) => !IN_MENU.includes(offer)).slice(0, 2);
  const out = isNew ? offered.filter((offer) => offer === 'keep-out') : [];
  const buttons = [...offers, ...out].map((offer) => offerButton(offer, row));
  return { text: line, blocks: [section(line), ...said, ...(buttons.length > 0 ? [actions(...buttons)] : [])] };
}

/** A colleague reads the text and for whom, and nothing else of the pair. */
export function ownWords(
  row: CommitmentRow | undefined,
  reader: ReaderIn,
  askerName: string,
  now: Temporal.Instant,
): Words {
  const asker = nameSaid(askerName);
  if (!row || (row.askedOwnerId !== reader.id && row.ownerId !== reader.id))
    return closed(`This is not with you. ${asker} has it.`);
  if (row.ownerId === reader.id) return answeredWords(row, reader, now);
  const day = spokenDate(row.dueOn, dayIn(reader.zone, now), reader.locale);
  const title = `${quiet(shorten(row.text, 300))}, by ${day}, for ${nameSaid(row.partnerName)}`;
  return {
    text: `${title}? ${asker} asks whether you take it on.`,
    blocks: [
      section(`*${title}?*\n${asker} asks whether you take it on. It stays with ${asker} until you do.`),
      actions(offerButton('own', row, 'primary'), offerButton('pass', row)),
    ],
  };
}

/** A further new day, or a withdrawal, that counts only if the other side agrees before its day ends. */
export function agreementWords(
  row: CommitmentRow | undefined,
  reader: ReaderIn,
  reason: string | undefined,
  now: Temporal.Instant,
): Words {
  if (!row) return closed('This was taken back.');
  const owner = nameSaid(row.ownerName);
  const today = dayIn(reader.zone, now);
  const what = quiet(shorten(row.text, 300));
  const due = spokenDate(row.dueOn, today, reader.locale);
  const wanted = row.wantedDueOn
    ? `${owner} asks for ${spokenDate(row.wantedDueOn, today, reader.locale)} instead of ${due}.`
    : `${owner} asks to withdraw it.`;
  if (row.state !== 'open' || (row.wantedDueOn === null && !row.wantsWithdrawal))
    return answeredWords(row, reader, now);
  const why = reason ? `\n_${quiet(shorten(reason, 300))}_` : '';
  return {
    text: `${what}: ${wanted} Agree in Slack, or leave it as it stands.`,
    blocks: [
      section(`*${what}*\n${wanted}${why}`),
      actions(offerButton('agree', row, 'primary')),
      context(`Without your word before its day ends, it falls due on ${due} as it stands.`),
    ],
  };
}

const closed = (words: string): Words => ({ text: words, blocks: [section(words)] });
