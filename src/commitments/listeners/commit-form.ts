import type { Transaction } from 'kysely';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { allowed } from '../../pairs/permission.ts';
import { sideOf } from '../../pairs/rules.ts';
import type { Pair } from '../../pairs/store.ts';
import type { Person } from '../../people/store.ts';
import { act } from '../acting.ts';
import { type Saved, savedModal } from '../answers.ts';
import { COMMIT_SUBMITTED, type CommitAnswer, commitField, commitModal, readCommit } from '../commit-form.ts';
import type { DigestLine } from '../digest-line.ts';
import { isCovered } from '../digest-store.ts';
import { lineShown } from '../digest-views.ts';
import { draftCommitment, type Entry, writeCommitment } from '../writing.ts';
import { originSaid, permalinkOf, readOrigin } from './origin.ts';
import { choicesOf, colleagueRefused, findMine, savedAs, savedOf, type WithOther } from './writer.ts';

const WITH_WHOM = 'Pick with whom.';
const NOT_FOR_A_COLLEAGUE = 'A colleague can own what the firm promises. Leave this empty, or promise it yourself.';

type Trx = Transaction<Database>;

/** What came of sending the form: it is saved, or its line for the channel is to be looked at first. */
type Sent = { saved: Saved } | { looksAt: DigestLine; mine: WithOther[]; pairId: string };

export function registerCommitForm(app: AccordApp, deps: Deps): void {
  app.view(COMMIT_SUBMITTED, async ({ ack, view, context }) => {
    const form = readCommit(view.state);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const origin = readOrigin(view.private_metadata);
    const permalink = await permalinkOf(deps, context.workspaceId, origin);
    const sent = await send(deps, context, { ...form.value, permalink });
    if (!sent.ok) return ack({ response_action: 'errors', errors: { [commitField(sent.field)]: sent.why } });
    if ('looksAt' in sent.value) {
      const { mine, pairId, looksAt: digest } = sent.value;
      const pairs = choicesOf(mine, context.actor);
      const shown = commitModal({ pairs, draft: { ...form.value, pairId }, digest, metadata: originSaid(origin) });
      return ack({ response_action: 'update', view: shown });
    }
    await ack({ response_action: 'update', view: savedModal(sent.value.saved, context.actor, deps.clock()) });
    deps.wake();
  });
}

type Filled = CommitAnswer & { permalink: string | undefined };

/** What the form says, written down. Everything a form carries is looked up and allowed again. */
async function send(
  deps: Deps,
  asked: Asked,
  { pairId, act: wanted, colleagueId, line, ...words }: Filled,
): Promise<Outcome<Sent>> {
  const { workspaceId, actor } = asked;
  const refused = await colleagueRefused(deps, asked, colleagueId);
  if (refused) return refuse(refused, 'colleague');
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const found = await findMine(trx, actor);
      const mine = found.ok ? found.value : [];
      const pair = meantBy(pairId, mine);
      if (!pair) return pairId === undefined ? refuse(WITH_WHOM) : refuseAnother(trx, deps, actor);
      const entry = { ...words, side: sideFor(wanted, pair, actor), colleagueId };
      if (colleagueId && (wanted === 'ask' || entry.side === 'partner'))
        return refuse(NOT_FOR_A_COLLEAGUE, 'colleague');
      const looksAt = line === undefined ? await toLookAt(trx, deps, pair, actor, entry) : done(undefined);
      if (!looksAt.ok) return looksAt;
      if (looksAt.value) return done({ looksAt: looksAt.value, mine, pairId: pair.id });
      return save(trx, deps, pair, actor, entry, line);
    },
    asked,
  );
}

/** The one named, or, where the form asks for none, the only one. */
function meantBy(pairId: string | undefined, mine: WithOther[]): Pair | undefined {
  if (pairId !== undefined) return mine.find(({ pair }) => pair.id === pairId)?.pair;
  return mine.length === 1 ? mine[0]?.pair : undefined;
}

/** What is none of theirs. */
async function refuseAnother(trx: Trx, deps: Deps, actor: Person): Promise<Outcome<never>> {
  await allowed(trx, deps, actor, 'promise', undefined);
  return refuse(WITH_WHOM, 'pair');
}

/** One promises on one's own side, and asks of the other. */
function sideFor(wanted: 'promise' | 'ask', pair: Pair, actor: Person): 'partner' | 'firm' {
  const asksLeader = actor.id === pair.partnerId;
  return sideOf((wanted === 'promise') === asksLeader ? 'partner' : 'leader');
}

/** What the digest would show of a promise of the firm. An ask is looked at by whoever accepts it. */
async function toLookAt(
  trx: Trx,
  deps: Deps,
  pair: Pair,
  author: Person,
  entry: Entry,
): Promise<Outcome<DigestLine | undefined>> {
  const drafted = await draftCommitment(trx, deps, pair, author, entry);
  if (!drafted.ok) return drafted;
  const { facts, digest } = drafted.value;
  const belongs =
    facts.side === 'firm' && facts.state === 'open' && (await isCovered(trx, pair.workspaceId, pair.kind));
  return done(belongs ? digest : undefined);
}

/** Saved with the line as its writer left it; what they emptied is theirs to put back in. */
async function save(
  trx: Trx,
  deps: Deps,
  pair: Pair,
  author: Person,
  entry: Entry,
  line: string | null | undefined,
): Promise<Outcome<Sent>> {
  const written = await writeCommitment(trx, deps, pair, author, entry);
  if (!written.ok) return written;
  const { row } = written.value;
  const proposed = row.digestLine === null ? null : lineShown(row.digestLine);
  if (line === undefined || line === proposed || row.state !== 'open' || row.side !== 'firm')
    return done({ saved: savedAs(written.value) });
  const reworded = await act(trx, deps, author, row.id, { act: 'reword for digest', line });
  if (!reworded.ok) return reworded;
  // Undo takes the whole of it back: its value is the writing, not the wording.
  return done({ saved: await savedOf(trx, { ...reworded.value.row, lastId: row.lastId }) });
}
