import { asWorkspace } from '../../db/as-workspace.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { allowed } from '../../pairs/permission.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { tell } from '../../slack/tell.ts';
import { accept, decline } from '../negotiation.ts';
import { suggestionForm } from '../opening.ts';
import { rhythmModal } from '../rhythm-form.ts';
import { findProposal } from '../store.ts';
import { ACCEPT_PROPOSAL, COUNTER_PROPOSAL, DECLINE_PROPOSAL } from '../views.ts';
import { NOT_YOURS } from './refusals.ts';

export function registerAnswering(app: AccordApp, deps: Deps): void {
  app.action(ACCEPT_PROPOSAL, async ({ ack, action, context, respond, body, client }) => {
    const answer = await answerWith(deps, context, clickedValue(action), accept);
    await ack();
    deps.wake();
    if (!answer.ok) await tell({ respond, client, body }, answer.why);
  });

  app.action(DECLINE_PROPOSAL, async ({ ack, action, context, respond, body, client }) => {
    const answer = await answerWith(deps, context, clickedValue(action), decline);
    await ack();
    deps.wake();
    if (!answer.ok) await tell({ respond, client, body }, answer.why);
  });

  app.action(COUNTER_PROPOSAL, async ({ ack, action, body, context, client, respond }) => {
    const proposalId = clickedValue(action);
    const form = await asWorkspace(
      deps.db,
      context.workspaceId,
      async (trx) => {
        const proposal = isId(proposalId) ? await findProposal(trx, context.workspaceId, proposalId) : undefined;
        const mayAnswer = await allowed(trx, deps, context.actor, 'answer proposal', proposal);
        if (!mayAnswer || proposal?.state !== 'open') return refuse(NOT_YOURS);
        return done(await suggestionForm(trx, deps, context.actor, proposal));
      },
      context,
    );
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: rhythmModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });
}

type Step = typeof accept | typeof decline;

/** Answers an open proposal in one transaction; somebody else's, or one answered already, is refused alike. */
function answerWith(deps: Deps, asked: Asked, proposalId: string | undefined, step: Step): Promise<Outcome<true>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const proposal = isId(proposalId) ? await findProposal(trx, asked.workspaceId, proposalId) : undefined;
      if (!(await allowed(trx, deps, asked.actor, 'answer proposal', proposal)) || !proposal) return refuse(NOT_YOURS);
      return (await step(trx, deps, proposal, asked.actor.id)) ? done(true as const) : refuse(NOT_YOURS);
    },
    asked,
  );
}
