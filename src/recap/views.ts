import type { KnownBlock, ModalView } from '@slack/types';
import { digestButton, digestSaid } from '../commitments/digest-views.ts';
import { isPast } from '../commitments/offers.ts';
import type { CommitmentRow } from '../commitments/store.ts';
import { columnNames } from '../commitments/views.ts';
import type { Words } from '../delivery/compose.ts';
import { spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import type { PairedMeeting } from '../meetings/store.ts';
import { meetingTime, nameOf } from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import { actions, button, context, modal, section } from '../slack/blocks.ts';
import { inOneLine } from './rules.ts';
import type { PairedRecap, RecapAsk } from './store.ts';

/** Opens the recap of the meeting whose id the button carries. */
export const WRITE_RECAP = 'recap:write';
/** The value of these is the id of the version that was shown. */
export const CONFIRM_RECAP = 'recap:confirm';
export const CORRECT_RECAP = 'recap:correct';
export const SHOW_RECAP = 'recap:show';

/** Names the message of a meeting's recap, whatever its version. */
export const recapKey = ({ id, leaderId }: { id: string; leaderId: string }): string => `recap:${id}:${leaderId}`;

export const writeRecapButton = (meetingId: string, style?: 'primary') =>
  button('Write recap', WRITE_RECAP, meetingId, style);

/** A recap with all that its five lines say. */
export type RecapShown = {
  recap: PairedRecap;
  leader: Person;
  partner: Person;
  /** What its versions wrote, in the order in which it was written. */
  rows: CommitmentRow[];
  /** What this version asks of owners, with what it is about. */
  asks: (RecapAsk & { row: CommitmentRow })[];
  now: Temporal.Instant;
};

const LINE = 400;
const ROW = 120;
const ROWS_LINE = 1600;

const produced: Record<NonNullable<PairedRecap['produced']>, string> = {
  yes: 'produced',
  partly: 'partly produced',
  no: 'not produced',
};

/** Outcome · Decided · the partner · the firm · Next, in mrkdwn; read by both, so in the partner's days and times. */
export function fiveLines({ recap, leader, partner, rows, now }: RecapShown): string[] {
  const names = columnNames({
    leaderId: leader.id,
    leaderName: leader.name,
    partnerName: partner.name,
    kind: recap.kind,
  });
  const of = (side: 'partner' | 'firm') =>
    rowsSaid(
      rows.filter((row) => row.side === side),
      recap,
      partner,
      now,
    );
  const said = recap.produced ? `: ${produced[recap.produced]}` : '';
  return [
    `*Outcome* ${quiet(shorten(inOneLine(recap.outcome), LINE))}${said}`,
    `*Decided* ${quiet(shorten(inOneLine(recap.decisions), LINE))}`,
    `*${names.partner}* ${of('partner')}`,
    `*${names.firm}* ${of('firm')}`,
    `*Next* ${recap.nextAt ? meetingTime(recap.nextAt, partner, leader) : 'not set'}`,
  ];
}

/** "two comps by Thu 12 Mar · referral partners named by Tue 31 Mar"; as many as fit, the rest counted. */
function rowsSaid(rows: CommitmentRow[], recap: PairedRecap, reader: Person, now: Temporal.Instant): string {
  if (rows.length === 0) return 'nothing new';
  const shown: string[] = [];
  for (const row of rows) {
    const said = rowSaid(row, recap, reader, now);
    if (shown.join(' · ').length + said.length > ROWS_LINE) break;
    shown.push(said);
  }
  const left = rows.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(' · ');
}

const answers: Partial<Record<CommitmentRow['state'], string>> = {
  declined: 'declined',
  lapsed: 'not answered',
  withdrawn: 'withdrawn',
};

function rowSaid(row: CommitmentRow, recap: PairedRecap, reader: Person, now: Temporal.Instant): string {
  const day = spokenDate(row.dueOn, dayIn(reader.zone, now), reader.locale);
  const isHeading = row.side === 'partner' || (recap.kind === 'report' && row.ownerId === recap.leaderId);
  const owner = isHeading && row.askedOwnerName === null ? undefined : nameOf({ name: row.ownerName });
  const asked = row.askedOwnerName === null ? undefined : `${nameOf({ name: row.askedOwnerName })} asked`;
  const notes = [owner, asked, answers[row.state]].filter((note) => note !== undefined);
  const brackets = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return `${quiet(shorten(inOneLine(row.text), ROW))} by ${day}${brackets}`;
}

/** Where the recap stands between the two, and what the other one's word will do. */
function standingLines({ recap, leader, partner, rows, asks }: RecapShown): string[] {
  const [writer, other] = recap.writtenBy === leader.id ? [leader, partner] : [partner, leader];
  const wrote = recap.version === 1 ? 'Written' : 'Corrected';
  if (recap.state === 'confirmed') return [`${wrote} by ${nameOf(writer)}, confirmed by ${nameOf(other)}.`];
  const opens = rows.filter((row) => row.state === 'asked' && row.ownerId === other.id).length;
  const says = asks
    .filter(({ row }) => row.state === 'open' && row.ownerId === other.id)
    .map((ask) => askSaid(ask, partner.locale));
  const accepts = opens > 0 ? ` Confirming accepts what is asked of ${nameOf(other)}.` : '';
  return [
    `${wrote} by ${nameOf(writer)}. ${nameOf(other)} confirms or corrects.${accepts}`,
    ...(says.length > 0 ? [shorten(`Confirming also says: ${says.join(' · ')}`, 1000)] : []),
  ];
}

function askSaid({ wants, dueOn, row }: RecapShown['asks'][number], locale: string): string {
  const what = quiet(shorten(inOneLine(row.text), ROW));
  if (wants === 'kept') return `${what} is kept`;
  return wants === 'moved' && dueOn ? `${what} moves to ${spokenDate(dueOn, row.dueOn, locale)}` : `${what} is dropped`;
}

/** One section where it fits, else one for each line: Slack takes 3,000 characters in each. */
const inSections = (lines: string[]): KnownBlock[] =>
  lines.join('\n').length <= 3000 ? [section(lines.join('\n'))] : lines.map((line) => section(line));

/** The recap in the shared conversation: five lines, where it stands, and what can be said to it. */
export function recapWords(shown: RecapShown): Words {
  const { recap } = shown;
  const lines = fiveLines(shown);
  const standing = [...standingLines(shown), ...digestLines(shown)];
  const isLong = [recap.outcome, recap.decisions].some((text) => inOneLine(text).length > LINE);
  const hasAll = isLong || hasMore(lines) || inDigest(shown).length > 0 || recap.version > 1;
  return {
    text: [...lines.map((line) => line.replaceAll('*', '')), ...standing].join('\n'),
    blocks: [
      ...inSections(lines),
      actions(
        ...(recap.state === 'posted' ? [button('Confirm', CONFIRM_RECAP, recap.id, 'primary')] : []),
        button('Correct', CORRECT_RECAP, recap.id),
        ...(hasAll ? [button('Show all', SHOW_RECAP, recap.id)] : []),
      ),
      ...standing.map((line) => context(line)),
    ],
  };
}

/** What of it the channel will read by name, as long as nobody keeps it out. */
const inDigest = ({ rows }: RecapShown): CommitmentRow[] =>
  rows.filter(({ side, state, digestLine }) => side === 'firm' && state === 'open' && digestLine !== null);

function digestLines(shown: RecapShown): string[] {
  const lines = inDigest(shown).map(({ digestLine }) => quiet(shorten(inOneLine(digestLine ?? ''), ROW)));
  return lines.length > 0 ? [shorten(`In the digest: ${lines.join(' · ')}. Show all keeps one out.`, 1000)] : [];
}

const hasMore = (lines: string[]): boolean => lines.some((line) => /and \d+ more$/.test(line));

const WHOLE = 2900;

const MOST_DIGEST_ROWS = 12;

function digestRow(row: CommitmentRow): KnownBlock[] {
  const said = digestSaid(row);
  return said ? [section(said, digestButton(row))] : [];
}

/** All of it, what the digest reads of it, and what earlier versions said. */
export function wholeRecap(shown: RecapShown, earlier: { recap: PairedRecap; writer: Person }[]): ModalView {
  const { recap, partner, leader, rows, now } = shown;
  const lines = rows.map((row) => `${isPast(row, now) ? '◆' : '○'} ${rowSaid(row, recap, partner, now)}`);
  return modal({
    callbackId: 'recap:whole',
    title: 'Recap',
    close: 'Close',
    blocks: [
      context(`Meeting of ${meetingTime(recap.startsAt, partner, leader)}`),
      section(`*Outcome*\n${quiet(shorten(recap.outcome, WHOLE))}`),
      section(`*Decided*\n${quiet(shorten(recap.decisions, WHOLE))}`),
      ...lines.slice(0, 40).map((line) => section(line)),
      ...rows.flatMap(digestRow).slice(0, MOST_DIGEST_ROWS),
      ...standingLines(shown).map((line) => context(line)),
      ...earlier
        .slice(-10)
        .flatMap(({ recap: old, writer }) => [
          context(`Version ${old.version}, by ${nameOf(writer)}, replaced`),
          section(
            `*Outcome* ${quiet(shorten(inOneLine(old.outcome), 1000))}\n*Decided* ${quiet(shorten(inOneLine(old.decisions), 1800))}`,
          ),
        ]),
    ],
  });
}

/** Once, a day after a meeting that nobody wrote down. */
export function nudgeWords(meetingId: string, startsAt: Temporal.Instant, leader: Person, partner: Person): Words {
  const title = `No recap yet of ${meetingTime(startsAt, partner, leader)}`;
  const how = 'Either of you writes it, in two minutes. Without one the meeting counts for nobody after a week.';
  return {
    text: `${title}. ${how}`,
    blocks: [section(`*${title}*\n${how}`), actions(writeRecapButton(meetingId, 'primary'))],
  };
}

/** The nudge, once there is a recap or the meeting is closed. */
export function nudgeAnswered(isWritten: boolean, { state }: Pick<PairedMeeting, 'state'>): Words {
  const closed =
    state === 'unrecorded'
      ? 'No recap came within a week, so the meeting counts for nobody. Written later, it still counts as held.'
      : 'This meeting needs no recap any more.';
  const text = isWritten ? 'The recap is written.' : closed;
  return { text, blocks: [context(text)] };
}

/** To a colleague who owns a promise of the firm that a recap calls kept. */
export function keptByOwnerWords(row: CommitmentRow, by: Person, done: KnownBlock): Words {
  const title = `${quiet(shorten(inOneLine(row.text), 300))}, for ${nameOf({ name: row.partnerName })}: is it done?`;
  const why = `${nameOf(by)} says so. Only you, who own it, can mark it.`;
  return { text: `${title} ${why}`, blocks: [section(`*${title}*\n${why}`), done] };
}

export const keptAnswered = (line: string): Words => ({ text: line, blocks: [section(line)] });
