import type { KnownBlock } from '@slack/types';
import { quiet, shorten } from '../ground/slack-text.ts';
import { context, textInput } from '../slack/blocks.ts';
import { optionalText } from '../slack/form.ts';
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

/** The line as it is written: one name a field, also where a refusal of the rules is shown. */
export const DIGEST_LINE = 'line';
const LINE_AT_MOST = 150;

/** A line as its field shows it. */
export const lineShown = (line: string): string => shorten(line.replace(/\s+/g, ' ').trim(), LINE_AT_MOST);

export const lineField = (line: string | null): KnownBlock =>
  textInput({
    id: DIGEST_LINE,
    label: 'What the channel reads',
    hint: 'No client, no address, nobody but its owner. Left empty, it is counted but not named.',
    initial: line === null ? undefined : lineShown(line),
    optional: true,
    maxLength: LINE_AT_MOST,
  });

export const lineReader = () => optionalText({ max: LINE_AT_MOST });
