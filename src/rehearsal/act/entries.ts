import type { OpenView, Person } from '../state.ts';
import { stackOf } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { elementsOf, findElement, type Placed, textOf } from './elements.ts';
import { type Refused, refused } from './outcome.ts';
import { choose } from './value.ts';

/** Slack's `state.values`: what each element holds, by block and action. */
export type Entered = Record<string, Record<string, unknown>>;

/** The view that this person can do something in: the top one of their stack, or their Home while no form covers it. */
export function openFor(workspace: Workspace, person: Person, id?: string): { ok: true; open: OpenView } | Refused {
  const top = stackOf(workspace, person.id).at(-1);
  const home = workspace.state.homes[person.id];
  if (top && (id === undefined || id === top.id)) return { ok: true, open: top };
  if (top) return refused('view_not_on_top', `A form covers it: "${titleOf(top)}" (${top.id}) is on top.`);
  if (home && id === home.id) return { ok: true, open: home };
  return refused('view_not_found', id === undefined ? 'No form is open.' : `No view ${id} is open for ${person.name}.`);
}

export const titleOf = ({ view }: OpenView): string => (view.type === 'modal' ? view.title.text : 'Home');

/** Writes into a view. Nothing of it is written when something in it cannot be entered. */
export function enter(workspace: Workspace, person: Person, open: OpenView, entered: Entered): Refused | undefined {
  const pairs = Object.entries(entered).flatMap(([blockId, actions]) =>
    Object.entries(actions).map(([actionId, value]) => ({ blockId, actionId, value })),
  );
  const chosen: { placed: Placed; value: unknown }[] = [];
  for (const { blockId, actionId, value } of pairs) {
    const placed = findElement(open.view.blocks, { blockId, actionId });
    if (!placed) return refused('element_not_found', `The view has no ${actionId} in ${blockId}.`);
    const choice = choose({ workspace, person, element: placed.element }, value);
    if (!choice.ok) return refused('invalid_value', `${blockId}: ${choice.hint}`);
    chosen.push({ placed, value: choice.value });
  }
  for (const { placed, value } of chosen)
    open.values[placed.block.block_id] = { ...open.values[placed.block.block_id], [placed.element.action_id]: value };
  return undefined;
}

/** The same by the labels that a person reads. */
export function enterByLabel(
  workspace: Workspace,
  person: Person,
  open: OpenView,
  fields: Record<string, unknown>,
): Refused | undefined {
  const inputs = elementsOf(open.view.blocks).filter(({ block }) => block.type === 'input');
  const entered: Entered = {};
  for (const [label, value] of Object.entries(fields)) {
    const found = inputs.find(({ block }) => textOf(block.label).toLowerCase() === label.toLowerCase());
    if (!found) {
      const labels = inputs.map(({ block }) => `"${textOf(block.label)}"`).join(', ');
      return refused('no_such_field', `"${titleOf(open)}" has no field "${label}". It has ${labels || 'none'}.`);
    }
    entered[found.block.block_id] = { ...entered[found.block.block_id], [found.element.action_id]: value };
  }
  return enter(workspace, person, open, entered);
}
