import type { Transaction } from 'kysely';
import { slipOverdue } from '../commitments/acting.ts';
import { lockStanding } from '../commitments/store.ts';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { AccordApp, Asked, Deps } from '../deps.ts';
import { isId } from '../ground/ids.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { findAnswers, saveAnswers } from '../meetings/answer-store.ts';
import { keepMeeting, lockWithPair, markHeld, refreshMeeting } from '../meetings/schedule.ts';
import { findMeeting, type PairedMeeting } from '../meetings/store.ts';
import { isAhead, MEETING_HELD } from '../meetings/views.ts';
import { allowed } from '../pairs/permission.ts';
import type { Verb } from '../pairs/rules.ts';
import type { Pair } from '../pairs/store.ts';
import { findPersonOrThrow } from '../people/store.ts';
import { clickedValue, triggerOf } from '../slack/clicks.ts';
import { tell } from '../slack/tell.ts';
import { PREP_SUBMITTED, prepErrors, prepModal, readPrep } from './form.ts';
import { ANSWER_PREP, KEEP_MEETING, SHORTEN_MEETING } from './opening-views.ts';
import type { Kept } from './rules.ts';

type Trx = Transaction<Database>;

const NOT_YOURS = 'That meeting is not open for you any more. Your Home shows the next one.';
const HAS_BEGUN =
  'The meeting has begun or was called off, so its questions are closed. Your words are still here to copy.';

export function register(app: AccordApp, deps: Deps): void {
  app.action(ANSWER_PREP, async ({ ack, action, body, context, client, respond }) => {
    const form = await onMeeting(deps, context, clickedValue(action), 'answer prep', async (trx, { meeting }) => {
      if (!isAhead(meeting, deps.clock()))
        return refuse('The meeting has begun or was called off. `/accord agenda` holds what you want to talk about.');
      const other = await findPersonOrThrow(trx, meeting.workspaceId, meeting.leaderId);
      const answers = await findAnswers(trx, meeting.workspaceId, meeting.id, context.actor.id);
      return done(prepModal(meeting, context.actor, other, answers));
    });
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: form.value });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.view(PREP_SUBMITTED, async ({ ack, view, context }) => {
    const form = readPrep(view.state);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const saved = await onMeeting(deps, context, view.private_metadata, 'answer prep', async (trx, { meeting }) => {
      const now = deps.clock();
      if (!isAhead(meeting, now)) return refuse(HAS_BEGUN);
      await saveAnswers(trx, meeting, context.actor.id, form.value, now);
      await refreshMeeting(trx, deps, meeting);
      return done(true);
    });
    if (!saved.ok) return ack({ response_action: 'errors', errors: prepErrors(saved.why) });
    await ack();
    deps.wake();
  });

  for (const [actionId, how] of [
    [KEEP_MEETING, 'keep'],
    [SHORTEN_MEETING, 'shorten'],
  ] satisfies [string, Kept][]) {
    app.action(actionId, async ({ ack, action, context, respond, body, client }) => {
      const kept = await onMeeting(deps, context, clickedValue(action), 'answer prep', (trx, { meeting }) =>
        keepMeeting(trx, deps, meeting, how),
      );
      await ack();
      deps.wake();
      if (!kept.ok) await tell({ respond, client, body }, kept.why);
    });
  }

  app.action(MEETING_HELD, async ({ ack, action, context, respond, body, client }) => {
    const held = await onMeeting(deps, context, clickedValue(action), 'write recap', async (trx, locked) => {
      if (isAhead(locked.meeting, deps.clock())) return refuse('That meeting is still to come.');
      const wasPlanned = locked.meeting.state === 'planned';
      await lockStanding(trx, locked.meeting);
      if ((await markHeld(trx, deps, locked)) && wasPlanned) await slipOverdue(trx, deps, locked.meeting);
      return done(true);
    });
    await ack();
    deps.wake();
    if (!held.ok) await tell({ respond, client, body }, held.why);
  });
}

/** A meeting of the actor's, locked with its pair; somebody else's is refused like one that does not exist. */
function onMeeting<T>(
  deps: Deps,
  asked: Asked,
  id: string | undefined,
  verb: Verb,
  work: (trx: Trx, locked: { meeting: PairedMeeting; pair: Pair }) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const meeting = isId(id) ? await findMeeting(trx, asked.workspaceId, id) : undefined;
      if (!(await allowed(trx, deps, asked.actor, verb, meeting)) || !meeting) return refuse(NOT_YOURS);
      const locked = await lockWithPair(trx, meeting);
      return locked ? work(trx, locked) : refuse(NOT_YOURS);
    },
    asked,
  );
}
