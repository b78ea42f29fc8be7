import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { asWorkspace } from '../../db/as-workspace.ts';
import type { AccordApp, Asked, Deps } from '../../deps.ts';
import { done, refuse } from '../../ground/outcome.ts';
import { readTyped } from '../../ground/slack-text.ts';
import { dayIn } from '../../ground/zoned.ts';
import { allowed } from '../../pairs/permission.ts';
import { roleOf } from '../../pairs/rules.ts';
import { lockPair } from '../../pairs/store.ts';
import type { Person } from '../../people/store.ts';
import { sameLineWords, savedWords } from '../answers.ts';
import { type CommitForm, commitModal } from '../commit-form.ts';
import type { Writer } from '../parse/writer.ts';
import { parseCommit } from '../parse.ts';
import { findSameLine, GONE, writeCommitment } from '../writing.ts';
import { type Origin, originSaid } from './origin.ts';
import { choicesOf, colleagueRefused, pairsOf, savedAs, type WithOther } from './writer.ts';

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
        view: commitModal(formFor(mine.value, context.actor, {})),
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
    const form = formFor(mine, context.actor, draft, undefined, question);
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
      return written.ok ? done({ saved: savedAs(written.value) }) : written;
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

const formFor = (
  mine: WithOther[],
  actor: Person,
  draft: CommitForm['draft'],
  origin?: Origin,
  question?: CommitForm['question'],
): CommitForm => ({ pairs: choicesOf(mine, actor), draft, question, metadata: originSaid(origin) });
