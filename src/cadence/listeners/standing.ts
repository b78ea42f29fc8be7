import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { allowed } from '../../pairs/permission.ts';
import { otherOf, type Verb } from '../../pairs/rules.ts';
import { findPair, findPairsOf, type Pair } from '../../pairs/store.ts';
import { findPersonOrThrow } from '../../people/store.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { tell } from '../../slack/tell.ts';
import { endPair, isNegotiable } from '../ending.ts';
import { reopenForm } from '../opening.ts';
import { rhythmModal } from '../rhythm-form.ts';
import { END_PAIR, endedModal, REOPEN_CADENCE, RHYTHM_FITS } from '../views.ts';
import { HAS_ENDED, NOT_YOURS } from './refusals.ts';

/** What either side does with a rhythm that stands. */
export function registerStanding(app: AccordApp, deps: Deps): void {
  app.action(REOPEN_CADENCE, async ({ ack, action, body, context, client, respond }) => {
    const form = await onPair(deps, context, clickedValue(action), 'reopen cadence', async (trx, pair) =>
      (await isNegotiable(trx, pair)) ? done(await reopenForm(trx, deps, context.actor, pair)) : refuse(HAS_ENDED),
    );
    if (form.ok) await client.views.open({ trigger_id: triggerOf(body), view: rhythmModal(form.value) });
    await ack();
    if (!form.ok) await tell({ respond, client, body }, form.why);
  });

  app.action(END_PAIR, async ({ ack, action, body, context, client, respond }) => {
    const ended = await onPair(deps, context, clickedValue(action), 'end pair', async (trx, pair) =>
      (await endPair(trx, deps, pair, context.actor.id))
        ? done(await findPersonOrThrow(trx, context.workspaceId, otherOf(context.actor.id, pair)))
        : refuse(HAS_ENDED),
    );
    const { view } = body as { view?: { id: string } };
    if (ended.ok && view) await client.views.update({ view_id: view.id, view: endedModal(ended.value) });
    await ack();
    deps.wake();
    if (!ended.ok) await tell({ respond, client, body }, ended.why);
  });

  // Who said so, and when, is in the audit; nothing else follows from it.
  app.action(RHYTHM_FITS, async ({ ack, action, body, context, client, respond }) => {
    const said = await onPair(deps, context, clickedValue(action), 'keep cadence', async (trx, pair) =>
      (await isNegotiable(trx, pair)) ? done(true) : refuse(HAS_ENDED),
    );
    await ack();
    if (!said.ok) return tell({ respond, client, body }, said.why);
    await respond({
      replace_original: true,
      text: 'You said the rhythm still fits. You are asked again in a quarter.',
    });
  });
}

type Trx = Transaction<Database>;

/** Acts on one's own pair in one transaction; somebody else's is refused like one that does not exist. */
function onPair<T>(
  deps: Deps,
  asked: Asked,
  pairId: string | undefined,
  verb: Verb,
  work: (trx: Trx, pair: Pair) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const pair = isId(pairId) ? await findPair(trx, asked.workspaceId, pairId) : undefined;
      if (!(await allowed(trx, deps, asked.actor, verb, pair)) || !pair) return refuse(NOT_YOURS);
      return work(trx, pair);
    },
    asked,
  );
}

/** `/accord cadence [@name]`. */
export async function openCadence({ ack, client, command, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const [named] = readTyped(rest).mentions;
  const form = await asWorkspace(
    deps.db,
    context.workspaceId,
    async (trx) => {
      const pairs = await findPairsOf(trx, context.workspaceId, context.actor.id);
      const pair = named ? pairs.find((one) => otherOf(context.actor.id, one) === named.id) : pairs[0];
      const mayReopen = (named || pair) && (await allowed(trx, deps, context.actor, 'reopen cadence', pair));
      if (!pair || !mayReopen) return refuse('You have no one-on-one there yet. Start one: `/accord with @name`.');
      if (!named && pairs.length > 1)
        return refuse('You have several one-on-ones. Say whose: `/accord cadence @name`.');
      return done(await reopenForm(trx, deps, context.actor, pair));
    },
    context,
  );
  if (!form.ok) return ack(form.why);
  await client.views.open({ trigger_id: command.trigger_id, view: rhythmModal(form.value) });
  await ack();
}
