import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { isClosed, isShownAlready } from './failure.ts';

/** An open form, and which version of it was seen where that is known. */
export type OpenForm = { viewId: string; hash?: string };

/**
 * Draws an open form anew and answers with its new version. Undefined where it has been closed meanwhile or shows
 * something newer: there is nothing to say about that to anybody.
 */
export async function redraw(
  client: WebClient,
  { viewId, hash }: OpenForm,
  view: ModalView,
): Promise<string | undefined> {
  try {
    const drawn = await client.views.update({ view_id: viewId, ...(hash && { hash }), view });
    return drawn.view?.hash;
  } catch (error) {
    if (isClosed(error) || isShownAlready(error)) return undefined;
    throw error;
  }
}
