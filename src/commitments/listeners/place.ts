import { z } from 'zod';
import { isId } from '../../ground/ids.ts';
import { STANDS_VIEW } from '../answers.ts';
import { LEDGER_PLACE } from '../ledger.ts';
import { ALL_PAIRS, LEDGER_VIEW, ledgerPlace, readLedgerPlace } from '../ledger-modal.ts';
import { WHOLE_VIEW } from '../whole.ts';

/** A ledger that is open, in the version that was seen last. */
export const ledgerShown = ledgerPlace.extend({ viewId: z.string().max(30), hash: z.string().max(60).optional() });
export type LedgerShown = z.infer<typeof ledgerShown>;

/** What lies under a form, as the form carries it. */
const under = z.object({ ledger: ledgerShown.optional() });
export type Under = z.infer<typeof under>;

export function readUnder(metadata: string): Under {
  try {
    return under.safeParse(JSON.parse(metadata)).data ?? {};
  } catch {
    return {};
  }
}

/** Where a row was clicked, which is where the answer goes. */
export type Place =
  /** A message that everybody it went to sees: it is brought up to date by itself. */
  | { kind: 'message'; channelId: string; ts: string }
  /** An answer that one person sees. */
  | { kind: 'answer' }
  /** The answer of `/accord ledger`, about one pair or all. */
  | { kind: 'ledger answer'; scope: string }
  | ({ kind: 'ledger' } & LedgerShown)
  /** Any other form; `isWhole`: all of one row, or what became of it. */
  | ({ kind: 'modal'; viewId: string; isWhole: boolean } & Under)
  | { kind: 'home' };

type Clicked = {
  view?: { id?: string; hash?: string; type?: string; callback_id?: string; private_metadata?: string };
  container?: { type?: string; is_ephemeral?: boolean; channel_id?: string; message_ts?: string };
};

export function placeOf(body: object, action: object): Place {
  const { view, container }: Clicked = body;
  if (view) return placeInView(view);
  if (!container?.is_ephemeral)
    return { kind: 'message', channelId: container?.channel_id ?? '', ts: container?.message_ts ?? '' };
  const blockId = 'block_id' in action ? String(action.block_id) : '';
  const [place, scope = ''] = blockId.split('/');
  const isLedger = place === LEDGER_PLACE && (isId(scope) || scope === ALL_PAIRS);
  return isLedger ? { kind: 'ledger answer', scope } : { kind: 'answer' };
}

function placeInView({ id = '', hash, type, callback_id, private_metadata = '' }: NonNullable<Clicked['view']>): Place {
  if (type === 'home') return { kind: 'home' };
  const ledger = callback_id === LEDGER_VIEW ? readLedgerPlace(private_metadata) : undefined;
  return ledger
    ? { kind: 'ledger', viewId: id, hash, ...ledger }
    : {
        kind: 'modal',
        viewId: id,
        isWhole: callback_id === WHOLE_VIEW || callback_id === STANDS_VIEW,
        ...readUnder(private_metadata),
      };
}
