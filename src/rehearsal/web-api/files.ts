import { z } from 'zod';
import { addMessage } from '../conversations.ts';
import { findWritable } from '../permissions.ts';
import { fileShape } from '../shapes.ts';
import type { PendingUpload, Workspace } from '../workspace.ts';
import { id, idList, structure, text } from './arguments.ts';
import { type Answer, type Method, method, ok, refusal } from './method.ts';

const toShare = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': method({
    token: 'bot',
    scopes: ['files:write'],
    tier: 4,
    args: z.object({
      filename: id,
      length: z.coerce.number().int(),
      alt_txt: text.optional(),
      snippet_type: text.optional(),
    }),
    run({ workspace, args }) {
      if (args.length < 1) return refusal('invalid_arguments');
      const fileId = workspace.nextId('F');
      workspace.uploads.set(fileId, { fileId, filename: args.filename, length: args.length, alt: args.alt_txt });
      return ok({ upload_url: `${workspace.url}/upload/${fileId}`, file_id: fileId });
    },
  }),

  'files.completeUploadExternal': method({
    token: 'bot',
    scopes: ['files:write'],
    tier: 4,
    args: z.object({
      files: structure,
      channel_id: text.optional(),
      channels: idList.optional(),
      initial_comment: text.optional(),
      thread_ts: text.optional(),
    }),
    run({ workspace, args }) {
      const files = toShare.safeParse(args.files);
      if (!files.success) return refusal('invalid_arguments');
      const uploads = files.data.map((file) => workspace.uploads.get(file.id));
      const ready = uploads.filter((upload) => upload?.content !== undefined);
      if (ready.length < files.data.length) return refusal('file_not_found');
      const targets = [...new Set([...(args.channel_id ? [args.channel_id] : []), ...(args.channels ?? [])])];
      for (const target of targets) if (!findWritable(workspace, target).ok) return refusal('invalid_channel');
      const stored = files.data.map((file) => store(workspace, file.id, file.title, targets));
      for (const target of targets) share(workspace, target, stored, args);
      return complete(workspace, stored);
    },
  }),

  'files.info': method({
    token: 'bot',
    scopes: ['files:read'],
    tier: 4,
    args: z.object({ file: id }),
    run({ workspace, args }) {
      const file = workspace.state.files[args.file];
      if (!file) return refusal('file_not_found');
      return ok({ file: fileShape(workspace, file), comments: [], response_metadata: { next_cursor: '' } });
    },
  }),
};

const MIMETYPES: Record<string, string> = {
  ics: 'text/calendar',
  csv: 'text/csv',
  png: 'image/png',
  svg: 'image/svg+xml',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  json: 'application/json',
  txt: 'text/plain',
  md: 'text/markdown',
};

function store(workspace: Workspace, fileId: string, title: string | undefined, channels: string[]): string {
  const upload = workspace.uploads.get(fileId);
  if (!upload) return fileId;
  workspace.uploads.delete(fileId);
  workspace.state.files[fileId] = {
    id: fileId,
    name: upload.filename,
    title: title ?? upload.filename,
    ...(upload.alt !== undefined && { alt: upload.alt }),
    mimetype: MIMETYPES[upload.filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
    content: upload.content ?? '',
    userId: workspace.state.app.botUserId,
    createdAt: workspace.now(),
    channels,
  };
  workspace.changed({ kind: 'file' });
  return fileId;
}

function share(
  workspace: Workspace,
  target: string,
  fileIds: string[],
  { initial_comment, thread_ts }: { initial_comment?: string; thread_ts?: string },
): void {
  const found = findWritable(workspace, target);
  if (!found.ok) return;
  addMessage(workspace, found.conversation, {
    userId: workspace.state.app.botUserId,
    botId: workspace.state.app.botId,
    text: initial_comment ?? '',
    fileIds,
    threadTs: thread_ts || undefined,
  });
}

const complete = (workspace: Workspace, fileIds: string[]): Answer =>
  ok({
    files: fileIds.flatMap((fileId) => {
      const file = workspace.state.files[fileId];
      return file ? [fileShape(workspace, file)] : [];
    }),
  });

/** Takes the bytes for an upload address. Slack answers "OK - <size>", or refuses when it was promised another length. */
export function receiveUpload(upload: PendingUpload | undefined, bytes: Buffer): { status: number; body: string } {
  if (!upload || upload.content !== undefined) return { status: 404, body: 'not found' };
  if (bytes.length !== upload.length) return { status: 400, body: 'size mismatch' };
  upload.content = bytes.toString('base64');
  return { status: 200, body: `OK - ${bytes.length}` };
}
