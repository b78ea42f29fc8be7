import { z } from 'zod';
import { viewShape } from '../shapes.ts';
import type { OpenView, Person } from '../state.ts';
import { closeViews, pushView, replaceView, STACK_LIMIT, stackOf } from '../views.ts';
import { readView } from '../web-api/views.ts';
import type { Workspace } from '../workspace.ts';
import { incomplete } from './complete.ts';
import { elementsOf, isJson } from './elements.ts';
import { type Entered, enter, enterByLabel, openFor } from './entries.ts';
import { setFormErrors } from './form-errors.ts';
import { type Acted, acted, type Refused, refused } from './outcome.ts';
import { interaction } from './payload.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

type Submission = { view?: string; values?: Entered; fields?: Record<string, unknown> };

/** Submits the form on top. Slack holds it back while something is missing; what was entered stays either way. */
export async function submit(workspace: Workspace, person: Person, given: Submission): Promise<Acted | Refused> {
  const found = openFor(workspace, person, given.view);
  if (!found.ok) return found;
  const { open } = found;
  if (open.view.type !== 'modal') return refused('not_a_form', 'Home is not submitted: its buttons act in place.');
  if (!open.view.submit) return refused('no_submit', 'This view has nothing to submit; close it instead.');
  const problem =
    enter(workspace, person, open, given.values ?? {}) ?? enterByLabel(workspace, person, open, given.fields ?? {});
  if (problem) return problem;

  const errors = incomplete(open);
  setFormErrors(open, errors);
  workspace.changed({ kind: 'view', userId: person.id });
  if (Object.keys(errors).length > 0) return { ok: false, status: 'refused', errors };

  const answer = await workspace.dispatch.request('interactive', {
    type: 'view_submission',
    ...interaction(workspace, person),
    view: viewShape(workspace, open),
    response_urls: responseUrls(workspace, person, open),
  });
  if (answer.status !== 'acked') return { ok: false, status: answer.status, notice: TROUBLE };
  return follow(workspace, person, open, answer.body);
}

/** Where a select asked for it, the app may answer into the conversation that was chosen. */
function responseUrls(workspace: Workspace, person: Person, open: OpenView) {
  return elementsOf(open.view.blocks).flatMap(({ element, block }) => {
    const value = open.values[block.block_id]?.[element.action_id];
    const chosen = isJson(value) ? (value.selected_conversation ?? value.selected_channel) : undefined;
    if (element.response_url_enabled !== true || typeof chosen !== 'string') return [];
    return {
      block_id: block.block_id,
      action_id: element.action_id,
      channel_id: chosen,
      response_url: workspace.responses.issue({ channel: chosen, userId: person.id }),
    };
  });
}

const nothing = z.union([z.undefined(), z.literal(''), z.strictObject({})]);
const instruction = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

/** Does what the app answered. What Slack cannot read leaves the form as it is, with Slack's own words over it. */
function follow(workspace: Workspace, person: Person, open: OpenView, body: unknown): Acted {
  const onTop = stackOf(workspace, person.id).at(-1) === open;
  if (nothing.safeParse(body).success) {
    if (onTop) closeViews(workspace, person.id, 'top');
    return acted();
  }
  const asked = instruction.safeParse(body);
  if (!asked.success) return trouble(workspace, asked.error);
  switch (asked.data.response_action) {
    case 'clear':
      closeViews(workspace, person.id, 'all');
      return acted();
    case 'errors':
      return showErrors(workspace, open, asked.data.errors);
    case 'update':
    case 'push':
      return show(workspace, person, open, asked.data);
  }
}

function showErrors(workspace: Workspace, open: OpenView, errors: Record<string, string>): Acted {
  const inputs = new Set(open.view.blocks.flatMap(({ type, block_id }) => (type === 'input' ? [block_id] : [])));
  const stray = Object.keys(errors).filter((blockId) => !inputs.has(blockId));
  if (stray.length > 0 || Object.keys(errors).length === 0)
    return trouble(workspace, `errors for blocks that are no inputs: ${stray.join(', ')}`);
  setFormErrors(open, errors);
  workspace.changed({ kind: 'view', userId: open.userId });
  return { ok: false, status: 'acked', errors };
}

function show(
  workspace: Workspace,
  person: Person,
  open: OpenView,
  { response_action: action, view: given }: { response_action: 'update' | 'push'; view?: unknown },
): Acted {
  const view = readView(workspace, given, 'modal', action === 'update' ? open : undefined);
  if (!view.ok) return trouble(workspace, view);
  if (action === 'update') {
    // It may have been closed meanwhile, by the app or by whoever submitted it.
    if (stackOf(workspace, person.id).includes(open)) replaceView(workspace, open, view.view);
    return acted();
  }
  if (stackOf(workspace, person.id).length >= STACK_LIMIT) return trouble(workspace, 'push_limit_reached');
  pushView(workspace, person.id, view.view);
  return acted();
}

/** Slack does not say why; the log does, for whoever builds the app. */
function trouble(workspace: Workspace, why: unknown): Acted {
  workspace.log.warn({ why }, 'the answer to a submitted form could not be followed');
  return { ok: false, status: 'failed', notice: TROUBLE };
}

/** Closes the form on top, or all of them where it says so. The app hears of it only where it asked to. */
export async function close(
  workspace: Workspace,
  person: Person,
  { view }: { view?: string },
): Promise<Acted | Refused> {
  const found = openFor(workspace, person, view);
  if (!found.ok) return found;
  const { open } = found;
  if (open.view.type !== 'modal') return refused('not_a_form', 'Home cannot be closed.');
  const all = open.view.clear_on_close === true;
  const closing = all ? stackOf(workspace, person.id) : [open];
  closeViews(workspace, person.id, all ? 'all' : 'top');
  for (const closed of closing) {
    if (closed.view.type !== 'modal' || !closed.view.notify_on_close) continue;
    const { trigger_id: _none, ...who } = interaction(workspace, person);
    await workspace.dispatch.request('interactive', {
      type: 'view_closed',
      ...who,
      view: viewShape(workspace, closed),
      is_cleared: all,
    });
  }
  return acted();
}
