import { z } from 'zod';
import { problemsOfMessage } from '../../slack/limits.ts';
import { isBlocks } from '../conversations.ts';
import type { Message } from '../state.ts';
import { structure, text } from './arguments.ts';
import { explained, type Refusal, refusal } from './method.ts';

/** What a message says: the arguments that chat.postMessage, chat.update, chat.postEphemeral and response URLs share. */
export const contentArguments = {
  text: text.optional(),
  blocks: structure.optional(),
  attachments: structure.optional(),
  metadata: structure.optional(),
};

type Given = { text?: string; blocks?: unknown; attachments?: unknown; metadata?: unknown };
export type Content = { ok: true; text: string; blocks?: Message['blocks']; metadata?: Message['metadata'] };

const METADATA_AT_MOST = 8_000;
/** Problems of a message as a whole have an error of their own; all others are `invalid_blocks`. */
const OWN_ERROR = /^\[ERROR\] (no_text|msg_too_long|msg_blocks_too_long) /;

/** What is said, or why Slack would not take it. `textAtMost` differs by method. */
export function readContent(given: Given, { textAtMost }: { textAtMost: number }): Content | Refusal {
  const said = given.text ?? '';
  const blocks = readBlocks(given.blocks);
  if (!blocks.ok) return blocks;
  if (said.length > textAtMost) return refusal('msg_too_long');
  if (blocks.value || !hasAttachments(given.attachments)) {
    const problems = problemsOfMessage({ text: said, blocks: blocks.value });
    const own = problems.flatMap((problem) => OWN_ERROR.exec(problem)?.[1] ?? [])[0];
    if (own) return refusal(own);
    if (problems.length > 0) return { ...explained('invalid_blocks', problems), errors: problems };
  }
  const metadata = readMetadata(given.metadata);
  if (!metadata.ok) return metadata;
  return { ok: true, text: said, blocks: blocks.value, metadata: metadata.value };
}

const hasAttachments = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function readBlocks(value: unknown): { ok: true; value?: Message['blocks'] } | Refusal {
  if (value === undefined || value === '' || value === null) return { ok: true };
  if (!isBlocks(value)) return refusal('invalid_blocks_format');
  return { ok: true, value: value.length > 0 ? value : undefined };
}

const metadataShape = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

function readMetadata(value: unknown): { ok: true; value?: Message['metadata'] } | Refusal {
  if (value === undefined || value === '' || value === null) return { ok: true };
  if (typeof value !== 'object') return refusal('invalid_metadata_format');
  // An empty object takes metadata away on an update; on a new message it says nothing.
  if (Object.keys(value).length === 0) return { ok: true };
  const parsed = metadataShape.safeParse(value);
  if (!parsed.success) return refusal('invalid_metadata_schema');
  if (JSON.stringify(parsed.data).length > METADATA_AT_MOST) return refusal('metadata_too_large');
  return { ok: true, value: parsed.data };
}
