import { describe, expect, test } from '@jest/globals';
import { clientOf, refusalOf, standIn } from './stand-in.ts';

const PROMISES = 'C0PROMISES';
const [DANA, ANA, OTTO] = ['U0DANA0001', 'U0ANA00001', 'U0OTTO0001'];

describe('opening a conversation', () => {
  test('the same people are always the same conversation, in whatever order they are named', async () => {
    const slack = clientOf(await standIn());
    const first = await slack.conversations.open({ users: `${DANA},${ANA}`, return_im: true });
    const second = await slack.conversations.open({ users: `${ANA},${DANA}` });
    expect(second).toMatchObject({ ok: true, already_open: true, channel: { id: first.channel?.id } });
    expect(first.channel).toMatchObject({ is_mpim: true, is_private: true, name: 'mpdm-accord--dana--ana-1' });
  });

  test.each([
    ['nobody', { users: '' }, 'users_list_not_supplied'],
    ['somebody who is not here', { users: 'U0NOBODY01' }, 'user_not_found'],
    ['somebody who has left', { users: 'U0PAUL0001' }, 'user_disabled'],
    ['only itself', { users: 'U0ACCORD01' }, 'not_enough_users'],
    ['nine people', { users: Array.from({ length: 9 }, (_, n) => `U0NOBODY0${n}`).join() }, 'too_many_users'],
    ['a channel', { channel: PROMISES }, 'method_not_supported_for_channel_type'],
  ])('%s: refused', async (_, args, error) => {
    const slack = clientOf(await standIn());
    expect(await refusalOf(slack.apiCall('conversations.open', args))).toMatchObject({ error });
  });

  test('somebody of another firm can be met only while a channel is shared', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    expect(await slack.conversations.open({ users: OTTO })).toMatchObject({ ok: true });
    rehearsal.workspace.startOver();
    const shared = rehearsal.state.conversations.C0LENDERS1;
    if (shared) shared.members = shared.members.filter((member) => member !== OTTO);
    expect((await refusalOf(slack.conversations.open({ users: OTTO }))).error).toBe('user_not_found');
  });

  test('a group message needs a scope of its own', async () => {
    const rehearsal = await standIn();
    rehearsal.state.app.scopes = ['im:write'];
    const refused = await refusalOf(clientOf(rehearsal).conversations.open({ users: `${DANA},${ANA}` }));
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'mpim:write' });
  });
});

describe('reading', () => {
  test('history is newest first, page by page, and each message comes once', async () => {
    const slack = clientOf(await standIn());
    for (const text of ['one', 'two', 'three']) await slack.chat.postMessage({ channel: PROMISES, text });
    const first = await slack.conversations.history({ channel: PROMISES, limit: 2 });
    expect(first).toMatchObject({ has_more: true, messages: [{ text: 'three' }, { text: 'two' }] });
    const cursor = first.response_metadata?.next_cursor;
    await slack.chat.postMessage({ channel: PROMISES, text: 'four, while somebody reads' });
    const second = await slack.conversations.history({ channel: PROMISES, limit: 2, cursor });
    expect(second).toMatchObject({ has_more: false, messages: [{ text: 'one' }] });
    const wrong = slack.conversations.history({ channel: PROMISES, cursor: 'made up' });
    expect((await refusalOf(wrong)).error).toBe('invalid_cursor');
  });

  test('metadata is told to who asks for it', async () => {
    const slack = clientOf(await standIn());
    const metadata = { event_type: 'outbox', event_payload: { id: '42' } };
    await slack.chat.postMessage({ channel: PROMISES, text: 'x', metadata });
    const plain = await slack.conversations.history({ channel: PROMISES });
    expect(plain.messages?.[0]).not.toHaveProperty('metadata');
    const asked = await slack.conversations.history({ channel: PROMISES, include_all_metadata: true });
    expect(asked.messages?.[0]).toMatchObject({ metadata });
  });

  test('oldest and latest leave out their own ends, unless inclusive', async () => {
    const slack = clientOf(await standIn());
    const { ts: oldest = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'one' });
    await slack.chat.postMessage({ channel: PROMISES, text: 'two' });
    const without = await slack.conversations.history({ channel: PROMISES, oldest });
    expect(without.messages).toMatchObject([{ text: 'two' }]);
    const within = await slack.conversations.history({ channel: PROMISES, oldest, inclusive: true });
    expect(within.messages).toMatchObject([{ text: 'two' }, { text: 'one' }]);
  });

  test('replies stay in their thread, which the parent counts', async () => {
    const slack = clientOf(await standIn());
    const { ts = '' } = await slack.chat.postMessage({ channel: PROMISES, text: 'parent' });
    await slack.chat.postMessage({ channel: PROMISES, text: 'reply', thread_ts: ts });
    const { messages } = await slack.conversations.history({ channel: PROMISES });
    expect(messages).toMatchObject([{ text: 'parent', reply_count: 1, thread_ts: ts }]);
    const thread = await slack.conversations.replies({ channel: PROMISES, ts });
    expect(thread.messages).toMatchObject([{ text: 'parent' }, { text: 'reply', thread_ts: ts }]);
    const nowhere = slack.conversations.replies({ channel: PROMISES, ts: '1700000000.000100' });
    expect((await refusalOf(nowhere)).error).toBe('thread_not_found');
  });

  test.each([
    ['a public channel that it has not joined', 'C0GENERAL1', 'not_in_channel'],
    ['a private channel of others', 'C0LEADERS1', 'channel_not_found'],
  ])('the history of %s is not for the bot', async (_, channel, error) => {
    const slack = clientOf(await standIn());
    expect(await refusalOf(slack.conversations.history({ channel }))).toMatchObject({ error });
  });

  test('reading direct messages needs the scope of direct messages', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    const { channel = '' } = await slack.chat.postMessage({ channel: ANA, text: 'x' });
    expect((await slack.conversations.history({ channel })).messages).toHaveLength(1);
    rehearsal.state.app.scopes = ['channels:history', 'channels:read'];
    const refused = await refusalOf(slack.conversations.history({ channel }));
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'im:history' });
  });
});

describe('looking around', () => {
  test('a channel shared with another firm says so', async () => {
    const slack = clientOf(await standIn());
    const { channel } = await slack.conversations.info({ channel: 'C0LENDERS1', include_num_members: true });
    expect(channel).toMatchObject({
      name: 'harbor-lending',
      is_channel: true,
      is_member: true,
      is_ext_shared: true,
      is_private: false,
      num_members: 4,
    });
    expect((await slack.conversations.info({ channel: PROMISES })).channel).toMatchObject({ is_ext_shared: false });
  });

  test('the list shows public channels, and no private one that the bot is not in', async () => {
    const slack = clientOf(await standIn());
    const { channels } = await slack.conversations.list({ types: 'public_channel,private_channel' });
    expect(channels?.map(({ name }) => name)).toEqual(['general', 'promises', 'harbor-lending']);
    expect((await refusalOf(slack.conversations.list({ types: 'secret' }))).error).toBe('invalid_types');
  });

  test('a list of what the manifest gives no scope for is refused', async () => {
    const slack = clientOf(await standIn());
    expect(await refusalOf(slack.conversations.list({ types: 'im' }))).toMatchObject({
      error: 'missing_scope',
      needed: 'im:read',
    });
  });

  test('members come page by page', async () => {
    const slack = clientOf(await standIn());
    const first = await slack.conversations.members({ channel: PROMISES, limit: 4 });
    const cursor = first.response_metadata?.next_cursor;
    const second = await slack.conversations.members({ channel: PROMISES, limit: 4, cursor });
    expect([...(first.members ?? []), ...(second.members ?? [])]).toHaveLength(6);
    expect(second.response_metadata?.next_cursor).toBe('');
  });

  test('the conversations of the bot are those that it is a member of', async () => {
    const slack = clientOf(await standIn());
    const { channels } = await slack.users.conversations({});
    expect(channels?.map(({ id }) => id)).toEqual([PROMISES, 'C0LENDERS1']);
  });
});

describe('people', () => {
  test('zone, locale and standing are told; of who has left, neither zone nor role', async () => {
    const slack = clientOf(await standIn());
    const { user: ana } = await slack.users.info({ user: ANA, include_locale: true });
    expect(ana).toMatchObject({ tz: 'America/Los_Angeles', locale: 'en-US', is_restricted: false, deleted: false });
    const { user: gus } = await slack.users.info({ user: 'U0GUS00001' });
    expect(gus).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    const { user: paul } = await slack.users.info({ user: 'U0PAUL0001' });
    expect(paul).toMatchObject({ deleted: true });
    expect(paul).not.toHaveProperty('tz');
    const { user: otto } = await slack.users.info({ user: OTTO });
    expect(otto).toMatchObject({ team_id: 'T0LENDER01' });
  });

  test('the offset is the one of the day on the rehearsal clock', async () => {
    const rehearsal = await standIn();
    const offsetOn = async (day: string) => {
      rehearsal.state.clockOffset = Date.parse(day) - Date.now();
      const { user } = await clientOf(rehearsal).users.info({ user: 'U0KIRAN001' });
      return user?.tz_offset;
    };
    expect(await offsetOn('2027-01-15T12:00:00Z')).toBe(0);
    expect(await offsetOn('2027-07-15T12:00:00Z')).toBe(3600);
  });

  test('the list has everybody in it: bots, guests, those who left, those of other firms', async () => {
    const slack = clientOf(await standIn());
    const names: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await slack.users.list({ limit: 4, cursor });
      names.push(...(page.members ?? []).map(({ name }) => name));
      cursor = page.response_metadata?.next_cursor;
    } while (cursor);
    expect(names).toEqual(['dana', 'ana', 'marcus', 'kiran', 'mia', 'otto', 'gus', 'paul', 'slackbot', 'accord']);
  });

  test('an id that nobody has is not found', async () => {
    const slack = clientOf(await standIn());
    expect((await refusalOf(slack.users.info({ user: 'U0NOBODY01' }))).error).toBe('user_not_found');
  });
});
