import { DeadlineSpent, PossiblySaved } from '../db/as-workspace.ts';
import { plain, shorten } from '../ground/slack-text.ts';

/** A request that no listener answered: a button of an earlier version, or something that was never ours. */
export class NobodyAnswers extends Error {
  override name = 'NobodyAnswers';

  constructor() {
    super('No listener answered this request.');
  }
}

/** What went wrong, out of what Bolt wraps around it. */
export function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('original' in error) return causeOf(error.original);
  if ('originals' in error && Array.isArray(error.originals)) return causeOf(error.originals[0]);
  return error;
}

/** What became of a request and what to do about it. `isSaved`: a part of it was committed before it failed. */
export function wordsFor(error: unknown, isSaved: boolean): string {
  if (TRIGGER_IS_GONE.includes(slackError(error) ?? ''))
    return 'The form did not open in time, so nothing was changed. Do the same once more.';
  if (error instanceof NobodyAnswers)
    return 'Accord does not do that any more, so nothing was changed. `/accord help` lists what it does.';
  if (error instanceof PossiblySaved || isSaved)
    return 'That may or may not have been saved. Look in `/accord ledger` before you try again.';
  if (error instanceof DeadlineSpent) return 'That took too long, so nothing was saved. Try again in a minute.';
  return 'That did not work and nothing was saved. Try again in a minute; if it stays so, name this reference to whoever runs Accord.';
}

const TRIGGER_IS_GONE = ['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id'];

/** Somebody was faster: what the person sees is newer than what we had to show. */
export const isShownAlready = (error: unknown): boolean => slackError(error) === 'hash_conflict';

/** Whoever had it open has closed it. */
export const isClosed = (error: unknown): boolean => slackError(error) === 'not_found';

function slackError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('data' in error)) return undefined;
  const { data } = error;
  const name = typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What Slack's body says about where a failure has to be shown; nothing of it is certain. */
export type FailedRequest = { command?: unknown; text?: unknown; type?: unknown; view?: unknown };

const TYPED_AT_MOST = 2_000;

/** Slack empties the line when a command was answered: it stands below the answer, to be copied. */
export function typedAgain({ command, text }: FailedRequest): string {
  if (typeof command !== 'string' || typeof text !== 'string' || text === '') return '';
  return `\nYou typed:\n>${shorten(plain(`${command} ${text}`).replaceAll('\n', '\n>'), TYPED_AT_MOST)}`;
}

/**
 * The acknowledgement that shows a failure where the person typed: a command answers in its channel, a form keeps all
 * that was typed and says it under its first field. Undefined where Slack offers no such place (a click, a shortcut).
 */
export function failureAnswer(body: FailedRequest, words: string): Record<string, unknown> | undefined {
  if (typeof body.command === 'string') return { response_type: 'ephemeral', text: words };
  if (body.type !== 'view_submission') return undefined;
  const field = firstField(body.view);
  return field === undefined ? undefined : { response_action: 'errors', errors: { [field]: words } };
}

function firstField(view: unknown): string | undefined {
  const blocks: unknown = typeof view === 'object' && view !== null && 'blocks' in view ? view.blocks : undefined;
  if (!Array.isArray(blocks)) return undefined;
  const input: unknown = blocks.find((block) => block?.type === 'input');
  const isNamed = typeof input === 'object' && input !== null && 'block_id' in input;
  return isNamed && typeof input.block_id === 'string' ? input.block_id : undefined;
}
