import { asWorkspace } from '../../db/as-workspace.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { type Outcome, refuse } from '../../ground/outcome.ts';
import { mayLead } from '../../pairs/rules.ts';
import { meetPeople } from '../../people/directory.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { type Acted, act, type Wanted } from '../acting.ts';
import { standsModal } from '../answers.ts';
import { findByEvent } from '../event-store.ts';
import { ACT_FORMS, type ActAnswer, type ActForm, actField, readAct, submittedOf } from '../forms.ts';
import type { Offer } from '../offers.ts';
import { lockCommitment } from '../store.ts';
import { MORE, offerOf, ROW_ACTIONS, readMore } from '../views.ts';
import { GONE } from '../writing.ts';
import { type About, bringUpToDate, findSeen, openForm, openWhole, readAbout } from './opening.ts';
import { placeOf } from './place.ts';
import { type Click, type Respond, showActed, showRefused, showUnder } from './showing.ts';

export function registerActs(app: AccordApp, deps: Deps): void {
  for (const actionId of [...ROW_ACTIONS, MORE]) {
    app.action(actionId, async ({ ack, action, body, context, client, respond }) => {
      const value = clickedValue(action);
      const offer = offerOf(actionId);
      const clicked = offer ? { offer, id: value ?? '' } : readMore(value);
      const { workspaceId, actor, deadline, once } = context;
      const asked = { workspaceId, actor, deadline, once };
      const place = placeOf(body, action);
      const answer =
        clicked && isId(clicked.id)
          ? await click(deps, {
              ...clicked,
              place,
              trigger: triggerOf(body),
              asked,
              client,
              respond: respond as Respond,
            })
          : undefined;
      await ack();
      deps.wake();
      await answer?.();
    });
  }

  for (const form of ACT_FORMS) {
    app.view(submittedOf(form), async ({ ack, view, context, client }) => {
      const about = readAbout(view.private_metadata);
      const read = readAct(form, view.state);
      if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
      if (!about) return ack();
      const acted = await submit(deps, context, form, about, read.value);
      if (!acted.ok) return ack({ response_action: 'errors', errors: { [actField(form, acted.field)]: acted.why } });
      if (about.from === 'answer')
        await ack({ response_action: 'update', view: standsModal(acted.value.row, context.actor, deps.clock()) });
      else await ack();
      deps.wake();
      await showUnder(deps, context, client, about, acted.value);
    });
  }
}

/** Does what was clicked; what it returns is shown after the click is acknowledged. */
async function click(deps: Deps, clicked: Click): Promise<() => Promise<unknown>> {
  const { offer } = clicked;
  if (offer === 'show') return openWhole(deps, clicked);
  const form = ACT_FORMS.find((one) => one === offer);
  if (form) return openForm(deps, clicked, form);
  const acted = await actAtOnce(deps, clicked, offer);
  return () => (acted.ok ? showActed(deps, clicked, acted.value) : showRefused(deps, clicked, acted.why));
}

const AT_ONCE: Partial<Record<Offer, Wanted>> = {
  accept: { act: 'accept' },
  'take-back': { act: 'take back' },
  done: { act: 'done' },
  withdraw: { act: 'withdraw' },
  'will-not': { act: 'will not be done' },
  agree: { act: 'agree' },
  'not-yet': { act: 'not yet' },
  own: { act: 'own' },
  pass: { act: 'pass' },
  'keep-out': { act: 'keep out of digest' },
  'put-in': { act: 'put in digest' },
};

function actAtOnce(deps: Deps, { asked, id, place }: Click, offer: Offer): Promise<Outcome<Acted>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const about = offer === 'undo' ? await findByEvent(trx, asked.workspaceId, id) : undefined;
      const commitmentId = about ?? id;
      // The commitment, its messages, its people: whoever acts on one takes them in this order.
      await lockCommitment(trx, asked.workspaceId, commitmentId);
      await bringUpToDate(trx, deps, asked, place);
      const wanted: Wanted | undefined = offer === 'undo' ? { act: 'undo', eventId: id } : AT_ONCE[offer];
      return wanted ? act(trx, deps, asked.actor, commitmentId, wanted) : refuse(GONE);
    },
    asked,
  );
}

async function submit(
  deps: Deps,
  asked: Asked,
  form: ActForm,
  { id }: About,
  answer: ActAnswer,
): Promise<Outcome<Acted>> {
  const wanted = wantedOf(form, answer);
  if (wanted?.act === 'ask owner') {
    const row = await findSeen(deps, asked, id);
    if (!row.ok) return row;
    const colleague = (await meetPeople(deps, asked.workspaceId, [wanted.colleagueId], asked.deadline)).get(
      wanted.colleagueId,
    );
    if (!colleague || !mayLead(colleague))
      return refuse('They have no full account in this workspace. Name somebody who does.', 'colleague');
  }
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    (trx) => (wanted ? act(trx, deps, asked.actor, id, wanted) : Promise.resolve(refuse(GONE))),
    asked,
  );
}

function wantedOf(form: ActForm, { dueOn, reason = '', line, colleagueId }: ActAnswer): Wanted | undefined {
  switch (form) {
    case 'accept-late':
      return { act: 'accept', dueOn };
    case 'decline':
      return { act: 'decline', line };
    case 'move':
      return dueOn && { act: 'move', to: dueOn, reason };
    case 'reopen':
      return { act: 'reopen', reason };
    case 'colleague':
      return colleagueId ? { act: 'ask owner', colleagueId } : undefined;
    case 'reword':
      return { act: 'reword for digest', line: line ?? null };
  }
}
