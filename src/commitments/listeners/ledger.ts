import type { ModalView } from '@slack/types';
import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { allowed } from '../../pairs/permission.ts';
import { otherOf } from '../../pairs/rules.ts';
import { findPair, type Pair } from '../../pairs/store.ts';
import { findPeople, type Person } from '../../people/store.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { redraw } from '../../slack/redraw.ts';
import { tell } from '../../slack/tell.ts';
import { type Answer, allLedgers, pairLedger } from '../ledger.ts';
import {
  ALL_PAIRS,
  firstPage,
  LEDGER_FILTER,
  LEDGER_PAGE_BACK,
  LEDGER_PAGE_ON,
  type Ledger,
  type LedgerPlace,
  ledgerModal,
  ledgerPage,
  OPEN_LEDGER,
  readFilter,
} from '../ledger-modal.ts';
import { findLedgers, findLines, findPairsInLedger, findSummaries } from '../ledger-store.ts';
import { findOwnedElsewhere } from '../owner-store.ts';
import { findCommitments } from '../store.ts';
import type { LedgerPair } from '../summary.ts';
import { GONE } from '../writing.ts';
import { placeOf } from './place.ts';

const NO_PAIR = 'You have no one-on-one yet. Start one: `/accord with @name`.';
const NOT_WITH_THEM = 'You have no one-on-one with them. Start one: `/accord with @name`.';

type Trx = Transaction<Database>;

export function registerLedger(app: AccordApp, deps: Deps): void {
  app.action(OPEN_LEDGER, async ({ ack, action, body, context, client, respond }) => {
    const scope = clickedValue(action);
    const drawn = await drawLedger(deps, context, scope === undefined ? undefined : firstPage(scope));
    if (drawn.ok) await client.views.open({ trigger_id: triggerOf(body), view: drawn.value });
    await ack();
    if (!drawn.ok) await tell({ respond, client, body }, drawn.why);
  });

  /** Where to go from here; undefined for what no ledger offers. */
  const turns: [string, (place: LedgerPlace, chosen: string | undefined) => LedgerPlace | undefined][] = [
    [LEDGER_PAGE_BACK, (place, scope) => (scope === place.scope ? { ...place, page: place.page - 1 } : undefined)],
    [LEDGER_PAGE_ON, (place, scope) => (scope === place.scope ? { ...place, page: place.page + 1 } : undefined)],
    [LEDGER_FILTER, ({ scope }, chosen) => readFilter(scope, chosen)],
  ];
  for (const [actionId, turn] of turns) {
    app.action(actionId, async ({ ack, action, body, context, client, respond }) => {
      const from = placeOf(body, action);
      const to = from.kind === 'ledger' ? turn(from, clickedValue(action)) : undefined;
      const drawn = await drawLedger(deps, context, to);
      if (drawn.ok && from.kind === 'ledger') await redraw(client, from, drawn.value);
      await ack();
      if (!drawn.ok) await tell({ respond, client, body }, drawn.why);
    });
  }
}

/** `/accord ledger`, `/accord ledger @person`. */
export async function answerLedger({ ack, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const [named] = readTyped(rest).mentions;
  const answer = await inWorkspace(deps, context, (trx) => answerTo(trx, deps, context.actor, named?.id));
  await ack(answer.ok ? answer.value : answer.why);
}

/** What `/accord ledger` answered about one pair or all, as it is now. */
export const ledgerAnswer = (deps: Deps, asked: Asked, scope: string): Promise<Outcome<Answer>> =>
  inWorkspace(deps, asked, async (trx) => {
    if (scope === ALL_PAIRS) return answerTo(trx, deps, asked.actor, undefined);
    const pair = await pairOfScope(trx, deps, asked.actor, scope);
    return pair ? answerAbout(trx, deps, asked.actor, pair) : refuse(GONE);
  });

const inWorkspace = <T>(deps: Deps, asked: Asked, work: (trx: Trx) => Promise<T>): Promise<T> =>
  asWorkspace(deps.db, asked.workspaceId, work, asked);

async function answerTo(trx: Trx, deps: Deps, actor: Person, named: string | undefined): Promise<Outcome<Answer>> {
  const pairs = await findPairsInLedger(trx, actor.workspaceId, actor.id, deps.clock());
  const wanted = named ? pairs.filter((pair) => otherOf(actor.id, pair) === named) : pairs;
  if (named && wanted.length === 0) {
    await allowed(trx, deps, actor, 'see pair', undefined);
    return refuse(NOT_WITH_THEM);
  }
  const owned = named ? [] : await findOwnedElsewhere(trx, actor.workspaceId, actor.id, idsOf(pairs));
  if (wanted.length === 0 && owned.length === 0) return refuse(NO_PAIR);
  const [only] = wanted.length === 1 && owned.length === 0 ? wanted : [];
  if (only) return answerAbout(trx, deps, actor, only);
  const now = deps.clock();
  const summaries = await findSummaries(trx, actor.workspaceId, idsOf(wanted), now);
  return done(allLedgers(withPairs(await namesOf(trx, wanted), summaries), owned, actor, now));
}

async function answerAbout(trx: Trx, deps: Deps, actor: Person, pair: Pair): Promise<Outcome<Answer>> {
  const now = deps.clock();
  const ledgers = await findLedgers(trx, actor.workspaceId, [pair.id], now);
  const [one] = withPairs(await namesOf(trx, [pair]), ledgers);
  return one ? done(pairLedger(one, actor, now)) : refuse(GONE);
}

/** One page of a pair's ledger, for either of the two; or of everything that the actor may see. */
export const drawLedger = (deps: Deps, asked: Asked, place: LedgerPlace | undefined): Promise<Outcome<ModalView>> =>
  inWorkspace(deps, asked, async (trx) => {
    const { workspaceId, actor } = asked;
    const found = await ledgerAt(trx, deps, actor, place?.scope);
    if (!found.ok || !place) return found.ok ? refuse(GONE) : found;
    const now = deps.clock();
    const page = ledgerPage(found.value, place, actor, now);
    const ids = page.shown.map(({ id }) => id);
    return done(ledgerModal(page, await findCommitments(trx, workspaceId, ids), actor, now));
  });

async function ledgerAt(trx: Trx, deps: Deps, actor: Person, scope: string | undefined): Promise<Outcome<Ledger>> {
  const { workspaceId } = actor;
  const now = deps.clock();
  if (scope === ALL_PAIRS) {
    const pairs = await findPairsInLedger(trx, workspaceId, actor.id, now);
    const lines = await findLines(trx, workspaceId, idsOf(pairs), now);
    const owned = await findOwnedElsewhere(trx, workspaceId, actor.id, idsOf(pairs));
    return done({ one: undefined, lines: [...lines, ...owned] });
  }
  const pair = await pairOfScope(trx, deps, actor, scope);
  if (!pair) return refuse(GONE);
  const summaries = await findSummaries(trx, workspaceId, [pair.id], now);
  const [one] = withPairs(await namesOf(trx, [pair]), summaries);
  return done({ one, lines: await findLines(trx, workspaceId, [pair.id], now) });
}

async function pairOfScope(trx: Trx, deps: Deps, actor: Person, id: string | undefined): Promise<Pair | undefined> {
  const pair = isId(id) ? await findPair(trx, actor.workspaceId, id) : undefined;
  return (await allowed(trx, deps, actor, 'see pair', pair)) ? pair : undefined;
}

const idsOf = (pairs: Pair[]): string[] => pairs.map(({ id }) => id);

async function namesOf(trx: Trx, pairs: Pair[]): Promise<LedgerPair[]> {
  const [{ workspaceId } = { workspaceId: '' }] = pairs;
  const ids = pairs.flatMap(({ leaderId, partnerId }) => [leaderId, partnerId]);
  const names = new Map((await findPeople(trx, workspaceId, ids)).map(({ id, name }) => [id, name]));
  return pairs.map(({ id, leaderId, partnerId, kind, state }) => ({
    id,
    leaderId,
    leaderName: names.get(leaderId) ?? leaderId,
    partnerName: names.get(partnerId) ?? partnerId,
    kind,
    hasEnded: state === 'ended',
  }));
}

const withPairs = <T>(pairs: LedgerPair[], found: Map<string, T>): (T & { pair: LedgerPair })[] =>
  pairs.flatMap((pair) => {
    const ledger = found.get(pair.id);
    return ledger ? [{ pair, ...ledger }] : [];
  });
