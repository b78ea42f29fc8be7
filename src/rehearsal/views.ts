import type { View } from '@slack/types';
import { withIds } from './conversations.ts';
import type { OpenView } from './state.ts';
import type { Workspace } from './workspace.ts';

type Values = OpenView['values'];

/** Slack stacks three modals: the one that was opened and two pushed on it. */
export const STACK_LIMIT = 3;

export const stackOf = (workspace: Workspace, userId: string): OpenView[] => workspace.stacks.get(userId) ?? [];

/** A modal on top of what this person has open. The caller has checked the limit where it applies. */
export function pushView(workspace: Workspace, userId: string, view: View): OpenView {
  const stack = stackOf(workspace, userId);
  const id = workspace.nextId('V');
  const opened = holdView(workspace, {
    id,
    userId,
    view,
    rootId: stack[0]?.id ?? id,
    previousId: stack.at(-1)?.id,
  });
  workspace.stacks.set(userId, [...stack, opened]);
  workspace.changed({ kind: 'view', userId });
  return opened;
}

/** Closes whatever this person had open and shows this modal alone. */
export function openRoot(workspace: Workspace, userId: string, view: View): OpenView {
  workspace.stacks.delete(userId);
  return pushView(workspace, userId, view);
}

/** Puts a new view in the place of an open one. What was typed stays where block and action ids stay. */
export function replaceView(workspace: Workspace, open: OpenView, view: View): OpenView {
  const kept = open.values;
  Object.assign(open, holdView(workspace, { ...open, view }));
  for (const [blockId, actions] of Object.entries(open.values))
    for (const [actionId, initial] of Object.entries(actions)) {
      const typed = kept[blockId]?.[actionId];
      if (typed !== undefined && typeOf(typed) === typeOf(initial)) actions[actionId] = typed;
    }
  workspace.changed({ kind: view.type === 'home' ? 'home' : 'view', userId: open.userId });
  return open;
}

export function publishHome(workspace: Workspace, userId: string, view: View): OpenView {
  const id = workspace.state.homes[userId]?.id ?? workspace.nextId('V');
  const home = holdView(workspace, { id, userId, view, rootId: id, previousId: undefined });
  workspace.state.homes[userId] = home;
  workspace.changed({ kind: 'home', userId });
  return home;
}

/** Takes the top modal of this person away, or all of them. */
export function closeViews(workspace: Workspace, userId: string, which: 'top' | 'all'): void {
  const stack = which === 'all' ? [] : stackOf(workspace, userId).slice(0, -1);
  if (stack.length === 0) workspace.stacks.delete(userId);
  else workspace.stacks.set(userId, stack);
  workspace.changed({ kind: 'view', userId });
}

/** A modal that is open somewhere, or a Home. */
export function findView(workspace: Workspace, by: { id?: string; externalId?: string }): OpenView | undefined {
  const all = [...[...workspace.stacks.values()].flat(), ...Object.values(workspace.state.homes)];
  return all.find((open) =>
    by.id !== undefined ? open.id === by.id : by.externalId !== undefined && open.externalId === by.externalId,
  );
}

function holdView(
  workspace: Workspace,
  { id, userId, view, rootId, previousId }: Pick<OpenView, 'id' | 'userId' | 'view' | 'rootId' | 'previousId'>,
): OpenView {
  const named: View = { ...view, blocks: withIds(workspace, view.blocks) };
  return {
    id,
    userId,
    rootId,
    previousId,
    view: named,
    values: initialValues(named),
    externalId: view.external_id || undefined,
    // As Slack's: changes with every version, and means nothing.
    hash: `${Math.floor(workspace.now() / 1000)}.${workspace.nextId('Rc').slice(-8)}`,
  };
}

const typeOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;

type Element = Record<string, unknown> & { type: string; action_id: string };
const isElement = (value: unknown): value is Element =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  'action_id' in value &&
  typeof value.type === 'string' &&
  typeof value.action_id === 'string';

/** What `state.values` says before anybody touched the form: every input is there, empty ones with null. */
export function initialValues(view: View): Values {
  const values: Values = {};
  for (const block of view.blocks) {
    const elements: unknown[] = [
      'element' in block ? block.element : undefined,
      'accessory' in block ? block.accessory : undefined,
      ...('elements' in block && block.type === 'actions' ? block.elements : []),
    ];
    for (const element of elements) {
      const value = isElement(element) ? initialValue(element) : undefined;
      if (!value || !isElement(element) || !block.block_id) continue;
      values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
    }
  }
  return values;
}

/** The property that carries the value in `state.values`, with the one that gives it to begin with. */
const CARRIED: Record<string, [property: string, initial: string, empty: unknown]> = {
  plain_text_input: ['value', 'initial_value', null],
  email_text_input: ['value', 'initial_value', null],
  url_text_input: ['value', 'initial_value', null],
  number_input: ['value', 'initial_value', null],
  rich_text_input: ['rich_text_value', 'initial_value', null],
  static_select: ['selected_option', 'initial_option', null],
  external_select: ['selected_option', 'initial_option', null],
  radio_buttons: ['selected_option', 'initial_option', null],
  multi_static_select: ['selected_options', 'initial_options', []],
  multi_external_select: ['selected_options', 'initial_options', []],
  checkboxes: ['selected_options', 'initial_options', []],
  users_select: ['selected_user', 'initial_user', null],
  multi_users_select: ['selected_users', 'initial_users', []],
  conversations_select: ['selected_conversation', 'initial_conversation', null],
  multi_conversations_select: ['selected_conversations', 'initial_conversations', []],
  channels_select: ['selected_channel', 'initial_channel', null],
  multi_channels_select: ['selected_channels', 'initial_channels', []],
  datepicker: ['selected_date', 'initial_date', null],
  timepicker: ['selected_time', 'initial_time', null],
  datetimepicker: ['selected_date_time', 'initial_date_time', null],
};

function initialValue(element: Element): Record<string, unknown> | undefined {
  const carried = CARRIED[element.type];
  if (!carried) return undefined;
  const [property, initial, empty] = carried;
  return { type: element.type, [property]: element[initial] ?? empty };
}
