import { describe, expect, test } from '@jest/globals';
import { REHEARSAL_BOT_TOKEN } from '../../src/rehearsal/seed.ts';
import type { Rehearsal } from '../../src/rehearsal/server.ts';
import { clientOf, refusalOf, standIn } from './stand-in.ts';

const CALENDAR = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';

async function upload(rehearsal: Rehearsal, content = CALENDAR, length = content.length) {
  const slack = clientOf(rehearsal);
  const { upload_url = '', file_id = '' } = await slack.files.getUploadURLExternal({
    filename: 'one-on-one.ics',
    length,
  });
  return { slack, file_id, taken: await fetch(upload_url, { method: 'POST', body: content }) };
}

describe('sharing a file', () => {
  test('the bytes come back to whoever is in the conversation, and to nobody else', async () => {
    const rehearsal = await standIn();
    const { slack, file_id, taken } = await upload(rehearsal);
    expect([taken.status, await taken.text()]).toEqual([200, `OK - ${CALENDAR.length}`]);
    const { channel } = await slack.conversations.open({ users: 'U0ANA00001' });
    const done = await slack.files.completeUploadExternal({
      files: [{ id: file_id, title: 'One-on-one' }],
      channel_id: channel?.id,
      initial_comment: 'Your calendar file',
    });
    expect(done.files).toMatchObject([{ id: file_id, title: 'One-on-one', mimetype: 'text/calendar', size: 32 }]);
    expect(rehearsal.state.conversations[channel?.id ?? '']?.messages).toMatchObject([
      { text: 'Your calendar file', fileIds: [file_id] },
    ]);
    const address = `${rehearsal.url}/files/${file_id}/one-on-one.ics`;
    const asAna = await fetch(`${address}?as=U0ANA00001`);
    expect([asAna.headers.get('content-type'), await asAna.text()]).toEqual(['text/calendar', CALENDAR]);
    expect((await fetch(`${address}?as=U0DANA0001`)).status).toBe(404);
    expect((await fetch(address)).status).toBe(404);
  });

  test('a download by the bot needs files:read', async () => {
    const rehearsal = await standIn();
    const { slack, file_id } = await upload(rehearsal);
    await slack.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: 'C0PROMISES' });
    const download = () =>
      fetch(`${rehearsal.url}/files/${file_id}/one-on-one.ics`, {
        headers: { authorization: `Bearer ${REHEARSAL_BOT_TOKEN}` },
      });
    expect((await download()).status).toBe(404);
    expect(await refusalOf(slack.files.info({ file: file_id }))).toMatchObject({ needed: 'files:read' });
    rehearsal.state.app.scopes.push('files:read');
    expect((await download()).status).toBe(200);
    expect((await slack.files.info({ file: file_id })).file).toMatchObject({ name: 'one-on-one.ics', is_public: true });
  });

  test('a file whose bytes never came cannot be shared', async () => {
    const slack = clientOf(await standIn());
    const { file_id = '' } = await slack.files.getUploadURLExternal({ filename: 'a.ics', length: 3 });
    const refused = await refusalOf(slack.files.completeUploadExternal({ files: [{ id: file_id }] }));
    expect(refused.error).toBe('file_not_found');
  });

  test('bytes of another length than was said are refused', async () => {
    const { taken } = await upload(await standIn(), CALENDAR, 3);
    expect(taken.status).toBe(400);
  });

  test('a channel that the bot is not in takes no file', async () => {
    const { slack, file_id } = await upload(await standIn());
    const shared = slack.files.completeUploadExternal({ files: [{ id: file_id }], channel_id: 'C0GENERAL1' });
    expect((await refusalOf(shared)).error).toBe('invalid_channel');
  });

  test('the upload in one call of the official client goes through', async () => {
    const rehearsal = await standIn();
    const slack = clientOf(rehearsal);
    await slack.filesUploadV2({ channel_id: 'C0PROMISES', filename: 'trend.png', file: Buffer.from('not a picture') });
    expect(Object.values(rehearsal.state.files)).toMatchObject([{ name: 'trend.png', mimetype: 'image/png' }]);
  });
});
