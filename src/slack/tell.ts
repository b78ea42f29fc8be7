import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { modal, section } from './blocks.ts';
import { triggerOf } from './clicks.ts';

/** A click as Bolt hands it over: without `respond` on Home and in a form, for which Slack gives no way to answer. */
export type Clicked = { respond: RespondFn | undefined; client: WebClient; body: object };

/** Tells whoever clicked, and nobody else, where they clicked: beside the message, or in a small window over Home or a form. */
export async function tell({ respond, client, body }: Clicked, words: string): Promise<void> {
  if (respond) {
    await respond({ response_type: 'ephemeral', replace_original: false, text: words });
    return;
  }
  const view = modal({ callbackId: 'note', title: 'Accord', close: 'Close', blocks: [section(words)] });
  const opened = { trigger_id: triggerOf(body), view };
  await (isInForm(body) ? client.views.push(opened) : client.views.open(opened));
}

const isInForm = (body: object): boolean =>
  'view' in body &&
  typeof body.view === 'object' &&
  body.view !== null &&
  'type' in body.view &&
  body.view.type === 'modal';
