import type { Transaction } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Asked, Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn } from '../ground/zoned.ts';
import { canPair, otherOf } from '../pairs/rules.ts';
import type { Pair } from '../pairs/store.ts';
import { meetPeople } from '../people/directory.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { draftOf, type RhythmModal } from './rhythm-form.ts';
import { type Complexity, proposedRhythm } from './rules.ts';
import { findCadence, findOpenProposal, type PairedProposal } from './store.ts';

type Trx = Transaction<Database>;

const NAME_SOMEBODY = 'Name who you want to meet with: `/accord with @name`. Several names at once are fine.';
/** The middle one: every two weeks. */
export const START_WITH: Complexity = 'new-team-leader';

/** The people named, if each may be met with; the first refusal otherwise. */
export async function partnersOf(deps: Deps, { workspaceId, actor }: Asked, ids: string[]): Promise<Outcome<Person[]>> {
  if (ids.length === 0) return refuse(NAME_SOMEBODY);
  const people = await meetPeople(deps, workspaceId, ids);
  const named = [...new Set(ids)].map((id) => ({ person: people.get(id), outcome: canPair(actor, people.get(id)) }));
  const refused = named.find(({ outcome }) => !outcome.ok)?.outcome;
  if (refused && !refused.ok) return refused;
  return done(named.flatMap(({ person }) => (person ? [person] : [])));
}

/** The form for people whom one has no rhythm with yet, filled in by their business. */
export function startForm(deps: Deps, viewer: Person, others: Person[], complexity: Complexity): RhythmModal {
  const partner = others[0] ?? viewer;
  const today = dayIn(partner.zone, deps.clock());
  const { rhythm, purpose } = proposedRhythm(complexity, today, viewer, partner);
  return {
    subject: { partnerIds: others.map((other) => other.id) },
    viewer,
    others,
    kind: 'contractor',
    complexity,
    draft: { ...rhythm, monthlyBy: rhythm.every === 'weeks' ? null : 'weekday' },
    purpose,
    isStart: true,
  };
}

/** The form filled in with what is on the table, else with what is agreed; its first day never lies in the past. */
export async function reopenForm(trx: Trx, deps: Deps, viewer: Person, pair: Pair): Promise<RhythmModal> {
  const latest =
    (await findOpenProposal(trx, pair.workspaceId, pair.id)) ?? (await findCadence(trx, pair.workspaceId, pair.id));
  const ofPair = pair.state === 'active' ? pair : undefined;
  if (latest) return { ...(await suggestionForm(trx, deps, viewer, latest)), ofPair };
  const other = await findPersonOrThrow(trx, pair.workspaceId, otherOf(viewer.id, pair));
  const form = startForm(deps, viewer, [other], pair.complexity ?? START_WITH);
  return { ...form, subject: { pairId: pair.id, basis: null }, kind: pair.kind, isStart: false, ofPair };
}

/** The form filled in with somebody's proposal. */
export async function suggestionForm(trx: Trx, deps: Deps, viewer: Person, from: PairedProposal): Promise<RhythmModal> {
  const other = await findPersonOrThrow(trx, from.workspaceId, otherOf(viewer.id, from));
  return {
    subject: { pairId: from.pairId, basis: { id: from.id, state: from.state } },
    viewer,
    others: [other],
    kind: from.kind,
    complexity: from.complexity ?? START_WITH,
    draft: draftOf(from, deps.clock()),
    purpose: from.purpose,
    isStart: false,
  };
}
