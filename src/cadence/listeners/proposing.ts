import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps, SlashCall } from '../../deps.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { allowed } from '../../pairs/permission.ts';
import { otherOf } from '../../pairs/rules.ts';
import { findPairBetween, insertPair, lockPair, type Pair } from '../../pairs/store.ts';
import { findPersonOrThrow, type Person } from '../../people/store.ts';
import { clickedValue } from '../../slack/clicks.ts';
import { isNegotiable } from '../ending.ts';
import { lockTable, suggest } from '../negotiation.ts';
import { partnersOf, reopenForm, START_WITH, startForm } from '../opening.ts';
import {
  type Basis,
  COMPLEXITY_CHOSEN,
  complexities,
  type FormSubject,
  fieldErrors,
  RHYTHM_SUBMITTED,
  type RhythmForm,
  type RhythmModal,
  readRhythm,
  readSubject,
  rhythmModal,
} from '../rhythm-form.ts';
import { inTurn, onAsOf, validateRhythm } from '../rules.ts';
import { type PairedProposal, rhythmOf } from '../store.ts';
import { inSentence, proposalSent, rhythmLine } from '../views.ts';
import { HAS_ENDED, NOT_YOURS } from './refusals.ts';

export function registerProposing(app: AccordApp, deps: Deps): void {
  app.action(COMPLEXITY_CHOSEN, async ({ ack, action, body, context, client }) => {
    const { view } = body as { view?: { id: string; hash: string; private_metadata: string } };
    const complexity = complexities.find((one) => one === clickedValue(action));
    const subject = view && readSubject(view.private_metadata);
    if (view && complexity && subject && 'partnerIds' in subject) {
      const others = await partnersOf(deps, context, subject.partnerIds);
      if (others.ok) {
        const form = startForm(deps, context.actor, others.value, complexity);
        await client.views.update({ view_id: view.id, hash: view.hash, view: rhythmModal(form) });
      }
    }
    await ack();
  });

  app.view(RHYTHM_SUBMITTED, async ({ ack, view, context }) => {
    const subject = readSubject(view.private_metadata);
    if (!subject) return ack();
    const form = readRhythm(view.state, subject.complexity);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const sent = await propose(deps, context, subject, form.value);
    if (!sent.ok) {
      const errors = fieldErrors({ [sent.field ?? 'purpose']: sent.why }, subject.complexity);
      return ack({ response_action: 'errors', errors });
    }
    await ack({ response_action: 'update', view: proposalSent(sent.value) });
    deps.wake();
  });
}

type Trx = Transaction<Database>;

/** `/accord with @name`. */
export async function openStart(call: SlashCall, deps: Deps): Promise<void> {
  const { ack, client, command, context, rest } = call;
  const others = await partnersOf(
    deps,
    context,
    readTyped(rest).mentions.map((mention) => mention.id),
  );
  if (!others.ok) return ack(others.why);
  const [only] = others.value;
  const between = others.value.length === 1 && only ? await knownPair(deps, context, only) : undefined;
  const form = between ?? startForm(deps, context.actor, others.value, START_WITH);
  await client.views.open({ trigger_id: command.trigger_id, view: rhythmModal(form) });
  await ack();
}

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

/** Records the proposals, one for each person named; nothing is saved when one of them is refused. */
async function propose(deps: Deps, asked: Asked, subject: FormSubject, form: RhythmForm): Promise<Outcome<string[]>> {
  const { workspaceId, actor } = asked;
  const rhythm = validateRhythm(
    { ...form.draft, on: onAsOf(form.draft.anchor, form.draft.every, form.draft.monthlyBy) },
    deps.clock(),
  );
  if (!rhythm.ok) return rhythm;
  const suggestion = { rhythm: rhythm.value, monthlyBy: form.draft.monthlyBy, purpose: form.purpose };

  if ('pairId' in subject) {
    return asWorkspace(
      deps.db,
      workspaceId,
      async (trx) => {
        const pair = await lockPair(trx, workspaceId, subject.pairId);
        if (!(await allowed(trx, deps, actor, 'reopen cadence', pair)) || !pair) return refuse(NOT_YOURS);
        if (!(await isNegotiable(trx, pair))) return refuse(HAS_ENDED);
        const table = await lockTable(trx, pair);
        if (table && !isSame(table, subject.basis)) return refuse(await overtaken(trx, deps, actor, table));
        await suggest(trx, deps, pair, actor.id, suggestion);
        return done([(await findPersonOrThrow(trx, workspaceId, otherOf(actor.id, pair))).name]);
      },
      asked,
    );
  }

  const others = await partnersOf(deps, asked, subject.partnerIds);
  if (!others.ok) return others;
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      for (const partner of others.value) {
        const met = await findPairBetween(trx, workspaceId, actor.id, partner.id);
        const table = met && (await lockTable(trx, met));
        const isAsked = table?.state === 'open' && table.toId === actor.id;
        if (isAsked) return refuse(await overtaken(trx, deps, actor, table));
      }
      for (const [place, partner] of others.value.entries()) {
        const pair =
          (await findPairBetween(trx, workspaceId, actor.id, partner.id)) ??
          (await startPair(trx, deps, actor, partner, form));
        await suggest(trx, deps, pair, actor.id, { ...suggestion, rhythm: inTurn(rhythm.value, place) });
      }
      return done(others.value.map((partner) => partner.name));
    },
    asked,
  );
}

const isSame = (table: PairedProposal, basis: Basis): boolean => table.id === basis?.id && table.state === basis.state;

/** For a form that answers something that is no longer on the table: it keeps what was entered and says what is. */
async function overtaken(trx: Trx, deps: Deps, actor: Person, table: PairedProposal): Promise<string> {
  const other = await findPersonOrThrow(trx, table.workspaceId, otherOf(actor.id, table));
  const who = table.state === 'open' ? (table.byId === actor.id ? 'You have' : `${other.name} has`) : 'Both have';
  const what = `${table.state === 'open' ? 'suggested' : 'agreed on'} ${inSentence(rhythmLine(rhythmOf(table), actor, other, deps.clock()))}`;
  return `${who} meanwhile ${what}. Yours was not sent and is still here; close the form to answer.`;
}

function startPair(trx: Trx, deps: Deps, leader: Person, partner: Person, form: RhythmForm): Promise<Pair> {
  return insertPair(trx, {
    workspaceId: leader.workspaceId,
    id: deps.newId(),
    leaderId: leader.id,
    partnerId: partner.id,
    kind: form.kind,
    complexity: form.complexity,
    state: 'proposed',
    createdAt: deps.clock(),
    createdBy: leader.id,
  });
}
