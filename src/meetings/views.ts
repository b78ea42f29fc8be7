import type { ModalView } from '@slack/types';
import type { Words } from '../delivery/compose.ts';
import { spokenDay, spokenMeeting, spokenTime } from '../ground/days.ts';
import { escapeMrkdwn, quiet, shorten } from '../ground/slack-text.ts';
import { dayIn, isBefore } from '../ground/zoned.ts';
import type { Person } from '../people/store.ts';
import { actions, button, context, datePicker, modal, radio, section, textArea, timePicker } from '../slack/blocks.ts';
import { day, type Form, type FormState, optionalChoice, optionalText, readForm, wallTime } from '../slack/form.ts';
import { AGENDA_LENGTH, endOf } from './rules.ts';
import type { Meeting, PairedMeeting } from './store.ts';

export const MOVE_MEETING = 'meetings:move';
export const SKIP_MEETING = 'meetings:skip';
export const MOVE_SUBMITTED = 'meetings:move-submitted';
export const SKIP_SUBMITTED = 'meetings:skip-submitted';
/** Pressed where nobody writes a recap: it took place. */
export const MEETING_HELD = 'meetings:held';

const NAME_LENGTH = 75;
/** Somebody's name, safe in mrkdwn and as short as a line needs it. */
export const nameOf = ({ name }: Pick<Person, 'name'>): string =>
  shorten(escapeMrkdwn(shorten(name, NAME_LENGTH)), 2 * NAME_LENGTH);
const shown = (person: Person): Person => ({ ...person, name: nameOf(person) });

export const moveButton = (meetingId: string) => button('Move', MOVE_MEETING, meetingId);
export const skipButton = (meetingId: string) => button('Skip', SKIP_MEETING, meetingId);
export const heldButton = (meetingId: string) => button('We met', MEETING_HELD, meetingId);

/** "Tue 24 Mar, 9:00 (12:00 for Dana)". */
export const meetingTime = (at: Temporal.Instant, reader: Person, other: Person): string =>
  spokenMeeting(at, reader, shown(other));

/** "tomorrow 9:00", as the reader says it at `now`. */
export const soonTime = (at: Temporal.Instant, reader: Person, now: Temporal.Instant): string =>
  `${spokenDay(dayIn(reader.zone, at), dayIn(reader.zone, now), reader.locale)} ${spokenTime(at, reader.zone, reader.locale)}`;

/** Who reads: one of the two, or both where a message is shared; times are then the reader's first. */
export type Readers = { reader: Person; other: Person; shared?: boolean };

const named = (id: string | null, { reader, other, shared }: Readers): string =>
  id !== reader.id ? nameOf(other) : shared ? nameOf(reader) : 'you';

/** What has become of a meeting since it was planned, in a line; undefined while nothing has. */
export function whatBecame(
  meeting: Meeting,
  readers: Readers,
  now: Temporal.Instant,
  next?: Pick<Meeting, 'startsAt'>,
): string | undefined {
  const { reader, other } = readers;
  const then = next ? ` Next: ${meetingTime(next.startsAt, reader, other)}.` : '';
  switch (meeting.state) {
    case 'skipped':
      return `Skipped by ${named(meeting.skippedBy, readers)}.${then}`;
    case 'replaced':
      return `The rhythm has changed, so this one is off.${then}`;
    case 'unrecorded':
      return 'It went unrecorded and counts for nobody.';
    case 'held':
      return 'You met.';
    case 'planned':
      if (isBefore(endOf(meeting), now)) return 'It is over.';
      if (isBefore(meeting.startsAt, now)) return 'It has begun.';
      return meeting.movedBy ? `Moved to this time by ${named(meeting.movedBy, readers)}.` : undefined;
  }
}

/** Whether it can still be prepared, moved and skipped without a thought for what has been said there. */
export const isAhead = (meeting: Meeting, now: Temporal.Instant): boolean =>
  meeting.state === 'planned' && isBefore(now, meeting.startsAt);

// Moving and skipping

/** What a form about a meeting carries: which one, and as it stood when the form was opened. */
export type MeetingForm = { meeting: string; version: number };

const DAY = 'day';
const TIME = 'time';
const SLOT = 'slot';
const ANOTHER = 'another';

export type MoveModal = {
  meeting: PairedMeeting;
  viewer: Person;
  other: Person;
  now: Temporal.Instant;
  /** Offered when it would be the second move in a row. */
  slots?: Temporal.Instant[];
  /** What was filled in before, where the form is shown anew. */
  wanted?: Temporal.ZonedDateTime;
  notice?: string;
};

export function moveModal({ meeting, viewer, other, now, slots, wanted, notice }: MoveModal): ModalView {
  const start = wanted ?? meeting.startsAt.toZonedDateTimeISO(viewer.zone);
  const today = dayIn(viewer.zone, now);
  const first = Temporal.PlainDate.compare(start.toPlainDate(), today) < 0 ? today : start.toPlainDate();
  const offered = slots && slots.length > 0 ? slots : undefined;
  return modal({
    callbackId: MOVE_SUBMITTED,
    title: 'Move the meeting',
    submit: 'Move',
    privateMetadata: formOf(meeting),
    blocks: [
      ...(notice ? [section(notice)] : []),
      section(`With *${nameOf(other)}*, now ${meetingTime(meeting.startsAt, viewer, other)}.`),
      ...(slots
        ? [section('This would be the second move in a row. Which time will hold?'), context('Only you see this.')]
        : []),
      ...(offered
        ? [
            radio({
              id: SLOT,
              label: 'To',
              choices: [
                ...offered.map((at) => ({
                  value: at.toString(),
                  label: spokenMeeting(at, viewer, { ...other, name: shorten(other.name, 20) }),
                })),
                { value: ANOTHER, label: 'The day and time below' },
              ],
              initial: wanted ? ANOTHER : String(offered[0]),
            }),
          ]
        : []),
      datePicker({ id: DAY, label: 'Day', initial: first }),
      timePicker({
        id: TIME,
        label: 'Time',
        hint: `Your local time, ${viewer.zone.replaceAll('_', ' ')}.`,
        initial: start.toPlainTime(),
      }),
    ],
  });
}

/** The instant wanted, or the problems by field. */
export function readMove(state: FormState, zone: string): Form<Temporal.ZonedDateTime> {
  const read = readForm(state, { [SLOT]: optionalChoice(), [DAY]: day(), [TIME]: wallTime() });
  if (!read.ok) return read;
  const { slot } = read.value;
  if (slot !== undefined && slot !== ANOTHER) {
    const offered = instantOf(slot);
    return offered
      ? { ok: true, value: offered.toZonedDateTimeISO(zone) }
      : { ok: false, errors: { [SLOT]: 'Pick one of these times.' } };
  }
  return { ok: true, value: read.value.day.toZonedDateTime({ timeZone: zone, plainTime: read.value.time }) };
}

/** Where a refusal of a move is shown. */
export const moveErrors = (why: string): Record<string, string> => ({ [TIME]: why });

function instantOf(value: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(value);
  } catch {
    return undefined;
  }
}

const REASON = 'reason';

export type SkipModal = {
  meeting: PairedMeeting;
  viewer: Person;
  other: Person;
  /** Whether it is counted on the viewer's side. */
  counts: boolean;
  reason?: string;
  notice?: string;
};

export function skipModal({ meeting, viewer, other, counts, reason, notice }: SkipModal): ModalView {
  return modal({
    callbackId: SKIP_SUBMITTED,
    title: 'Skip this meeting',
    submit: 'Skip',
    close: 'Keep it',
    privateMetadata: formOf(meeting),
    blocks: [
      ...(notice ? [section(notice)] : []),
      section(
        `With *${nameOf(other)}*, ${meetingTime(meeting.startsAt, viewer, other)}. What is open carries over to the next one.`,
      ),
      textArea({
        id: REASON,
        label: 'Why',
        hint: `${shorten(other.name, NAME_LENGTH)} reads this.`,
        optional: true,
        initial: reason,
        maxLength: AGENDA_LENGTH,
      }),
      ...(counts ? [context('Skipped and moved meetings are counted in your pair’s record.')] : []),
    ],
  });
}

export const readSkip = (state: FormState): Form<{ reason?: string }> =>
  readForm(state, { [REASON]: optionalText({ max: AGENDA_LENGTH }) });

const formOf = ({ id, version }: Meeting): string => JSON.stringify({ meeting: id, version } satisfies MeetingForm);

export type ChangeMessage = {
  meeting: PairedMeeting;
  reader: Person;
  other: Person;
  now: Temporal.Instant;
  next?: Pick<Meeting, 'startsAt'>;
};

/** Told once to the one who did not move it. */
export function movedMessage({ meeting, reader, other, now, next }: ChangeMessage): Words {
  const became = whatBecame(meeting, { reader, other }, now, next);
  const title = isAhead(meeting, now)
    ? `${nameOf(other)} moved your one-on-one to ${meetingTime(meeting.startsAt, reader, other)}`
    : `${nameOf(other)} moved your one-on-one. ${became ?? ''}`;
  return {
    text: title,
    blocks: [
      section(`*${title}*`),
      ...(isAhead(meeting, now) ? [actions(moveButton(meeting.id), skipButton(meeting.id))] : []),
    ],
  };
}

/** The line about an earlier move, once there was another. */
export function movedAgainMessage({ meeting, reader, other, now, next }: ChangeMessage): Words {
  const became = whatBecame(meeting, { reader, other }, now, next) ?? '';
  const then = isAhead(meeting, now) ? `Now it is ${meetingTime(meeting.startsAt, reader, other)}.` : became;
  const said = `Your one-on-one with ${nameOf(other)} was moved again since. ${then}`;
  return { text: said, blocks: [section(said)] };
}

/** Told once to the one who did not skip it. */
export function skippedMessage({ meeting, reader, other, next }: ChangeMessage): Words {
  const title = `${nameOf(other)} skipped your one-on-one of ${meetingTime(meeting.startsAt, reader, other)}`;
  const reason = meeting.skipReason ? quiet(shorten(meeting.skipReason, AGENDA_LENGTH)) : undefined;
  const then = next
    ? `Next: ${meetingTime(next.startsAt, reader, other)}. What is open carries over.`
    : 'What is open carries over.';
  return {
    text: [`${title}.`, reason, then].filter(Boolean).join(' '),
    blocks: [section([`*${title}*`, reason, then].filter(Boolean).join('\n'))],
  };
}
