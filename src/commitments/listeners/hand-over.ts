import { HAND_OVER } from '../../cadence/views.ts';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { findOpenHandOver } from '../../pairs/hand-over.ts';
import { allowed } from '../../pairs/permission.ts';
import { findPair } from '../../pairs/store.ts';
import { meetPeople } from '../../people/directory.ts';
import { findPersonOrThrow, type Person } from '../../people/store.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { tell } from '../../slack/tell.ts';
import { NOT_ASKED, NOT_YOURS_TO_HAND, offerHandOver, refuseHandOver, takeOver } from '../hand-over.ts';
import {
  DECLINE_HAND_OVER,
  HAND_OVER_SUBMITTED,
  type HandOverForm,
  handOverAsked,
  handOverErrors,
  handOverModal,
  readHandOver,
  TAKE_OVER,
} from '../hand-over-views.ts';

export function registerHandOver(app: AccordApp, deps: Deps): void {
  app.action(HAND_OVER, async ({ ack, action, body, context, client, respond }) => {
    const form = await formFor(deps, context, clickedValue(action));
    if (form.ok) {
      const opened = { trigger_id: triggerOf(body), view: handOverModal(form.value) };
      await ('view' in body && body.view ? client.views.push(opened) : client.views.open(opened));
    }
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.view(HAND_OVER_SUBMITTED, async ({ ack, view, context }) => {
    const read = readHandOver(view.state);
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
    const asked = await offer(deps, context, view.private_metadata, read.value);
    if (!asked.ok) return ack({ response_action: 'errors', errors: handOverErrors(asked.why) });
    await ack({ response_action: 'update', view: handOverAsked(asked.value) });
    deps.wake();
  });

  for (const [actionId, answer] of [
    [TAKE_OVER, takeOver],
    [DECLINE_HAND_OVER, refuseHandOver],
  ] as const) {
    app.action(actionId, async ({ ack, action, body, context, client, respond }) => {
      const id = clickedValue(action);
      const answered = await asWorkspace(
        deps.db,
        context.workspaceId,
        async (trx) => (isId(id) ? answer(trx, deps, context.actor, id) : refuse(NOT_ASKED)),
        context,
      );
      await ack();
      deps.wake();
      if (!answered.ok) await tell({ respond, client, body }, answered.why);
    });
  }
}

function formFor(deps: Deps, asked: Asked, pairId: string | undefined): Promise<Outcome<HandOverForm>> {
  const { workspaceId, actor } = asked;
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const pair = isId(pairId) ? await findPair(trx, workspaceId, pairId) : undefined;
      if (!(await allowed(trx, deps, actor, 'hand over', pair)) || pair?.state !== 'active')
        return refuse(NOT_YOURS_TO_HAND);
      const open = await findOpenHandOver(trx, workspaceId, pair.id);
      return done({
        pairId: pair.id,
        partner: await findPersonOrThrow(trx, workspaceId, pair.partnerId),
        ...(open && { asked: await findPersonOrThrow(trx, workspaceId, open.toId) }),
      });
    },
    asked,
  );
}

async function offer(deps: Deps, asked: Asked, pairId: string, successorId: string): Promise<Outcome<Person>> {
  const { workspaceId, actor } = asked;
  const form = await formFor(deps, asked, pairId);
  if (!form.ok) return form;
  const successor = (await meetPeople(deps, workspaceId, [successorId], asked.deadline)).get(successorId);
  return asWorkspace(deps.db, workspaceId, (trx) => offerHandOver(trx, deps, actor, pairId, successor), asked);
}
