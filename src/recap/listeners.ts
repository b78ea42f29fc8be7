import type { Transaction } from 'kysely';
import { z } from 'zod';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from '../deps.ts';
import { isId } from '../ground/ids.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn } from '../ground/zoned.ts';
import { findMeeting, type PairedMeeting } from '../meetings/store.ts';
import { allowed } from '../pairs/permission.ts';
import { otherOf, roleOf } from '../pairs/rules.ts';
import { findPersonOrThrow, markHomeStale, type Person } from '../people/store.ts';
import { clickedValue, triggerOf } from '../slack/clicks.ts';
import type { FormState } from '../slack/form.ts';
import { tell } from '../slack/tell.ts';
import { CONFIRMATION_SUBMITTED, confirmErrors, confirmModal, readConfirmation } from './confirm-form.ts';
import { confirm } from './confirming.ts';
import {
  ADD_ROW,
  CARRIED_CHOSEN,
  OUTCOME,
  RECAP_SUBMITTED,
  type RecapForm,
  type RecapModal,
  readRecap,
  recapModal,
} from './form.ts';
import { nextByRhythm, nextZone } from './next.ts';
import { checkDraft, type FullDraft, type Problems, type RecapDraft, wantsDays } from './rules.ts';
import { earlierVersions, formOf, shownRecap, standingDrafts, withAnotherRow } from './shown.ts';
import { findCurrentRecap, findRecap, type PairedRecap } from './store.ts';
import { CONFIRM_RECAP, CORRECT_RECAP, SHOW_RECAP, WRITE_RECAP, wholeRecap } from './views.ts';
import { waitingMeeting } from './waiting.ts';
import { findCarried, NOT_YOURS, saveRecap, show } from './writing.ts';

const OWN_RECAP = 'You wrote it, so the other one confirms it. You can still correct it.';

export const subcommands: Subcommands = { recap: openRecap };

export function register(app: AccordApp, deps: Deps): void {
  app.action(WRITE_RECAP, async ({ ack, action, body, context, client, respond }) => {
    const form = await inWorkspace(deps, context, async (trx) => {
      const meeting = await found(clickedValue(action), (id) => findMeeting(trx, context.workspaceId, id));
      return openForm(trx, deps, context.actor, meeting);
    });
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: recapModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.action(CORRECT_RECAP, async ({ ack, action, body, context, client, respond }) => {
    const form = await inWorkspace(deps, context, async (trx) => {
      const recap = await found(clickedValue(action), (id) => findRecap(trx, context.workspaceId, id));
      const meeting = recap && (await findMeeting(trx, context.workspaceId, recap.meetingId));
      return openForm(trx, deps, context.actor, meeting);
    });
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: recapModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  for (const changed of [ADD_ROW, CARRIED_CHOSEN]) {
    app.action(changed, async ({ ack, body, context, client }) => {
      const { view } = body as { view?: OpenForm };
      const form = view && readForm(view.private_metadata);
      if (view && form) {
        const shown = await redrawn(deps, context, form, view.state, changed === ADD_ROW);
        if (shown.ok) await client.views.update({ view_id: view.id, hash: view.hash, view: recapModal(shown.value) });
      }
      await ack();
    });
  }

  app.view(RECAP_SUBMITTED, async ({ ack, view, context }) => {
    const form = readForm(view.private_metadata);
    if (!form) return ack();
    const sent = await submit(deps, context, form, view.state);
    if (sent.kind === 'problems') return ack({ response_action: 'errors', errors: sent.problems });
    if (sent.kind === 'again') return ack({ response_action: 'update', view: recapModal(sent.modal) });
    await ack();
    deps.wake();
  });

  app.action(CONFIRM_RECAP, async ({ ack, action, body, context, client, respond }) => {
    const opened = await inWorkspace(deps, context, async (trx) => {
      const recap = await found(clickedValue(action), (id) => findRecap(trx, context.workspaceId, id));
      if (recap?.writtenBy === context.actor.id && roleOf(context.actor.id, recap)) return refuse(OWN_RECAP);
      if (!(await allowed(trx, deps, context.actor, 'confirm recap', recap)) || !recap) return refuse(NOT_YOURS);
      if (recap.state !== 'posted') return stale(trx, deps, recap);
      const other = await findPersonOrThrow(trx, context.workspaceId, recap.writtenBy);
      return done({ shown: await shownRecap(trx, recap, deps.clock()), viewer: context.actor, other });
    });
    if (opened.ok) await client.views.open({ trigger_id: triggerOf(body), view: confirmModal(opened.value) });
    await ack();
    deps.wake();
    if (!opened.ok) await tell({ respond, client, body }, opened.why);
  });

  app.view(CONFIRMATION_SUBMITTED, async ({ ack, view, context }) => {
    const recapId = view.private_metadata;
    const form = readConfirmation(view.state);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const { produced, talkedMost, keepOut } = form.value;
    const confirmed = await inWorkspace(deps, context, async (trx) => {
      const recap = await found(recapId, (id) => findRecap(trx, context.workspaceId, id));
      const answer = { produced, talkedMost: recap ? whoTalked(talkedMost, context.actor, recap) : null };
      return confirm(trx, deps, context.actor, recapId, answer, keepOut);
    });
    await (confirmed.ok ? ack() : ack({ response_action: 'errors', errors: confirmErrors(confirmed.why) }));
    deps.wake();
  });

  app.action(SHOW_RECAP, async ({ ack, action, body, context, client, respond }) => {
    const opened = await inWorkspace(deps, context, async (trx) => {
      const recap = await found(clickedValue(action), (id) => findRecap(trx, context.workspaceId, id));
      if (!(await allowed(trx, deps, context.actor, 'see pair', recap)) || !recap) return refuse(NOT_YOURS);
      return done(wholeRecap(await shownRecap(trx, recap, deps.clock()), await earlierVersions(trx, recap)));
    });
    const trigger = triggerOf(body);
    if (opened.ok && isModal(body)) await client.views.push({ trigger_id: trigger, view: opened.value });
    else if (opened.ok) await client.views.open({ trigger_id: trigger, view: opened.value });
    await ack();
    if (!opened.ok) await tell({ respond, client, body }, opened.why);
  });
}

type Trx = Transaction<Database>;
type OpenForm = { id: string; hash: string; private_metadata: string; state: FormState };

/** Home and a form have no place for an answer: they show the newer state instead. */
const isModal = (body: object): boolean => (body as { view?: { type?: string } }).view?.type === 'modal';

const inWorkspace = <T>(deps: Deps, asked: Asked, work: (trx: Trx) => Promise<T>): Promise<T> =>
  asWorkspace(deps.db, asked.workspaceId, work, asked);

/** What an id from a button or a form may be anything names. */
const found = <T>(id: unknown, find: (id: string) => Promise<T | undefined>): Promise<T | undefined> =>
  isId(id) ? find(id) : Promise.resolve(undefined);

async function stale(trx: Trx, deps: Deps, recap: PairedRecap): Promise<Outcome<never>> {
  const meeting = await findMeeting(trx, recap.workspaceId, recap.meetingId);
  if (meeting) await show(trx, deps, meeting);
  await markHomeStale(trx, recap.workspaceId, [recap.leaderId, recap.partnerId], deps.clock());
  return refuse(
    recap.state === 'confirmed'
      ? 'It is confirmed already.'
      : 'It was corrected meanwhile. The newer version is in this conversation.',
  );
}

async function openForm(
  trx: Trx,
  deps: Deps,
  actor: Person,
  meeting: PairedMeeting | undefined,
): Promise<Outcome<RecapModal>> {
  const current = meeting && (await findCurrentRecap(trx, meeting.workspaceId, meeting.id));
  const may = await allowed(trx, deps, actor, current ? 'correct recap' : 'write recap', meeting);
  if (!may || !meeting) return refuse(NOT_YOURS);
  return done(await formOf(trx, actor, meeting, deps.clock()));
}

/** The form with what was typed, and a row more or the days that moved promises need. */
function redrawn(
  deps: Deps,
  asked: Asked,
  form: RecapForm,
  state: FormState,
  addsRow: boolean,
): Promise<Outcome<RecapModal>> {
  return inWorkspace(deps, asked, async (trx) => {
    const meeting = await findMeeting(trx, asked.workspaceId, form.meeting);
    const read = readRecap(state, form.rows);
    if (!(await allowed(trx, deps, asked.actor, 'write recap', meeting)) || !meeting || !read.ok)
      return refuse(NOT_YOURS);
    const draft = addsRow ? withAnotherRow(read.value) : read.value;
    return done(carryOn(await formOf(trx, asked.actor, meeting, deps.clock(), { draft }), form));
  });
}

/** It still corrects what it corrected: whether that stands is decided when it is sent. */
const carryOn = (modal: RecapModal, { corrects }: RecapForm): RecapModal => ({
  ...modal,
  form: { ...modal.form, corrects },
});

type Sent = { kind: 'saved' } | { kind: 'problems'; problems: Problems } | { kind: 'again'; modal: RecapModal };

function submit(deps: Deps, asked: Asked, form: RecapForm, state: FormState): Promise<Sent> {
  return inWorkspace(deps, asked, async (trx): Promise<Sent> => {
    const { workspaceId, actor } = asked;
    const read = readRecap(state, form.rows);
    if (!read.ok) return { kind: 'problems', problems: read.errors };
    const meeting = await findMeeting(trx, workspaceId, form.meeting);
    if (!(await allowed(trx, deps, actor, 'write recap', meeting)) || !meeting) return problem(NOT_YOURS);
    const draft = read.value;
    if (wantsDays(draft, shownDays(state)))
      return { kind: 'again', modal: carryOn(await formOf(trx, actor, meeting, deps.clock(), { draft }), form) };
    const checked = await check(trx, deps, actor, meeting, draft);
    if (!checked.ok) return { kind: 'problems', problems: shownProblems(checked.problems, form, state) };

    const saved = await saveRecap(trx, deps, actor, form.meeting, form.corrects, checked.draft);
    if (!saved.ok) return problem(saved.why);
    if (saved.value.kind === 'saved') return { kind: 'saved' };
    return {
      kind: 'again',
      modal: await formOf(trx, actor, meeting, deps.clock(), { draft, first: saved.value.recap }),
    };
  });
}

const problem = (why: string): Sent => ({ kind: 'problems', problems: { [OUTCOME]: why } });

/** The promises for which the form asks for a day already. */
const shownDays = ({ values }: FormState): string[] =>
  Object.keys(values).flatMap((field) => (field.startsWith('to.') ? [field.slice(3)] : []));

/** A problem that belongs to a field which the form does not show is told at the top. */
function shownProblems(problems: Problems, form: RecapForm, { values }: FormState): Problems {
  const isShown = (field: string) => field in values || form.rows.some((key) => field.endsWith(`.${key}`));
  return Object.fromEntries(Object.entries(problems).map(([field, why]) => [isShown(field) ? field : OUTCOME, why]));
}

async function check(
  trx: Trx,
  deps: Deps,
  actor: Person,
  meeting: PairedMeeting,
  draft: RecapDraft,
): Promise<{ ok: true; draft: FullDraft } | { ok: false; problems: Problems }> {
  const now = deps.clock();
  const other = await findPersonOrThrow(trx, actor.workspaceId, otherOf(actor.id, meeting));
  const current = await findCurrentRecap(trx, actor.workspaceId, meeting.id);
  const standing = current ? standingDrafts(await shownRecap(trx, current, now), actor) : [];
  const carried = await findCarried(trx, meeting, current ? [current] : []);
  const items = carried.map(({ id, dueOn, ownerZone }) => ({ id, dueOn, ownerToday: dayIn(ownerZone, now) }));
  const next = await nextByRhythm(trx, meeting, now);
  const proposed = current?.nextAt ?? next?.at;
  const zone = nextZone(next?.rhythm, actor);
  const todayOf = { me: dayIn(actor.zone, now), other: dayIn(other.zone, now) };
  const review = { today: dayIn(zone, now), ...(proposed && { proposed: dayIn(zone, proposed) }) };
  return checkDraft(draft, items, todayOf, review, standing);
}

function whoTalked(
  answer: 'me' | 'other' | 'even' | null,
  actor: Person,
  recap: PairedRecap,
): 'leader' | 'partner' | 'even' | null {
  if (answer === null || answer === 'even') return answer;
  const isLeader = (roleOf(actor.id, recap) === 'leader') === (answer === 'me');
  return isLeader ? 'leader' : 'partner';
}

async function openRecap({ ack, client, command, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const form = await inWorkspace(deps, context, async (trx) => {
    const waiting = await waitingMeeting(trx, deps, context, rest);
    return waiting.ok ? openForm(trx, deps, context.actor, waiting.value) : waiting;
  });
  if (!form.ok) return ack(form.why);
  await client.views.open({ trigger_id: command.trigger_id, view: recapModal(form.value) });
  await ack();
}

const formShape = z.object({
  meeting: z.uuid(),
  corrects: z.uuid().optional(),
  rows: z.array(z.string().regex(/^(new\d{1,3}|[0-9a-f-]{36})$/)).max(30),
});

/** What the form carried; undefined when it is not as we made it. */
function readForm(metadata: string): RecapForm | undefined {
  try {
    return formShape.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
