import { canSeeMessage } from '../conversations.ts';
import { readBlocks } from '../read-blocks.ts';
import { type Reader, readMrkdwn } from '../read-text.ts';
import type { Message, OpenView, Person } from '../state.ts';
import { stackOf } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { CARRIES, type Element, elementsOf, isJson, type Json, optionsOf, type Placed, textOf } from './elements.ts';
import { type Refused, refused } from './outcome.ts';
import { whereActs } from './place.ts';

/** What bears the label, and what pressing it means for the element. */
type Labelled = Placed & { value: unknown };
export type FoundLabel =
  | { ok: true; on: 'message'; conversationId: string; message: Message; found: Labelled }
  | { ok: true; on: 'view'; open: OpenView; found: Labelled };
/** `stale` takes a screen that was not drawn anew: what messages showed before they changed. */
type Wanted = { button: string; in?: string; row?: string; stale?: boolean };

/**
 * Finds what a person would press by the words on it: on the open form, which covers everything else, else on the newest
 * message that has it, else on Home. `in` keeps to one conversation, or to `home`.
 */
export function findLabel(workspace: Workspace, person: Person, wanted: Wanted): FoundLabel | Refused {
  const modal = stackOf(workspace, person.id).at(-1);
  if (modal && wanted.in === undefined && !wanted.stale)
    return inView(workspace, person, modal, wanted) ?? nothing(wanted, 'the open form');
  if (wanted.in === 'home') return onHome(workspace, person, wanted) ?? nothing(wanted, 'Home');
  const there = wanted.in === undefined ? undefined : whereActs(workspace, person, wanted.in);
  if (there && !there.ok) return there;
  const only = there?.conversation.id;
  return (
    onMessage(workspace, person, wanted, only) ??
    (only === undefined ? onHome(workspace, person, wanted) : undefined) ??
    nothing(wanted, 'any message')
  );
}

function onMessage(workspace: Workspace, person: Person, wanted: Wanted, only?: string): FoundLabel | undefined {
  const reader = readerOf(workspace, person);
  const shown = (wanted.stale ? workspace.earlier.list() : present(workspace))
    .filter(({ conversationId }) => only === undefined || conversationId === only)
    .filter(({ conversationId, message }) => {
      const isTheirs = workspace.state.conversations[conversationId]?.members.includes(person.id);
      return isTheirs && message.blocks && canSeeMessage(message, person.id);
    })
    .sort((a, b) => Number(b.message.ts) - Number(a.message.ts));
  for (const { conversationId, message } of shown) {
    const found = labelled(reader, message.blocks ?? [], wanted, {});
    if (found) return { ok: true, on: 'message', conversationId, message, found };
  }
  return undefined;
}

const present = ({ state }: Workspace) =>
  Object.values(state.conversations).flatMap(({ id, messages }) =>
    messages.map((message) => ({ conversationId: id, message })),
  );

function onHome(workspace: Workspace, person: Person, wanted: Wanted): FoundLabel | undefined {
  const home = workspace.state.homes[person.id];
  return home && inView(workspace, person, home, wanted);
}

function inView(workspace: Workspace, person: Person, open: OpenView, wanted: Wanted): FoundLabel | undefined {
  const found = labelled(readerOf(workspace, person), open.view.blocks, wanted, open.values);
  return found && { ok: true, on: 'view', open, found };
}

const readerOf = ({ state, now }: Workspace, person: Person): Reader => ({ state, person, now: now() });

const nothing = ({ button, row }: Wanted, where: string): Refused =>
  refused(
    'no_such_button',
    `There is no "${button}"${row === undefined ? '' : ` beside "${row}"`} on ${where}. GET /rehearsal/sees shows what there is.`,
  );

function labelled(
  reader: Reader,
  blocks: readonly unknown[],
  { button, row }: Wanted,
  values: OpenView['values'],
): Labelled | undefined {
  const candidates = elementsOf(blocks).flatMap((placed) => {
    const value = pressed(placed.element, button, values[placed.block.block_id]?.[placed.element.action_id]);
    return value === undefined ? [] : [{ ...placed, value }];
  });
  if (row === undefined) return candidates[0];
  const wanted = readMrkdwn(reader, row).toLowerCase();
  const whole = readBlocks(reader, blocks).join('\n').toLowerCase();
  return (
    candidates.find(({ block }) => rowAround(reader, blocks, block).toLowerCase().includes(wanted)) ??
    (candidates.length === 1 && whole.includes(wanted) ? candidates[0] : undefined)
  );
}

/** What belongs to a button: its own block, and for a line of buttons what stands above it up to the next one or a divider. */
function rowAround(reader: Reader, blocks: readonly unknown[], block: Placed['block']): string {
  const at = blocks.indexOf(block);
  let from = at;
  if (block.type === 'actions') while (from > 0 && !endsRow(blocks[from - 1])) from -= 1;
  return readBlocks(reader, blocks.slice(from, at + 1)).join('\n');
}

const endsRow = (block: unknown): boolean =>
  isJson(block) && (block.type === 'divider' || block.type === 'actions' || block.accessory !== undefined);

/** What the element would report if whatever bears this label were pressed. */
function pressed(element: Element, label: string, entered: unknown): unknown {
  if (element.type === 'button') return textOf(element.text) === label ? {} : undefined;
  const option = optionsOf(element).find(({ text }) => textOf(text) === label);
  if (!option) return undefined;
  const property = CARRIES[element.type];
  return property === 'selected_options'
    ? { selected_options: toggled(element, option, entered) }
    : { selected_option: option };
}

function toggled(element: Element, option: Json, entered: unknown): unknown[] {
  const held = isJson(entered) ? entered.selected_options : element.initial_options;
  const chosen = Array.isArray(held) ? held.filter(isJson) : [];
  const without = chosen.filter(({ value }) => value !== option.value);
  return without.length < chosen.length ? without : [...chosen, option];
}
