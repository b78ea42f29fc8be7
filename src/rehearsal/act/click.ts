import { messageShape, viewShape } from '../shapes.ts';
import type { Conversation, Message, OpenView, Person } from '../state.ts';
import { initialValues } from '../views.ts';
import type { AppAnswer, Workspace } from '../workspace.ts';
import { findElement, type Json, type Placed } from './elements.ts';
import { type Entered, enter, openFor } from './entries.ts';
import { findLabel } from './find-label.ts';
import { type Acted, acted, delivered, type Refused, refused } from './outcome.ts';
import { actionTs, channelOf, interaction } from './payload.ts';
import { whereActs, whichMessage } from './place.ts';
import { choose } from './value.ts';

type OnMessage = {
  in: string;
  ts: string;
  actionId: string;
  blockId?: string;
  value?: unknown;
  values?: Entered;
  stale?: boolean;
};
type OnView = { view: string; actionId: string; blockId?: string; value?: unknown; values?: Entered };
type ByLabel = { button: string; in?: string; row?: string; stale?: boolean };
export type Click = OnMessage | OnView | ByLabel;

/** Presses a button or chooses something, on a message, in a form or on Home. */
export async function click(workspace: Workspace, person: Person, wanted: Click): Promise<Acted | Refused> {
  if ('button' in wanted) return clickLabel(workspace, person, wanted);
  if ('view' in wanted) return clickInView(workspace, person, wanted);
  const there = whereActs(workspace, person, wanted.in);
  if (!there.ok) return there;
  const shown = wanted.stale ? earlierVersion(workspace, wanted) : whichMessage(there.conversation, person, wanted.ts);
  if (!shown.ok) return shown;
  const placed = findElement(shown.message.blocks, wanted);
  if (!placed)
    return refused(
      'element_not_found',
      `The message has no ${wanted.actionId} any more. With "stale": true it is pressed as on a screen that still shows the old message.`,
    );
  return pressOnMessage(workspace, person, there.conversation, shown.message, placed, wanted);
}

function earlierVersion(workspace: Workspace, wanted: OnMessage) {
  const version = workspace.earlier
    .list()
    .find(({ message }) => message.ts === wanted.ts && findElement(message.blocks, wanted) !== undefined);
  return version
    ? { ok: true as const, message: version.message }
    : refused('element_not_found', `No earlier version of the message had ${wanted.actionId} either.`);
}

async function clickLabel(workspace: Workspace, person: Person, wanted: ByLabel): Promise<Acted | Refused> {
  const label = findLabel(workspace, person, wanted);
  if (!label.ok) return label;
  const { found } = label;
  if (label.on === 'view') return pressInView(workspace, person, label.open, found, found.value);
  const there = whereActs(workspace, person, label.conversationId);
  return there.ok ? pressOnMessage(workspace, person, there.conversation, label.message, found, found) : there;
}

async function pressOnMessage(
  workspace: Workspace,
  person: Person,
  conversation: Conversation,
  message: Message,
  placed: Placed,
  { value, values }: { value?: unknown; values?: Entered },
): Promise<Acted | Refused> {
  const chosen = choose({ workspace, person, element: placed.element }, value);
  if (!chosen.ok) return refused('invalid_value', chosen.hint);
  const entered = initialValues({ type: 'home', blocks: message.blocks ?? [] });
  for (const [block, actions] of Object.entries(values ?? {})) entered[block] = { ...entered[block], ...actions };
  note(entered, placed, chosen.value);
  const isEphemeral = message.ephemeralTo !== undefined;
  const answer = await workspace.dispatch.request('interactive', {
    type: 'block_actions',
    ...interaction(workspace, person),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: conversation.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    channel: channelOf(conversation),
    // Slack does not keep what only one person saw.
    ...(!isEphemeral && { message: messageShape(workspace, conversation, message) }),
    state: { values: entered },
    response_url: workspace.responses.issue({ channel: conversation.id, userId: person.id, ts: message.ts }),
    actions: [actionOf(workspace, placed, chosen.value)],
  });
  return outcomeOf(answer, placed);
}

async function clickInView(workspace: Workspace, person: Person, wanted: OnView): Promise<Acted | Refused> {
  const view = openFor(workspace, person, wanted.view);
  if (!view.ok) return view;
  const placed = findElement(view.open.view.blocks, wanted);
  if (!placed) return refused('element_not_found', `The view has no ${wanted.actionId}.`);
  const problem = enter(workspace, person, view.open, wanted.values ?? {});
  return problem ?? pressInView(workspace, person, view.open, placed, wanted.value);
}

async function pressInView(
  workspace: Workspace,
  person: Person,
  open: OpenView,
  placed: Placed,
  value: unknown,
): Promise<Acted | Refused> {
  const chosen = choose({ workspace, person, element: placed.element }, value);
  if (!chosen.ok) return refused('invalid_value', chosen.hint);
  note(open.values, placed, chosen.value);
  // Inputs keep what was entered to themselves until the form is submitted, unless the app asked to hear of it.
  if (placed.block.type === 'input' && placed.block.dispatch_action !== true) {
    workspace.changed({ kind: open.view.type === 'home' ? 'home' : 'view', userId: person.id });
    return acted();
  }
  const answer = await workspace.dispatch.request('interactive', {
    type: 'block_actions',
    ...interaction(workspace, person),
    container: { type: 'view', view_id: open.id },
    view: viewShape(workspace, open),
    actions: [actionOf(workspace, placed, chosen.value)],
  });
  return outcomeOf(answer, placed);
}

/** Buttons and overflow menus hold nothing; everything else goes on showing what was chosen. */
function note(values: OpenView['values'], { element, block }: Placed, value: Json): void {
  if (element.type === 'button' || element.type === 'overflow') return;
  values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
}

function actionOf(workspace: Workspace, { element, block }: Placed, value: Json): Json {
  const initial = Object.entries(element).filter(([name]) => name.startsWith('initial_'));
  const kept = ['text', 'value', 'style', 'placeholder', 'confirm', 'url'].flatMap((name) =>
    name in element ? [[name, element[name]]] : [],
  );
  return {
    action_id: element.action_id,
    block_id: block.block_id,
    ...Object.fromEntries(kept),
    ...Object.fromEntries(initial),
    ...value,
    type: element.type,
    action_ts: actionTs(workspace),
  };
}

function outcomeOf(answer: AppAnswer, { element }: Placed): Acted {
  const outcome = delivered(answer, noticeOf(answer));
  return typeof element.url === 'string' ? { ...outcome, open: element.url } : outcome;
}

function noticeOf(answer: AppAnswer): string {
  if (answer.status === 'timeout') return 'This app did not respond in time: operation_timeout';
  const status = answer.status === 'failed' ? answer.httpStatus : undefined;
  return status === undefined ? 'This app could not be reached' : `This app responded with Status Code ${status}`;
}
