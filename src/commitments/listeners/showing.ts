import type { WebClient } from '@slack/web-api';
import type { Asked, Deps } from '../../deps.ts';
import { redraw } from '../../slack/redraw.ts';
import type { Acted } from '../acting.ts';
import { goneWords, noteModal, standsModal, standsWords } from '../answers.ts';
import type { Offer } from '../offers.ts';
import { drawLedger, ledgerAnswer } from './ledger.ts';
import type { LedgerShown, Place, Under } from './place.ts';

export type Respond = (message: {
  response_type: 'ephemeral';
  replace_original: boolean;
  text: string;
  blocks?: object[];
}) => Promise<unknown>;
export type Click = {
  offer: Offer;
  id: string;
  place: Place;
  trigger: string;
  asked: Asked;
  client: WebClient;
  respond: Respond;
};

/** What became of the row, where it was clicked and in what lies under that. */
export async function showActed(
  deps: Deps,
  { asked, place, client, respond }: Click,
  { row, gone }: Acted,
): Promise<unknown> {
  const now = deps.clock();
  switch (place.kind) {
    case 'message':
    case 'home':
      return undefined;
    case 'answer':
      return respond({
        response_type: 'ephemeral',
        replace_original: true,
        ...(gone ? goneWords(row) : standsWords(row, asked.actor, now)),
      });
    case 'modal':
      return showUnder(deps, asked, client, { ledger: place.ledger, whole: place.viewId }, { row, gone });
    case 'ledger answer': {
      const words = await ledgerAnswer(deps, asked, place.scope);
      return words.ok && respond({ response_type: 'ephemeral', replace_original: true, ...words.value });
    }
    case 'ledger':
      return showLedger(deps, asked, client, place);
  }
}

/** Says why, beside what was clicked or over it; a ledger then shows the newer state. */
export async function showRefused(
  deps: Deps,
  { asked, place, trigger, client, respond }: Click,
  why: string,
): Promise<unknown> {
  if (place.kind === 'ledger') {
    await client.views.push({ trigger_id: trigger, view: noteModal(why) });
    return showLedger(deps, asked, client, place);
  }
  if (place.kind === 'home') return client.views.open({ trigger_id: trigger, view: noteModal(why) });
  if (place.kind === 'modal') {
    await redraw(client, place, noteModal(why));
    return place.ledger && showLedger(deps, asked, client, place.ledger);
  }
  return respond({ response_type: 'ephemeral', replace_original: false, text: why });
}

/**
 * After an act in a form that is laid over others: the ledger at the bottom first, so that the modal between carries the
 * version that it has from then on.
 */
export async function showUnder(
  deps: Deps,
  asked: Asked,
  client: WebClient,
  { ledger, whole }: Under & { whole?: string },
  { row, gone }: Acted,
): Promise<void> {
  const drawn = ledger && (await showLedger(deps, asked, client, ledger));
  if (whole === undefined) return;
  const view = standsModal(row, asked.actor, deps.clock(), {
    gone: gone ? goneWords(row).text : undefined,
    under: { ledger: drawn },
  });
  await redraw(client, { viewId: whole }, view);
}

/** Draws a ledger anew; answers with it as it is shown from then on. */
async function showLedger(deps: Deps, asked: Asked, client: WebClient, ledger: LedgerShown): Promise<LedgerShown> {
  const { viewId, hash, ...place } = ledger;
  const drawn = await drawLedger(deps, asked, place);
  return { ...ledger, hash: drawn.ok ? await redraw(client, { viewId, hash }, drawn.value) : hash };
}
