import type { WebClient } from '@slack/web-api';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import { refreshPostedAt } from '../../delivery/outbox.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { dayIn } from '../../ground/zoned.ts';
import { allowed } from '../../pairs/permission.ts';
import { mayLead } from '../../pairs/rules.ts';
import { meetPeople } from '../../people/directory.ts';
import { findPeople, markHomeStale } from '../../people/store.ts';
import { clickedValue, triggerOf } from '../../slack/clicks.ts';
import { type Acted, act, inHandsOf, type Wanted } from '../acting.ts';
import { goneWords, noteModal, standsModal, standsWords, wholeModal } from '../answers.ts';
import { findByEvent, findHistory } from '../event-store.ts';
import { ACT_FORMS, type ActAnswer, type ActForm, actField, actModal, readAct, submittedOf } from '../forms.ts';
import { ledgerPlace } from '../ledger-modal.ts';
import { type Offer, offersOf } from '../offers.ts';
import { type CommitmentRow, findCommitment } from '../store.ts';
import { MORE, offerOf, ROW_ACTIONS, readMore } from '../views.ts';
import { GONE } from '../writing.ts';
import { drawLedger, ledgerAnswer } from './ledger.ts';
import { type Place, placeOf } from './place.ts';

type Respond = (message: {
  response_type: 'ephemeral';
  replace_original: boolean;
  text: string;
  blocks?: object[];
}) => Promise<unknown>;
type Click = {
  offer: Offer;
  id: string;
  place: Place;
  trigger: string;
  asked: Asked;
  client: WebClient;
  respond: Respond;
};

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
      if (about.ledger) await showLedger(deps, context, client, about.ledger);
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
      await bringUpToDate(trx, deps, asked, place);
      if (offer === 'undo') {
        const commitmentId = (await findByEvent(trx, asked.workspaceId, id)) ?? id;
        return act(trx, deps, asked.actor, commitmentId, { act: 'undo', eventId: id });
      }
      const wanted = AT_ONCE[offer];
      return wanted ? act(trx, deps, asked.actor, id, wanted) : refuse(GONE);
    },
    asked,
  );
}

/** Whatever comes of the click, what was clicked shows the newer state: a message, or one's Home. */
async function bringUpToDate(trx: Transaction<Database>, deps: Deps, asked: Asked, place: Place): Promise<void> {
  if (place.kind === 'message') await refreshPostedAt(trx, asked.workspaceId, place, deps.clock());
  if (place.kind === 'home') await markHomeStale(trx, asked.workspaceId, [asked.actor.id], deps.clock());
}

async function showActed(deps: Deps, { asked, place, client, respond }: Click, { row, gone }: Acted): Promise<unknown> {
  const now = deps.clock();
  switch (place.kind) {
    case 'message':
    case 'home':
      return undefined;
    case 'answer':
      return respond({
        response_type: 'ephemeral',
        replace_original: true,
        ...(gone ? goneWords(row) : standsWords(row, asked.actor, now)),
      });
    case 'modal':
      return client.views.update({
        view_id: place.viewId,
        view: standsModal(row, asked.actor, now, gone ? goneWords(row).text : undefined),
      });
    case 'ledger answer': {
      const words = await ledgerAnswer(deps, asked, place.scope);
      return words.ok && respond({ response_type: 'ephemeral', replace_original: true, ...words.value });
    }
    case 'ledger':
      return showLedger(deps, asked, client, place);
  }
}

/** Says why, beside what was clicked or over it; a ledger then shows the newer state. */
async function showRefused(
  deps: Deps,
  { asked, place, trigger, client, respond }: Click,
  why: string,
): Promise<unknown> {
  if (place.kind === 'ledger') {
    await client.views.push({ trigger_id: trigger, view: noteModal(why) });
    return showLedger(deps, asked, client, place);
  }
  if (place.kind === 'home') return client.views.open({ trigger_id: trigger, view: noteModal(why) });
  if (place.kind === 'modal') return client.views.update({ view_id: place.viewId, view: noteModal(why) });
  return respond({ response_type: 'ephemeral', replace_original: false, text: why });
}

async function showLedger(
  deps: Deps,
  asked: Asked,
  client: WebClient,
  { viewId, ...place }: LedgerShown,
): Promise<unknown> {
  const drawn = await drawLedger(deps, asked, place);
  return drawn.ok && client.views.update({ view_id: viewId, view: drawn.value });
}

/** The ledger that an act's form is laid upon. */
const ledgerShown = ledgerPlace.extend({ viewId: z.string().max(30) });
type LedgerShown = z.infer<typeof ledgerShown>;
const about = z.object({ id: z.uuid(), from: z.enum(['message', 'answer']), ledger: ledgerShown.optional() });
type About = z.infer<typeof about>;

function readAbout(metadata: string): About | undefined {
  try {
    return about.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}

const shownAt = ({ viewId, scope, page, filter }: LedgerShown): LedgerShown => ({ viewId, scope, page, filter });

const isAnswer = ({ kind }: Place): boolean => kind === 'answer' || kind === 'ledger answer';

/** In a modal the form is laid on top of it; anywhere else it opens by itself. */
async function openForm(deps: Deps, clicked: Click, form: ActForm): Promise<() => Promise<unknown>> {
  const { asked, id, place, client, trigger } = clicked;
  const row = await findOffered(deps, clicked, form);
  if (!row.ok) return () => showRefused(deps, clicked, row.why);
  const ledger = place.kind === 'ledger' ? shownAt(place) : undefined;
  const metadata: About = { id, from: isAnswer(place) ? 'answer' : 'message', ledger };
  const today = dayIn(row.value.ownerZone, deps.clock());
  const view = actModal(form, row.value, JSON.stringify(metadata), asked.actor.locale, today);
  const laid = place.kind === 'ledger' || place.kind === 'modal';
  await (laid ? client.views.push({ trigger_id: trigger, view }) : client.views.open({ trigger_id: trigger, view }));
  return async () => undefined;
}

async function openWhole(deps: Deps, clicked: Click): Promise<() => Promise<unknown>> {
  const { asked, id, place, client, trigger } = clicked;
  const row = await findSeen(deps, asked, id);
  if (!row.ok) return () => showRefused(deps, clicked, row.why);
  const { events, names } = await asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const history = await findHistory(trx, asked.workspaceId, id);
      const people = await findPeople(
        trx,
        asked.workspaceId,
        history.flatMap(({ by }) => (by ? [by] : [])),
      );
      return { events: history, names: new Map(people.map((person) => [person.id, person.name])) };
    },
    asked,
  );
  const isOfPair = asked.actor.id === row.value.leaderId || asked.actor.id === row.value.partnerId;
  const view = wholeModal(row.value, isOfPair ? events : [], names, asked.actor, deps.clock());
  const laid = place.kind === 'ledger' || place.kind === 'modal';
  await (laid ? client.views.push({ trigger_id: trigger, view }) : client.views.open({ trigger_id: trigger, view }));
  return async () => undefined;
}

const CHANGED = 'It has changed meanwhile, so that is not open any more. `/accord ledger` shows how it stands.';

/** The row, while it still offers this to whoever clicked. */
async function findOffered(deps: Deps, { asked, id, place }: Click, form: ActForm): Promise<Outcome<CommitmentRow>> {
  const row = await findSeen(deps, asked, id);
  if (!row.ok || offersOf(row.value, asked.actor.id, deps.clock()).includes(form)) return row;
  await asWorkspace(deps.db, asked.workspaceId, (trx) => bringUpToDate(trx, deps, asked, place), asked);
  return refuse(CHANGED);
}

function findSeen(deps: Deps, asked: Asked, id: string): Promise<Outcome<CommitmentRow>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const found = await findCommitment(trx, asked.workspaceId, id);
      const row = found && (await inHandsOf(trx, found));
      return (await allowed(trx, deps, asked.actor, 'see commitment', row)) && row ? done(row) : refuse(GONE);
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
