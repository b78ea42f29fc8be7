import { isId } from '../../ground/ids.ts';
import { LEDGER_PLACE, LEDGER_VIEW } from '../ledger.ts';

/** Where a row was clicked, which is where the answer goes. */
export type Place =
  /** A message that everybody it went to sees: it is brought up to date by itself. */
  | { kind: 'message'; channelId: string; ts: string }
  /** An answer that one person sees. */
  | { kind: 'answer' }
  | { kind: 'ledger answer'; pairId: string }
  | { kind: 'ledger'; viewId: string; pairId: string; page: number }
  | { kind: 'modal'; viewId: string }
  | { kind: 'home' };

type Clicked = {
  view?: { id?: string; type?: string; callback_id?: string; private_metadata?: string };
  container?: { type?: string; is_ephemeral?: boolean; channel_id?: string; message_ts?: string };
};

export function placeOf(body: object, action: object): Place {
  const { view, container }: Clicked = body;
  if (view) return placeInView(view);
  if (!container?.is_ephemeral)
    return { kind: 'message', channelId: container?.channel_id ?? '', ts: container?.message_ts ?? '' };
  const blockId = 'block_id' in action ? String(action.block_id) : '';
  const [place, pairId] = blockId.split('/');
  return place === LEDGER_PLACE && isId(pairId) ? { kind: 'ledger answer', pairId } : { kind: 'answer' };
}

function placeInView({ id = '', type, callback_id, private_metadata = '' }: NonNullable<Clicked['view']>): Place {
  if (type === 'home') return { kind: 'home' };
  const ledger = callback_id === LEDGER_VIEW ? readLedgerPlace(private_metadata) : undefined;
  return ledger ? { kind: 'ledger', viewId: id, ...ledger } : { kind: 'modal', viewId: id };
}

/** A ledger's modal carries its pair and page. */
export function readLedgerPlace(metadata: string): { pairId: string; page: number } | undefined {
  const [pairId, page] = metadata.split(' ');
  return isId(pairId) && /^\d{1,4}$/.test(page ?? '') ? { pairId, page: Number(page) } : undefined;
}
