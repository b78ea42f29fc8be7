import type { Transaction } from 'kysely';
import { z } from 'zod';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import { refreshPostedAt } from '../../delivery/outbox.ts';
import type { Asked, Deps } from '../../deps.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { dayIn } from '../../ground/zoned.ts';
import { allowed } from '../../pairs/permission.ts';
import { findPeople, markHomeStale } from '../../people/store.ts';
import { inHandsOf } from '../acting.ts';
import { findHistory } from '../event-store.ts';
import { type ActForm, actModal } from '../forms.ts';
import { offersOf } from '../offers.ts';
import { type CommitmentRow, findCommitment } from '../store.ts';
import { wholeModal } from '../whole.ts';
import { GONE } from '../writing.ts';
import { type LedgerShown, ledgerShown, type Place } from './place.ts';
import { type Click, showRefused } from './showing.ts';

/** What an act's form is about, and what it is laid upon: the ledger, all of one row, or both. */
const about = z.object({
  id: z.uuid(),
  from: z.enum(['message', 'answer']),
  ledger: ledgerShown.optional(),
  whole: z.string().max(30).optional(),
});
export type About = z.infer<typeof about>;

export function readAbout(metadata: string): About | undefined {
  try {
    return about.parse(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}

function ledgerUnder(place: Place): LedgerShown | undefined {
  if (place.kind === 'modal') return place.ledger;
  if (place.kind !== 'ledger') return undefined;
  const { kind: _kind, ...ledger } = place;
  return ledger;
}

const isAnswer = ({ kind }: Place): boolean => kind === 'answer' || kind === 'ledger answer';

/** In a modal the form is laid on top of it; anywhere else it opens by itself. */
export async function openForm(deps: Deps, clicked: Click, form: ActForm): Promise<() => Promise<unknown>> {
  const { asked, id, place, client, trigger } = clicked;
  const row = await findOffered(deps, clicked, form);
  if (!row.ok) return () => showRefused(deps, clicked, row.why);
  const whole = place.kind === 'modal' && place.isWhole ? place.viewId : undefined;
  const metadata: About = { id, from: isAnswer(place) ? 'answer' : 'message', ledger: ledgerUnder(place), whole };
  const today = dayIn(row.value.ownerZone, deps.clock());
  const view = actModal(form, row.value, JSON.stringify(metadata), asked.actor.locale, today);
  const laid = place.kind === 'ledger' || place.kind === 'modal';
  await (laid ? client.views.push({ trigger_id: trigger, view }) : client.views.open({ trigger_id: trigger, view }));
  return async () => undefined;
}

export async function openWhole(deps: Deps, clicked: Click): Promise<() => Promise<unknown>> {
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
  const view = wholeModal(row.value, isOfPair ? events : [], names, asked.actor, deps.clock(), {
    ledger: ledgerUnder(place),
  });
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

export function findSeen(deps: Deps, asked: Asked, id: string): Promise<Outcome<CommitmentRow>> {
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

/** Whatever comes of the click, what was clicked shows the newer state: a message, or one's Home. */
export async function bringUpToDate(trx: Transaction<Database>, deps: Deps, asked: Asked, place: Place): Promise<void> {
  if (place.kind === 'message') await refreshPostedAt(trx, asked.workspaceId, place, deps.clock());
  if (place.kind === 'home') await markHomeStale(trx, asked.workspaceId, [asked.actor.id], deps.clock());
}
