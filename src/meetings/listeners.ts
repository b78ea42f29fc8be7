import type { ModalView } from '@slack/types';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from '../deps.ts';
import { isId } from '../ground/ids.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { readTyped, shorten } from '../ground/slack-text.ts';
import { allowed } from '../pairs/permission.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPair, lockPair, type Pair } from '../pairs/store.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { clickedValue, triggerOf } from '../slack/clicks.ts';
import { tell } from '../slack/tell.ts';
import { addToAgenda, agendaCommand, agendaOf, agendasOf, myAgendas, NO_PAIR } from './agenda.ts';
import { findAgendaItem, removeAgendaItem } from './agenda-store.ts';
import {
  AGENDA_FROM_MESSAGE,
  AGENDA_SUBMITTED,
  type AgendaForm,
  agendaErrors,
  agendaModal,
  OPEN_AGENDA,
  REMOVE_AGENDA_ITEM,
  readAgenda,
} from './agenda-views.ts';
import { AGENDA_LENGTH, countsAgainst, isMovable, isSecondMoveInARow, maySkip, offeredSlots } from './rules.ts';
import { lockWithPair, moveMeeting, refreshUpcoming, skipMeeting } from './schedule.ts';
import { findEnded, findMeeting, type PairedMeeting } from './store.ts';
import {
  MOVE_MEETING,
  MOVE_SUBMITTED,
  type MoveModal,
  moveErrors,
  moveModal,
  readMove,
  readSkip,
  SKIP_MEETING,
  SKIP_SUBMITTED,
  type SkipModal,
  skipModal,
} from './views.ts';

type Trx = Transaction<Database>;
/** The form once more, where the meeting has changed since it was opened. */
type Again = { again?: ModalView };

const NOT_YOURS = 'That meeting is not open for you any more. Your Home shows the next one.';
const CHANGED = 'It changed while this was open. Look at the new time, then send it again.';

export const subcommands: Subcommands = { agenda: openAgenda };

export function register(app: AccordApp, deps: Deps): void {
  app.action(MOVE_MEETING, async ({ ack, action, body, context, client, respond }) => {
    const form = await onMeeting(deps, context, clickedValue(action), 'move meeting', async (trx, meeting) => {
      const stands = isMovable(meeting);
      return stands.ok ? done(await moveForm(trx, deps, context.actor, meeting)) : stands;
    });
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: moveModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.view(MOVE_SUBMITTED, async ({ ack, view, context }) => {
    const about = readMeetingForm(view.private_metadata);
    const wanted = readMove(view.state, context.actor.zone);
    if (!wanted.ok) return ack({ response_action: 'errors', errors: wanted.errors });
    const moved = await onLocked<Again>(deps, context, about?.meeting, 'move meeting', async (trx, locked) => {
      if (locked.meeting.state === 'planned' && locked.meeting.version !== about?.version) {
        const form = await moveForm(trx, deps, context.actor, locked.meeting);
        return done({ again: moveModal({ ...form, wanted: wanted.value, notice: CHANGED }) });
      }
      const outcome = await moveMeeting(trx, deps, locked, context.actor.id, wanted.value.toInstant());
      return outcome.ok ? done({}) : outcome;
    });
    if (!moved.ok) return ack({ response_action: 'errors', errors: moveErrors(moved.why) });
    if (moved.value.again) return ack({ response_action: 'update', view: moved.value.again });
    await ack();
    deps.wake();
  });

  app.action(SKIP_MEETING, async ({ ack, action, body, context, client, respond }) => {
    const form = await onMeeting(deps, context, clickedValue(action), 'skip meeting', async (trx, meeting) => {
      const stands = maySkip(meeting, deps.clock());
      return stands.ok ? done(await skipForm(trx, context.actor, meeting)) : stands;
    });
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: skipModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.view(SKIP_SUBMITTED, async ({ ack, view, context }) => {
    const about = readMeetingForm(view.private_metadata);
    const form = readSkip(view.state);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const { reason } = form.value;
    const skipped = await onLocked<Again>(deps, context, about?.meeting, 'skip meeting', async (trx, locked) => {
      if (locked.meeting.state === 'planned' && locked.meeting.version !== about?.version)
        return done({
          again: skipModal({ ...(await skipForm(trx, context.actor, locked.meeting)), reason, notice: CHANGED }),
        });
      const outcome = await skipMeeting(trx, deps, locked, context.actor.id, reason);
      return outcome.ok ? done({}) : outcome;
    });
    if (!skipped.ok) return ack({ response_action: 'errors', errors: { reason: skipped.why } });
    if (skipped.value.again) return ack({ response_action: 'update', view: skipped.value.again });
    await ack();
    deps.wake();
  });

  app.action(OPEN_AGENDA, async ({ ack, action, body, context, client, respond }) => {
    const pairId = clickedValue(action);
    const form = await asWorkspace(
      deps.db,
      context.workspaceId,
      async (trx) => {
        const pair = isId(pairId) ? await findPair(trx, context.workspaceId, pairId) : undefined;
        if (!(await allowed(trx, deps, context.actor, 'add to agenda', pair)) || !pair) return refuse(NO_PAIR);
        return done({ viewer: context.actor, pairs: [await agendaOf(trx, deps, context.actor, pair)] });
      },
      context,
    );
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: agendaModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.view(AGENDA_SUBMITTED, async ({ ack, view, context, client }) => {
    const about = readAgendaForm(view.private_metadata);
    if (!about) return ack();
    const form = readAgenda(view.state, about);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const permalink = about.from && (await permalinkOf(client, about.from));
    const added = await asWorkspace(
      deps.db,
      context.workspaceId,
      async (trx) => {
        const pairId = form.value.with ?? (about.pairs.length === 1 ? about.pairs[0] : undefined);
        if (pairId === undefined) return refuse('Pick who you meet with.');
        const pair = isId(pairId) ? await findPair(trx, context.workspaceId, pairId) : undefined;
        const outcome = await addToAgenda(trx, deps, context.actor, pair, form.value.item, permalink);
        return outcome.ok ? done(await agendasOf(trx, deps, context.actor, about.pairs)) : outcome;
      },
      context,
    );
    if (!added.ok) return ack({ response_action: 'errors', errors: agendaErrors(added.why, about) });
    const again = { viewer: context.actor, pairs: added.value, chosen: form.value.with, round: about.round + 1 };
    await ack({ response_action: 'update', view: agendaModal(again) });
    deps.wake();
  });

  app.action(REMOVE_AGENDA_ITEM, async ({ ack, action, body, context, client }) => {
    const { view } = body as { view?: { id: string; hash: string; private_metadata: string } };
    const about = view && readAgendaForm(view.private_metadata);
    const id = clickedValue(action);
    const pairs = await asWorkspace(
      deps.db,
      context.workspaceId,
      async (trx) => {
        const item = about && isId(id) ? await findAgendaItem(trx, context.workspaceId, id) : undefined;
        if ((await allowed(trx, deps, context.actor, 'remove from agenda', item)) && item) {
          await lockPair(trx, context.workspaceId, item.pairId);
          await removeAgendaItem(trx, item, deps.clock());
          await refreshUpcoming(trx, deps, context.workspaceId, item.pairId);
        }
        return agendasOf(trx, deps, context.actor, about?.pairs ?? []);
      },
      context,
    );
    if (view && about && pairs.length > 0)
      await client.views.update({
        view_id: view.id,
        hash: view.hash,
        view: agendaModal({ viewer: context.actor, pairs, round: about.round }),
      });
    await ack();
    deps.wake();
  });

  app.shortcut(
    { callback_id: AGENDA_FROM_MESSAGE, type: 'message_action' },
    async ({ ack, shortcut, body, context, client, respond }) => {
      const pairs = await myAgendas(deps, context);
      const { channel, message } = shortcut;
      const text = shorten(readTyped(message.text ?? '').text, AGENDA_LENGTH);
      if (pairs.length > 0) {
        const view = agendaModal({ viewer: context.actor, pairs, text, from: { channel: channel.id, ts: message.ts } });
        await client.views.open({ trigger_id: shortcut.trigger_id, view });
      }
      await ack();
      if (pairs.length === 0) await tell({ respond, client, body }, NO_PAIR);
    },
  );
}

/** `/accord agenda`: what is on it; with words, one more; with a name first, of that one-on-one. */
async function openAgenda({ ack, client, command, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const answer = await asWorkspace(
    deps.db,
    context.workspaceId,
    (trx) => agendaCommand(trx, deps, context, rest),
    context,
  );
  if (!answer.ok) return ack(answer.why);
  if ('form' in answer.value) {
    await client.views.open({ trigger_id: command.trigger_id, view: agendaModal(answer.value.form) });
    return ack();
  }
  await ack(answer.value.added);
  deps.wake();
}

type Client = { chat: { getPermalink(of: { channel: string; message_ts: string }): Promise<{ permalink?: string }> } };

/** A link to the message; none where the bot may not see it. */
const permalinkOf = (client: Client, { channel, ts }: { channel: string; ts: string }): Promise<string | undefined> =>
  client.chat.getPermalink({ channel, message_ts: ts }).then(
    ({ permalink }) => permalink,
    () => undefined,
  );

/** Reads a meeting for somebody of its pair; somebody else's is refused like one that does not exist. */
function onMeeting<T>(
  deps: Deps,
  asked: Asked,
  id: string | undefined,
  verb: 'move meeting' | 'skip meeting',
  work: (trx: Trx, meeting: PairedMeeting) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const meeting = isId(id) ? await findMeeting(trx, asked.workspaceId, id) : undefined;
      if (!(await allowed(trx, deps, asked.actor, verb, meeting)) || !meeting) return refuse(NOT_YOURS);
      return work(trx, meeting);
    },
    asked,
  );
}

/** The same with the meeting and its pair locked, for a change. */
function onLocked<T>(
  deps: Deps,
  asked: Asked,
  id: string | undefined,
  verb: 'move meeting' | 'skip meeting',
  work: (trx: Trx, locked: { meeting: PairedMeeting; pair: Pair }) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return onMeeting(deps, asked, id, verb, async (trx, meeting) => {
    const locked = await lockWithPair(trx, meeting);
    return locked ? work(trx, locked) : refuse(NOT_YOURS);
  });
}

async function moveForm(trx: Trx, deps: Deps, viewer: Person, meeting: PairedMeeting): Promise<MoveModal> {
  const now = deps.clock();
  const other = await findPersonOrThrow(trx, meeting.workspaceId, otherOf(viewer.id, meeting));
  const isCounted = countsAgainst(viewer.id === meeting.leaderId ? 'leader' : 'partner', meeting.kind);
  const [previous] = await findEnded(trx, meeting.workspaceId, meeting.pairId, 1);
  const inARow =
    isCounted && isSecondMoveInARow(meeting.countedMoves, previous && { movedTimes: previous.countedMoves });
  const zone = meeting.partnerId === viewer.id ? viewer.zone : other.zone;
  return { meeting, viewer, other, now, ...(inARow && { slots: offeredSlots(meeting, zone, [viewer, other], now) }) };
}

async function skipForm(trx: Trx, viewer: Person, meeting: PairedMeeting): Promise<SkipModal> {
  const other = await findPersonOrThrow(trx, meeting.workspaceId, otherOf(viewer.id, meeting));
  const counts = countsAgainst(viewer.id === meeting.leaderId ? 'leader' : 'partner', meeting.kind);
  return { meeting, viewer, other, counts };
}

const meetingForm = z.object({ meeting: z.uuid(), version: z.int() });
const agendaForm = z.object({
  pairs: z.array(z.uuid()).min(1).max(20),
  round: z.int().min(0).max(1000),
  from: z.object({ channel: z.string().max(40), ts: z.string().max(40) }).optional(),
});

const readMeetingForm = (metadata: string) => parsed(meetingForm, metadata);
const readAgendaForm = (metadata: string): AgendaForm | undefined => parsed(agendaForm, metadata);

/** What a form carried; undefined when it is not as we made it. */
function parsed<T>(shape: z.ZodType<T>, metadata: string): T | undefined {
  try {
    return shape.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}
