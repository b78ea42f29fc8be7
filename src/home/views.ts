import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { rhythmOf } from '../cadence/store.ts';
import { ACCEPT_PROPOSAL, COUNTER_PROPOSAL, DECLINE_PROPOSAL, rhythmLine } from '../cadence/views.ts';
import { countsSaid } from '../commitments/counts.ts';
import { OPEN_LEDGER } from '../commitments/ledger-modal.ts';
import { overdueFirst } from '../commitments/offers.ts';
import type { CommitmentRow } from '../commitments/store.ts';
import { columnLine, columnNames, commitmentRow, pairColumns } from '../commitments/views.ts';
import { spokenDate } from '../ground/days.ts';
import { quiet } from '../ground/slack-text.ts';
import { dayIn } from '../ground/zoned.ts';
import { agendaButton } from '../meetings/agenda-views.ts';
import { isAhead, meetingTime, moveButton, nameOf, skipButton, soonTime } from '../meetings/views.ts';
import { mayLead, roleOf } from '../pairs/rules.ts';
import type { Person } from '../people/store.ts';
import { answerButton } from '../prep/opening-views.ts';
import { CONFIRM_RECAP, SHOW_RECAP, writeRecapButton } from '../recap/views.ts';
import { firmOnHome } from '../record/firm-view.ts';
import {
  actions,
  button,
  context,
  divider,
  fields,
  header,
  home,
  modal,
  section,
  usersSelect,
} from '../slack/blocks.ts';
import { type Form, type FormState, people, readForm } from '../slack/form.ts';
import { type Home, IN_FULL, type PairShown, TO_ACT_ON } from './gather.ts';

export const START = 'home:start';
export const PEOPLE_PICKED = 'home:people-picked';

/** Slack shows a hundred blocks; these keep well below it together. */
const WAITING = 8;
const FOR_OTHERS = 4;
const PAIRS = 40;

export function homeView(shown: Home): HomeView {
  const { viewer, pairs, waiting: asked, forOthers, firm } = shown;
  const ofFirm = firm ? firmOnHome(firm) : [];
  if (pairs.length + asked.length + forOthers.length === 0) return home([...newcomer(viewer), ...ofFirm]);
  return home([
    ...nextMeeting(shown),
    ...waiting(shown),
    ...allPairs(shown),
    ...toActOn(shown),
    ...owedToOthers(shown),
    ...ofFirm,
    divider(),
    ...(mayLead(viewer) ? [actions(startButton())] : []),
    context('`/accord settings`: your hours, and how much you hear. Only you see this page.'),
  ]);
}

const startButton = (style?: 'primary') => button('Start a one-on-one', START, undefined, style);

function newcomer(viewer: Person): KnownBlock[] {
  return [
    header('One-on-ones that both sides hold each other to'),
    section('Start with one person: agree on a rhythm, and Accord asks, reminds and writes down the rest.'),
    ...(mayLead(viewer)
      ? [actions(startButton('primary'))]
      : [context('A full member of this workspace can start one with you.')]),
    context('What the two of you promise each other stays between you. `/accord help` names every command.'),
  ];
}

type Reader = Home['viewer'];

const isPartner = (viewer: Reader, { pair }: PairShown): boolean => roleOf(viewer.id, pair) === 'partner';

/** The pair whose next meeting comes first. */
function soonest(pairs: PairShown[]): (PairShown & { next: NonNullable<PairShown['next']> }) | undefined {
  return pairs
    .flatMap((one) => (one.next ? [{ ...one, next: one.next }] : []))
    .sort((a, b) => Temporal.Instant.compare(a.next.startsAt, b.next.startsAt))[0];
}

function nextMeeting({ viewer, pairs, now }: Home): KnownBlock[] {
  const first = soonest(pairs);
  if (!first) return [];
  const { next, other, pair, isAnswered } = first;
  const partner = isPartner(viewer, first);
  return [
    section(
      `*Next with ${nameOf(other)}*\n${meetingTime(next.startsAt, viewer, other)} · ${next.minutes} minutes\n${prepSaid(first, partner)}`,
    ),
    actions(
      ...(partner && isAhead(next, now) ? [answerButton(next.id, isAnswered)] : []),
      agendaButton(pair.id),
      moveButton(next.id),
      ...(partner ? [] : [skipButton(next.id)]),
    ),
  ];
}

function prepSaid({ other, isAnswered }: PairShown, isPartner: boolean): string {
  if (!other.active) return `${nameOf(other)} has left this workspace.`;
  if (isPartner) return isAnswered ? 'You said what it should produce.' : 'What should it produce for you?';
  return `${nameOf(other)} ${isAnswered ? 'has said' : 'has not said yet'} what it should produce.`;
}

/** What needs the viewer's word, in the order of what holds others up the longest. */
function waiting(shown: Home): KnownBlock[] {
  const { viewer, pairs, now } = shown;
  const top = soonest(pairs);
  const all = [
    ...pairs.flatMap((one) => proposalWaits(one, viewer, now)),
    ...pairs.flatMap((one) => recapWaits(one, viewer)),
    ...pairs.filter((one) => one.next?.id !== top?.next.id).flatMap((one) => questionWaits(one, viewer, now)),
    ...shown.waiting.map((row) => commitmentRow(row, viewer, now)),
  ];
  if (all.length === 0) return [];
  return [
    header('Waits on you'),
    ...all.slice(0, WAITING).flat(),
    ...moreThan(all.length - WAITING, '`/accord ledger` has all of them.'),
  ];
}

function proposalWaits({ proposal, other }: PairShown, viewer: Reader, now: Temporal.Instant): KnownBlock[][] {
  if (proposal?.toId !== viewer.id) return [];
  const line = rhythmLine(rhythmOf(proposal), viewer, other, now);
  return [
    [
      section(`*${nameOf(other)} proposes a rhythm*\n${line} · ${quiet(proposal.purpose)}`),
      actions(
        button('Accept', ACCEPT_PROPOSAL, proposal.id, 'primary'),
        button('Suggest another', COUNTER_PROPOSAL, proposal.id),
        button('Decline', DECLINE_PROPOSAL, proposal.id),
      ),
    ],
  ];
}

function recapWaits({ toConfirm, toRecord, other }: PairShown, viewer: Reader): KnownBlock[][] {
  const waits: KnownBlock[][] = [];
  if (toConfirm)
    waits.push([
      section(`*Recap with ${nameOf(other)}*, ${meetingTime(toConfirm.startsAt, viewer, other)}: right as it stands?`),
      actions(button('Confirm', CONFIRM_RECAP, toConfirm.id), button('Show all', SHOW_RECAP, toConfirm.id)),
    ]);
  if (toRecord)
    waits.push([
      section(`*No recap yet with ${nameOf(other)}*, ${meetingTime(toRecord.startsAt, viewer, other)}`),
      actions(writeRecapButton(toRecord.id)),
    ]);
  return waits;
}

/** Only once the question was put: before, nobody waits for an answer. */
function questionWaits(one: PairShown, viewer: Reader, now: Temporal.Instant): KnownBlock[][] {
  const { next, other, isAnswered } = one;
  if (!next?.stepsDone.includes('prep') || isAnswered || !isPartner(viewer, one) || !isAhead(next, now)) return [];
  const said = `${soonTime(next.startsAt, viewer, now)} with ${nameOf(other)}`;
  return [[section(`*${said}: what should it produce for you?*`, answerButton(next.id, false))]];
}

function allPairs({ viewer, pairs, now }: Home): KnownBlock[] {
  if (pairs.length === 0) return [];
  const sorted = [...pairs].sort((a, b) => lateness(b) - lateness(a) || byNext(a, b));
  if (pairs.length > IN_FULL)
    return [
      header('Your one-on-ones'),
      ...sorted.slice(0, PAIRS).map((one) => pairLine(one, viewer, now)),
      ...moreThan(sorted.length - PAIRS, '`/accord ledger` has all of them, `/accord ledger @name` one.'),
    ];
  const rows = IN_FULL + 4 - sorted.length;
  const isOnly = sorted.length === 1 && sorted[0]?.next !== undefined;
  return sorted.flatMap((one) => [
    section(
      isOnly
        ? [`*You and ${nameOf(one.other)}*`, ...lastHeld(one, viewer, now)].join(' · ')
        : `*${nameOf(one.other)}* · ${standingOf(one, viewer, now)}`,
      openButton(one),
    ),
    ...(hasColumns(one) ? [pairColumns(columnsOf(one, viewer), viewer, now, rows)] : []),
  ]);
}

/** Once a rhythm was agreed, also when the pair has ended since. */
const hasColumns = ({ pair }: PairShown): boolean => pair.state !== 'proposed';

const openButton = (one: PairShown) => (hasColumns(one) ? button('Show all', OPEN_LEDGER, one.pair.id) : undefined);

const lateness = ({ summary }: PairShown): number =>
  summary ? summary.counts.partner.overdue + summary.counts.firm.overdue : 0;

function byNext({ next: a }: PairShown, { next: b }: PairShown): number {
  if (a && b) return Temporal.Instant.compare(a.startsAt, b.startsAt);
  return Number(b !== undefined) - Number(a !== undefined);
}

function columnsOf({ pair, other, rows, summary }: PairShown, viewer: Reader) {
  const [leader, partner] = roleOf(viewer.id, pair) === 'leader' ? [viewer, other] : [other, viewer];
  return {
    pair: { leaderId: pair.leaderId, leaderName: leader.name, partnerName: partner.name, kind: pair.kind },
    rows,
    figures: summary?.figures,
  };
}

/** "last held Tue 10 Mar". */
const lastHeld = ({ lastHeldAt }: PairShown, viewer: Reader, now: Temporal.Instant): string[] =>
  lastHeldAt ? [`last held ${spokenDate(dayIn(viewer.zone, lastHeldAt), dayIn(viewer.zone, now), viewer.locale)}`] : [];

/** "Tue 24 Mar, 9:00 (6:00 for Ana) · prep in · last held Tue 10 Mar". */
function standingOf(one: PairShown, viewer: Reader, now: Temporal.Instant): string {
  const { pair, next, proposal, other, isAnswered } = one;
  const answer =
    proposal && (proposal.toId === viewer.id ? 'waits on your answer' : `waits on ${nameOf(other)}’s answer`);
  if (pair.state === 'ended') return 'ended; what is open stays';
  if (pair.state !== 'active') return `a rhythm ${answer ?? 'is not agreed yet'}`;
  const parts = [
    next ? meetingTime(next.startsAt, viewer, other) : 'nothing planned',
    ...(next ? [isAnswered ? 'prep in' : 'no prep yet'] : []),
    ...lastHeld(one, viewer, now),
    ...(answer ? [`another rhythm ${answer}`] : []),
    ...(other.active ? [] : ['has left']),
  ];
  return parts.join(' · ');
}

/** A pair in one block: when, and what is open and overdue on both sides. */
function pairLine(one: PairShown, viewer: Reader, now: Temporal.Instant): KnownBlock {
  const title = `*${nameOf(one.other)}* · ${standingOf(one, viewer, now)}`;
  const counts = one.summary?.counts;
  if (!counts) return section(title);
  const names = columnNames(columnsOf(one, viewer).pair);
  const counted = (side: 'partner' | 'firm') => `*${names[side]}*\n${countsSaid(counts[side])}`;
  return { ...section(title, openButton(one)), ...fields(counted('partner'), counted('firm')) };
}

/** The viewer's own open promises, the ones to act on. */
function toActOn({ viewer, pairs, own, now }: Home): KnownBlock[] {
  const first = overdueFirst(own.rows, now).slice(0, TO_ACT_ON);
  if (first.length === 0) return [];
  const line = (row: CommitmentRow) => (pairs.length === 1 ? columnLine(row, viewer, now) : undefined);
  return [
    header('Yours to do'),
    ...first.flatMap((row) => commitmentRow(row, viewer, now, { line: line(row) })),
    ...moreThan(own.count - first.length, '`/accord ledger` has all of them.'),
  ];
}

/** Of pairs that are not the viewer's, what they own: the promise and for whom, nothing else. */
function owedToOthers({ viewer, forOthers, now }: Home): KnownBlock[] {
  const own = overdueFirst(forOthers, now);
  if (own.length === 0) return [];
  return [
    header('Yours, for others'),
    ...own.slice(0, FOR_OTHERS).flatMap((row) => commitmentRow(row, viewer, now)),
    ...moreThan(own.length - FOR_OTHERS, '`/accord ledger` has all of them.'),
  ];
}

const moreThan = (left: number, where: string): KnownBlock[] => (left > 0 ? [context(`${left} more. ${where}`)] : []);

// Starting from here

const WITH = 'with';
const AT_ONCE = 5;

export const startModal = (): ModalView =>
  modal({
    callbackId: PEOPLE_PICKED,
    title: 'Start a one-on-one',
    submit: 'Next',
    blocks: [
      usersSelect({
        id: WITH,
        label: 'With whom',
        hint: 'Several at once are fine. They see a proposal, and nothing is on a calendar until both agree.',
        atMost: AT_ONCE,
      }),
    ],
  });

export function readStart(state: FormState): Form<string[]> {
  const read = readForm(state, { [WITH]: people() });
  return read.ok ? { ok: true, value: read.value[WITH] } : read;
}

export const startErrors = (why: string): Record<string, string> => ({ [WITH]: why });
