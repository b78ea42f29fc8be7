import type { Transaction } from 'kysely';
import { findCommitment } from '../commitments/store.ts';
import type { Database } from '../db/schema.ts';
import { dayIn } from '../ground/zoned.ts';
import { findAnswers } from '../meetings/answer-store.ts';
import type { PairedMeeting } from '../meetings/store.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import type { RecapModal } from './form.ts';
import { nextByRhythm, nextZone } from './next.ts';
import { MOST_ROWS_OF_BOTH, newKey, type RecapDraft, type RowDraft } from './rules.ts';
import { findAsks, findCurrentRecap, findVersions, type PairedRecap } from './store.ts';
import type { RecapShown } from './views.ts';
import { findCarried, findRows, isStanding } from './writing.ts';

type Trx = Transaction<Database>;

/** A version with all that its five lines say. What an earlier one asked for in vain is history. */
export async function shownRecap(trx: Trx, recap: PairedRecap, now: Temporal.Instant): Promise<RecapShown> {
  const { workspaceId } = recap;
  const versions = await findVersions(trx, workspaceId, recap.meetingId);
  const asks: RecapShown['asks'] = [];
  for (const ask of await findAsks(trx, workspaceId, [recap.id])) {
    const row = await findCommitment(trx, workspaceId, ask.commitmentId);
    if (row) asks.push({ ...ask, row });
  }
  const isDropped = (id: string) => asks.some(({ wants, row }) => wants === 'dropped' && row.id === id);
  const isHistory = (state: string) => state === 'declined' || state === 'withdrawn';
  const rows = await findRows(trx, workspaceId, versions);
  return {
    recap,
    leader: await findPersonOrThrow(trx, workspaceId, recap.leaderId),
    partner: await findPersonOrThrow(trx, workspaceId, recap.partnerId),
    rows: rows.filter((row) => !isDropped(row.id) && (row.recapId === recap.id || !isHistory(row.state))),
    asks,
    now,
  };
}

/** The versions that a recap has replaced, with who wrote each. */
export async function earlierVersions(trx: Trx, recap: PairedRecap): Promise<{ recap: PairedRecap; writer: Person }[]> {
  const versions = await findVersions(trx, recap.workspaceId, recap.meetingId);
  const earlier: { recap: PairedRecap; writer: Person }[] = [];
  for (const version of versions.filter(({ id }) => id !== recap.id))
    earlier.push({ recap: version, writer: await findPersonOrThrow(trx, recap.workspaceId, version.writtenBy) });
  return earlier;
}

/** What was typed so far, with the names of its rows; and the version that the other one wrote meanwhile. */
export type Typed = { draft: RecapDraft; first?: PairedRecap };

/**
 * The form about a meeting as it stands: empty but for the outcome that was wanted, or filled in with the version that
 * would be corrected. What was typed already takes the place of both.
 */
export async function formOf(
  trx: Trx,
  viewer: Person,
  meeting: PairedMeeting,
  now: Temporal.Instant,
  typed?: Typed,
): Promise<RecapModal> {
  const { workspaceId, id } = meeting;
  const current = await findCurrentRecap(trx, workspaceId, id);
  const shown = current && (await shownRecap(trx, current, now));
  const standing = shown ? standingDrafts(shown, viewer) : [];
  const blank = current ? correction(shown, standing, viewer) : await firstDraft(trx, meeting, viewer);
  const draft = typed ? withRows(typed.draft, typed.first ? standing : []) : blank;
  const next = await nextByRhythm(trx, meeting, now);
  const nextAt = current?.nextAt ?? next?.at;
  const nextOn = nextAt && dayIn(nextZone(next?.rhythm, viewer), nextAt);
  const versions = current ? await findVersions(trx, workspaceId, id) : [];
  return {
    form: { meeting: id, ...(current && { corrects: current.id }), rows: draft.rows.map(({ key }) => key) },
    viewer,
    other: await findPersonOrThrow(trx, workspaceId, otherOf(viewer.id, meeting)),
    startsAt: meeting.startsAt,
    carried: await findCarried(trx, meeting, versions),
    draft: typed ? draft : { ...draft, nextOn },
    nextAt,
    ...(typed?.first && shown && { first: shown }),
    now,
  };
}

const blankRow = (key: string, who: RowDraft['who']): RowDraft => ({ key, who, priority: 'now' });

async function firstDraft(trx: Trx, meeting: PairedMeeting, viewer: Person): Promise<RecapDraft> {
  const answers = await findAnswers(trx, meeting.workspaceId, meeting.id, meeting.partnerId);
  return {
    outcome: answers.get('outcome'),
    carried: [],
    rows:
      viewer.id === meeting.leaderId
        ? [blankRow('new1', 'me'), blankRow('new2', 'other')]
        : [blankRow('new1', 'other'), blankRow('new2', 'me')],
  };
}

function correction(shown: RecapShown | undefined, standing: RowDraft[], viewer: Person): RecapDraft {
  return {
    outcome: shown?.recap.outcome,
    decisions: shown?.recap.decisions,
    carried: (shown?.asks ?? []).flatMap(({ wants, dueOn, commitmentId }) =>
      wants === 'dropped' ? [] : [{ id: commitmentId, choice: wants, ...(dueOn && { to: dueOn }) }],
    ),
    rows:
      standing.length > 0
        ? standing.slice(0, MOST_ROWS_OF_BOTH)
        : [blankRow('new1', viewer.id === shown?.leader.id ? 'me' : 'other')],
  };
}

/** The rows that can be corrected. One that a colleague owns is theirs. */
export const standingDrafts = ({ rows, leader, partner }: RecapShown, viewer: Person): RowDraft[] =>
  rows
    .filter(isStanding)
    .filter(({ ownerId }) => ownerId === leader.id || ownerId === partner.id)
    .map((row) => ({
      key: row.id,
      who: row.ownerId === viewer.id ? 'me' : 'other',
      what: row.text,
      by: row.dueOn,
      priority: row.priority,
    }));

/** The rows of both, none of them twice. What does not fit is the other one's, and stays as it is. */
function withRows(draft: RecapDraft, standing: RowDraft[]): RecapDraft {
  const others = standing.filter(({ key }) => !draft.rows.some((row) => row.key === key));
  return { ...draft, rows: [...others.slice(0, MOST_ROWS_OF_BOTH - draft.rows.length), ...draft.rows] };
}

/** One more row below those that are there. */
export const withAnotherRow = (draft: RecapDraft): RecapDraft => ({
  ...draft,
  rows: [...draft.rows, blankRow(newKey(draft.rows), 'me')],
});
