import type { KnownBlock } from '@slack/types';
import { quiet, shorten } from '../ground/slack-text.ts';
import { context } from '../slack/blocks.ts';
import { DIGEST_VERBS } from './digest-acts.ts';
import type { CommitmentRow } from './store.ts';
import { offerButton } from './views.ts';

/** What the digest shows of an open promise of the firm, or why not; nothing where it shows only what is put in. */
export function digestSaid(row: CommitmentRow, keptOutBecause?: string): string | undefined {
  if (row.side !== 'firm' || row.state !== 'open') return undefined;
  if (row.digestLine !== null) return `In the digest: ${quiet(shorten(row.digestLine, 150))}`;
  if (row.kind === 'report') return undefined;
  return keptOutBecause
    ? `Not named in the digest: ${quiet(shorten(keptOutBecause, 150))}.`
    : 'Not named in the digest.';
}

/** The one click that changes it: out, or worded so that it can go in. */
export const digestButton = (row: CommitmentRow) => offerButton(row.digestLine === null ? 'reword' : 'keep-out', row);

const SETTLES: readonly string[] = ['promised', 'accepted', 'owner accepted', ...DIGEST_VERBS];

/** Said at the moment that it is accepted or its line changes; later its people find it in the ledger. */
export function digestNote(row: CommitmentRow): { said: KnownBlock[]; isNew: boolean } {
  const said = SETTLES.includes(row.lastVerb) ? digestSaid(row) : undefined;
  return { said: said ? [context(said)] : [], isNew: said !== undefined && row.digestLine !== null };
}
