import type { Transaction } from 'kysely';
import { figuresOf, LONG_WINDOW } from '../commitments/figures.ts';
import { findFigureRows, findWorkspaceZone } from '../commitments/ledger-store.ts';
import { asWorkspace } from '../db/as-workspace.ts';
import type { Database } from '../db/schema.ts';
import { enqueueAll } from '../delivery/outbox.ts';
import type { AccordApp, Asked, Deps, SlashCall, Subcommands } from '../deps.ts';
import { isId } from '../ground/ids.ts';
import { done, type Outcome, refuse } from '../ground/outcome.ts';
import { dayIn } from '../ground/zoned.ts';
import { allowed, auditFirm } from '../pairs/permission.ts';
import { isSomebody } from '../pairs/rules.ts';
import { findPair, type Pair } from '../pairs/store.ts';
import type { Person } from '../people/store.ts';
import { clickedValue } from '../slack/clicks.ts';
import type { FormState } from '../slack/form.ts';
import { tell } from '../slack/tell.ts';
import { findLeaderCounts, isOwner } from './firm.ts';
import { firmModal } from './firm-view.ts';
import { askToForget } from './forget.ts';
import { BE_FORGOTTEN, exportAnswer, FORGETTING, forgottenWords } from './forget-views.ts';
import { findHistory, hasWrittenIn } from './store.ts';
import {
  EXPORT_PAIR,
  RECORD_BACK,
  RECORD_ON,
  RECORD_SUBMITTED,
  type RecordShown,
  readRecordPlace,
  readWanted,
  recordModal,
} from './views.ts';
import { pairsMeant } from './whose.ts';

type Trx = Transaction<Database>;

const NOT_YOURS = 'That is not there any more, or not yours.';
const ON_ITS_WAY =
  'Four files come to your messages with Accord: everything for other software (JSON), commitments and meetings for a spreadsheet (CSV), and a page to read and print (HTML). Only you get them.';
const NOT_THE_OWNER =
  'Only the owner of the firm sees this. Whoever leads a one-on-one names the owner in `/accord settings`.';
const EXPORT_LASTS = { hours: 24 };
const FILES = ['export-json', 'export-commitments', 'export-meetings', 'export-page'];

export const subcommands: Subcommands = { record: openRecord, export: exportMine, firm: openFirm };

export function register(app: AccordApp, deps: Deps): void {
  app.view(RECORD_SUBMITTED, async ({ ack, view, context }) => {
    const shown = await recordOf(deps, context, readRecordPlace(view.private_metadata)?.pairId);
    if (shown.ok) return ack({ response_action: 'update', view: recordModal(shown.value, 0, readWanted(view.state)) });
    return ack({ response_action: 'errors', errors: { find: shown.why } });
  });

  for (const [actionId, step] of [
    [RECORD_BACK, -1],
    [RECORD_ON, 1],
  ] as const) {
    app.action(actionId, async ({ ack, action, body, context, client, respond }) => {
      const { view } = body as { view?: { id: string; private_metadata: string; state: FormState } };
      const place = view && readRecordPlace(view.private_metadata);
      const shown = await recordOf(deps, context, clickedValue(action));
      if (shown.ok && view && place)
        await client.views.update({
          view_id: view.id,
          view: recordModal(shown.value, place.page + step, readWanted(view.state)),
        });
      await ack();
      if (!shown.ok) await tell({ respond, client, body }, shown.why);
    });
  }

  app.action(EXPORT_PAIR, async ({ ack, action, body, context, client, respond }) => {
    const id = clickedValue(action);
    const asked = await asWorkspace(
      deps.db,
      context.workspaceId,
      async (trx) => {
        const pair = isId(id) ? await findPair(trx, context.workspaceId, id) : undefined;
        return exportPairs(trx, deps, context.actor, [pair]);
      },
      context,
    );
    await ack();
    deps.wake();
    await tell({ respond, client, body }, asked.ok ? ON_ITS_WAY : asked.why);
  });

  app.action(BE_FORGOTTEN, async ({ ack, context, respond }) => {
    const { workspaceId, actor } = context;
    const mayBe = isSomebody(actor);
    const forgotten = await asWorkspace(
      deps.db,
      workspaceId,
      async (trx) => {
        await auditFirm(trx, deps, actor, 'be forgotten', mayBe);
        return mayBe ? askToForget(trx, deps, actor) : undefined;
      },
      context,
    );
    await ack();
    deps.wake();
    const text = forgotten === 'begun' ? FORGETTING : forgottenWords(forgotten);
    await respond({ response_type: 'ephemeral', replace_original: true, text });
  });
}

/** `/accord record`, `/accord record @person`: the newest one-on-one with them, as it went. */
async function openRecord({ ack, client, command, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const shown = await asWorkspace(
    deps.db,
    context.workspaceId,
    async (trx) => {
      const meant = await pairsMeant(trx, context.actor, rest, 'record');
      if (meant.ok) return shownTo(trx, deps, context.actor, meant.value[0]);
      if (rest.trim() !== '') await allowed(trx, deps, context.actor, 'see pair', undefined);
      return meant;
    },
    context,
  );
  if (!shown.ok) return ack(shown.why);
  await client.views.open({ trigger_id: command.trigger_id, view: recordModal(shown.value) });
  await ack();
}

/** `/accord export`, `/accord export @person`: every one-on-one with them, as far as it is the actor's to see. */
async function exportMine({ ack, context, rest }: SlashCall, deps: Deps): Promise<void> {
  const asked = await asWorkspace(
    deps.db,
    context.workspaceId,
    async (trx) => {
      const meant = await pairsMeant(trx, context.actor, rest, 'export');
      if (meant.ok) return exportPairs(trx, deps, context.actor, meant.value);
      if (rest.trim() !== '') await allowed(trx, deps, context.actor, 'export pair', undefined);
      return meant;
    },
    context,
  );
  await ack(exportAnswer(asked.ok ? ON_ITS_WAY : asked.why));
  deps.wake();
}

/** `/accord firm`: counts for each leader, for the owner of the firm alone. */
async function openFirm({ ack, client, command, context }: SlashCall, deps: Deps): Promise<void> {
  const { workspaceId, actor } = context;
  const leaders = await asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const isTheirs = await isOwner(trx, actor);
      await auditFirm(trx, deps, actor, 'see firm', isTheirs);
      return isTheirs ? findLeaderCounts(trx, workspaceId, deps.clock()) : undefined;
    },
    context,
  );
  if (!leaders) return ack(NOT_THE_OWNER);
  await client.views.open({ trigger_id: command.trigger_id, view: firmModal(leaders) });
  await ack();
}

const recordOf = (deps: Deps, asked: Asked, pairId: string | undefined): Promise<Outcome<RecordShown>> =>
  asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const pair = isId(pairId) ? await findPair(trx, asked.workspaceId, pairId) : undefined;
      return shownTo(trx, deps, asked.actor, pair);
    },
    asked,
  );

async function shownTo(trx: Trx, deps: Deps, viewer: Person, pair: Pair | undefined): Promise<Outcome<RecordShown>> {
  if (!(await allowed(trx, deps, viewer, 'see pair', pair)) || !pair) return refuse(NOT_YOURS);
  const now = deps.clock();
  const { workspaceId, id } = pair;
  const today = dayIn(await findWorkspaceZone(trx, workspaceId), now);
  const from = today.subtract({ days: LONG_WINDOW });
  const counted = await findFigureRows(trx, { workspaceId, pairIds: [id] }, from, now);
  return done({ history: await findHistory(trx, pair), figures: figuresOf(counted, today), viewer, now });
}

/** The files come in one's own messages with Accord, made when they are sent. */
async function exportPairs(
  trx: Trx,
  deps: Deps,
  actor: Person,
  pairs: (Pair | undefined)[],
): Promise<Outcome<'asked'>> {
  const { workspaceId } = actor;
  for (const pair of pairs) {
    const authorId = pair && (await hasWrittenIn(trx, pair, actor.id)) ? actor.id : undefined;
    if (!(await allowed(trx, deps, actor, 'export pair', pair && { ...pair, authorId }))) return refuse(NOT_YOURS);
  }
  const now = deps.clock();
  const request = deps.newId();
  const ids = pairs.flatMap((pair) => (pair ? [pair.id] : []));
  const files = FILES.map((kind) => ({
    workspaceId,
    id: deps.newId(),
    kind,
    key: `${kind}:${request}`,
    about: { pairs: ids.join(' ') },
    to: { people: [actor.id] },
    notBefore: now,
    expiresAt: now.add(EXPORT_LASTS),
    now,
  }));
  await enqueueAll(trx, files);
  return done('asked');
}
