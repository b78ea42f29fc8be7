import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { addMessage } from '../../src/rehearsal/conversations.ts';
import { clientOf, refusalOf, standIn } from './stand-in.ts';

const DANA = 'U0DANA0001';
const ANA = 'U0ANA00001';
const PROMISES = 'C0PROMISES';

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('posting', () => {
  test('a post to a person lands in the direct message, and comes back with names for what had none', async () => {
    const slack = clientOf(await standIn());
    const blocks: KnownBlock[] = [
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Accept' } }] },
    ];
    const posted = await slack.chat.postMessage({ channel: ANA, text: 'Dana proposes a rhythm', blocks });
    const { channel } = await slack.conversations.open({ users: ANA });
    expect(posted).toMatchObject({ ok: true, channel: channel?.id, ts: expect.stringMatching(/^\d{10}\.\d{6}$/) });
    expect(posted.message).toMatchObject({
      text: 'Dana proposes a rhythm',
      user: 'U0ACCORD01',
      bot_id: 'B0ACCORD01',
      blocks: [{ block_id: expect.any(String), elements: [{ action_id: expect.any(String) }] }],
    });
  });

  test.each([
    ['a channel that the bot was not invited to', 'C0GENERAL1', 'not_in_channel'],
    ['a private channel of others, which does not exist for it', 'C0LEADERS1', 'channel_not_found'],
    ['a channel that nobody made', 'C0NOWHERE1', 'channel_not_found'],
    ['somebody who has left', 'U0PAUL0001', 'user_disabled'],
    ['itself', 'U0ACCORD01', 'cannot_dm_bot'],
  ])('%s: refused', async (_, channel, error) => {
    const slack = clientOf(await standIn());
    expect(await refusalOf(slack.chat.postMessage({ channel, text: 'hello' }))).toMatchObject({ ok: false, error });
  });

  test('an archived channel takes nothing more', async () => {
    const rehearsal = await standIn();
    const channel = rehearsal.state.conversations[PROMISES];
    if (channel) channel.archived = true;
    const refused = await refusalOf(clientOf(rehearsal).chat.postMessage({ channel: PROMISES, text: 'hello' }));
    expect(refused.error).toBe('is_archived');
  });

  test.each([
    ['nothing said', { text: '' }, 'no_text'],
    ['40,001 characters', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['blocks that are no JSON', { text: 'x', blocks: 'not json' }, 'invalid_blocks_format'],
    ['metadata without a payload', { text: 'x', metadata: { event_type: 'outbox' } }, 'invalid_metadata_schema'],
    ['a thread that is not there', { text: 'x', thread_ts: '1700000000.000100' }, 'thread_not_found'],
  ])('%s: refused', async (_, content, error) => {
    const slack = clientOf(await standIn());
    expect(await refusalOf(slack.apiCall('chat.postMessage', { channel: PROMISES, ...content }))).toMatchObject({
      error,
    });
  });

  test('51 blocks are refused with the reason and the place, and nothing is posted', async () => {
    const rehearsal = await standIn();
    const blocks = Array.from({ length: 51 }, (_, n) => section(`line ${n}`));
    const refused = await refusalOf(clientOf(rehearsal).chat.postMessage({ channel: PROMISES, text: 'x', blocks }));
    expect(refused).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: [expect.stringMatching(/^\[ERROR\] .*\[json-pointer:\/blocks\]$/)] },
    });
    expect(rehearsal.state.conversations[PROMISES]?.messages).toEqual([]);
  });

  test('blocks with more text than Slack shows in one message are too long together', async () => {
    const slack = clientOf(await standIn());
    const blocks = Array.from({ length: 5 }, () => section('x'.repeat(2900)));
    expect(await refusalOf(slack.chat.postMessage({ channel: PROMISES, text: 'x', blocks }))).toMatchObject({
      error: 'msg_blocks_too_long',
    });
  });

  test('without chat:write the answer names the scope that is missing', async () => {
    const rehearsal = await standIn();
    rehearsal.state.app.scopes = ['commands'];
    const refused = await refusalOf(clientOf(rehearsal).chat.postMessage({ channel: PROMISES, text: 'x' }));
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'chat:write', provided: 'commands' });
  });
});

describe('changing a message', () => {
  test('an update in place says who edited it and when', async () => {
    const slack = clientOf(await standIn());
    const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'one', blocks: [section('one')] });
    const updated = await slack.chat.update({ channel: PROMISES, ts, text: 'two', blocks: [section('two')] });
    expect(updated).toMatchObject({ ok: true, ts, text: 'two' });
    const { messages } = await slack.conversations.history({ channel: PROMISES });
    expect(messages).toMatchObject([
      { ts, text: 'two', edited: { user: 'U0ACCORD01' }, blocks: [{ text: { text: 'two' } }] },
    ]);
  });

  test('an update that leaves the blocks out leaves the old ones standing; an empty array takes them away', async () => {
    const slack = clientOf(await standIn());
    const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'one', blocks: [section('one')] });
    const textOnly = await slack.chat.update({ channel: PROMISES, ts, text: 'two' });
    expect(textOnly.message).toMatchObject({ text: 'two', blocks: [{ text: { text: 'one' } }] });
    const emptied = await slack.chat.update({ channel: PROMISES, ts, text: 'three', blocks: [] });
    expect(emptied.message).not.toHaveProperty('blocks');
  });

  test('an update takes 4,000 characters, a tenth of what a post takes', async () => {
    const slack = clientOf(await standIn());
    const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'x'.repeat(4001) });
    const refused = await refusalOf(slack.chat.update({ channel: PROMISES, ts, text: 'x'.repeat(4001) }));
    expect(refused.error).toBe('msg_too_long');
  });

  test("another's words cannot be changed or deleted, nor what is not there", async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const channel = rehearsal.state.conversations[PROMISES];
    if (!channel) throw new Error('the seed has no #promises');
    const { ts } = addMessage(rehearsal.workspace, channel, { userId: DANA, text: 'mine' });
    expect((await refusalOf(slack.chat.update({ channel: PROMISES, ts, text: 'x' }))).error).toBe(
      'cant_update_message',
    );
    expect((await refusalOf(slack.chat.delete({ channel: PROMISES, ts }))).error).toBe('cant_delete_message');
    const nowhere = slack.chat.update({ channel: PROMISES, ts: '1700000000.000100', text: 'x' });
    expect((await refusalOf(nowhere)).error).toBe('message_not_found');
  });

  test('a deleted message is gone from the history', async () => {
    const slack = clientOf(await standIn());
    const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'oh' });
    await slack.chat.delete({ channel: PROMISES, ts });
    expect((await slack.conversations.history({ channel: PROMISES })).messages).toEqual([]);
  });
});

describe('for one pair of eyes', () => {
  test('an ephemeral message is never in the history', async () => {
    const slack = clientOf(await standIn());
    await slack.chat.postEphemeral({ channel: PROMISES, user: DANA, text: 'only you' });
    expect((await slack.conversations.history({ channel: PROMISES })).messages).toEqual([]);
  });

  test('somebody outside of the channel cannot be shown one', async () => {
    const slack = clientOf(await standIn());
    const refused = await refusalOf(slack.chat.postEphemeral({ channel: PROMISES, user: 'U0OTTO0001', text: 'x' }));
    expect(refused.error).toBe('user_not_in_channel');
  });
});

test('a permalink leads to the message in its channel', async () => {
  const slack = clientOf(await standIn());
  const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'x' });
  const { permalink } = await slack.chat.getPermalink({ channel: PROMISES, message_ts: ts });
  expect(permalink).toBe(`https://rivermark-rehearsal.slack.com/archives/C0PROMISES/p${ts.replace('.', '')}`);
});
