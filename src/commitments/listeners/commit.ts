import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import { asWorkspace } from '../../db/as-workspace.ts';
import { firstTime } from '../../db/do-once.ts';
import type { Database } from '../../db/schema.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { isId } from '../../ground/ids.ts';
import { done, type Outcome, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { dayIn } from '../../ground/zoned.ts';
import { allowed } from '../../pairs/permission.ts';
import { mayLead, otherOf, roleOf, sideOf } from '../../pairs/rules.ts';
import { findPair, findPairsOf, lockPair, type Pair } from '../../pairs/store.ts';
import { meetPeople } from '../../people/directory.ts';
import { findPeople, type Person } from '../../people/store.ts';
import { clickedValue } from '../../slack/clicks.ts';
import { ADD_AGAIN, type Saved, sameLineWords, savedModal, savedWords, WEEK_EARLIER, WEEK_LATER } from '../answers.ts';
import {
  COMMIT_SUBMITTED,
  type CommitAnswer,
  type CommitForm,
  commitField,
  commitModal,
  readCommit,
} from '../forms.ts';
import type { Writer } from '../parse/writer.ts';
import { parseCommit } from '../parse.ts';
import { type CommitmentRow, findCommitment } from '../store.ts';
import { act, type Entry, findSameLine, GONE, lineFor, writeCommitment } from '../writing.ts';

const NO_PAIR = 'You have no one-on-one yet. Start one: `/accord with @name`.';
const NOT_AGREED = 'Your one-on-one is not agreed yet. Commitments start when its rhythm is.';
const NOT_FOR_A_COLLEAGUE = 'A colleague can own what the firm promises. Leave this empty, or promise it yourself.';
const SAVED_ALREADY = 'That is saved already. `/accord ledger` shows it.';

type Trx = Transaction<Database>;
/** An active pair of the writer's, with the other one. */
type WithOther = { pair: Pair; other: Person };
type Command = SlackCommandMiddlewareArgs & AllMiddlewareArgs<Asked>;

export function registerCommit(app: AccordApp, deps: Deps): void {
  app.command('/commit', async (call) => {
    const { ack, client, command, context } = call;
    const mine = await pairsOf(deps, context);
    if (!mine.ok) {
      await noteDenied(deps, context, command.text);
      return ack(mine.why);
    }
    if (command.text.trim() === '') {
      await client.views.open({
        trigger_id: command.trigger_id,
        view: commitModal(formFor(mine.value, context.actor, {}, {})),
      });
      return ack();
    }
    return commitLine(call, deps, mine.value);
  });

  app.shortcut(
    { callback_id: 'commitment_from_message', type: 'message_action' },
    async ({ ack, shortcut, context, client, respond }) => {
      const mine = await pairsOf(deps, context);
      if (!mine.ok) {
        await ack();
        await respond({ response_type: 'ephemeral', replace_original: false, text: mine.why });
        return;
      }
      const author = shortcut.message.user;
      const withAuthor = mine.value.find(({ other }) => other.id === author);
      const draft = {
        pairId: withAuthor?.pair.id,
        act: withAuthor ? ('ask' as const) : ('promise' as const),
        text: readTyped(shortcut.message.text ?? '').text,
      };
      const origin = { channel: shortcut.channel.id, ts: shortcut.message_ts };
      await client.views.open({
        trigger_id: shortcut.trigger_id,
        view: commitModal(formFor(mine.value, context.actor, draft, origin)),
      });
      await ack();
    },
  );

  app.view(COMMIT_SUBMITTED, async ({ ack, view, context }) => {
    const form = readCommit(view.state);
    if (!form.ok) return ack({ response_action: 'errors', errors: form.errors });
    const permalink = await permalinkOf(deps, context.workspaceId, view.private_metadata);
    const saved = await saveForm(deps, context, { ...form.value, permalink });
    if (!saved.ok) return ack({ response_action: 'errors', errors: { [commitField(saved.field)]: saved.why } });
    await ack({ response_action: 'update', view: savedModal(saved.value, context.actor, deps.clock()) });
    deps.wake();
  });

  app.action(ADD_AGAIN, async ({ ack, action, context, respond }) => {
    const saved = await addAgain(deps, context, clickedValue(action));
    await ack();
    deps.wake();
    const words = saved.ok ? savedWords(saved.value, context.actor, deps.clock()) : { text: saved.why };
    await respond({ response_type: 'ephemeral', replace_original: true, ...words });
  });

  for (const [actionId, days] of [
    [WEEK_LATER, 7],
    [WEEK_EARLIER, -7],
  ] as const) {
    app.action(actionId, async ({ ack, action, context, respond }) => {
      const saved = await redate(deps, context, clickedValue(action), days);
      await ack();
      deps.wake();
      const words = saved.ok ? savedWords(saved.value, context.actor, deps.clock()) : { text: saved.why };
      await respond({ response_type: 'ephemeral', replace_original: saved.ok, ...words });
    });
  }
}

/** The active one-on-ones of whoever writes; a refusal says how to get one. */
function pairsOf(deps: Deps, { workspaceId, actor, deadline }: Asked): Promise<Outcome<WithOther[]>> {
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const pairs = await findPairsOf(trx, workspaceId, actor.id);
      const active = pairs.filter(({ state }) => state === 'active');
      if (active.length === 0) return refuse(pairs.length > 0 ? NOT_AGREED : NO_PAIR);
      const people = await findPeople(
        trx,
        workspaceId,
        active.map((pair) => otherOf(actor.id, pair)),
      );
      return done(
        active.flatMap((pair) =>
          people.filter(({ id }) => id === otherOf(actor.id, pair)).map((other) => ({ pair, other })),
        ),
      );
    },
    { deadline },
  );
}

function writerOf(deps: Deps, actor: Person, mine: WithOther[]): Writer {
  return {
    id: actor.id,
    locale: actor.locale,
    today: dayIn(actor.zone, deps.clock()),
    pairs: mine.map(({ pair, other }) => ({
      pairId: pair.id,
      kind: pair.kind,
      role: roleOf(actor.id, pair) ?? 'partner',
      otherId: other.id,
      otherNames: [other.name, other.handle],
    })),
  };
}

async function commitLine({ ack, client, command, context }: Command, deps: Deps, mine: WithOther[]): Promise<void> {
  const parsed = parseCommit(command.text, writerOf(deps, context.actor, mine));
  const opens = async (draft: CommitForm['draft'], question: CommitForm['question']) => {
    const form = formFor(mine, context.actor, draft, {}, question);
    await client.views.open({ trigger_id: command.trigger_id, view: commitModal(form) });
    await ack();
  };
  if (!parsed.ok) {
    await noteDenied(deps, context, command.text, mine);
    return opens(parsed.draft, { field: fieldAsked(parsed.question), why: parsed.why });
  }

  const { value } = parsed;
  const refused = await colleagueRefused(deps, context, value.colleagueId);
  if (refused) return opens({ ...value, colleagueId: undefined }, { field: 'owner', why: refused });
  const saved = await asWorkspace(
    deps.db,
    context.workspaceId,
    async (trx) => {
      const pair = await lockPair(trx, context.workspaceId, value.pairId);
      if (pair?.state !== 'active') return refuse(GONE);
      const same = await findSameLine(trx, deps, pair, context.actor.id, value);
      if (same) return done({ same });
      const written = await writeCommitment(trx, deps, pair, context.actor, value);
      return written.ok ? done({ saved: await savedOf(trx, written.value) }) : written;
    },
    context,
  );
  if (!saved.ok) return ack(saved.why);
  if ('same' in saved.value) return ack(sameLineWords(saved.value.same, context.actor, deps.clock()));
  const { alternative } = value;
  const other = alternative && {
    label: alternative.label,
    isLater: Temporal.PlainDate.compare(alternative.dueOn, value.dueOn) > 0,
  };
  await ack(savedWords({ ...saved.value.saved, alternative: other }, context.actor, deps.clock()));
  deps.wake();
}

/** Whoever names somebody with whom they have no one-on-one is refused alike, whether or not that one has any; the audit knows. */
async function noteDenied(deps: Deps, asked: Asked, line: string, mine: WithOther[] = []): Promise<void> {
  const isOutside = readTyped(line).mentions.some(({ id }) => !mine.some(({ other }) => other.id === id));
  if (isOutside)
    await asWorkspace(deps.db, asked.workspaceId, (trx) => allowed(trx, deps, asked.actor, 'ask', undefined), asked);
}

const fieldAsked = (question: string): 'when' | 'who' | 'what' | 'owner' =>
  question === 'who' || question === 'no-pair'
    ? 'who'
    : question === 'what'
      ? 'what'
      : question === 'owner'
        ? 'owner'
        : 'when';

function formFor(
  mine: WithOther[],
  actor: Person,
  draft: CommitForm['draft'],
  origin: Partial<Origin>,
  question?: CommitForm['question'],
): CommitForm {
  const pairs = mine.map(({ pair, other }) => ({
    pairId: pair.id,
    otherName: other.name,
    role: roleOf(actor.id, pair) ?? 'partner',
  }));
  return { pairs, draft, question, metadata: JSON.stringify(origin) };
}

/** Only full members of the firm own what it promised. Undefined when the one named may, or nobody was. */
async function colleagueRefused(
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

/** What the form says, written down. Everything a form carries is looked up and allowed again. */
async function saveForm(
  deps: Deps,
  asked: Asked,
  { pairId, act: wanted, colleagueId, ...entry }: CommitAnswer & { permalink: string | undefined },
): Promise<Outcome<Saved>> {
  const { workspaceId, actor } = asked;
  const refused = await colleagueRefused(deps, asked, colleagueId);
  if (refused) return refuse(refused, 'colleague');
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const mine = (await findPairsOf(trx, workspaceId, actor.id)).filter(({ state }) => state === 'active');
      const pair = pairId ? mine.find(({ id }) => id === pairId) : only(mine);
      if (!pair) {
        if (pairId) await allowed(trx, deps, actor, 'promise', undefined);
        return refuse('Pick with whom.', pairId && 'pair');
      }
      const side = sideFor(wanted, pair, actor);
      if (colleagueId && (wanted === 'ask' || side === 'partner')) return refuse(NOT_FOR_A_COLLEAGUE, 'colleague');
      const written = await writeCommitment(trx, deps, pair, actor, { ...entry, side, colleagueId });
      return written.ok ? done(await savedOf(trx, written.value)) : written;
    },
    asked,
  );
}

const only = <T>(list: T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** One promises on one's own side, and asks of the other. */
function sideFor(wanted: 'promise' | 'ask', pair: Pair, actor: Person): 'partner' | 'firm' {
  const asksLeader = actor.id === pair.partnerId;
  return sideOf((wanted === 'promise') === asksLeader ? 'partner' : 'leader');
}

async function savedOf(trx: Trx, row: CommitmentRow): Promise<Saved> {
  const people = await findPeople(trx, row.workspaceId, [row.leaderId, row.partnerId]);
  const digest = lineFor(row, row, row.ownerName, people);
  return { row, ...(digest.line === null && { keptOutBecause: digest.because }) };
}

/** The same once more, meant so: once for each line that was shown. */
function addAgain(deps: Deps, asked: Asked, id: string | undefined): Promise<Outcome<Saved>> {
  const { workspaceId, actor } = asked;
  return asWorkspace(
    deps.db,
    workspaceId,
    async (trx) => {
      const row = isId(id) ? await findCommitment(trx, workspaceId, id) : undefined;
      const pair = row && (await findPair(trx, workspaceId, row.pairId));
      const may = await allowed(trx, deps, actor, 'see commitment', row);
      if (!may || !row || pair?.state !== 'active' || row.writtenBy !== actor.id) return refuse(GONE);
      if (!(await firstTime(trx, workspaceId, `again:${row.id}`, deps.clock()))) return refuse(SAVED_ALREADY);
      const entry: Entry = { side: row.side, text: row.text, dueOn: row.dueOn, priority: row.priority };
      const written = await writeCommitment(trx, deps, pair, actor, {
        ...entry,
        colleagueId: row.askedOwnerId ?? undefined,
      });
      return written.ok ? done(await savedOf(trx, written.value)) : written;
    },
    asked,
  );
}

/** The other reading of the day that was typed. */
function redate(deps: Deps, asked: Asked, id: string | undefined, days: number): Promise<Outcome<Saved>> {
  return asWorkspace(
    deps.db,
    asked.workspaceId,
    async (trx) => {
      const row = isId(id) ? await findCommitment(trx, asked.workspaceId, id) : undefined;
      if (!row) {
        await allowed(trx, deps, asked.actor, 'undo own change', undefined);
        return refuse(GONE);
      }
      const acted = await act(trx, deps, asked.actor, row.id, { act: 'date', to: row.dueOn.add({ days }) });
      if (!acted.ok) return acted;
      // Undo still takes the whole line back: its value is the writing, not this second thought.
      return done(await savedOf(trx, { ...acted.value.row, lastId: row.lastId }));
    },
    asked,
  );
}

const origin = z.object({ channel: z.string().regex(/^[CDG][A-Z0-9]{2,20}$/), ts: z.string().regex(/^\d+\.\d+$/) });
type Origin = z.infer<typeof origin>;

/** Where the message is that it came from; without one, or where we may not look, it stands by itself. */
async function permalinkOf(deps: Deps, workspaceId: string, metadata: string): Promise<string | undefined> {
  const read = origin.safeParse(jsonOf(metadata));
  if (!read.success) return undefined;
  const client = await deps.slack(workspaceId);
  const found = await client.chat
    .getPermalink({ channel: read.data.channel, message_ts: read.data.ts })
    .catch(() => undefined);
  return found?.permalink;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
