import type { Transaction } from 'kysely';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import { seal } from '../db/sealed.ts';
import type { Asked, Deps } from '../deps.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { readTyped, shownPart } from '../ground/slack-text.ts';
import { allowed } from '../pairs/permission.ts';
import { otherOf } from '../pairs/rules.ts';
import { findPairsOf, type Pair } from '../pairs/store.ts';
import { findPersonOrThrow, type Person } from '../people/store.ts';
import { findAgenda, insertAgendaItem } from './agenda-store.ts';
import { type AgendaModal, type AgendaOf, addedToAgenda } from './agenda-views.ts';
import { AGENDA_LENGTH } from './rules.ts';
import { refreshUpcoming } from './schedule.ts';
import { findNextMeeting } from './store.ts';

type Trx = Transaction<Database>;

export const NO_PAIR = 'You have no one-on-one there yet. Start one: `/accord with @name`.';

/** What `/accord agenda` comes to: one item more, or the form. */
export async function agendaCommand(
  trx: Trx,
  deps: Deps,
  { workspaceId, actor }: Asked,
  typed: string,
): Promise<Outcome<{ form: AgendaModal } | { added: string }>> {
  const pairs = await activePairs(trx, workspaceId, actor.id);
  const { parts, text } = readTyped(typed.trim());
  const [first, ...others] = parts;
  const named = first?.kind === 'mention' ? pairs.find((pair) => otherOf(actor.id, pair) === first.id) : undefined;
  // A name that leads is whom it is for; where there is only one to talk to it may also begin what is to be talked about.
  const isForNobody = first?.kind === 'mention' && !named && (pairs.length !== 1 || others.length === 0);
  if (isForNobody) await allowed(trx, deps, actor, 'add to agenda', undefined);
  if (isForNobody || pairs.length === 0) return refuse(NO_PAIR);
  const words = (named ? others.map(shownPart).join('') : text).trim();
  const chosen = named ?? (pairs.length === 1 ? pairs[0] : undefined);
  if (words === '' || !chosen || words.length > AGENDA_LENGTH) {
    const shown = await Promise.all((named ? [named] : pairs).map((pair) => agendaOf(trx, deps, actor, pair)));
    return done({ form: { viewer: actor, pairs: shown, chosen: chosen?.id, ...(words && { text: words }) } });
  }
  const added = await addToAgenda(trx, deps, actor, chosen, words);
  return added.ok ? done({ added: addedToAgenda(words, await agendaOf(trx, deps, actor, chosen), actor) }) : added;
}

/** One more thing to talk about; briefs and cards that were posted show it. */
export async function addToAgenda(
  trx: Trx,
  deps: Deps,
  actor: Person,
  pair: Pair | undefined,
  text: string,
  permalink?: string,
): Promise<Outcome<true>> {
  if (!(await allowed(trx, deps, actor, 'add to agenda', pair)) || pair?.state !== 'active') return refuse(NO_PAIR);
  await insertAgendaItem(trx, {
    workspaceId: pair.workspaceId,
    id: deps.newId(),
    pairId: pair.id,
    byId: actor.id,
    text: seal(text),
    permalink: permalink ?? null,
    createdAt: deps.clock(),
  });
  await refreshUpcoming(trx, deps, pair.workspaceId, pair.id);
  return done(true);
}

const activePairs = async (trx: Trx, workspaceId: string, personId: string): Promise<Pair[]> =>
  (await findPairsOf(trx, workspaceId, personId)).filter(({ state }) => state === 'active');

export async function agendaOf(trx: Trx, deps: Deps, viewer: Person, pair: Pair): Promise<AgendaOf> {
  const { workspaceId, id } = pair;
  return {
    pairId: id,
    other: await findPersonOrThrow(trx, workspaceId, otherOf(viewer.id, pair)),
    items: await findAgenda(trx, workspaceId, [id]),
    next: await findNextMeeting(trx, workspaceId, id, deps.clock()),
  };
}

/** The agendas of these pairs, as far as they are the viewer's. */
export async function agendasOf(trx: Trx, deps: Deps, viewer: Person, pairIds: string[]): Promise<AgendaOf[]> {
  const pairs = (await activePairs(trx, viewer.workspaceId, viewer.id)).filter(({ id }) => pairIds.includes(id));
  return Promise.all(pairs.map((pair) => agendaOf(trx, deps, viewer, pair)));
}

export const myAgendas = (deps: Deps, asked: Asked): Promise<AgendaOf[]> =>
  asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const pairs = await activePairs(trx, asked.workspaceId, asked.actor.id);
      return Promise.all(pairs.map((pair) => agendaOf(trx, deps, asked.actor, pair)));
    },
    asked,
  );
