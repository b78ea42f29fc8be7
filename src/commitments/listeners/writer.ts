import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { Asked, Deps } from '../../deps.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { mayLead, otherOf, roleOf } from '../../pairs/rules.ts';
import { findPairsOf, type Pair } from '../../pairs/store.ts';
import { meetPeople } from '../../people/directory.ts';
import { findPeople, type Person } from '../../people/store.ts';
import type { Saved } from '../answers.ts';
import type { PairChoice } from '../commit-form.ts';
import type { CommitmentRow } from '../store.ts';
import { lineFor, type Written } from '../writing.ts';

const NO_PAIR = 'You have no one-on-one yet. Start one: `/accord with @name`.';
const NOT_AGREED = 'Your one-on-one is not agreed yet. Commitments start when its rhythm is.';

type Trx = Transaction<Database>;
/** An active pair of the writer's, with the other one. */
export type WithOther = { pair: Pair; other: Person };

/** The active one-on-ones of whoever writes; a refusal says how to get one. */
export const pairsOf = (deps: Deps, { workspaceId, actor, deadline }: Asked): Promise<Outcome<WithOther[]>> =>
  asWorkspace(deps.db, workspaceId, (trx) => findMine(trx, actor), { deadline, reads: true });

export async function findMine(trx: Trx, { workspaceId, id }: Person): Promise<Outcome<WithOther[]>> {
  const pairs = await findPairsOf(trx, workspaceId, id);
  const active = pairs.filter(({ state }) => state === 'active');
  if (active.length === 0) return refuse(pairs.length > 0 ? NOT_AGREED : NO_PAIR);
  const others = active.map((pair) => otherOf(id, pair));
  const people = await findPeople(trx, workspaceId, others);
  return done(
    active.flatMap((pair) =>
      people.filter((person) => person.id === otherOf(id, pair)).map((other) => ({ pair, other })),
    ),
  );
}

/** The writer's pairs as the form offers them. */
export const choicesOf = (mine: WithOther[], actor: Person): PairChoice[] =>
  mine.map(({ pair, other }) => ({
    pairId: pair.id,
    otherName: other.name,
    role: roleOf(actor.id, pair) ?? 'partner',
  }));

/** Only full members of the firm own what it promised. Undefined when the one named may, or nobody was. */
export async function colleagueRefused(
  deps: Deps,
  { workspaceId, deadline }: Asked,
  colleagueId: string | undefined,
): Promise<string | undefined> {
  if (!colleagueId) return undefined;
  const colleague = (await meetPeople(deps, workspaceId, [colleagueId], deadline)).get(colleagueId);
  return colleague && mayLead(colleague)
    ? undefined
    : 'The colleague named has no full account in this workspace. Name somebody who does, or nobody.';
}

export const savedAs = ({ row, digest }: Written): Saved => ({
  row,
  ...(digest.line === null && { keptOutBecause: digest.because }),
});

export async function savedOf(trx: Trx, row: CommitmentRow): Promise<Saved> {
  const people = await findPeople(trx, row.workspaceId, [row.leaderId, row.partnerId]);
  return savedAs({ row, digest: lineFor(row, row, row.ownerName, people) });
}
