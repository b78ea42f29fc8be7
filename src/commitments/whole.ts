import type { ModalView } from '@slack/types';
import { spokenDate, spokenTime } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { actions, context, modal, section } from '../slack/blocks.ts';
import type { StoredEvent } from './change.ts';
import { digestSaid } from './digest-views.ts';
import type { EventVerb } from './facts.ts';
import { offersOf } from './offers.ts';
import type { CommitmentRow } from './store.ts';
import { commitmentLine, nameSaid, offerButton, type Reader } from './views.ts';

/** All of one row. As its metadata it carries what it is laid upon. */
export const WHOLE_VIEW = 'commitment:whole';

const happened: Record<EventVerb, string> = {
  promised: 'promised it',
  asked: 'asked for it',
  accepted: 'accepted',
  declined: 'declined',
  lapsed: 'its day passed before it was answered',
  dated: 'meant another day',
  moved: 'gave it a new day',
  'wanted move': 'asked for a new day',
  'wanted withdrawal': 'asked to withdraw it',
  agreed: 'agreed',
  withdrawn: 'withdrew it',
  done: 'said it is done',
  'not yet': 'said not yet',
  missed: 'said it will not be done',
  reopened: 'reopened it',
  undone: 'took the last change back',
  'asked owner': 'asked a colleague to own it',
  'owner accepted': 'took it on',
  'owner passed': 'passed',
  'handed back': 'handed it back',
  'owner changed': 'somebody else answers for it now',
  slipped: 'carried over at a meeting',
  'fell due': 'fell due',
  'reworded for digest': 'reworded it for the digest',
  'kept out of digest': 'kept it out of the digest',
  'put in digest': 'put it in the digest',
};

type ReaderIn = Reader & { zone: string };

const MOST_EVENTS = 40;

/** The whole text, all that the reader can do with it, and everything that happened to it, newest first. */
export function wholeModal(
  row: CommitmentRow,
  events: StoredEvent[],
  names: Map<string, string>,
  reader: ReaderIn,
  now: Temporal.Instant,
  under: object = {},
): ModalView {
  const today = dayIn(reader.zone, now);
  const lines = events.slice(0, MOST_EVENTS).map(({ verb, by, at, reason, after }) => {
    const when = `${spokenDate(dayIn(reader.zone, at), today, reader.locale)}, ${spokenTime(at, reader.zone, reader.locale)}`;
    const who = by === null ? '' : `${nameSaid(names.get(by) ?? 'somebody')} `;
    const to =
      verb !== 'promised' && verb !== 'asked' && typeof after.dueOn === 'string'
        ? `: ${spokenDate(Temporal.PlainDate.from(after.dueOn), today, reader.locale)}`
        : '';
    return `${when} · ${who}${happened[verb]}${to}${reason ? ` · _${quiet(shorten(reason, 300))}_` : ''}`;
  });
  const said = digestSaid(row);
  const offers = offersOf(row, reader.id, now).filter((offer) => offer !== 'show');
  return modal({
    callbackId: WHOLE_VIEW,
    privateMetadata: JSON.stringify(under),
    title: 'Commitment',
    close: 'Close',
    blocks: [
      section(quiet(row.text)),
      section(commitmentLine(row, reader, now)),
      ...(said ? [context(said)] : []),
      ...(offers.length > 0 ? [actions(...offers.map((offer) => offerButton(offer, row)))] : []),
      ...(row.permalink ? [context(`<${row.permalink}|The message it came from>`)] : []),
      ...lines.map((line) => context(line)),
    ],
  });
}
