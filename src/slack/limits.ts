import { messageBlocks, viewShape } from './limits/blocks.ts';
import { problem, wordProblems } from './limits/wording.ts';

/**
 * Slack's documented limits on what is shown, checked on plain JSON without asking Slack. Each problem is worded like
 * an entry of Slack's `response_metadata.messages`; an empty list means accepted.
 */

const MESSAGE_TEXT = 40_000;
/** Not in the reference: seen as `msg_blocks_too_long` from about this many characters in all blocks together. */
const MESSAGE_BLOCKS = 13_200;
const TABLE_TEXT = 10_000;
const MARKDOWN_TEXT = 12_000;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export function problemsOfMessage(message: { text?: string; blocks?: unknown }): string[] {
  const blocks = list(message.blocks);
  if (!message.text?.trim() && blocks.length === 0 && (message.blocks === undefined || Array.isArray(message.blocks)))
    return [problem('no_text', '/text')];
  const text = (message.text ?? '').length > MESSAGE_TEXT ? [problem('msg_too_long', '/text')] : [];
  if (message.blocks === undefined) return text;

  const parsed = messageBlocks.safeParse(message.blocks);
  const shape = parsed.success ? [] : wordProblems(parsed.error.issues, message.blocks, '/blocks');
  return [...text, ...shape, ...repeatedIds(blocks, '/blocks'), ...wholeMessage(blocks)];
}

export function problemsOfView(view: unknown): string[] {
  const parsed = viewShape.safeParse(view);
  const shape = parsed.success ? [] : wordProblems(parsed.error.issues, view, '/view');
  const blocks = isObject(view) ? list(view.blocks) : [];
  return [...shape, ...repeatedIds(blocks, '/view/blocks'), ...focusedTwice(blocks)];
}

/** block_id is unique on its surface, action_id within its block. */
function repeatedIds(blocks: unknown[], root: string): string[] {
  const problems: string[] = [];
  const blockIds = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block)) continue;
    if (block.block_id !== undefined && blockIds.has(block.block_id))
      problems.push(problem(`\`block_id\` already exists: ${String(block.block_id)}`, `${root}/${index}/block_id`));
    blockIds.add(block.block_id);
    const actionIds = new Set<unknown>();
    for (const [at, element] of elementsOf(block)) {
      if (element.action_id === undefined) continue;
      if (actionIds.has(element.action_id))
        problems.push(
          problem(`\`action_id\` already exists: ${String(element.action_id)}`, `${root}/${index}${at}/action_id`),
        );
      actionIds.add(element.action_id);
    }
  }
  return problems;
}

function elementsOf(block: Json): [pointer: string, element: Json][] {
  const all: [string, unknown][] = [
    ['/accessory', block.accessory],
    ['/element', block.element],
    ...(block.type === 'actions'
      ? list(block.elements).map((element, index): [string, unknown] => [`/elements/${index}`, element])
      : []),
  ];
  return all.flatMap(([at, element]): [string, Json][] => (isObject(element) ? [[at, element]] : []));
}

function focusedTwice(blocks: unknown[]): string[] {
  const focused = blocks
    .filter(isObject)
    .flatMap(elementsOf)
    .filter(([, element]) => element.focus_on_load === true);
  return focused.length > 1 ? [problem('only one element may set `focus_on_load`', '/view/blocks')] : [];
}

/** What holds for all blocks of a message together. */
function wholeMessage(blocks: unknown[]): string[] {
  const ofType = (type: string) => blocks.filter((block) => isObject(block) && block.type === type);
  const problems: string[] = [];
  if (ofType('table').length > 1) problems.push(problem('only_one_table_allowed', '/blocks'));
  if (charactersIn(ofType('table')) > TABLE_TEXT)
    problems.push(problem(`must be less than ${TABLE_TEXT + 1} characters in all table cells`, '/blocks'));
  if (charactersIn(ofType('markdown')) > MARKDOWN_TEXT)
    problems.push(problem(`must be less than ${MARKDOWN_TEXT + 1} characters in all markdown blocks`, '/blocks'));
  if (charactersIn(blocks) > MESSAGE_BLOCKS) problems.push(problem('msg_blocks_too_long', '/blocks'));
  return problems;
}

/** Characters of everything that is shown: texts, labels, placeholders, options, alternative texts. */
function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + charactersIn(part), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, part]) => {
    if (typeof part !== 'string') return sum + charactersIn(part);
    return key === 'text' || key === 'alt_text' || key === 'initial_value' ? sum + part.length : sum;
  }, 0);
}
