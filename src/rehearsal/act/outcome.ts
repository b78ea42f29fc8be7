import type { KnownBlock } from '@slack/types';
import type { OpenModal } from '../seen.ts';
import type { AppAnswer } from '../workspace.ts';

/** What came of an act. `refused`: Slack itself would not have let it happen, or held a form back; the app heard nothing. */
export type Acted = {
  ok: boolean;
  status: 'acked' | 'timeout' | 'failed' | 'refused';
  /** What the app answered to a command, for the eyes of whoever typed it or of all. */
  answer?: { text: string; blocks?: KnownBlock[] };
  /** Under the fields of a form, by block id. */
  errors?: Record<string, string>;
  /** What Slack itself shows when an app did not answer as it should. */
  notice?: string;
  /** A link button leads here. */
  open?: string;
  /** The conversation, message or person that came to be. */
  id?: string;
  ts?: string;
};

/** Not possible in Slack: why, and what would be. */
export type Refused = { ok: false; status: 'refused'; error: string; hint: string };
export type Answer = (Acted | Refused) & { modal: OpenModal | null };

export const refused = (error: string, hint: string): Refused => ({ ok: false, status: 'refused', error, hint });
export const isRefused = (value: object): value is Refused => 'status' in value && 'hint' in value;
export const acted = (more: Partial<Acted> = {}): Acted => ({ ok: true, status: 'acked', ...more });

/** For what has no visible answer: whether the app took it, with the words under which a person would hear that it did not. */
export function delivered({ status }: Pick<AppAnswer, 'status'>, notice: string): Acted {
  return status === 'acked' ? acted() : { ok: false, status, notice };
}
