import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { allowed } from '../../pairs/permission.ts';
import { otherOf } from '../../pairs/rules.ts';
import { findPair, findPairsOf, type Pair } from '../../pairs/store.ts';
import { findPeople, type Person } from '../../people/store.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { tell } from '../../slack/tell.ts';
import {
  allLedgers,
  LEDGER_PAGE_BACK,
  LEDGER_PAGE_ON,
  type LedgerOf,
  ledgerModal,
  OPEN_LEDGER,
  pairLedger,
} from '../ledger.ts';
import { findLedgers } from '../ledger-store.ts';
import { type CommitmentRow, findOwnedBy } from '../store.ts';
import { GONE } from '../writing.ts';
import { placeOf } from './place.ts';

const NO_PAIR = 'You have no one-on-one yet. Start one: `/accord with @name`.';

type Trx = Transaction<Database>;

export function registerLedger(app: AccordApp, deps: Deps): void {
  app.action(OPEN_LEDGER, async ({ ack, action, body, context, client, respond }) => {
    const one = await findOne(deps, context, clickedValue(action));
    if (one.ok)
      await client.views.open({
        trigger_id: triggerOf(body),
        view: ledgerModal(one.value, 0, context.actor, deps.clock()),
      });
    await ack();
    if (!one.ok) await tell({ respond, client, body }, one.why);
  });

  for (const [actionId, step] of [
    [LEDGER_PAGE_BACK, -1],
    [LEDGER_PAGE_ON, 1],
  ] as const) {
    app.action(actionId, async ({ ack, action, body, context, client }) => {
      const place = placeOf(body, action);
      const one = await findOne(deps, context, clickedValue(action));
      if (one.ok && place.kind === 'ledger') {
        const view = ledgerModal(one.value, place.page + step, context.actor, deps.clock());
        await client.views.update({ view_id: place.viewId, view });
      }
      await ack();
    });
  }
}

/** `/accord ledger`, `/accord ledger @person`. */
export async function answerLedger({ ack, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const { workspaceId, actor } = context;
  const [named] = readTyped(rest).mentions;
  const found = await asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const pairs = (await findPairsOf(trx, workspaceId, actor.id)).filter(({ state }) => state === 'active');
      const wanted = named ? pairs.filter((pair) => otherOf(actor.id, pair) === named.id) : pairs;
      if (named && wanted.length === 0)
        return refuse('You have no one-on-one with them. Start one: `/accord with @name`.');
      const owned = named ? [] : await findForOthers(trx, actor);
      if (wanted.length === 0 && owned.length === 0) return refuse(NO_PAIR);
      return done({ all: await ledgersOf(trx, deps, actor, wanted), owned });
    },
    context,
  );
  if (!found.ok) return ack(found.why);
  const { all, owned } = found.value;
  const [only] = all.length === 1 && owned.length === 0 ? all : [];
  await ack(only ? pairLedger(only, actor, deps.clock()) : allLedgers(all, owned, actor, deps.clock()));
}

/** What somebody owns in pairs that are not theirs. */
async function findForOthers(trx: Trx, actor: Person): Promise<CommitmentRow[]> {
  const owned = await findOwnedBy(trx, actor.workspaceId, actor.id);
  return owned.filter(({ leaderId, partnerId }) => leaderId !== actor.id && partnerId !== actor.id);
}

async function ledgersOf(trx: Trx, deps: Deps, actor: Person, pairs: Pair[]): Promise<LedgerOf[]> {
  const ledgers = await findLedgers(
    trx,
    actor.workspaceId,
    pairs.map(({ id }) => id),
    deps.clock(),
  );
  const people = await findPeople(
    trx,
    actor.workspaceId,
    pairs.flatMap(({ leaderId, partnerId }) => [leaderId, partnerId]),
  );
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return pairs.flatMap((pair) => {
    const ledger = ledgers.get(pair.id);
    const named = {
      id: pair.id,
      leaderId: pair.leaderId,
      leaderName: nameOf(pair.leaderId),
      partnerName: nameOf(pair.partnerId),
      kind: pair.kind,
    };
    return ledger ? [{ pair: named, ...ledger }] : [];
  });
}

/** One pair's ledger, for either of the two. */
export function findOne(deps: Deps, asked: Asked, pairId: string | undefined): Promise<Outcome<LedgerOf>> {
  const { workspaceId, actor } = asked;
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const pair = isId(pairId) ? await findPair(trx, workspaceId, pairId) : undefined;
      if (!pair || !(await allowed(trx, deps, actor, 'see pair', pair))) return refuse(GONE);
      const [one] = await ledgersOf(trx, deps, actor, [pair]);
      return one ? done(one) : refuse(GONE);
    },
    asked,
  );
}
