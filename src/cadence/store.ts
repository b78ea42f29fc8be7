import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database, PairTable, ProposalTable } from '../db/schema.ts';
import { onAsOf, type Rhythm } from './rules.ts';

export type Proposal = Selectable<ProposalTable>;
/** A proposal with the people and the kind of its pair: what permission and the screens need. */
export type PairedProposal = Proposal &
  Pick<Selectable<PairTable>, 'leaderId' | 'partnerId' | 'kind' | 'complexity'> & {
    pairState: PairTable['state'];
    authorId: string;
    addresseeId: string;
  };

export const rhythmOf = (
  row: Pick<Proposal, 'every' | 'interval' | 'monthlyBy' | 'anchor' | 'wallTime' | 'zone' | 'minutes'>,
): Rhythm => ({
  every: row.every,
  interval: row.interval,
  on: onAsOf(row.anchor, row.every, row.monthlyBy),
  anchor: row.anchor,
  wallTime: row.wallTime,
  zone: row.zone,
  minutes: row.minutes,
});

export function insertProposal(trx: Transaction<Database>, proposal: Insertable<ProposalTable>): Promise<Proposal> {
  return trx.insertInto('proposal').values(proposal).returningAll().executeTakeFirstOrThrow();
}

const paired = (db: Kysely<Database>, workspaceId: string) =>
  db
    .selectFrom('proposal')
    .innerJoin('pair', (join) =>
      join.onRef('pair.workspaceId', '=', 'proposal.workspaceId').onRef('pair.id', '=', 'proposal.pairId'),
    )
    .selectAll('proposal')
    .select([
      'pair.leaderId',
      'pair.partnerId',
      'pair.kind',
      'pair.complexity',
      'pair.state as pairState',
      'proposal.byId as authorId',
      'proposal.toId as addresseeId',
    ])
    .where('proposal.workspaceId', '=', workspaceId);

export function findProposal(
  db: Kysely<Database>,
  workspaceId: string,
  id: string,
): Promise<PairedProposal | undefined> {
  return paired(db, workspaceId).where('proposal.id', '=', id).executeTakeFirst();
}

export function findOpenProposal(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
): Promise<PairedProposal | undefined> {
  return paired(db, workspaceId).where('pairId', '=', pairId).where('proposal.state', '=', 'open').executeTakeFirst();
}

/** What a pair agreed to, or undefined while they never did. */
export function findCadence(
  db: Kysely<Database>,
  workspaceId: string,
  pairId: string,
): Promise<PairedProposal | undefined> {
  return paired(db, workspaceId)
    .where('pairId', '=', pairId)
    .where('proposal.state', '=', 'accepted')
    .executeTakeFirst();
}

/** The open proposals that somebody wrote or has to answer, oldest first. */
export function findNegotiationsOf(
  db: Kysely<Database>,
  workspaceId: string,
  personId: string,
): Promise<PairedProposal[]> {
  return paired(db, workspaceId)
    .where('proposal.state', '=', 'open')
    .where((eb) => eb.or([eb('pair.leaderId', '=', personId), eb('pair.partnerId', '=', personId)]))
    .orderBy('at')
    .execute();
}

/** Closes an open proposal. False when somebody else was faster. */
export async function answerProposal(
  trx: Transaction<Database>,
  proposal: Pick<Proposal, 'workspaceId' | 'id'>,
  answer: { state: 'accepted' | 'countered' | 'declined' | 'withdrawn'; by: string; at: Temporal.Instant },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('proposal')
    .set({ state: answer.state, answeredBy: answer.by, answeredAt: answer.at })
    .where('workspaceId', '=', proposal.workspaceId)
    .where('id', '=', proposal.id)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Makes room for a new agreement: the one in force until now becomes history. */
export async function retireCadence(trx: Transaction<Database>, workspaceId: string, pairId: string): Promise<void> {
  await trx
    .updateTable('proposal')
    .set({ state: 'replaced' })
    .where('workspaceId', '=', workspaceId)
    .where('pairId', '=', pairId)
    .where('state', '=', 'accepted')
    .execute();
}

/** Locks the pairs whose quarterly question is due, longest waiting first; another process skips them. */
export function lockReviewDue(trx: Transaction<Database>, now: Temporal.Instant, atMost: number) {
  return trx
    .selectFrom('pair')
    .selectAll()
    .where('reviewDueAt', 'is not', null) // the partial index's predicate, word for word
    .where('reviewDueAt', '<=', now)
    .orderBy('reviewDueAt')
    .limit(atMost)
    .forUpdate()
    .skipLocked()
    .execute();
}
