import type { Transaction } from 'kysely';
import type { Database } from '../../src/db/schema.ts';
import type { Written } from './monkey.ts';

type Trx = Transaction<Database>;

/** Whose a text is to read, by the mark in it. */
export function audienceOf(written: Written) {
  const found = new Map<string, Set<string>>();

  /**
   * Found out where it is kept; what is kept nowhere is its writer's alone. Whoever once might know, may know, and whoever
   * has taken the pair over since.
   */
  async function mayRead(trx: Trx, mark: string, readers: string[]): Promise<Set<string>> {
    const known = found.get(mark) ?? new Set([written.get(mark) ?? '']);
    found.set(mark, known);
    for (const id of await ofCommitment(trx, mark)) known.add(id);
    if (known.size > 1 && readers.every((id) => known.has(id))) return known;
    for (const { text, leaderId, partnerId } of await textsOfPairs(trx))
      if (text.includes(mark)) known.add(leaderId).add(partnerId);
    return known;
  }

  return { mayRead, isDigestLine };
}

/** The pair's, its owner's, a colleague's who is asked to own it, and of the firm's whoever is asked to take it over. */
async function ofCommitment(trx: Trx, mark: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('commitment')
    .innerJoin('pair', 'pair.id', 'commitment.pairId')
    .select([
      'commitment.id',
      'text',
      'digestLine',
      'side',
      'pairId',
      'ownerId',
      'askedOwnerId',
      'leaderId',
      'partnerId',
    ])
    .execute();
  const offered = await trx.selectFrom('handOver').select(['pairId', 'fromId', 'toId']).execute();
  const askedToLead = (one: (typeof rows)[number]) =>
    offered.flatMap(({ pairId, fromId, toId }) => (pairId === one.pairId && one.side === 'firm' ? [fromId, toId] : []));
  const events = trx.selectFrom('commitmentEvent').select(['commitmentId', 'reason']).where('reason', 'is not', null);
  const reasons = (await events.execute()).filter(({ reason }) => reason?.includes(mark));
  const about = new Set(reasons.map(({ commitmentId }) => commitmentId));
  return rows
    .filter(({ id, text, digestLine }) => text.includes(mark) || digestLine?.includes(mark) || about.has(id))
    .flatMap((one) => [
      one.ownerId,
      one.leaderId,
      one.partnerId,
      ...(one.askedOwnerId ? [one.askedOwnerId] : []),
      ...askedToLead(one),
    ]);
}

/** Everything else that people write belongs to a pair. */
async function textsOfPairs(trx: Trx): Promise<{ text: string; leaderId: string; partnerId: string }[]> {
  const of = ['leaderId', 'partnerId'] as const;
  const cadences = trx.selectFrom('proposal').innerJoin('pair', 'pair.id', 'proposal.pairId');
  const items = trx.selectFrom('agendaItem').innerJoin('pair', 'pair.id', 'agendaItem.pairId');
  const met = trx.selectFrom('meeting').innerJoin('pair', 'pair.id', 'meeting.pairId');
  const skips = met.select(['skipReason as text', ...of]).where('skipReason', 'is not', null);
  const answers = met.innerJoin('prepAnswer', 'prepAnswer.meetingId', 'meeting.id');
  const recaps = met.innerJoin('recap', 'recap.meetingId', 'meeting.id');
  return [
    ...(await cadences.select(['purpose as text', ...of]).execute()),
    ...(await items.select(['agendaItem.text', ...of]).execute()),
    ...(await skips.$narrowType<{ text: string }>().execute()),
    ...(await answers.select(['answer as text', ...of]).execute()),
    ...(await recaps.select(['outcome as text', ...of]).execute()),
    ...(await recaps.select(['decisions as text', ...of]).execute()),
  ];
}

/** Whether a channel may read it. */
async function isDigestLine(trx: Trx, mark: string): Promise<boolean> {
  const rows = await trx.selectFrom('commitment').select(['digestLine', 'side']).where('side', '=', 'firm').execute();
  return rows.some(({ digestLine }) => digestLine?.includes(mark));
}
