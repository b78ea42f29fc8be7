import type { Selectable, Transaction } from 'kysely';
import type { CommitmentTable, Database, MeetingTable, OutboxTable, PersonTable } from '../../src/db/schema.ts';
import { dayIn, isBefore } from '../../src/ground/zoned.ts';
import { endOf } from '../../src/meetings/rules.ts';
import { isWelcome } from '../../src/people/rules.ts';
import { MARK } from './monkey.ts';

type Trx = Transaction<Database>;
type Meeting = Selectable<MeetingTable>;
type Person = Selectable<PersonTable>;
type Commitment = Selectable<CommitmentTable>;

/** A message that was posted just now, with the facts as they are. */
export type Said = {
  row: Selectable<OutboxTable>;
  text: string;
  readers: string[];
  people: Map<string, Person>;
  meetings: Meeting[];
  now: Temporal.Instant;
  /** A bot whose clock was wrong may have taken an hour for another. */
  isClockTrusted: boolean;
};

/** What is not so of what a message says. */
export async function untrue(trx: Trx, said: Said): Promise<string[]> {
  const { row, readers, people } = said;
  const [only, ...others] = readers.map((id) => people.get(id));
  if (others.length === 0 && !only?.active) return ['its reader has left'];
  if (row.kind === 'bundle') return only ? untrueBundle(trx, said, only) : [];
  return [...untrueOfMeeting(said, only), ...(await untrueOfCommitment(trx, said))];
}

const STATES: Record<string, Meeting['state'][]> = {
  'opening-question': ['planned'],
  keep: ['planned'],
  brief: ['planned'],
  card: ['planned', 'held'],
  'recap-nudge': ['planned'],
  'meeting-moved': ['planned'],
  'meeting-skipped': ['skipped'],
};

function untrueOfMeeting({ row, text, meetings, now }: Said, reader: Person | undefined): string[] {
  const states = STATES[row.kind];
  if (!states) return [];
  const meeting = meetings.find(({ id }) => id === row.about.meeting);
  if (!meeting || !states.includes(meeting.state)) return [`its meeting is ${meeting?.state}`];
  const times =
    reader && ['opening-question', 'brief', 'card'].includes(row.kind) ? wrongTime(meeting, reader, text) : [];
  return [...times, ...outOfTime(row.kind, meeting, now)];
}

function outOfTime(kind: string, meeting: Meeting, now: Temporal.Instant): string[] {
  if (kind === 'card') {
    const isLate = !isBefore(now, endOf(meeting).add({ hours: 1 }));
    const isEarly = isBefore(now.add({ hours: 2 }), meeting.startsAt);
    return isLate || isEarly ? [`it came at ${now}, and the meeting is at ${meeting.startsAt}`] : [];
  }
  const isAhead = ['opening-question', 'keep', 'brief'].includes(kind);
  return isAhead && !isBefore(now, meeting.startsAt) ? [`it came at ${now}, after ${meeting.startsAt}`] : [];
}

function wrongTime({ startsAt }: Meeting, reader: Person, text: string): string[] {
  const local = startsAt.toZonedDateTimeISO(reader.zone);
  const minutes = String(local.minute).padStart(2, '0');
  const spoken = [`${local.hour % 12 || 12}:${minutes}`, `${local.hour}:${minutes}`];
  return spoken.some((time) => text.includes(time)) ? [] : [`it does not say ${spoken[0]}: ${text.slice(0, 200)}`];
}

async function untrueOfCommitment(trx: Trx, { row, readers }: Said): Promise<string[]> {
  if (!['ask', 'own', 'agreement'].includes(row.kind)) return [];
  const query = trx
    .selectFrom('commitment')
    .selectAll()
    .where('id', '=', row.about.commitment ?? '');
  const one = await query.executeTakeFirst();
  const isSo: Record<string, boolean> = {
    ask: one?.state === 'asked',
    own: one?.askedOwnerId === readers[0],
    agreement: one?.state === 'open' && (one.wantedDueOn !== null || one.wantsWithdrawal),
  };
  return isSo[row.kind] ? [] : [`it is ${one?.state}, and nobody waits for that`];
}

/** It comes in the hours that its reader welcomes, and each of its lines is so. */
async function untrueBundle(trx: Trx, { text, people, now, isClockTrusted }: Said, reader: Person): Promise<string[]> {
  const rows = await trx.selectFrom('commitment').selectAll().execute();
  const wrong = (text.split('\n[', 1)[0] ?? '').split('\n').flatMap((line) => {
    const [mark] = line.match(MARK) ?? [];
    // The same words may be promised twice.
    const about = mark ? rows.filter((one) => one.text.includes(mark)) : [];
    const todayOf = ({ ownerId }: Commitment) => dayIn(people.get(ownerId)?.zone ?? 'UTC', now);
    const isSo = about.length === 0 || about.some((row) => isLineSo(line, row, todayOf(row)));
    return isSo ? [] : [`${line}: ${about.map((row) => `${row.state}, due ${row.dueOn}, there ${todayOf(row)}`)}`];
  });
  const isWelcomed = isWelcome(reader, now) || !isClockTrusted;
  return [...wrong.map((line) => `not so: ${line}`), ...(isWelcomed ? [] : [`it came at ${now} in ${reader.zone}`])];
}

/** What is called overdue is open and over; what is called due is not over yet. */
function isLineSo(line: string, { state, dueOn }: Commitment, today: Temporal.PlainDate): boolean {
  const isOver = Temporal.PlainDate.compare(today, dueOn) > 0;
  if (/\d days? overdue/.test(line)) return state === 'open' && isOver;
  if (/, (today|tomorrow)$/.test(line)) return (state === 'open' || state === 'asked') && !isOver;
  return true;
}
