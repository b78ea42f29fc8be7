import type { WebClient } from '@slack/web-api';
import type { Words } from './compose.ts';

export type Share = { channel: string; text: string; fileId: string; title: string };

/** Brings the file to Slack, where nobody sees it yet. Its id is to be written down before it is shared. */
export async function uploadFile(slack: WebClient, file: NonNullable<Words['file']>, ms: number): Promise<string> {
  const content = typeof file.content === 'string' ? Buffer.from(file.content, 'utf8') : Buffer.from(file.content);
  const { upload_url: url, file_id: fileId } = await slack.files.getUploadURLExternal({
    filename: file.name,
    length: content.byteLength,
    ...(file.alt !== undefined && { alt_txt: file.alt }),
  });
  if (!url || !fileId || !isSlacks(url, slack.slackApiUrl)) throw new TypeError('Slack gave no place for the file');
  const answer = await fetch(url, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'application/octet-stream' },
    redirect: 'error',
    signal: AbortSignal.timeout(ms),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new TypeError('The file was not taken');
  return fileId;
}

/** The moment at which people see it. Slack names no message for it. */
export async function shareFile(slack: WebClient, { channel, text, fileId, title }: Share): Promise<void> {
  await slack.files.completeUploadExternal({
    files: [{ id: fileId, title }],
    channel_id: channel,
    initial_comment: text,
  });
}

/** Nothing leaves Slack's host: the address comes out of an answer. */
function isSlacks(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, protocol, hostname } = new URL(url);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname));
}
