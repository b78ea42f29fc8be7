import type { ConversationsInfoResponse, WebClient } from '@slack/web-api';
import { type ChannelFacts, type ChannelStanding, channelStanding } from './rules.ts';

const UNSEEN = ['channel_not_found', 'not_in_channel', 'missing_scope', 'method_not_supported_for_channel_type'];

/** Asks Slack what a channel is to the digest: whether Accord is in it, and whether another firm reads along. */
export async function askChannel(client: WebClient, channelId: string): Promise<ChannelStanding> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    return channel ? channelStanding(factsOf(channel)) : 'outside';
  } catch (error) {
    // Slack shows a private channel only to those who are in it.
    if (UNSEEN.includes(nameOf(error))) return 'outside';
    throw error;
  }
}

type Channel = NonNullable<ConversationsInfoResponse['channel']>;

/** Shared within one Enterprise organisation is still one firm; an invitation that waits is as good as accepted. */
const factsOf = (channel: Channel): ChannelFacts => ({
  isMember: channel.is_member === true,
  isArchived: channel.is_archived === true,
  isSharedWithOthers:
    channel.is_ext_shared === true ||
    channel.is_pending_ext_shared === true ||
    (channel.is_shared === true && channel.is_org_shared !== true),
});

const nameOf = (error: unknown): string => {
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'error' in data ? String(data.error) : '';
};
