import type { KnownBlock, ModalView } from '@slack/types';
import { describeRhythm } from '../cadence/rules.ts';
import { rhythmOf } from '../cadence/store.ts';
import { type PairFigures, spokenRates } from '../commitments/figures.ts';
import { actionIdOf, columnNames } from '../commitments/views.ts';
import { spokenDate } from '../ground/days.ts';
import { quiet, shorten } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { meetingTime, nameOf } from '../meetings/views.ts';
import type { Person } from '../people/store.ts';
import { SHOW_RECAP } from '../recap/views.ts';
import { actions, button, context, divider, fields, modal, section, textInput } from '../slack/blocks.ts';
import { type FormState, optionalText, readForm } from '../slack/form.ts';
import { type Counts, countsOf, type Entry, isCountedSkip, matching, newestFirst, pageOf } from './rules.ts';
import type { History, RecordedCommitment } from './store.ts';

export const RECORD_SUBMITTED = 'record:searched';
/** The value of these is the pair's id; the page is in the form's metadata, what is looked for in its field. */
export const RECORD_BACK = 'record:back';
export const RECORD_ON = 'record:on';
export const EXPORT_PAIR = 'record:export';

const FIND = 'find';
const FIND_LENGTH = 100;
const ENTRIES_A_PAGE = 8;
const LINE = 300;

export type RecordShown = { history: History; figures: PairFigures; viewer: Person; now: Temporal.Instant };

type Meeting = History['meetings'][number];
type Recap = History['recaps'][number];
type Moment =
  | { kind: 'meeting'; meeting: Meeting; recap: Recap | undefined }
  | { kind: 'rhythm'; rhythm: History['proposals'][number] }
  | { kind: 'commitment'; commitment: RecordedCommitment };

/** A pair over time: what it counts, then what happened, newest first, a page at a time; or only what was looked for. */
export function recordModal(shown: RecordShown, page = 0, wanted = ''): ModalView {
  const { history, viewer } = shown;
  const { pair } = history;
  const all = matching(newestFirst(momentsOf(history)), wanted);
  const { shown: some, at, pages } = pageOf(all, page, ENTRIES_A_PAGE);
  return modal({
    callbackId: RECORD_SUBMITTED,
    title: 'Record',
    submit: 'Search',
    close: 'Close',
    privateMetadata: `${pair.id} ${at}`,
    blocks: [
      section(
        `*You and ${nameOf(otherIn(history, viewer))}*${sinceSaid(shown)}`,
        button('Export', EXPORT_PAIR, pair.id),
      ),
      ...countBlocks(shown),
      textInput({
        id: FIND,
        label: 'Find in outcomes, decisions and commitments',
        optional: true,
        maxLength: FIND_LENGTH,
        initial: wanted,
      }),
      divider(),
      ...(some.length > 0 ? some.map(({ of }) => momentBlock(of, shown)) : [section(nothingSaid(wanted))]),
      ...turning(pair.id, at, pages),
      context('What is open now is in `/accord ledger`. The two of you see this record, and nobody else.'),
    ],
  });
}

/** The pair and the page that the form showed; undefined when it is not as we made it. */
export function readRecordPlace(metadata: string): { pairId: string; page: number } | undefined {
  const [, pairId, page] = /^([0-9a-f-]{36}) (\d{1,5})$/.exec(metadata) ?? [];
  return pairId === undefined ? undefined : { pairId, page: Number(page) };
}

/** What is typed in the field now. */
export function readWanted(state: FormState): string {
  const read = readForm(state, { [FIND]: optionalText({ max: FIND_LENGTH }) });
  return read.ok ? (read.value[FIND] ?? '') : '';
}

const nothingSaid = (wanted: string): string =>
  wanted === '' ? 'Nothing has happened yet.' : `Nothing here holds “${quiet(wanted)}”. Fewer words find more.`;

function turning(pairId: string, at: number, pages: number): KnownBlock[] {
  if (pages === 1) return [];
  const turn = [
    ...(at > 0 ? [button('Newer', RECORD_BACK, pairId)] : []),
    ...(at < pages - 1 ? [button('Older', RECORD_ON, pairId)] : []),
  ];
  return [context(`Page ${at + 1} of ${pages}`), actions(...turn)];
}

const otherIn = ({ pair, leader, partner }: History, viewer: Person): Person =>
  viewer.id === pair.leaderId ? partner : leader;

function sinceSaid({ history: { pair }, viewer, now }: RecordShown): string {
  const said = (at: Temporal.Instant) => spokenDate(dayIn(viewer.zone, at), dayIn(viewer.zone, now), viewer.locale);
  const since = pair.agreedAt ? `, since ${said(pair.agreedAt)}` : '';
  return pair.endedAt ? `${since}, until ${said(pair.endedAt)}` : since;
}

// What it counts

function countBlocks({ history, figures }: RecordShown): KnownBlock[] {
  const { pair, leader, partner, meetings, recaps, commitments } = history;
  const counts = countsOf(pair, meetings, recaps, commitments);
  const names = columnNames({
    leaderId: leader.id,
    leaderName: leader.name,
    partnerName: partner.name,
    kind: pair.kind,
  });
  const column = (side: 'partner' | 'firm') =>
    [
      `*${names[side]}*`,
      spokenRates(figures[side]) ?? 'nothing has fallen due',
      `carried over: ${counts.slips[side]}`,
      `asks left unanswered: ${counts.unanswered[side]}`,
    ].join('\n');
  return [section(meetingsSaid(counts)), fields(column('partner'), column('firm'))];
}

function meetingsSaid({ held, moved, skipped, produced }: Counts): string {
  const judged = produced.yes + produced.partly + produced.no;
  const outcomes = `outcome produced at ${produced.yes} of ${judged}${produced.partly > 0 ? `, partly at ${produced.partly}` : ''}`;
  return [`Meetings: ${held} held`, `${moved} moved`, `${skipped} skipped`, ...(judged > 0 ? [outcomes] : [])].join(
    ' · ',
  );
}

// What happened

function momentsOf({ meetings, recaps, proposals, commitments }: History): Entry<Moment>[] {
  const standing = new Map(recaps.filter(({ state }) => state !== 'replaced').map((recap) => [recap.meetingId, recap]));
  return [
    ...meetings
      .filter(({ state }) => state !== 'planned' && state !== 'replaced')
      .map((meeting) => {
        const recap = standing.get(meeting.id);
        const words = recap ? [recap.outcome, recap.decisions] : [];
        return { at: meeting.startsAt, words, of: { kind: 'meeting' as const, meeting, recap } };
      }),
    ...proposals
      .filter(({ state }) => state === 'accepted' || state === 'replaced')
      .map((rhythm) => ({
        at: rhythm.answeredAt ?? rhythm.at,
        words: [rhythm.purpose],
        of: { kind: 'rhythm' as const, rhythm },
      })),
    ...commitments
      .filter(({ state }) => state !== 'asked' && state !== 'open')
      .map((commitment) => ({
        at: commitment.keptAt ?? commitment.changedAt,
        words: [commitment.text],
        of: { kind: 'commitment' as const, commitment },
      })),
  ];
}

const said = (text: string, max = LINE): string => quiet(shorten(text.replace(/\s+/g, ' ').trim(), max));

function momentBlock(moment: Moment, shown: RecordShown): KnownBlock {
  switch (moment.kind) {
    case 'meeting':
      return meetingBlock(moment.meeting, moment.recap, shown);
    case 'rhythm':
      return section(
        `*${dateSaid(moment.rhythm.answeredAt ?? moment.rhythm.at, shown)}* · rhythm agreed\n${describeRhythm(rhythmOf(moment.rhythm))} · ${said(moment.rhythm.purpose)}`,
      );
    case 'commitment':
      return commitmentBlock(moment.commitment, shown);
  }
}

const dateSaid = (at: Temporal.Instant, { viewer, now }: RecordShown): string =>
  spokenDate(dayIn(viewer.zone, at), dayIn(viewer.zone, now), viewer.locale);

const producedSaid = { yes: ': produced', partly: ': partly produced', no: ': not produced' };

function meetingBlock(meeting: Meeting, recap: Recap | undefined, shown: RecordShown): KnownBlock {
  const { history, viewer } = shown;
  const when = meetingTime(meeting.startsAt, viewer, otherIn(history, viewer));
  const moved =
    meeting.countedMoves > 0 ? ` · moved ${meeting.countedMoves === 1 ? 'once' : `${meeting.countedMoves} times`}` : '';
  const title = `*${when}* · ${whatBecame(meeting, shown)}${moved}`;
  if (!recap) return section(title);
  const outcome = `Outcome ${said(recap.outcome)}${recap.produced ? producedSaid[recap.produced] : ''}`;
  return section([title, outcome, `Decided ${said(recap.decisions, 2 * LINE)}`].join('\n'), {
    ...button('Show all', SHOW_RECAP, recap.id),
  });
}

function whatBecame(meeting: Meeting, { history: { pair, people } }: RecordShown): string {
  if (meeting.state === 'unrecorded') return 'unrecorded, counts for nobody';
  if (meeting.state !== 'skipped' || !isCountedSkip(meeting, pair)) return meeting.state;
  const by = people.get(meeting.skippedBy ?? '');
  return by ? `skipped by ${nameOf(by)}` : 'skipped';
}

const ended: Record<RecordedCommitment['state'], { mark: string; words: string }> = {
  asked: { mark: '○', words: 'asked' },
  open: { mark: '○', words: 'open' },
  kept: { mark: '●', words: 'kept' },
  missed: { mark: '◆', words: 'was not done' },
  withdrawn: { mark: '◆', words: 'withdrawn' },
  declined: { mark: '◆', words: 'declined' },
  lapsed: { mark: '○', words: 'asked, not answered' },
};

function commitmentBlock(one: RecordedCommitment, shown: RecordShown): KnownBlock {
  const { people } = shown.history;
  const isLate = one.state === 'kept' && one.firstUnkeptOn !== null;
  const { mark, words } = isLate ? { mark: '◐', words: 'kept late' } : ended[one.state];
  const owner = people.get(one.ownerId);
  const at = one.keptAt ?? one.changedAt;
  return section(
    `${mark} ${said(one.text)} · ${owner ? nameOf(owner) : 'somebody'} · ${words}, ${dateSaid(at, shown)}`,
    button('Show all', actionIdOf('show'), one.id),
  );
}
