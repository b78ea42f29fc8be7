import type { View } from '@slack/types';
import { z } from 'zod';
import { problemsOfView } from '../../slack/limits.ts';
import { isBlocks, isKnown } from '../conversations.ts';
import { viewShape } from '../shapes.ts';
import type { OpenView } from '../state.ts';
import { findView, openRoot, publishHome, pushView, replaceView, STACK_LIMIT, stackOf } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { id, structure, text } from './arguments.ts';
import { explained, type Method, method, ok, type Refusal, refusal } from './method.ts';

const VIEW_AT_MOST = 250_000;

export const viewMethods: Record<string, Method> = {
  'views.open': method({
    token: 'bot',
    scopes: [],
    tier: 4,
    args: z.object({ trigger_id: id, view: structure }),
    run({ workspace, args }) {
      const view = readView(workspace, args.view, 'modal');
      if (!view.ok) return view;
      const trigger = workspace.triggers.use(args.trigger_id);
      if (!trigger.ok) return refusal(trigger.error);
      return ok({ view: viewShape(workspace, openRoot(workspace, trigger.userId, view.view)) });
    },
  }),

  'views.push': method({
    token: 'bot',
    scopes: [],
    tier: 4,
    args: z.object({ trigger_id: id, view: structure }),
    run({ workspace, args }) {
      const view = readView(workspace, args.view, 'modal');
      if (!view.ok) return view;
      const trigger = workspace.triggers.use(args.trigger_id);
      if (!trigger.ok) return refusal(trigger.error);
      const open = stackOf(workspace, trigger.userId);
      if (open.length === 0) return refusal('not_found');
      if (open.length >= STACK_LIMIT) return refusal('push_limit_reached');
      return ok({ view: viewShape(workspace, pushView(workspace, trigger.userId, view.view)) });
    },
  }),

  'views.update': method({
    token: 'bot',
    scopes: [],
    tier: 4,
    args: z.object({ view_id: text.optional(), external_id: text.optional(), hash: text.optional(), view: structure }),
    run({ workspace, args }) {
      if (!args.view_id && !args.external_id)
        return explained('invalid_arguments', ['either view_id or external_id is required']);
      const open = findView(workspace, { id: args.view_id || undefined, externalId: args.external_id });
      if (!open) return refusal('not_found');
      const view = readView(workspace, args.view, open.view.type, open);
      if (!view.ok) return view;
      if (args.hash && args.hash !== open.hash) return refusal('hash_conflict');
      return ok({ view: viewShape(workspace, replaceView(workspace, open, view.view)) });
    },
  }),

  'views.publish': method({
    token: 'bot',
    scopes: [],
    tier: 4,
    args: z.object({ user_id: id, hash: text.optional(), view: structure }),
    run({ workspace, args }) {
      const { state } = workspace;
      const person = state.people[args.user_id];
      if (!person || person.deleted || person.bot || !isKnown(state, person))
        return explained('invalid_arguments', ['invalid `user_id`']);
      const home = state.homes[person.id];
      const view = readView(workspace, args.view, 'home', home);
      if (!view.ok) return view;
      if (args.hash && home && args.hash !== home.hash) return refusal('hash_conflict');
      return ok({ view: viewShape(workspace, publishHome(workspace, person.id, view.view)) });
    },
  }),
};

const isView = (value: unknown): value is View =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  (value.type === 'modal' || value.type === 'home') &&
  'blocks' in value &&
  isBlocks(value.blocks);

/** The view as Slack would take it. `replacing` is the one whose place it takes, which may keep its external id. */
export function readView(
  workspace: Workspace,
  given: unknown,
  type: View['type'],
  replacing?: OpenView,
): { ok: true; view: View } | Refusal {
  if (!isView(given)) return explained('invalid_arguments', ['invalid `view`']);
  if (given.type !== type) return explained('invalid_arguments', [`must be one of: ${type} [json-pointer:/view/type]`]);
  if (JSON.stringify(given).length > VIEW_AT_MOST) return refusal('view_too_large');
  const problems = problemsOfView(given);
  if (problems.length > 0) return explained('invalid_arguments', problems);
  const taken = given.external_id ? findView(workspace, { externalId: given.external_id }) : undefined;
  if (taken && taken.id !== replacing?.id) return refusal('duplicate_external_id');
  return { ok: true, view: given };
}
