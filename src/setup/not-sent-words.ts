import type { Words } from '../delivery/compose.ts';
import { escapeMrkdwn, shorten } from '../ground/slack-text.ts';
import { section } from '../slack/blocks.ts';

const words = (text: string): Words => ({ text, blocks: [section(text)] });

const WHY: Record<string, string> = {
  is_archived: 'the channel is archived. Choose another in `/accord settings`.',
  not_in_channel:
    'Accord is not in the channel. Type `/invite @Accord` there, or choose another in `/accord settings`.',
  channel_not_found:
    'the channel is gone, or Accord is no longer in it. Type `/invite @Accord` there, or choose another in `/accord settings`.',
};
const MAY_NOT_POST =
  'Slack does not let Accord post there. Whoever manages the channel can allow it, or choose another in `/accord settings`.';

/** To whoever set up the digest, or the owner of the firm. */
export const channelRefuses = (channelId: string, reason: string): Words =>
  words(`The digest could not be posted in <#${channelId}>: ${WHY[reason] ?? MAY_NOT_POST}`);

/** The same, where Slack took the digest or did not. */
export const digestWaits = (channelId: string): Words =>
  words(
    `The digest in <#${channelId}> was not confirmed by Slack, so it may be missing there. Look in the channel; if it is not there, whoever runs Accord can send it with \`npm run outbox\`.`,
  );

const NAME = 75;

/** To whoever leads them. */
export function personIsGone(name: string): Words {
  const who = escapeMrkdwn(shorten(name, NAME));
  return words(
    `${who} no longer gets messages from Accord: Slack says that the account is deactivated. What both of you promised stays in \`/accord ledger\`.`,
  );
}

/** To the owner of the firm. */
export const messageWaits = (): Words =>
  words(
    'A message of Accord could not be sent and waits. Whoever runs Accord sees it, and why, with `npm run outbox`.',
  );
