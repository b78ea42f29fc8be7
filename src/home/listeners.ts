import { partnersOf, reopenForm, START_WITH, startForm } from '../cadence/opening.ts';
import { type RhythmModal, rhythmModal } from '../cadence/rhythm-form.ts';
import { asWorkspace } from '../db/as-workspace.ts';
import type { AccordApp, Asked, Deps } from '../deps.ts';
import { isSomebody } from '../pairs/rules.ts';
import { findPairBetween } from '../pairs/store.ts';
import { markHomeStale, type Person } from '../people/store.ts';
import { triggerOf } from '../slack/clicks.ts';
import { drawHome } from './publish.ts';
import { takeHome } from './store.ts';
import { PEOPLE_PICKED, readStart, START, startErrors, startModal } from './views.ts';

export function register(app: AccordApp, deps: Deps): void {
  app.event('app_home_opened', async ({ event, context }) => {
    if (event.tab !== 'home' || !isSomebody(context.actor)) return;
    const { actor, workspaceId } = context;
    const taken = await asWorkspace(deps.db, workspaceId, (trx) => takeHome(trx, actor, deps.clock()), {
      deadline: context.deadline,
    });
    await drawHome(deps, taken);
  });

  // Whatever comes of a click there, also of one on something old, Home shows what is so now: it has no other answer.
  app.use(async ({ body, context, next }) => {
    try {
      await next();
    } finally {
      if (isClickOnHome(body) && context.actor) {
        const { actor, workspaceId, deadline } = context;
        await asWorkspace(deps.db, workspaceId, (trx) => markHomeStale(trx, workspaceId, [actor.id], deps.clock()), {
          deadline,
        });
        deps.wake();
      }
    }
  });

  app.action(START, async ({ ack, body, client }) => {
    await client.views.open({ trigger_id: triggerOf(body), view: startModal() });
    await ack();
  });

  app.view(PEOPLE_PICKED, async ({ ack, view, context }) => {
    const picked = readStart(view.state);
    if (!picked.ok) return ack({ response_action: 'errors', errors: picked.errors });
    const others = await partnersOf(deps, context, picked.value);
    if (!others.ok) return ack({ response_action: 'errors', errors: startErrors(others.why) });
    const [only] = others.value.length === 1 ? others.value : [];
    const known = only && (await knownPair(deps, context, only));
    const form = known ?? startForm(deps, context.actor, others.value, START_WITH);
    await ack({ response_action: 'update', view: rhythmModal(form) });
  });
}

const isClickOnHome = (body: object): boolean =>
  'view' in body && typeof body.view === 'object' && body.view !== null && Reflect.get(body.view, 'type') === 'home';

/** With somebody one meets already, the form is about that rhythm. */
function knownPair(deps: Deps, asked: Asked, other: Person): Promise<RhythmModal | undefined> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const pair = await findPairBetween(trx, asked.workspaceId, asked.actor.id, other.id);
      return pair && reopenForm(trx, deps, asked.actor, pair);
    },
    asked,
  );
}
